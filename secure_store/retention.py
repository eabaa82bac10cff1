"""Pure: how long something is kept, and the calendar of the erasure at the contract's end."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from secure_store.canonical import JST
from secure_store.errors import Invalid

ERASURE_DAYS = 7  # S4-14.10: one week after the end of the performance period
LOG_YEARS = 1  # S3-B1-5.6: the access log outlives the contract by a year or more


class RetentionRuleRefused(Invalid):
    """A retention rule needs a whole number of zero or more."""

    code = "retention_rule_refused"


@dataclass(frozen=True, slots=True)
class EndPlusDays:
    """Due ``days`` calendar days after the reference day; holidays do not extend it."""

    days: int

    def __post_init__(self) -> None:
        _whole(self.days)


@dataclass(frozen=True, slots=True)
class EndPlusYears:
    """Kept through the same date ``years`` later, due the day after."""

    years: int

    def __post_init__(self) -> None:
        _whole(self.years)


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """Due on the last day of the month that lies ``months`` after the reference day's."""

    months: int = 0

    def __post_init__(self) -> None:
        _whole(self.months)


@dataclass(frozen=True, slots=True)
class UntilInstruction:
    """Kept until the commissioner says otherwise (S4-16.1); due on the instructed day."""

    instructed_on: date | None = None


RetentionRule = EndPlusDays | EndPlusYears | MonthEnd | UntilInstruction


def _whole(number: int) -> None:
    if number < 0:
        raise RetentionRuleRefused(number=number)


def due_on(rule: RetentionRule, reference: date) -> date | None:
    """The day on which erasure falls due, counted from ``reference``; ``None`` = not decided.

    For ``EndPlusDays`` this is also the last allowed day: the act belongs on or before it.
    """
    if isinstance(rule, EndPlusDays):
        return reference + timedelta(days=rule.days)
    if isinstance(rule, EndPlusYears):
        return years_after(reference, rule.years) + timedelta(days=1)
    if isinstance(rule, MonthEnd):
        return _month_end(reference, rule.months)
    return rule.instructed_on


def is_due(rule: RetentionRule, reference: date, day: date) -> bool:
    """Whether erasure is due on the business day ``day``."""
    due = due_on(rule, reference)
    return due is not None and day >= due


def is_overdue(rule: RetentionRule, reference: date, day: date) -> bool:
    """Whether the last allowed day has passed."""
    due = due_on(rule, reference)
    return due is not None and day > due


def years_after(day: date, years: int) -> date:
    """The same date years later; 29 February becomes 1 March, so a term is never shortened."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def log_kept_until(period_end: date) -> date:
    """The last day on which no event of the access log may be removed (S3-B1-5.6)."""
    return years_after(period_end, LOG_YEARS)


def _month_end(reference: date, months: int) -> date:
    years, month = divmod(reference.month - 1 + months, 12)
    year = reference.year + years
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


class DeadlineKind(StrEnum):
    """The acts of the erasure calendar, in order."""

    REGISTER_REVIEW = "register_review"
    APPLICATION_SENT = "application_sent"
    CALLS_END = "calls_end"
    LAST_DAILY_FILE = "last_daily_file"
    FROZEN_AND_SCANNED = "frozen_and_scanned"
    KEYS_DESTROYED = "keys_destroyed"
    COPIES_DESTROYED = "copies_destroyed"
    VERIFIED = "verified"
    CERTIFICATE_HANDED_OVER = "certificate_handed_over"
    CONTRACTUAL_LIMIT = "contractual_limit"


@dataclass(frozen=True, slots=True)
class Deadline:
    """An act and the instant (aware, +09:00) before which it has to be done.

    "On day n" means before the midnight that ends it. ``alarm_at`` is when its absence is
    reported, ``None`` where nobody is called.
    """

    kind: DeadlineKind
    at: datetime
    alarm_at: datetime | None = None


# Act, last day counted from the end of the period, day at whose start the alarm is raised.
_CALENDAR: tuple[tuple[DeadlineKind, int, int | None], ...] = (
    (DeadlineKind.REGISTER_REVIEW, -30, None),
    (DeadlineKind.APPLICATION_SENT, -14, -10),
    (DeadlineKind.CALLS_END, 0, None),
    (DeadlineKind.FROZEN_AND_SCANNED, 1, 2),
    (DeadlineKind.KEYS_DESTROYED, 2, 3),
    (DeadlineKind.COPIES_DESTROYED, 3, 4),
    (DeadlineKind.VERIFIED, 4, 5),
    (DeadlineKind.CERTIFICATE_HANDED_OVER, 5, 6),
    (DeadlineKind.CONTRACTUAL_LIMIT, ERASURE_DAYS, ERASURE_DAYS),
)


def deadlines(period_end: date) -> tuple[Deadline, ...]:
    """The erasure calendar for a period ending on ``period_end``, earliest first (S4-14.10).

    The last one is the contract's: 24:00 in Japan on the seventh day, holidays not counted out.
    """
    found = [
        Deadline(
            kind, _start(period_end, day + 1), None if alarm is None else _start(period_end, alarm)
        )
        for kind, day, alarm in _CALENDAR
    ]
    last_file = datetime.combine(period_end + timedelta(days=1), time(9, 30), JST)  # S4-13.1
    found.append(Deadline(DeadlineKind.LAST_DAILY_FILE, last_file, last_file))
    return tuple(sorted(found, key=lambda deadline: deadline.at))


def _start(period_end: date, days: int) -> datetime:
    return datetime.combine(period_end + timedelta(days=days), time(0), JST)
