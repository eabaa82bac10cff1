"""The order in which cases are served, and its encoding as one number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.fairness import TryKind
from campaigns.calling.ordering import (
    RankFacts,
    RankReason,
    explain,
    rank,
    rank_value,
    read_rank,
    with_place,
)
from dialer.calendar.bands import Band
from dialer.calendar.holidays import TOKYO

NOW = datetime(2022, 9, 13, 12, 0, tzinfo=TOKYO)
FACTS = st.builds(
    RankFacts,
    row_number=st.integers(0, (1 << 22) - 1),
    follow_up_at=st.none() | st.integers(-60, 60).map(lambda n: NOW + timedelta(minutes=n)),
    promise_broken=st.booleans(),
    used_bands=st.frozensets(st.sampled_from(Band)),
    owed=st.frozensets(st.sampled_from(TryKind)),
    minimum_met=st.booleans(),
    counted_attempts=st.integers(0, 80),
    priority=st.none() | st.integers(0, 2000),
    oldest_due_on=st.none() | st.dates(),
)


def test_the_order_is_the_written_one() -> None:
    used = frozenset({Band.H1})
    old = date(2022, 5, 31)
    in_order = [
        RankFacts(row_number=19, follow_up_at=NOW, used_bands=used, counted_attempts=5),
        RankFacts(row_number=18, promise_broken=True, used_bands=used, counted_attempts=5),
        RankFacts(row_number=17, counted_attempts=4),
        RankFacts(row_number=16, counted_attempts=4, minimum_met=True, priority=1),
        RankFacts(row_number=15, used_bands=used, counted_attempts=1, priority=10),
        RankFacts(row_number=14, used_bands=used, counted_attempts=2, priority=1),
        RankFacts(row_number=13, used_bands=used, counted_attempts=2, priority=10),
        RankFacts(row_number=12, used_bands=used, counted_attempts=2, oldest_due_on=old),
        RankFacts(
            row_number=11,
            used_bands=used,
            counted_attempts=2,
            oldest_due_on=old + timedelta(days=1),
        ),
        RankFacts(row_number=1, used_bands=used, counted_attempts=2),
        RankFacts(row_number=2, used_bands=used, counted_attempts=2),
        RankFacts(row_number=0, counted_attempts=5, priority=1),
    ]
    shuffled = sorted(in_order, key=lambda facts: facts.row_number)
    assert sorted(shuffled, key=lambda facts: rank(facts, NOW, Band.H1)) == in_order
    assert sorted(shuffled, key=lambda facts: rank_value(facts, NOW, Band.H1)) == in_order


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize(
    ("band", "first"), [(Band.H1, 1), (Band.H3, 2), (Band.H4, 3), (Band.H5, 3), (None, 1)]
)
def test_in_the_evening_and_at_the_weekend_those_come_first_who_wait_for_it(
    band: Band | None, first: int
) -> None:
    waiting = [
        RankFacts(row_number=1),
        RankFacts(row_number=2, owed=frozenset({TryKind.EVENING}), counted_attempts=3),
        RankFacts(row_number=3, owed=frozenset({TryKind.WEEKEND}), counted_attempts=4),
    ]
    assert min(waiting, key=lambda one: rank_value(one, NOW, band)).row_number == first


@given(FACTS, st.none() | st.sampled_from(Band))
def test_a_stored_rank_is_read_back_and_explained(facts: RankFacts, band: Band | None) -> None:
    value = rank_value(facts, NOW, band)
    known = rank(facts, NOW, band)
    assert read_rank(value) == known
    reasons = explain(value)
    assert (RankReason.FOLLOW_UP_DUE in reasons) == (known.no_due_follow_up == 0)
    if known.no_due_follow_up and known.no_broken_promise:
        assert (RankReason.OWED_TRY in reasons) == (known.no_owed_try == 0)
        assert (RankReason.BAND_USED in reasons) == bool(known.band_used)
        assert (RankReason.AFTER_THE_OTHERS in reasons) == (facts.counted_attempts >= 5)


@given(FACTS, st.integers(0, 2000), st.dates(), st.integers(0, (1 << 22) - 1))
def test_cases_with_one_history_share_the_first_parts(
    facts: RankFacts, priority: int, due_on: date, row: int
) -> None:
    own = replace(facts, priority=priority, oldest_due_on=due_on, row_number=row)
    shared = rank_value(facts, NOW, Band.H1)
    assert with_place(shared, priority, due_on, row) == rank_value(own, NOW, Band.H1)


@pytest.mark.parametrize("value", [-1, 1 << 60])
def test_a_number_that_no_rank_has_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="no rank"):
        read_rank(value)


def test_a_follow_up_is_due_at_its_minute_and_not_before() -> None:
    facts = RankFacts(row_number=1, follow_up_at=NOW)
    assert rank(facts, NOW).no_due_follow_up == 0
    assert rank(facts, NOW - timedelta(seconds=1)).no_due_follow_up == 1


@given(FACTS, FACTS, st.none() | st.sampled_from(Band))
def test_the_number_sorts_as_the_rank_does(
    one: RankFacts, other: RankFacts, band: Band | None
) -> None:
    keys = rank(one, NOW, band), rank(other, NOW, band)
    values = rank_value(one, NOW, band), rank_value(other, NOW, band)
    assert (keys[0] < keys[1]) == (values[0] < values[1])
    assert (keys[0] == keys[1]) == (values[0] == values[1])


@given(FACTS)
def test_the_number_fits_a_signed_64_bit_column(facts: RankFacts) -> None:
    assert 0 <= rank_value(facts, NOW, Band.H1) < 2**60


@pytest.mark.parametrize("row_number", [-1, 1 << 22])
def test_a_row_number_that_would_share_a_rank_is_refused(row_number: int) -> None:
    with pytest.raises(ValueError, match="row number"):
        rank(RankFacts(row_number=row_number), NOW)
