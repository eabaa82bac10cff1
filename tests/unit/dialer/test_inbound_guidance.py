"""Which message a caller hears: out of period before out of hours before busy."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from dialer.calendar.holidays import TOKYO, load_holidays
from dialer.calendar.windows import CallingHours, DatedOrder, Interval
from dialer.inbound.guidance import GuidanceKind, guidance_for

FIRST, LAST = date(2022, 9, 1), date(2022, 9, 26)  # a Thursday, a Monday
CLOSED = date(2022, 9, 6)
HOURS = CallingHours(
    (Interval(time(11, 30), time(13, 30)), Interval(time(16, 30), time(20, 30))),
    (Interval(time(10), time(16)),),
    load_holidays(),
    {CLOSED: (DatedOrder(CLOSED, (), "指示-1"),)},
)


def heard(now: datetime, free_agents: int = 3) -> GuidanceKind | None:
    return guidance_for(now, HOURS, LAST, FIRST, free_agents)


def jst(month: int, day: int, *clock: int) -> datetime:
    return datetime(2022, month, day, *clock, tzinfo=TOKYO)


@pytest.mark.clause("S4-8.3e1")
@pytest.mark.parametrize(
    "now",
    [
        jst(9, 1, 0, 0),
        jst(9, 1, 11, 29, 59),
        jst(9, 1, 14, 0),
        jst(9, 1, 20, 30),
        jst(9, 19, 17, 0),  # a holiday
        jst(9, 6, 12, 0),  # closed by order
        jst(9, 26, 23, 59, 59),
    ],
)
@pytest.mark.parametrize("free_agents", [0, 3])
def test_inside_the_period_but_closed_is_out_of_hours(now: datetime, free_agents: int) -> None:
    assert heard(now, free_agents) is GuidanceKind.OUT_OF_HOURS


@pytest.mark.clause("S4-8.3e2")
def test_open_without_a_free_agent_is_busy() -> None:
    assert heard(jst(9, 1, 12, 0), 0) is GuidanceKind.BUSY
    assert heard(jst(9, 19, 15, 59, 59), 0) is GuidanceKind.BUSY


@pytest.mark.parametrize(
    "now", [jst(9, 1, 11, 30), jst(9, 1, 20, 29, 59), jst(9, 17, 10, 0), jst(9, 26, 12, 0)]
)
def test_open_with_a_free_agent_is_no_message(now: datetime) -> None:
    assert heard(now, 1) is None


@pytest.mark.clause("S4-8.3e3")
@pytest.mark.parametrize(
    "now",
    [
        jst(8, 31, 12, 0),
        jst(8, 31, 23, 59, 59),
        jst(9, 27, 0, 0),
        jst(9, 27, 12, 0),  # open by the clock
        jst(9, 27, 14, 0),  # closed by the clock
        datetime(2022, 9, 26, 15, 30, tzinfo=UTC),  # 00:30 of the day after in Tokyo
    ],
)
@pytest.mark.parametrize("free_agents", [0, 3])
def test_outside_of_the_period_wins_over_everything(now: datetime, free_agents: int) -> None:
    assert heard(now, free_agents) is GuidanceKind.OUT_OF_PERIOD


@pytest.mark.parametrize(
    ("until", "first"), [(None, None), (LAST, None), (None, FIRST), (FIRST, LAST)]
)
def test_without_a_whole_period_every_call_is_outside(
    until: date | None, first: date | None
) -> None:
    now = jst(9, 13, 12, 0)
    assert heard(now) is None
    assert guidance_for(now, HOURS, until, first, 3) is GuidanceKind.OUT_OF_PERIOD


def test_fewer_agents_than_none_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        heard(jst(9, 1, 12, 0), -1)
