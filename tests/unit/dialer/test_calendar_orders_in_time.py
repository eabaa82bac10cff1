"""Dated orders that take effect or are withdrawn during their day: nothing before is rewritten."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.calendar.holidays import TOKYO, load_holidays
from dialer.calendar.windows import (
    CallingHours,
    DatedOrder,
    Interval,
    WindowReason,
    order_rule,
)

WEEKDAY = (Interval(time(11, 30), time(13, 30)), Interval(time(16, 30), time(20, 30)))
OTHER = (Interval(time(10), time(16)),)
DAY = date(2022, 9, 15)  # a Thursday
MIDNIGHT = datetime.combine(DAY, time.min, tzinfo=TOKYO)


def at(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock), tzinfo=TOKYO)


def under(*orders: DatedOrder) -> CallingHours:
    return CallingHours(WEEKDAY, OTHER, load_holidays(), {DAY: orders} if orders else {})


def closing(starts: str | None = None, ends: str | None = None, number: str = "1") -> DatedOrder:
    return DatedOrder(DAY, (), number, at(starts) if starts else None, at(ends) if ends else None)


def texts(hours: CallingHours) -> str:
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in hours.windows_on(DAY))


LATE_OPENING = DatedOrder(DAY, (Interval(time(16, 30), time(19)),), "2", at("17:00"))


@pytest.mark.clause("S4-7.2b-3")
@pytest.mark.parametrize(
    ("orders", "windows", "minutes"),
    [
        ((), "11:30-13:30 16:30-20:30", 360),
        ((closing(),), "", 0),
        ((closing("00:00"),), "", 0),
        ((closing("11:30"),), "", 0),
        ((closing("12:00"),), "11:30-12:00", 30),
        ((closing("13:30"),), "11:30-13:30", 120),
        ((closing("20:30"),), "11:30-13:30 16:30-20:30", 360),
        ((closing(ends="12:00"),), "12:00-13:30 16:30-20:30", 330),
        ((closing("12:00", "13:00"),), "11:30-12:00 13:00-13:30 16:30-20:30", 300),
        ((closing("12:00", "12:00"),), "11:30-13:30 16:30-20:30", 360),
        ((closing("13:00", "12:00"),), "11:30-13:30 16:30-20:30", 360),
        ((LATE_OPENING,), "11:30-13:30 16:30-19:00", 270),
        ((closing("12:00"), LATE_OPENING), "11:30-12:00 17:00-19:00", 150),
        ((LATE_OPENING, closing("18:00", number="3")), "11:30-13:30 16:30-18:00", 210),
    ],
)
def test_windows_of_a_day_under_orders_that_come_during_it(
    orders: tuple[DatedOrder, ...], windows: str, minutes: int
) -> None:
    hours = under(*orders)
    assert texts(hours) == windows
    assert hours.callable_minutes(DAY) == minutes


@pytest.mark.clause("S4-7.2b-3")
@pytest.mark.parametrize(
    ("clock", "is_open", "rule", "reason"),
    [
        ("11:29", False, "weekday", WindowReason.BEFORE_OPENING),
        ("11:59:59.999999", True, "weekday", WindowReason.OPEN),
        ("12:00", False, "order:1", WindowReason.CLOSED_BY_ORDER),
        ("16:59:59", False, "order:1", WindowReason.CLOSED_BY_ORDER),
        ("17:00", True, "order:2", WindowReason.OPEN),
        ("18:59:59", True, "order:2", WindowReason.OPEN),
        ("19:00", False, "order:2", WindowReason.AFTER_CLOSING),
    ],
)
def test_every_instant_is_decided_by_what_holds_at_it(
    clock: str, is_open: bool, rule: str, reason: WindowReason
) -> None:
    answer = under(closing("12:00"), LATE_OPENING).answer(at(clock))
    assert (answer.is_open, answer.rule, answer.reason) == (is_open, rule, reason)


def test_the_rules_of_a_day_follow_each_other_from_midnight_to_midnight() -> None:
    spans = under(closing("12:00", "13:00"), LATE_OPENING).rules_on(DAY)
    told = [f"{one.start:%H:%M}-{one.end:%H:%M} {one.rule}" for one in spans]
    assert told == [
        "00:00-12:00 weekday",
        "12:00-13:00 order:1",
        "13:00-17:00 weekday",
        "17:00-00:00 order:2",
    ]
    assert [one.rule for one in under().rules_on(DAY)] == ["weekday"]
    assert [one.rule for one in under().rules_on(date(2051, 1, 5))] == ["year_missing"]


def test_hours_an_order_opened_too_late_are_told_as_over() -> None:
    morning = DatedOrder(DAY, (Interval(time(9), time(10)),), "1", at("10:30"))
    hours = under(closing(number="0"), morning)
    assert hours.windows_on(DAY) == ()
    assert hours.answer(at("11:00")).reason is WindowReason.AFTER_CLOSING


def test_a_second_order_of_one_document_has_a_name_of_its_own() -> None:
    assert order_rule("札子企第1号", 1) == "order:札子企第1号"
    assert order_rule("札子企第1号", 2) == "order:札子企第1号#2"
    assert DatedOrder(DAY, (), "1", running_no=3).rule == "order:1#3"


MINUTES = st.integers(-60, 25 * 60)
CLOCKS = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))


@st.composite
def orders_of_the_day(draw: st.DrawFn) -> DatedOrder:
    clocks = sorted(draw(st.sets(CLOCKS, max_size=4)))
    pairs = zip(clocks[::2], clocks[1::2], strict=False)
    starts = draw(st.none() | MINUTES)
    ends = draw(st.none() | MINUTES)
    return DatedOrder(
        DAY,
        tuple(Interval(start, end) for start, end in pairs),
        draw(st.sampled_from("ABC")),
        None if starts is None else (MIDNIGHT + timedelta(minutes=starts)).astimezone(UTC),
        None if ends is None else MIDNIGHT + timedelta(minutes=ends),
    )


ORDERS = st.lists(orders_of_the_day(), max_size=4).map(tuple)
INSTANTS = st.integers(0, 24 * 3600 - 1).map(lambda second: MIDNIGHT + timedelta(seconds=second))


def said_plainly(orders: tuple[DatedOrder, ...], now: datetime) -> bool:
    """Open or closed, by looking at one instant only."""
    holding = [
        one
        for one in orders
        if (one.starts_at is None or now >= one.starts_at)
        and (one.ends_at is None or now < one.ends_at)
    ]
    intervals = holding[-1].intervals if holding else WEEKDAY
    return any(one.start <= now.astimezone(TOKYO).time() < one.end for one in intervals)


@pytest.mark.clause("S4-7.2b-3")
@given(ORDERS, INSTANTS)
def test_at_every_instant_the_last_order_in_effect_decides(
    orders: tuple[DatedOrder, ...], now: datetime
) -> None:
    hours = under(*orders)
    answer = hours.answer(now)
    assert answer.is_open is hours.is_open(now) is said_plainly(orders, now)
    assert answer.rule in {"weekday", *(one.rule for one in orders)}
    assert (answer.reason is WindowReason.OPEN) is answer.is_open


@pytest.mark.clause("S4-7.2b-3")
@given(ORDERS, orders_of_the_day(), INSTANTS)
def test_a_new_order_changes_nothing_before_it_takes_effect(
    orders: tuple[DatedOrder, ...], new: DatedOrder, now: datetime
) -> None:
    if new.starts_at is None or now >= new.starts_at:
        return
    before, after = under(*orders).answer(now), under(*orders, new).answer(now)
    assert (before.is_open, before.rule) == (after.is_open, after.rule)


@pytest.mark.clause("S4-7.2b-3")
@given(ORDERS, INSTANTS, st.data())
def test_a_withdrawal_changes_nothing_before_it(
    orders: tuple[DatedOrder, ...], now: datetime, data: st.DataObject
) -> None:
    if not orders:
        return
    taken_back = data.draw(st.sampled_from(orders))
    ends = now + timedelta(minutes=data.draw(st.integers(1, 600)))
    if taken_back.ends_at is not None:
        return
    later = tuple(
        DatedOrder(one.day, one.intervals, one.document_no, one.starts_at, ends)
        if one is taken_back
        else one
        for one in orders
    )
    before, after = under(*orders).answer(now), under(*later).answer(now)
    assert (before.is_open, before.rule) == (after.is_open, after.rule)


@given(ORDERS)
def test_windows_are_whole_apart_and_inside_the_day(orders: tuple[DatedOrder, ...]) -> None:
    windows = under(*orders).windows_on(DAY)
    edges = [edge for window in windows for edge in window]
    assert edges == sorted(set(edges))
    assert all(MIDNIGHT <= edge <= MIDNIGHT + timedelta(days=1) for edge in edges)
    spans = under(*orders).rules_on(DAY)
    assert spans[0].start == MIDNIGHT
    assert spans[-1].end == MIDNIGHT + timedelta(days=1)
    assert all(one.end == two.start for one, two in zip(spans, spans[1:], strict=False))
