"""Facts about audit tags."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from secure_store.audit.tags import GROUP_CODES, FieldGroup, Tag, bits_of, groups_of
from secure_store.erasure.states import ErasureState

FAMILIES = [
    "auth",
    "staff",
    "terminal",
    "duty",
    "list",
    "call_list",
    "case",
    "identity",
    "lease",
    "assignment",
    "search",
    "permit",
    "attempt",
    "callback",
    "recording",
    "outcome",
    "promise",
    "follow_up",
    "escalation",
    "complaint",
    "script",
    "qa",
    "document",
    "daily",
    "report",
    "export",
    "medium",
    "paper",
    "key",
    "erasure",
    "window",
    "suspension",
    "hold",
    "incident",
    "audit",
    "backup",
    "clock",
    "system",
    "scheduler",
    "parameter",
    "profile",
]


def test_every_family_of_acts_has_tags() -> None:
    assert set(FAMILIES) <= {tag.split(":")[0] for tag in Tag}


@pytest.mark.parametrize("tag", Tag)
def test_a_tag_is_two_or_three_plain_words_named_like_its_member(tag: Tag) -> None:
    assert re.fullmatch(r"[a-z_]+(:[a-z_]+){1,2}", tag)
    assert tag.name == tag.replace(":", "_").upper()
    assert len(tag) <= 40


@pytest.mark.parametrize("state", ErasureState)
def test_every_state_of_an_erasure_has_its_event(state: ErasureState) -> None:
    assert f"erasure:{state}" in set(Tag)


@pytest.mark.parametrize(
    "tag",
    [
        *("case:opened", "case:identity_opened", "case:details_opened", "permit:issued"),
        *("attempt:placed", "outcome:recorded", "outcome:corrected", "list:imported"),
        *("search:number", "search:key", "daily:built", "daily:upload_confirmed", "daily:late"),
        *("clock:moved", "lease:taken", "window:refused", "parameter:changed", "duty:began"),
    ],
)
def test_the_tags_other_parts_write_are_there(tag: str) -> None:
    assert Tag(tag).value == tag


def test_groups_and_bits_are_the_same_thing_said_twice() -> None:
    every = tuple(FieldGroup)
    for size in range(len(every) + 1):
        for groups in combinations(every, size):
            assert groups_of(bits_of(groups)) == groups
    assert set(GROUP_CODES.values()) == set(FieldGroup)


@pytest.mark.parametrize("bits", [-1, 32, 33, 1 << 40])
def test_unknown_bits_are_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="unknown column group"):
        groups_of(bits)
