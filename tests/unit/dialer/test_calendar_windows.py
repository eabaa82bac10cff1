"""Calling hours at their edges, under orders, and where the holiday table ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import pytest

from dialer.calendar.holidays import TOKYO, DayKind, HolidayTable, load_holidays
from dialer.calendar.windows import (
    CallingHours,
    DatedOrder,
    HoursDefect,
    Interval,
    WindowReason,
)
from dialer.errors import CallingHoursInvalid

WEEKDAY = (Interval(time(11, 30), time(13, 30)), Interval(time(16, 30), time(20, 30)))
OTHER = (Interval(time(10), time(16)),)


def hours_with(orders: Mapping[date, tuple[DatedOrder, ...]] | None = None) -> CallingHours:
    return CallingHours(WEEKDAY, OTHER, load_holidays(), orders or {})


def order(
    day: date, *intervals: Interval, number: str = "指示-1"
) -> dict[date, tuple[DatedOrder, ...]]:
    return {day: (DatedOrder(day, intervals, number),)}


HOURS = hours_with()


def jst(year: int, month: int, day: int, *clock: int) -> datetime:
    return datetime(year, month, day, *clock, tzinfo=TOKYO)


# Thursday 1 September 2022
@pytest.mark.clause("S4-7.2b-1")
@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ((0, 0, 0), WindowReason.BEFORE_OPENING),
        ((11, 29, 59), WindowReason.BEFORE_OPENING),
        ((11, 29, 59, 999_999), WindowReason.BEFORE_OPENING),
        ((11, 30, 0), WindowReason.OPEN),
        ((13, 29, 59), WindowReason.OPEN),
        ((13, 29, 59, 999_999), WindowReason.OPEN),
        ((13, 30, 0), WindowReason.BETWEEN_WINDOWS),
        ((16, 29, 59), WindowReason.BETWEEN_WINDOWS),
        ((16, 30, 0), WindowReason.OPEN),
        ((20, 29, 59), WindowReason.OPEN),
        ((20, 30, 0), WindowReason.AFTER_CLOSING),
        ((23, 59, 59), WindowReason.AFTER_CLOSING),
    ],
)
@pytest.mark.parametrize("zone", [TOKYO, UTC])
def test_weekday_edges(clock: tuple[int, ...], reason: WindowReason, zone: UTC) -> None:
    now = jst(2022, 9, 1, *clock).astimezone(zone)
    answer = HOURS.answer(now)
    assert answer.reason is reason
    assert answer.is_open is HOURS.is_open(now) is (reason is WindowReason.OPEN)
    assert (answer.window is not None) is answer.is_open
    assert (answer.day_kind, answer.rule) == (DayKind.WEEKDAY, "weekday")


# Saturday, Sunday, a holiday on a Monday, one on a Wednesday, a substitute holiday
@pytest.mark.clause("S4-7.2b-2")
@pytest.mark.parametrize(
    "day",
    [
        date(2022, 9, 17),
        date(2022, 9, 18),
        date(2022, 9, 19),
        date(2022, 11, 23),
        date(2026, 5, 6),
    ],
)
@pytest.mark.parametrize(
    ("clock", "is_open"),
    [
        (time(9, 59, 59), False),
        (time(10, 0), True),
        (time(14, 0), True),
        (time(15, 59, 59), True),
        (time(16, 0), False),
        (time(17, 0), False),
    ],
)
def test_weekends_and_holidays_share_their_hours(day: date, clock: time, is_open: bool) -> None:
    answer = HOURS.answer(datetime.combine(day, clock, tzinfo=TOKYO))
    assert answer.is_open is is_open
    assert answer.rule == "weekend_or_holiday"


@pytest.mark.clause("S4-7.2b-2")
def test_a_wednesday_holiday_and_the_thursday_after_are_opposites() -> None:
    assert HOURS.is_open(jst(2022, 11, 23, 10, 30))
    assert not HOURS.is_open(jst(2022, 11, 23, 17, 0))
    assert not HOURS.is_open(jst(2022, 11, 24, 10, 30))
    assert HOURS.is_open(jst(2022, 11, 24, 17, 0))


def test_half_past_midnight_in_tokyo_belongs_to_the_new_day() -> None:
    # 15:30 UTC on Friday; the Saturday has begun in Tokyo.
    answer = HOURS.answer(datetime(2022, 9, 16, 15, 30, tzinfo=UTC))
    assert answer.day_kind is DayKind.WEEKEND_OR_HOLIDAY
    assert answer.reason is WindowReason.BEFORE_OPENING
    assert answer.next_opening == jst(2022, 9, 17, 10, 0)


def test_an_open_answer_tells_its_window_and_the_opening_after_it() -> None:
    answer = HOURS.answer(jst(2022, 9, 1, 12, 0))
    assert answer.window == (jst(2022, 9, 1, 11, 30), jst(2022, 9, 1, 13, 30))
    assert answer.next_opening == jst(2022, 9, 1, 16, 30)


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        (jst(2022, 9, 1, 11, 29, 59), jst(2022, 9, 1, 11, 30)),
        (jst(2022, 9, 1, 11, 30), jst(2022, 9, 1, 16, 30)),
        (jst(2022, 9, 1, 13, 30), jst(2022, 9, 1, 16, 30)),
        (jst(2022, 9, 2, 20, 30), jst(2022, 9, 3, 10, 0)),  # Friday to Saturday
        (jst(2022, 9, 18, 16, 0), jst(2022, 9, 19, 10, 0)),  # Sunday to a Monday holiday
        (jst(2022, 9, 19, 16, 0), jst(2022, 9, 20, 11, 30)),
        (jst(2022, 12, 31, 16, 0), jst(2023, 1, 1, 10, 0)),
    ],
)
def test_next_opening(after: datetime, opening: datetime) -> None:
    assert HOURS.next_opening(after) == opening
    assert HOURS.next_opening(after.astimezone(UTC)) == opening


def test_every_kind_of_day_has_six_hours() -> None:
    assert HOURS.callable_minutes(date(2022, 9, 1)) == 360
    assert HOURS.callable_minutes(date(2022, 9, 3)) == 360


def test_last_closing() -> None:
    assert HOURS.last_closing(date(2022, 9, 1)) == jst(2022, 9, 1, 20, 30)
    assert HOURS.last_closing(date(2022, 9, 19)) == jst(2022, 9, 19, 16, 0)


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_replaces_the_hours_of_its_day_only() -> None:
    day = date(2022, 9, 1)
    hours = hours_with(order(day, Interval(time(10), time(12))))
    assert hours.answer(jst(2022, 9, 1, 10, 30)).rule == "order:指示-1"
    assert hours.is_open(jst(2022, 9, 1, 10, 30))
    assert not hours.is_open(jst(2022, 9, 1, 12, 0))
    assert not hours.is_open(jst(2022, 9, 1, 17, 0))
    for other in (date(2022, 8, 31), date(2022, 9, 2)):
        assert hours.windows_on(other) == HOURS.windows_on(other)
        assert not hours.is_open(datetime.combine(other, time(10, 30), tzinfo=TOKYO))


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_without_hours_closes_the_day() -> None:
    hours = hours_with(order(date(2022, 9, 19), number="財管 第7号"))
    answer = hours.answer(jst(2022, 9, 19, 12, 0))
    assert (answer.is_open, answer.reason) == (False, WindowReason.CLOSED_BY_ORDER)
    assert answer.rule == "order:財管 第7号"
    assert answer.next_opening == jst(2022, 9, 20, 11, 30)
    assert hours.last_closing(date(2022, 9, 19)) is None
    assert hours.callable_minutes(date(2022, 9, 19)) == 0


def test_a_kind_of_day_without_hours_is_a_closed_day() -> None:
    hours = CallingHours((Interval(time(8, 30), time(17, 15)),), (), load_holidays())
    answer = hours.answer(jst(2022, 9, 17, 12, 0))
    assert answer.reason is WindowReason.CLOSED_DAY
    assert answer.next_opening == jst(2022, 9, 20, 8, 30)  # past a Monday holiday


def test_a_missing_year_is_closed_and_raises_nothing() -> None:
    now = jst(2051, 1, 6, 12, 0)
    day = now.date()
    hours = hours_with(order(day, Interval(time(9), time(18))))
    answer = hours.answer(now)
    assert (answer.is_open, answer.reason) == (False, WindowReason.CALENDAR_YEAR_MISSING)
    assert (answer.window, answer.next_opening, answer.day_kind) == (None, None, None)
    assert answer.rule == "year_missing"
    assert hours.windows_on(day) == ()
    assert hours.last_closing(day) is None
    assert hours.next_legal_instant(now) is None
    assert hours.callable_minutes(day) == 0


def test_the_year_is_taken_in_tokyo() -> None:
    # The last evening of 2050 in UTC is the first morning of 2051 in Tokyo.
    assert HOURS.answer(datetime(2050, 12, 31, 16, tzinfo=UTC)).rule == "year_missing"
    assert HOURS.answer(datetime(2014, 12, 31, 16, tzinfo=UTC)).rule == "weekend_or_holiday"


def test_an_opening_is_found_across_the_start_of_the_table() -> None:
    assert HOURS.next_opening(jst(2014, 12, 31, 12)) == jst(2015, 1, 1, 10)
    assert HOURS.next_opening(jst(2013, 12, 31, 12)) == jst(2015, 1, 1, 10)  # 366 days on
    assert HOURS.next_opening(jst(2013, 12, 1, 12)) is None  # farther than the search goes


@pytest.mark.parametrize("ask", ["answer", "is_open", "next_opening", "next_legal_instant"])
def test_a_naive_instant_is_refused(ask: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        getattr(HOURS, ask)(datetime(2022, 9, 1, 12, 0))


@pytest.mark.parametrize(
    ("start", "end", "defect"),
    [
        (time(12), time(12), HoursDefect.NOTHING_BETWEEN),
        (time(20), time(8), HoursDefect.NOTHING_BETWEEN),
        (time(8, tzinfo=UTC), time(9), HoursDefect.ZONED_TIME),
        (time(8), time(9, tzinfo=UTC), HoursDefect.ZONED_TIME),
    ],
)
def test_an_interval_without_meaning_is_refused(
    start: time, end: time, defect: HoursDefect
) -> None:
    with pytest.raises(CallingHoursInvalid) as refused:
        Interval(start, end)
    assert refused.value.details == {"reason": defect}


@pytest.mark.parametrize(
    "intervals",
    [
        (Interval(time(10), time(12)), Interval(time(11), time(13))),
        (Interval(time(10), time(12)), Interval(time(12), time(13))),
        (Interval(time(14), time(15)), Interval(time(10), time(11))),
    ],
    ids=["overlapping", "touching", "out of order"],
)
def test_intervals_of_a_day_stand_apart(intervals: tuple[Interval, ...]) -> None:
    for build in (
        lambda: DatedOrder(date(2022, 9, 1), intervals, "1"),
        lambda: CallingHours(intervals, OTHER, load_holidays()),
        lambda: CallingHours(WEEKDAY, intervals, load_holidays()),
    ):
        with pytest.raises(CallingHoursInvalid) as refused:
            build()
        assert refused.value.details == {"reason": HoursDefect.NOT_APART}


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_needs_its_document() -> None:
    with pytest.raises(CallingHoursInvalid) as refused:
        DatedOrder(date(2022, 9, 1), OTHER, " \u3000")
    assert refused.value.details == {"reason": HoursDefect.DOCUMENT_MISSING}


def test_an_order_filed_under_another_day_is_refused() -> None:
    misfiled = {date(2022, 9, 2): (DatedOrder(date(2022, 9, 1), OTHER, "1"),)}
    with pytest.raises(CallingHoursInvalid) as refused:
        hours_with(misfiled)
    assert refused.value.details == {"reason": HoursDefect.WRONG_DAY}


def test_a_table_of_one_year_closes_the_next() -> None:
    table = HolidayTable({date(2022, 1, 1): "元日"}, 2022, 2022)
    hours = CallingHours(WEEKDAY, OTHER, table)
    assert hours.is_open(jst(2022, 12, 30, 12))
    assert not hours.is_open(jst(2023, 1, 4, 12))
    assert hours.next_opening(jst(2022, 12, 31, 10)) is None
