"""When calls are allowed, worked out a second time from the contract's text: for checking only.

Nothing here asks the product. The windows are those of S4-7.2b, the holidays were copied by hand
from the official list, the difference to UTC is a number. What the rule under test gets wrong,
this file must not get wrong in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

WEEKDAY = ((time(11, 30), time(13, 30)), (time(16, 30), time(20, 30)))
WEEKEND = ((time(10), time(16)),)
PUBLIC_HOLIDAYS = [
    "2022-07-18",
    "2022-08-11",
    "2022-09-19",
    "2022-09-23",
    "2022-10-10",
    "2022-11-03",
    "2022-11-23",
    "2023-01-01",
    "2023-01-02",
    "2023-01-09",
    "2023-02-11",
    "2023-02-23",
    "2023-03-21",
    "2023-04-29",
    "2023-05-03",
    "2023-05-04",
    "2023-05-05",
]
AHEAD_OF_UTC = timedelta(hours=9)
SATURDAY = 5
Spans = tuple[tuple[time, time], ...]


def local(at: datetime) -> datetime:
    """The clock on the wall in Sapporo at an aware instant, without a zone."""
    return at.replace(tzinfo=None) - (at.utcoffset() or timedelta(0)) + AHEAD_OF_UTC


@dataclass(slots=True)
class OrderTold:
    """An order as it was handed over: it counts from ``told_at`` on.

    When a crash swallowed the answer, it may have counted since ``tried_at`` already.
    """

    day: date
    receivable: str | None
    spans: Spans
    tried_at: datetime
    told_at: datetime


@dataclass(slots=True)
class StopTold:
    """Work stands still in [began_at, ended_at); None = until further notice."""

    receivable: str | None
    began_at: datetime
    ended_at: datetime | None = None


def is_inside(at: datetime, spans: Spans) -> bool:
    """Half-open: the closing instant is out."""
    return any(start <= local(at).time() < end for start, end in spans)


@dataclass(slots=True)
class CityHours:
    """What the city has said so far."""

    orders: list[OrderTold] = field(default_factory=list)
    stops: list[StopTold] = field(default_factory=list)

    def may_call(self, at: datetime, receivable: str) -> bool:
        """Was dialling for this receivable allowed at this instant (aware)?"""
        sure = [one for one in self.orders if one.told_at <= at]
        perhaps = [one for one in self.orders if one.tried_at <= at]
        inside = any(is_inside(at, self._spans(at, receivable, told)) for told in (sure, perhaps))
        return inside and not self.is_stopped(at, receivable)

    def is_stopped(self, at: datetime, receivable: str) -> bool:
        """Was all work on it suspended?"""
        return any(
            stop.receivable in (None, receivable)
            and stop.began_at <= at
            and (stop.ended_at is None or at < stop.ended_at)
            for stop in self.stops
        )

    def spans_at(self, at: datetime) -> Spans:
        """The contract's own windows of this day, as told by then."""
        return self._spans(at, "", [one for one in self.orders if one.told_at <= at])

    def _spans(self, at: datetime, receivable: str, orders: list[OrderTold]) -> Spans:
        day = local(at).date()
        told = [one for one in orders if one.day == day]
        for whose in (receivable, None):
            own = [one for one in told if one.receivable == whose]
            if own:
                return max(own, key=lambda one: one.told_at).spans
        is_free = day.weekday() >= SATURDAY or day.isoformat() in PUBLIC_HOLIDAYS
        return WEEKEND if is_free else WEEKDAY
