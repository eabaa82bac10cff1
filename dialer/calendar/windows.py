"""When calls may be made: hours by kind of day, and dated orders of the commissioner.

Every interval is half-open: at the closing instant calls are refused (S4-7.2b-1). The same
answer is asked twice, when a case is served and when the permit is issued. A call begun in
time may finish; that is no matter of this file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from dialer.calendar.holidays import TOKYO, DayKind, HolidayTable, business_day, day_kind, in_tokyo
from dialer.errors import CallingHoursInvalid

SEARCH_DAYS = 370
"""How far ``next_opening`` looks: a whole year and the New Year days after it."""
ORDER = "order:"
"""What the name of a rule begins with when an order of the commissioner decides."""
_ONE_DAY = timedelta(days=1)


class HoursDefect(StrEnum):
    """Why hours, an order or bands were refused on entry."""

    NOTHING_BETWEEN = "nothing_between"
    ZONED_TIME = "zoned_time"
    NOT_APART = "not_apart"
    DOCUMENT_MISSING = "document_missing"
    WRONG_DAY = "wrong_day"
    EFFECT_AFTER_DAY = "effect_after_day"
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
    """Hours the commissioner designated for one day (S4-7.2b-3); no intervals = closed.

    It decides from ``starts_at`` until ``ends_at`` (aware, half-open; None: no limit): before it
    took effect and after it was withdrawn, what stood before it does. ``running_no`` tells
    orders of one document for one day apart.
    """

    day: date
    intervals: tuple[Interval, ...]
    document_no: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    running_no: int = 1

    def __post_init__(self) -> None:
        if not self.document_no.strip():
            raise CallingHoursInvalid(reason=HoursDefect.DOCUMENT_MISSING)
        check_apart(self.intervals)

    @property
    def rule(self) -> str:
        """The name under which an attempt remembers this order."""
        return order_rule(self.document_no, self.running_no)

    def holds_at(self, instant: datetime) -> bool:
        """Is it in effect and not withdrawn at this instant (aware)?"""
        begun = self.starts_at is None or self.starts_at <= instant
        return begun and (self.ends_at is None or instant < self.ends_at)


def order_rule(document_no: str, running_no: int) -> str:
    """``order:<document_no>``, and ``#2`` and so on behind it for a further order of that day."""
    return f"{ORDER}{document_no}" + (f"#{running_no}" if running_no > 1 else "")


@dataclass(frozen=True, slots=True)
class WindowAnswer:
    """What holds at one instant. All instants are aware, in Asia/Tokyo.

    ``window`` is the open window or None; ``next_opening`` the next start after the instant;
    ``rule`` names what decided: ``weekday``, ``weekend_or_holiday``, ``order_rule`` of the order
    that holds, or ``year_missing``.
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


Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class RuleSpan:
    """One rule decides a day from ``start`` to ``end`` (aware, half-open)."""

    start: datetime
    end: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class CallingHours:
    """The hours of a contract. A day of a year missing from the table is closed, whatever
    order there is for it; no method raises for it.

    Of the orders of a day the last one that holds at an instant decides it."""

    weekday: tuple[Interval, ...]
    weekend_or_holiday: tuple[Interval, ...]
    holidays: HolidayTable
    orders: Mapping[date, tuple[DatedOrder, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_apart(self.weekday)
        check_apart(self.weekend_or_holiday)
        if any(order.day != day for day, orders in self.orders.items() for order in orders):
            raise CallingHoursInvalid(reason=HoursDefect.WRONG_DAY)

    def answer(self, now: datetime) -> WindowAnswer:
        """Open or closed at ``now`` (aware, else ValueError), with the reason and what is next."""
        local = in_tokyo(now)
        rule = self._rule_at(local)
        windows = self.windows_on(local.date())
        window = _window_at(windows, local)
        return WindowAnswer(
            is_open=window is not None,
            reason=_reason(local, rule, windows),
            window=window,
            next_opening=self.next_opening(local),
            day_kind=rule.kind,
            rule=rule.rule,
        )

    def is_open(self, now: datetime) -> bool:
        """May a call begin at this instant (aware)?"""
        local = in_tokyo(now)
        return _window_at(self.windows_on(local.date()), local) is not None

    def windows_on(self, day: date) -> tuple[Span, ...]:
        """The windows of a day in order, as aware half-open pairs; empty when closed.

        An order cuts the hours at the instant it takes effect; what then touches is one window.
        """
        windows: list[Span] = []
        for first, last, rule in self._spans_of(day):
            for interval in rule.intervals:
                start, end = interval.on(day)
                start, end = max(start, first), min(end, last)
                if windows and windows[-1][1] == start < end:
                    windows[-1] = (windows[-1][0], end)
                elif start < end:
                    windows.append((start, end))
        return tuple(windows)

    def rules_on(self, day: date) -> tuple[RuleSpan, ...]:
        """What decides the day, from midnight to midnight; more than one under late orders."""
        return tuple(RuleSpan(first, last, rule.rule) for first, last, rule in self._spans_of(day))

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

    def _spans_of(self, day: date) -> list[tuple[datetime, datetime, _DayRule]]:
        begin = datetime.combine(day, time.min, tzinfo=TOKYO)
        edges = [begin, *self._changes_in(day), begin + _ONE_DAY]
        spans: list[tuple[datetime, datetime, _DayRule]] = []
        for start, end in pairwise(edges):
            rule = self._rule_at(start)
            if spans and spans[-1][2] == rule:
                start = spans.pop()[0]
            spans.append((start, end, rule))
        return spans

    def _changes_in(self, day: date) -> list[datetime]:
        """The instants inside the day at which an order takes effect or is withdrawn."""
        orders = self.orders.get(day, ())
        edges = (edge for order in orders for edge in (order.starts_at, order.ends_at) if edge)
        inside = {in_tokyo(edge) for edge in edges}
        begin = datetime.combine(day, time.min, tzinfo=TOKYO)
        return sorted(edge for edge in inside if begin < edge < begin + _ONE_DAY)

    def _rule_at(self, local: datetime) -> _DayRule:
        day = local.date()
        if not self.holidays.covers(day.year):
            return _DayRule(None, (), "year_missing", WindowReason.CALENDAR_YEAR_MISSING)
        kind = day_kind(day, self.holidays)
        for order in reversed(self.orders.get(day, ())):
            if order.holds_at(local):
                return _DayRule(kind, order.intervals, order.rule, WindowReason.CLOSED_BY_ORDER)
        usual = self.weekday if kind is DayKind.WEEKDAY else self.weekend_or_holiday
        return _DayRule(kind, usual, kind.value, WindowReason.CLOSED_DAY)


def _window_at(windows: Sequence[Span], local: datetime) -> Span | None:
    return next((span for span in windows if span[0] <= local < span[1]), None)


def _reason(at: datetime, rule: _DayRule, windows: Sequence[Span]) -> WindowReason:
    """Told from the windows the day really has, which an order may have cut."""
    if not rule.intervals:
        return rule.when_empty
    spans = windows or [interval.on(at.date()) for interval in rule.intervals]
    if any(start <= at < end for start, end in spans):
        return WindowReason.OPEN
    if at < spans[0][0]:
        return WindowReason.BEFORE_OPENING
    return WindowReason.AFTER_CLOSING if at >= spans[-1][1] else WindowReason.BETWEEN_WINDOWS
