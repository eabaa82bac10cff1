"""What a certificate says of the root key (S4-14.10)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from campaigns.closing import words
from campaigns.closing.claims import risks, statements
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.erasure.signing import HomeFacts
from secure_store.sealing.root_kinds import RootChange, RootKind

GONE_AT = datetime.fromisoformat("2023-06-02T10:00:00+09:00")
DOCUMENT = {"keys_destroyed_at": GONE_AT.isoformat()}
CONTRACT = ErasureScope(ScopeKind.CONTRACT)
PART = ErasureScope(ScopeKind.RECEIVABLE, "A01")
COPIES = {words.RISK_KEY_STORE_COPIES, words.RISK_OLD_KEY_STORE_COPIES}


def changed(after: timedelta, *, is_former_gone: bool) -> RootChange:
    return RootChange(GONE_AT + after, RootKind.TOKEN, is_former_gone)


LATER, BEFORE = timedelta(minutes=5), timedelta(minutes=-5)


@pytest.mark.clause("S4-14.10")
@pytest.mark.parametrize(
    ("change", "scope", "told", "left"),
    [
        (None, CONTRACT, None, words.RISK_KEY_STORE_COPIES),
        (changed(BEFORE, is_former_gone=True), CONTRACT, None, words.RISK_KEY_STORE_COPIES),
        (changed(LATER, is_former_gone=True), PART, None, words.RISK_KEY_STORE_COPIES),
        (
            changed(LATER, is_former_gone=False),
            CONTRACT,
            words.ROOT_CHANGED,
            words.RISK_OLD_KEY_STORE_COPIES,
        ),
        (changed(LATER, is_former_gone=True), CONTRACT, words.ROOT_GONE, None),
    ],
)
def test_only_a_root_key_that_went_after_the_others_takes_a_risk_away(
    change: RootChange | None, scope: ErasureScope, told: str | None, left: str | None
) -> None:
    facts = HomeFacts("C004", False, "A", "sqlite", change)
    said = statements(DOCUMENT, scope, facts).key_sanitization
    assert [one for one in (words.ROOT_CHANGED, words.ROOT_GONE) if one in said] == (
        [told] if told else []
    )
    found = set(risks(DOCUMENT, scope, facts))
    assert found & COPIES == ({left} if left else set())
    assert (words.RISKS_OF_LEVEL["A"] in found) == (left is not None)
