"""The margin before closing: no call begins in it, and none is refused outside of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.eligibility import CaseFacts, NotCallable, why_not_callable
from campaigns.profile.parameters import Parameters
from dialer.calendar.holidays import TOKYO, load_holidays
from dialer.calendar.windows import CallingHours, DatedOrder, Interval

DAY = date(2022, 9, 13)  # a Tuesday
FACTS = CaseFacts(calls_from=date(2022, 9, 1), calls_until=date(2022, 9, 30))
USUAL = CallingHours(
    (Interval(time(11, 30), time(13, 30)), Interval(time(16, 30), time(20, 30))),
    (Interval(time(10), time(16)),),
    load_holidays(),
)


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=TOKYO)


def why(now: datetime, minutes: int, hours: CallingHours = USUAL) -> NotCallable | None:
    return why_not_callable(FACTS, Parameters(no_new_call_minutes=minutes), now, hours)


CLOSED, MARGIN = NotCallable.WINDOW_CLOSED, NotCallable.NO_NEW_CALLS


@pytest.mark.clause("S4-7.2b-1")
@pytest.mark.parametrize(
    ("minutes", "clock", "reason"),
    [
        (0, "11:29:59.999999", CLOSED),
        (0, "11:30", None),
        (0, "13:29:59.999999", None),
        (0, "13:30", CLOSED),
        (1, "13:28:59.999999", None),
        (1, "13:29", MARGIN),
        (10, "11:29:59.999999", CLOSED),
        (10, "11:30", None),
        (10, "13:19:59.999999", None),
        (10, "13:20", MARGIN),
        (10, "13:29:59.999999", MARGIN),
        (10, "13:30", CLOSED),
        (10, "16:29:59.999999", CLOSED),
        (10, "16:30", None),
        (10, "20:19:59.999999", None),
        (10, "20:20", MARGIN),
        (10, "20:30", CLOSED),
        (60, "12:29:59", None),
        (60, "12:30", MARGIN),
    ],
)
def test_both_windows_of_a_weekday_have_the_margin_at_their_end_only(
    minutes: int, clock: str, reason: NotCallable | None
) -> None:
    assert why(at(clock), minutes) is reason


@pytest.mark.clause("S4-7.2b-2")
@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ("10:00", None),
        ("13:20", None),
        ("15:49:59.999999", None),
        ("15:50", MARGIN),
        ("16:00", CLOSED),
    ],
)
def test_a_public_holiday_has_the_margin_at_its_own_end(
    clock: str, reason: NotCallable | None
) -> None:
    assert why(at(clock, date(2022, 9, 19)), 10) is reason


@pytest.mark.clause("S4-7.2b-3")
@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ("11:30", None),
        ("11:49:59.999999", None),
        ("11:50", MARGIN),
        ("12:00", CLOSED),
        ("17:00", CLOSED),
    ],
)
def test_an_order_that_closes_from_an_instant_has_the_margin_before_it(
    clock: str, reason: NotCallable | None
) -> None:
    closed = DatedOrder(DAY, (), "1", at("12:00"))
    hours = CallingHours(USUAL.weekday, USUAL.weekend_or_holiday, USUAL.holidays, {DAY: (closed,)})
    assert why(at(clock), 10, hours) is reason


def test_a_window_no_longer_than_the_margin_is_never_used() -> None:
    short = CallingHours((Interval(time(12), time(12, 10)),), (), load_holidays())
    assert why(at("12:00"), 10, short) is MARGIN
    assert why(at("12:00"), 9, short) is None
    assert why(at("12:00:59.999999"), 9, short) is None
    assert why(at("12:01"), 9, short) is MARGIN


@given(st.integers(0, 60), st.integers(0, 24 * 3600 - 1))
def test_the_margin_takes_away_exactly_the_last_minutes_of_each_window(
    minutes: int, second: int
) -> None:
    now = at("00:00") + timedelta(seconds=second)
    later = now + timedelta(minutes=minutes)
    window = next((one for one in USUAL.windows_on(DAY) if one[0] <= now < one[1]), None)
    wanted = CLOSED if window is None else MARGIN if later >= window[1] else None
    assert why(now, minutes) is wanted
