"""Pure: a campaign's three dates, how they may move, and where receivables meet (S4-7.2a)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from dialer.calendar.due_dates import previous_month_deadline

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a campaign, all included: calls, and callbacks until later."""

    calls_from: date
    calls_until: date
    callbacks_until: date


@dataclass(frozen=True, slots=True)
class CalledDay:
    """A business day on which somebody of the campaign was dialled, or rang."""

    day: date
    is_outbound: bool


class PeriodFault(StrEnum):
    """Why the dates of a campaign cannot become these."""

    UNCHANGED = "unchanged"
    OUT_OF_ORDER = "out_of_order"
    IN_PREPARATION = "in_preparation"
    AFTER_CONTRACT = "after_contract"
    OVER = "over"  # the cases of a stretch that has ended are closed already
    CALLS_OUTSIDE = "calls_outside"


@dataclass(frozen=True, slots=True)
class ContractDays:
    """The first and the last day on which the contract lets anybody call (S4-7.1)."""

    preparation_until: date
    contract_until: date


def period_fault(
    old: Period, new: Period, contract: ContractDays, today: date, called: Iterable[CalledDay]
) -> PeriodFault | None:
    """What stands against moving ``old`` to ``new`` on ``today``, the first reason only."""
    if new == old:
        return PeriodFault.UNCHANGED
    if not new.calls_from <= new.calls_until <= new.callbacks_until:
        return PeriodFault.OUT_OF_ORDER
    if new.calls_from <= contract.preparation_until:
        return PeriodFault.IN_PREPARATION
    if new.callbacks_until > contract.contract_until:
        return PeriodFault.AFTER_CONTRACT
    if _is_over(old.calls_until, new.calls_until, today) or _is_over(
        old.callbacks_until, new.callbacks_until, today
    ):
        return PeriodFault.OVER
    outside = any(_lies_outside(one, old, new) for one in called)
    return PeriodFault.CALLS_OUTSIDE if outside else None


def _is_over(old: date, new: date, today: date) -> bool:
    return new != old and old < today and new > old


def _lies_outside(one: CalledDay, old: Period, new: Period) -> bool:
    if not new.calls_from <= one.day <= new.callbacks_until:
        return True
    # Calls after the last day of calls were owed to people who rang back; others need that day.
    return one.is_outbound and new.calls_until < one.day <= old.calls_until


def is_late(received_on: date, old: Period, new: Period, month: date) -> bool:
    """Was the change received after the month before the month of guidance (S4-7.2a-2)?"""
    first = min(old.calls_from, new.calls_from, month)
    return received_on > previous_month_deadline(first)


@dataclass(frozen=True, slots=True)
class ClashSpan:
    """From ``first`` to ``last`` (included) these receivables are called at the same time."""

    first: date
    last: date
    receivables: tuple[str, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def clashes(
    periods: Sequence[tuple[str, Period]], first: date, last: date
) -> tuple[ClashSpan, ...]:
    """Stretches between two days on which two or more receivables call (domain X1).

    One person may be in several lists, which are never joined: the calendar is what keeps
    several calls from one evening.
    """
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    spans = []
    for receivables, group in groupby(days, key=lambda day: _calling_on(periods, day)):
        stretch = list(group)
        if len(receivables) > 1:
            spans.append(ClashSpan(stretch[0], stretch[-1], receivables))
    return tuple(spans)


def _calling_on(periods: Sequence[tuple[str, Period]], day: date) -> tuple[str, ...]:
    return tuple(
        sorted({code for code, one in periods if one.calls_from <= day <= one.calls_until})
    )
