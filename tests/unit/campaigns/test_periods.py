"""How a campaign's dates may move, and where receivables call at the same time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.cases.periods import (
    CalledDay,
    ContractDays,
    Period,
    PeriodFault,
    clashes,
    is_late,
    period_fault,
)

CONTRACT = ContractDays(date(2022, 6, 30), date(2023, 5, 31))
OLD = Period(date(2022, 8, 15), date(2022, 8, 26), date(2022, 9, 2))
JULY = date(2022, 7, 20)
AUGUST = date(2022, 8, 1)


def moved(start: int = 0, until: int = 0, callbacks: int = 0) -> Period:
    """The old period with its dates moved by days."""
    return Period(
        OLD.calls_from + timedelta(days=start),
        OLD.calls_until + timedelta(days=until),
        OLD.callbacks_until + timedelta(days=callbacks),
    )


@pytest.mark.clause("S4-7.2a-2")
@pytest.mark.parametrize(
    ("received_on", "new", "late"),
    [
        (date(2022, 7, 31), moved(2), False),
        (date(2022, 8, 1), moved(2), True),
        (date(2022, 6, 30), moved(-20), False),
        (date(2022, 7, 1), moved(-20), True),  # it would begin in July
        (date(2022, 7, 31), moved(30, 30, 30), False),
    ],
)
def test_a_change_is_in_time_until_the_last_day_of_the_month_before(
    received_on: date, new: Period, late: bool
) -> None:
    assert is_late(received_on, OLD, new, AUGUST) is late


@pytest.mark.clause("S4-7.2a-2")
@pytest.mark.parametrize(
    ("new", "fault"),
    [
        (moved(3), None),
        (moved(0, 3, 3), None),
        (OLD, PeriodFault.UNCHANGED),
        (moved(14), PeriodFault.OUT_OF_ORDER),
        (moved(0, 10), PeriodFault.OUT_OF_ORDER),
        (moved(-46), PeriodFault.IN_PREPARATION),
        (moved(-45), None),
        (moved(0, 0, 271), None),
        (moved(0, 0, 272), PeriodFault.AFTER_CONTRACT),
    ],
)
def test_new_dates_lie_in_order_and_inside_the_contract(
    new: Period, fault: PeriodFault | None
) -> None:
    assert period_fault(OLD, new, CONTRACT, JULY, ()) is fault


@pytest.mark.clause("S4-7.2a-2")
@pytest.mark.parametrize(
    ("day", "outbound", "new", "refused"),
    [
        (15, True, moved(1), True),
        (15, False, moved(1), True),
        (16, True, moved(1), False),
        (24, True, moved(0, -3), True),
        (23, True, moved(0, -3), False),
        (24, False, moved(0, -3), False),  # somebody rang back
        (29, True, moved(0, -3), False),  # a call that was owed after the last day of calls
        (29, True, moved(0, 0, -5), True),
        (28, True, moved(0, 0, -5), False),
    ],
)
def test_dates_never_move_away_from_under_a_call(
    day: int, outbound: bool, new: Period, refused: bool
) -> None:
    called = [CalledDay(date(2022, 8, day), outbound)]
    fault = period_fault(OLD, new, CONTRACT, date(2022, 8, 20), called)
    assert fault is (PeriodFault.CALLS_OUTSIDE if refused else None)


@pytest.mark.parametrize(
    ("today", "new", "fault"),
    [
        (date(2022, 8, 26), moved(0, 2), None),
        (date(2022, 8, 27), moved(0, 2), PeriodFault.OVER),
        (date(2022, 8, 27), moved(0, 0, 2), None),
        (date(2022, 9, 2), moved(0, 0, 2), None),
        (date(2022, 9, 3), moved(0, 0, 2), PeriodFault.OVER),
        (date(2022, 9, 3), moved(0, 0, -2), None),
    ],
)
def test_what_is_over_is_not_made_longer(
    today: date, new: Period, fault: PeriodFault | None
) -> None:
    assert period_fault(OLD, new, CONTRACT, today, ()) is fault


FIRST, LAST = date(2022, 9, 1), date(2022, 9, 30)


def calls(first: int, last: int) -> Period:
    until = date(2022, 9, last)
    return Period(date(2022, 9, first), until, until + timedelta(days=7))


def test_receivables_clash_on_days_on_which_several_call() -> None:
    periods = [("A01", calls(1, 12)), ("A02", calls(10, 20)), ("A05", calls(12, 14))]
    told = [
        (span.first.day, span.last.day, span.days, span.receivables)
        for span in clashes(periods, FIRST, LAST)
    ]
    assert told == [
        (10, 11, 2, ("A01", "A02")),
        (12, 12, 1, ("A01", "A02", "A05")),
        (13, 14, 2, ("A02", "A05")),
    ]


def test_days_of_callbacks_are_no_clash() -> None:
    assert clashes([("A01", calls(1, 9)), ("A02", calls(10, 20))], FIRST, LAST) == ()


PERIODS = st.lists(
    st.tuples(
        st.sampled_from(["A01", "A02", "A03", "A05"]),
        st.tuples(st.integers(1, 30), st.integers(1, 30)).map(
            lambda pair: calls(min(pair), max(pair))
        ),
    ),
    max_size=5,
)


@given(PERIODS)
def test_every_day_with_two_receivables_lies_in_exactly_one_clash(
    periods: list[tuple[str, Period]],
) -> None:
    spans = clashes(periods, FIRST, LAST)
    for number in range(30):
        day = FIRST + timedelta(days=number)
        calling = {code for code, one in periods if one.calls_from <= day <= one.calls_until}
        found = [span for span in spans if span.first <= day <= span.last]
        assert len(found) == (len(calling) > 1)
        assert all(set(span.receivables) == calling for span in found)
