"""Pure: what a certificate may say of the keys, and what it must say may be left.

The root key is no key of the data; as long as the one of before can be had, a copy of the key
store made before opens. Changing it after the end closes that way (security.md 5.7).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from campaigns.closing import words
from secure_store.erasure import certificate_blocks as blocks
from secure_store.erasure.execution import Document
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.erasure.signing import HomeFacts
from secure_store.sealing.root_kinds import RootChange


def root_changed_since(
    document: Document, scope: ErasureScope, change: RootChange | None
) -> RootChange | None:
    """The change of root key that followed the end of a contract's keys, if there was one.

    A new root from the same words and the same medium closes nothing and does not count.
    """
    gone_at = document.get("keys_destroyed_at")
    if scope.kind is not ScopeKind.CONTRACT or change is None or gone_at is None:
        return None
    if not (change.is_former_gone or change.is_source_new):
        return None
    return change if change.at >= datetime.fromisoformat(gone_at) else None


def statements(
    document: Document, scope: ErasureScope, facts: HomeFacts
) -> blocks.CryptographicErase:
    """The ten statements, with what became of the root key after a contract's end."""
    change = root_changed_since(document, scope, facts.root_change)
    if change is None:
        return words.STATEMENTS
    root = words.ROOT_GONE if change.is_former_gone else words.ROOT_CHANGED
    told = f"{words.STATEMENTS.key_sanitization}。{root}"
    return replace(words.STATEMENTS, key_sanitization=told)


def _root_risks(document: Document, scope: ErasureScope, facts: HomeFacts) -> list[str]:
    """Copies are always told: nobody knows under which earlier root each of them was made."""
    change = root_changed_since(document, scope, facts.root_change)
    copies = words.RISK_OLD_KEY_STORE_COPIES if change else words.RISK_KEY_STORE_COPIES
    if change is not None and change.is_former_gone:
        return [copies]
    of_level = words.RISKS_OF_LEVEL.get(facts.assurance_level)
    return [copies, *([of_level] if of_level else [])]


def risks(document: Document, scope: ErasureScope, facts: HomeFacts) -> tuple[str, ...]:
    """What an honest certificate says may still lie somewhere."""
    found = [*words.RISKS, *_root_risks(document, scope, facts)]
    if scope.kind is not ScopeKind.CONTRACT:
        found.append(words.RISK_OLDER_BACKUPS)
    if scope.kind is ScopeKind.CASE:
        found.append(words.RISK_PHONE_INDEX)
    if facts.database != "sqlite":
        found.append(words.RISK_SERVER)
    return tuple(found)
