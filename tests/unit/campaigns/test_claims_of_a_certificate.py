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
EVERY_COPY, OLD_COPIES = words.RISK_KEY_STORE_COPIES, words.RISK_OLD_KEY_STORE_COPIES


def changed(after: timedelta, *, gone: bool, new: bool) -> RootChange:
    return RootChange(GONE_AT + after, RootKind.TOKEN, gone, new)


LATER, BEFORE = timedelta(minutes=5), timedelta(minutes=-5)


@pytest.mark.clause("S4-14.10")
@pytest.mark.parametrize(
    ("change", "scope", "told", "left"),
    [
        (None, CONTRACT, None, EVERY_COPY),
        (changed(BEFORE, gone=True, new=True), CONTRACT, None, EVERY_COPY),
        (changed(LATER, gone=True, new=True), PART, None, EVERY_COPY),
        (changed(LATER, gone=False, new=False), CONTRACT, None, EVERY_COPY),
        (changed(LATER, gone=False, new=True), CONTRACT, words.ROOT_CHANGED, OLD_COPIES),
        (changed(LATER, gone=True, new=False), CONTRACT, words.ROOT_GONE, OLD_COPIES),
    ],
)
def test_a_changed_root_key_narrows_the_risk_of_copies_and_never_takes_it_away(
    change: RootChange | None, scope: ErasureScope, told: str | None, left: str
) -> None:
    facts = HomeFacts("C004", False, "A", "sqlite", change)
    said = statements(DOCUMENT, scope, facts).key_sanitization
    assert [one for one in (words.ROOT_CHANGED, words.ROOT_GONE) if one in said] == (
        [told] if told else []
    )
    found = set(risks(DOCUMENT, scope, facts))
    assert found & {EVERY_COPY, OLD_COPIES} == {left}
    # What is said of the module itself goes only when it destroyed the key.
    assert (words.RISKS_OF_LEVEL["A"] in found) == (told != words.ROOT_GONE)
