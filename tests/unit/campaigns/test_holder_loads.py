"""How uneven a number is spread between people."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.desk.holder_loads import Spread, spread_of


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], Spread(0, 0, None, False)),
        ([5], Spread(5, 5, 1.0, False)),
        ([10, 14], Spread(10, 14, 1.4, False)),
        ([10, 15], Spread(10, 15, 1.5, True)),
        ([0, 1], Spread(0, 1, None, False)),
        ([0, 2], Spread(0, 2, None, True)),
        ([1, 2], Spread(1, 2, 2.0, False)),
        ([0, 0], Spread(0, 0, None, False)),
    ],
)
def test_a_spread_is_the_largest_by_the_smallest(values: Sequence[int], expected: Spread) -> None:
    assert spread_of(values) == expected


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_numbers_that_differ_by_one_at_most_are_never_uneven(values: list[int]) -> None:
    spread = spread_of(values)
    assert spread.smallest <= spread.largest
    if spread.largest - spread.smallest <= 1:
        assert not spread.is_uneven
