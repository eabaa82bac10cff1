"""When calls may be made: hours by kind of day, and dated orders of the commissioner.

Every interval is half-open: at the closing instant calls are refused (S4-7.2b-1). The same
answer is asked twice, when a case is served and when the permit is issued. A call begun in
time may finish; that is no matter of this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from dialer.calendar.holidays import TOKYO, DayKind, HolidayTable, business_day, day_kind, in_tokyo
from dialer.errors import CallingHoursInvalid

SEARCH_DAYS = 370
"""How far ``next_opening`` looks: a whole year and the New Year days after it."""


class HoursDefect(StrEnum):
    """Why hours, an order or bands were refused on entry."""

    NOTHING_BETWEEN = "nothing_between"
    ZONED_TIME = "zoned_time"
    NOT_APART = "not_apart"
    DOCUMENT_MISSING = "document_missing"
    WRONG_DAY = "wrong_day"
    BAND_UNKNOWN = "band_unknown"
    BAND_REPEATED = "band_repeated"
    BAND_MISSING = "band_missing"


class WindowReason(StrEnum):
    """Why it is open or closed at an instant."""

    OPEN = "open"
    BEFORE_OPENING = "before_opening"
    BETWEEN_WINDOWS = "between_windows"
    AFTER_CLOSING = "after_closing"
    CLOSED_DAY = "closed_day"
    CLOSED_BY_ORDER = "closed_by_order"
    CALENDAR_YEAR_MISSING = "calendar_year_missing"


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of one day on the clock in Tokyo, half-open: ``start`` is in, ``end`` is out."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise CallingHoursInvalid(reason=HoursDefect.ZONED_TIME)
        if self.end <= self.start:
            raise CallingHoursInvalid(reason=HoursDefect.NOTHING_BETWEEN)

    def on(self, day: date) -> tuple[datetime, datetime]:
        """The two aware instants on this day."""
        return (
            datetime.combine(day, self.start, tzinfo=TOKYO),
            datetime.combine(day, self.end, tzinfo=TOKYO),
        )


def check_apart(intervals: tuple[Interval, ...], *, may_touch: bool = False) -> None:
    """Refuse intervals out of order or overlapping with CallingHoursInvalid.

    Windows may not even touch: two that do are one, and an edge between them would read as
    a closing. Bands do touch.
    """
    for earlier, later in pairwise(intervals):
        if later.start < earlier.end or (later.start == earlier.end and not may_touch):
            raise CallingHoursInvalid(reason=HoursDefect.NOT_APART)


@dataclass(frozen=True, slots=True)
class DatedOrder:
    """Hours the commissioner designated for one day (S4-7.2b-3); no intervals = closed."""

    day: date
    intervals: tuple[Interval, ...]
    document_no: str

    def __post_init__(self) -> None:
        if not self.document_no.strip():
            raise CallingHoursInvalid(reason=HoursDefect.DOCUMENT_MISSING)
        check_apart(self.intervals)


@dataclass(frozen=True, slots=True)
class WindowAnswer:
    """What holds at one instant. All instants are aware, in Asia/Tokyo.

    ``window`` is the open window or None; ``next_opening`` the next start after the instant;
    ``rule`` names what decided: ``weekday``, ``weekend_or_holiday``, ``order:<document_no>``
    or ``year_missing``.
    """

    is_open: bool
    reason: WindowReason
    window: tuple[datetime, datetime] | None
    next_opening: datetime | None
    day_kind: DayKind | None
    rule: str


@dataclass(frozen=True, slots=True)
class _DayRule:
    kind: DayKind | None
    intervals: tuple[Interval, ...]
    rule: str
    when_empty: WindowReason


@dataclass(frozen=True, slots=True)
class CallingHours:
    """The hours of a contract. A day of a year missing from the table is closed, whatever
    order there is for it; no method raises for it."""

    weekday: tuple[Interval, ...]
    weekend_or_holiday: tuple[Interval, ...]
    holidays: HolidayTable
    orders: Mapping[date, DatedOrder] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_apart(self.weekday)
        check_apart(self.weekend_or_holiday)
        if any(order.day != day for day, order in self.orders.items()):
            raise CallingHoursInvalid(reason=HoursDefect.WRONG_DAY)

    def answer(self, now: datetime) -> WindowAnswer:
        """Open or closed at ``now`` (aware, else ValueError), with the reason and what is next."""
        local = in_tokyo(now)
        rule = self._rule_of(local.date())
        window = self._window_at(local)
        return WindowAnswer(
            is_open=window is not None,
            reason=_reason(local.time(), rule),
            window=window,
            next_opening=self.next_opening(local),
            day_kind=rule.kind,
            rule=rule.rule,
        )

    def is_open(self, now: datetime) -> bool:
        """May a call begin at this instant (aware)?"""
        return self._window_at(in_tokyo(now)) is not None

    def windows_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The windows of a day in order, as aware half-open pairs; empty when closed."""
        return tuple(interval.on(day) for interval in self._rule_of(day).intervals)

    def next_opening(self, after: datetime) -> datetime | None:
        """The first window start later than ``after``, within ``SEARCH_DAYS`` days.

        While a window is open this is the opening that follows it. None when there is none.
        """
        first = business_day(after)
        for offset in range(SEARCH_DAYS + 1):
            for start, _ in self.windows_on(first + timedelta(days=offset)):
                if start > after:
                    return start
        return None

    def last_closing(self, day: date) -> datetime | None:
        """When the last window of the day ends, or None when the day is closed."""
        windows = self.windows_on(day)
        return windows[-1][1] if windows else None

    def next_legal_instant(self, at: datetime) -> datetime | None:
        """``at`` itself when open, else the next opening; in Asia/Tokyo."""
        local = in_tokyo(at)
        return local if self.is_open(local) else self.next_opening(local)

    def callable_minutes(self, day: date) -> int:
        """Whole minutes in which calls may begin on this day."""
        spans = (end - start for start, end in self.windows_on(day))
        return sum(spans, timedelta()) // timedelta(minutes=1)

    def _window_at(self, local: datetime) -> tuple[datetime, datetime] | None:
        for start, end in self.windows_on(local.date()):
            if start <= local < end:
                return start, end
        return None

    def _rule_of(self, day: date) -> _DayRule:
        if not self.holidays.covers(day.year):
            return _DayRule(None, (), "year_missing", WindowReason.CALENDAR_YEAR_MISSING)
        kind = day_kind(day, self.holidays)
        order = self.orders.get(day)
        if order is not None:
            text = f"order:{order.document_no}"
            return _DayRule(kind, order.intervals, text, WindowReason.CLOSED_BY_ORDER)
        usual = self.weekday if kind is DayKind.WEEKDAY else self.weekend_or_holiday
        return _DayRule(kind, usual, kind.value, WindowReason.CLOSED_DAY)


def _reason(at: time, rule: _DayRule) -> WindowReason:
    if not rule.intervals:
        return rule.when_empty
    if any(interval.start <= at < interval.end for interval in rule.intervals):
        return WindowReason.OPEN
    if at < rule.intervals[0].start:
        return WindowReason.BEFORE_OPENING
    if at >= rule.intervals[-1].end:
        return WindowReason.AFTER_CLOSING
    return WindowReason.BETWEEN_WINDOWS
