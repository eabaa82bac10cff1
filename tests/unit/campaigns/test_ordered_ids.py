"""Ids of lent rows: in the order of the file, never the same, version 7."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.intake.ordered_ids import ordered_id

AT = datetime(2022, 9, 13, 10, tzinfo=UTC)
NUMBERS = st.integers(min_value=1, max_value=2**26 - 2)


@given(NUMBERS, st.integers(min_value=1, max_value=1000))
def test_ids_grow_with_the_row_and_with_the_instant(number: int, more: int) -> None:
    later = min(number + more, 2**26 - 1)
    assert ordered_id(AT, number) < ordered_id(AT, later)
    assert ordered_id(AT, later) < ordered_id(AT + timedelta(milliseconds=1), number)


@given(NUMBERS)
def test_an_id_is_a_version_7_uuid_with_a_random_end(number: int) -> None:
    one, other = ordered_id(AT, number), ordered_id(AT, number)
    assert one.version == 7
    assert one.variant == "specified in RFC 4122"
    assert one != other
