"""Pure: the life of a call we owe, turn by turn, and what each day's promises came to.

Booked, due, late, reassigned, breached: every turn is a row of the ledger and none is ever taken
away. A promise *stands* for its time from the turn that set it to the turn that ended it. A day's
sum asks of every promise that stood for a time on that day what became of it, so that

    promised = kept + late + moved + broken + still open

holds every day (still open is nothing once the day is over). What was cancelled because the case
itself ended is told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dialer.calendar.holidays import business_day


class TurnKind(StrEnum):
    """What happened to a call we owe."""

    BOOKED = "booked"
    MOVED = "moved"
    BECAME_LATE = "became_late"
    REASSIGNED = "reassigned"
    BREACHED = "breached"
    DONE = "done"
    CANCELLED = "cancelled"


class TurnReason(StrEnum):
    """Why; the closed vocabulary of the ledger."""

    AGREED = "agreed"
    IDENTITY_OPEN = "identity_open"
    OUTSIDE_HOURS = "outside_hours"
    NOT_GOT_THROUGH = "not_got_through"
    HOURS_ORDERED = "hours_ordered"
    ORDER_WITHDRAWN = "order_withdrawn"
    PERIOD_CHANGED = "period_changed"
    RULES_CHANGED = "rules_changed"
    SUSPENDED = "suspended"
    SUSPENSION_LIFTED = "suspension_lifted"
    NOT_CALLED_IN_TIME = "not_called_in_time"
    NOT_CALLED_THAT_DAY = "not_called_that_day"
    HOLDER_NOT_AT_WORK = "holder_not_at_work"
    LEASE_EXPIRED = "lease_expired"
    PUT_BACK = "put_back"
    BY_SUPERVISOR = "by_supervisor"
    CALLED = "called"
    THEY_RANG = "they_rang"
    AGREED_ANEW = "agreed_anew"
    WITHDRAWN = "withdrawn"
    WITH_DEPARTMENT = "with_department"
    CASE_CLOSED = "case_closed"
    PERIOD_OVER = "period_over"


class FollowUpState(StrEnum):
    """Where an owed call stands at an instant."""

    BOOKED = "booked"
    CARRIED_OVER = "carried_over"  # broken on an earlier day, owed at its next legal time
    DUE = "due"
    LATE = "late"
    RELEASED = "released"  # offered to every agent of the receivable


class DayClass(StrEnum):
    """What became of one promise for one day."""

    KEPT = "kept"
    LATE = "late"
    MOVED = "moved"
    BROKEN = "broken"
    STILL_OPEN = "still_open"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Turn:
    """One row of the ledger. ``at``: when it happened, of a call its beginning (aware)."""

    kind: TurnKind
    at: datetime
    reason: TurnReason
    from_due: datetime | None = None
    to_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Stand:
    """The promise as it stood for one time. ``end``: the turn that ended it."""

    due: datetime
    breached: bool = False
    end: Turn | None = None


@dataclass(frozen=True, slots=True)
class FollowUpSums:
    """What was promised for one business day, and what came of it (S4-11.3a-2).

    ``promised`` is counted by itself, without the cancelled ones.
    """

    day: date
    promised: int = 0
    kept: int = 0
    late: int = 0
    moved: int = 0
    broken: int = 0
    still_open: int = 0
    cancelled: int = 0

    @property
    def difference(self) -> int:
        """0 when the sum adds up."""
        parts = self.kept + self.late + self.moved + self.broken + self.still_open
        return self.promised - parts


def state_of(
    due_at: datetime, now: datetime, *, is_late: bool, is_released: bool, was_broken: bool
) -> FollowUpState:
    """Where an owed call stands: released wins over late, late over due."""
    if due_at > now:
        return FollowUpState.CARRIED_OVER if was_broken else FollowUpState.BOOKED
    if is_released:
        return FollowUpState.RELEASED
    return FollowUpState.LATE if is_late else FollowUpState.DUE


def class_on(
    turns: Sequence[Turn], day: date, now: datetime, late_after: timedelta
) -> DayClass | None:
    """What became of one promise on a business day; None when it never stood for that day.

    ``turns``: the whole ledger of the follow-up in order. Moved within the day, its last time on
    that day decides. ``late_after``: how long after its time a call still counts as made in time.
    """
    stands = [stand for stand in _stands(turns) if business_day(stand.due) == day]
    return _class_of(stands[-1], day, now, late_after) if stands else None


def sum_day(
    ledgers: Iterable[Sequence[Turn]], day: date, now: datetime, late_after: timedelta
) -> FollowUpSums:
    """The sum of a day over the ledgers of all follow-ups, each in exactly one class."""
    found = [class_on(turns, day, now, late_after) for turns in ledgers]
    stood = [one for one in found if one is not None]
    counts = Counter(stood)
    return FollowUpSums(
        day,
        promised=sum(1 for one in stood if one is not DayClass.CANCELLED),
        **{one.value: counts[one] for one in DayClass},
    )


def _stands(turns: Sequence[Turn]) -> list[_Stand]:
    found: list[_Stand] = []
    due: datetime | None = None
    breached = False
    for turn in turns:
        if turn.kind is TurnKind.BREACHED:
            breached = True
        elif turn.kind in _SETTLES and due is not None:
            found.append(_Stand(due, breached, turn))
            due, breached = turn.to_due, False
        elif turn.kind is TurnKind.BOOKED:
            due = turn.to_due
    if due is not None:
        found.append(_Stand(due, breached))
    return found


_SETTLES = (TurnKind.MOVED, TurnKind.DONE, TurnKind.CANCELLED)


def _class_of(stand: _Stand, day: date, now: datetime, late_after: timedelta) -> DayClass:
    if stand.breached:
        return DayClass.BROKEN
    if stand.end is None:
        return DayClass.STILL_OPEN if business_day(now) <= day else DayClass.BROKEN
    if business_day(stand.end.at) > day:
        return DayClass.BROKEN
    in_time = stand.end.at <= stand.due + late_after
    match stand.end.kind, stand.end.reason:
        case TurnKind.DONE, _:
            return DayClass.KEPT if in_time else DayClass.LATE
        case TurnKind.CANCELLED, reason if reason is not TurnReason.AGREED_ANEW:
            return DayClass.CANCELLED
        case _, TurnReason.NOT_GOT_THROUGH | TurnReason.AGREED_ANEW if not in_time:
            return DayClass.LATE  # tried, but too late
    return DayClass.MOVED
