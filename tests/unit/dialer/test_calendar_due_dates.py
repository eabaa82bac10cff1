"""Deadlines in calendar days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.calendar.due_dates import (
    days_before,
    end_plus_days,
    next_calendar_day_at,
    previous_month_deadline,
)
from dialer.calendar.holidays import TOKYO, business_day


@pytest.mark.clause("S4-13.1")
@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2022, 9, 17), datetime(2022, 9, 18, 0, 30, tzinfo=UTC)),  # Saturday: on Sunday
        (date(2022, 9, 18), datetime(2022, 9, 19, 0, 30, tzinfo=UTC)),  # Sunday: on a holiday
        (date(2022, 9, 1), datetime(2022, 9, 2, 0, 30, tzinfo=UTC)),
        (date(2022, 12, 31), datetime(2023, 1, 1, 0, 30, tzinfo=UTC)),
        (date(2024, 2, 28), datetime(2024, 2, 29, 0, 30, tzinfo=UTC)),
    ],
)
def test_daily_files_are_due_at_half_past_nine_of_the_next_calendar_day(
    day: date, due: datetime
) -> None:
    assert next_calendar_day_at(day, time(9, 30)) == due
    assert next_calendar_day_at(day, time(9, 30)).tzinfo is TOKYO


def test_days_before_counts_calendar_days() -> None:
    assert days_before(date(2022, 9, 1), 2) == date(2022, 8, 30)
    assert days_before(date(2022, 9, 1), 7) == date(2022, 8, 25)
    assert days_before(date(2022, 9, 1), 0) == date(2022, 9, 1)


def test_a_term_ends_at_midnight_after_its_last_day() -> None:
    assert end_plus_days(date(2023, 5, 31), 7) == datetime(2023, 6, 8, 0, 0, tzinfo=TOKYO)
    assert end_plus_days(date(2022, 12, 31), 0) == datetime(2022, 12, 31, 15, tzinfo=UTC)


@given(st.dates(date(2015, 1, 1), date(2050, 1, 1)), st.integers(0, 400))
def test_a_term_has_its_days_and_no_more(end: date, days: int) -> None:
    assert (business_day(end_plus_days(end, days)) - end).days == days + 1


@pytest.mark.parametrize("count", [days_before, end_plus_days])
def test_a_negative_number_of_days_is_refused(count: object) -> None:
    assert callable(count)
    with pytest.raises(ValueError, match="negative"):
        count(date(2022, 9, 1), -1)


@pytest.mark.parametrize(
    ("first_day", "deadline"),
    [
        (date(2022, 8, 1), date(2022, 7, 31)),
        (date(2022, 8, 31), date(2022, 7, 31)),
        (date(2023, 1, 10), date(2022, 12, 31)),
        (date(2024, 3, 1), date(2024, 2, 29)),
    ],
)
def test_a_change_of_period_is_instructed_in_the_month_before(
    first_day: date, deadline: date
) -> None:
    assert previous_month_deadline(first_day) == deadline
