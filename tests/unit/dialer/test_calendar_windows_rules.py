"""Rules that hold for calling hours of any shape, under any orders."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.calendar.holidays import TOKYO, load_holidays
from dialer.calendar.windows import CallingHours, DatedOrder, Interval, WindowReason

HOURS = CallingHours(
    (Interval(time(11, 30), time(13, 30)), Interval(time(16, 30), time(20, 30))),
    (Interval(time(10), time(16)),),
    load_holidays(),
)
INSTANTS = st.datetimes(
    min_value=datetime(2014, 11, 1), max_value=datetime(2051, 3, 1), timezones=st.just(UTC)
)
SOME_DAYS = st.dates(min_value=date(2022, 8, 25), max_value=date(2022, 9, 25))
NEAR_INSTANTS = st.datetimes(
    min_value=datetime(2022, 8, 20), max_value=datetime(2022, 9, 28), timezones=st.just(UTC)
)


@st.composite
def day_intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    minutes = sorted(draw(st.sets(st.integers(0, 1439), max_size=6)))
    clocks = [time(m // 60, m % 60) for m in minutes]
    return tuple(Interval(a, b) for a, b in zip(clocks[::2], clocks[1::2], strict=False))


@st.composite
def ordered_hours(draw: st.DrawFn) -> CallingHours:
    ordered = draw(st.dictionaries(SOME_DAYS, day_intervals(), max_size=8))
    orders = {day: (DatedOrder(day, spans, "x"),) for day, spans in ordered.items()}
    return CallingHours(draw(day_intervals()), draw(day_intervals()), load_holidays(), orders)


@pytest.mark.clause("S4-7.2b-1", "S4-7.2b-2")
@given(INSTANTS)
def test_the_contract_hours_said_in_another_way(now: datetime) -> None:
    local = now.astimezone(TOKYO)
    table = load_holidays()
    minute = local.hour * 60 + local.minute
    if local.weekday() >= 5 or local.date() in table.names:
        wanted = 600 <= minute < 960
    else:
        wanted = 690 <= minute < 810 or 990 <= minute < 1230
    assert HOURS.is_open(now) is (wanted and 2015 <= local.year <= 2050)


@given(ordered_hours(), NEAR_INSTANTS)
def test_the_next_opening_is_an_open_instant_later_on(hours: CallingHours, now: datetime) -> None:
    opening = hours.next_opening(now)
    if opening is not None:
        assert opening > now
        assert hours.is_open(opening)
        assert not hours.is_open(opening - timedelta(microseconds=1))


@given(ordered_hours(), NEAR_INSTANTS, st.integers(0, 3 * 24 * 60))
def test_nothing_opens_before_the_next_opening(
    hours: CallingHours, now: datetime, minutes: int
) -> None:
    opening = hours.next_opening(now)
    later = now + timedelta(minutes=minutes)
    if not hours.is_open(now) and (opening is None or later < opening):
        assert not hours.is_open(later)


@given(ordered_hours(), NEAR_INSTANTS)
def test_open_is_exactly_inside_a_window_of_the_day(hours: CallingHours, now: datetime) -> None:
    answer = hours.answer(now)
    inside = [
        window
        for window in hours.windows_on(now.astimezone(TOKYO).date())
        if window[0] <= now < window[1]
    ]
    assert answer.is_open is hours.is_open(now) is bool(inside)
    assert answer.window == (inside[0] if inside else None)
    assert (answer.reason is WindowReason.OPEN) is answer.is_open


@given(ordered_hours(), NEAR_INSTANTS)
def test_the_next_legal_instant_is_now_or_the_next_opening(
    hours: CallingHours, now: datetime
) -> None:
    legal = hours.next_legal_instant(now)
    assert legal == (now if hours.is_open(now) else hours.next_opening(now))
    if legal is not None:
        assert legal.tzinfo is TOKYO


@given(ordered_hours(), SOME_DAYS)
def test_minutes_of_a_day_are_the_sum_of_its_windows(hours: CallingHours, day: date) -> None:
    midnight = datetime.combine(day, time.min, tzinfo=TOKYO)
    counted = sum(hours.is_open(midnight + timedelta(minutes=m)) for m in range(1440))
    assert hours.callable_minutes(day) == counted
