"""Deadlines counted in calendar days, closed days included. Instants are in Asia/Tokyo."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from dialer.calendar.holidays import TOKYO

_ONE_DAY = timedelta(days=1)


def next_calendar_day_at(day: date, at: time) -> datetime:
    """A clock time of the day after ``day``, never moved by weekends or holidays.

    S4-13.1: the files of a Saturday are due on Sunday at 09:30.
    """
    return datetime.combine(day + _ONE_DAY, at, tzinfo=TOKYO)


def days_before(day: date, n: int) -> date:
    """The date ``n`` calendar days earlier. A negative ``n`` raises ValueError."""
    return day - timedelta(days=_counted(n))


def end_plus_days(end: date, days: int) -> datetime:
    """24:00 of the day ``days`` after ``end``: the first instant of the day that follows it.

    A negative ``days`` raises ValueError.
    """
    last = end + timedelta(days=_counted(days))
    return datetime.combine(last + _ONE_DAY, time.min, tzinfo=TOKYO)


def previous_month_deadline(first_day_of_effect: date) -> date:
    """The last day on which a change of period may be instructed without a warning.

    S4-7.2a-2: by the month before the month of guidance, so 31 July for any day in August.
    """
    return first_day_of_effect.replace(day=1) - _ONE_DAY


def _counted(days: int) -> int:
    if days < 0:
        raise ValueError("a number of days is never negative")
    return days
