"""What a business day holds for those who run it: windows, borders of bands, close, deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours, last_closing
from campaigns.profile.instructions import CallingRules, calling_rules
from dialer.calendar.bands import BandCuts
from dialer.calendar.due_dates import next_calendar_day_at
from dialer.calendar.holidays import DayKind
from dialer.calendar.windows import CallingHours
from secure_store.work import UnitOfWork

Window = tuple[datetime, datetime]
MIDDAY = time(12)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One day. ``ranks_at``: when the order of serving changes. Instants are in Asia/Tokyo."""

    day: date
    windows: tuple[Window, ...]
    ranks_at: tuple[datetime, ...]
    closes_at: datetime
    files_due_at: datetime


def day_plans(
    work: UnitOfWork, days: Sequence[date], receivable: str | None = None
) -> tuple[DayPlan, ...]:
    """The plans of these days, for the contract or for one receivable (S4-7.2b, S4-13.1)."""
    hours = calling_hours(work, receivable)
    rules = calling_rules(work, receivable)
    cuts = _cuts_in_use(work, rules)
    return tuple(_plan(hours, rules, cuts, day, _end(work, hours, receivable, day)) for day in days)


def _cuts_in_use(work: UnitOfWork, rules: CallingRules) -> tuple[BandCuts, ...]:
    """The bands of the receivable; for the contract those of every receivable."""
    if rules.receivable is not None:
        return (rules.cuts,)
    codes = [one.code for one in current_profile(work).receivables]
    return (rules.cuts, *(calling_rules(work, code).cuts for code in codes))


def _end(
    work: UnitOfWork, hours: CallingHours, receivable: str | None, day: date
) -> datetime | None:
    """The contract's day ends with its last window, also one ordered for a single receivable."""
    return hours.last_closing(day) if receivable else last_closing(work, day)


def _plan(
    hours: CallingHours,
    rules: CallingRules,
    all_cuts: Sequence[BandCuts],
    day: date,
    end: datetime | None,
) -> DayPlan:
    windows = hours.windows_on(day)
    grace = timedelta(minutes=rules.parameters.close_grace_minutes)
    midday = next_calendar_day_at(day - timedelta(days=1), MIDDAY)
    answer = hours.answer(midday)
    return DayPlan(
        day=day,
        windows=windows,
        ranks_at=_rank_times(day, answer.day_kind, windows, all_cuts),
        closes_at=(end or midday) + grace,
        files_due_at=next_calendar_day_at(day, rules.parameters.daily_report_due),
    )


def _rank_times(
    day: date, kind: DayKind | None, windows: Sequence[Window], all_cuts: Sequence[BandCuts]
) -> tuple[datetime, ...]:
    """Openings, and borders of bands inside a window: there the best next case changes."""
    kinds = [cuts.of_kind(kind) for cuts in all_cuts] if kind else []
    borders = {cut.hours.on(day)[0] for cuts in kinds for cut in cuts}
    inside = {at for at in borders for start, end in windows if start < at < end}
    return tuple(sorted(inside | {start for start, _end in windows}))
