"""The index by digest: every value is found where it was put, also when digests meet."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.intake.columns import IN_MEMORY, Columns, DigestIndex
from secure_store.scratch import sealed_scratch


@pytest.mark.parametrize("where", ["in memory", "sealed"])
@given(st.lists(st.binary(min_size=1, max_size=3), max_size=1500))
@settings(deadline=None, max_examples=20)
def test_a_value_is_found_where_it_was_added_and_no_other(where: str, values: list[bytes]) -> None:
    with ExitStack() as stack:
        columns: Columns = IN_MEMORY
        if where == "sealed":
            columns = stack.enter_context(sealed_scratch())
        index = DigestIndex(columns)
        known: list[bytes] = []
        for value in values:
            place = index.find(value, lambda at, wanted=value: known[at] == wanted)
            assert place == (known.index(value) if value in known else None)
            if place is None:
                index.add(value, len(known))
                known.append(value)


def test_values_of_one_digest_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DigestIndex, "_tag", lambda _self, _value: 7)
    index = DigestIndex(IN_MEMORY)
    values = [f"key {number}".encode() for number in range(900)]
    for place, value in enumerate(values[:-1]):
        index.add(value, place)
    for place in (0, 450, 898):
        assert index.find(values[place], lambda at, want=place: at == want) == place
    assert index.find(values[-1], lambda at: values[at] == values[-1]) is None
