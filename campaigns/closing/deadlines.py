"""The calendar of the contract's end, with what is done of it and what is late (S4-14.10).

From thirty days before the last day to a week after it (security.md 5.8). What is late stands on
the supervisor's board until it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.calling.day_close import DailyClose, DayState
from campaigns.profile.contract import current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.erasure.execution import document_of, same_scope
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.erasure.states import STEPS, ErasureState
from secure_store.models import Erasure
from secure_store.retention import Deadline, DeadlineKind, deadlines
from secure_store.work import UnitOfWork

NEAR = timedelta(days=45)  # from when on the calendar is shown

# The step of the contract's erasure by which an act of the calendar is done.
DONE_BY: Mapping[DeadlineKind, ErasureState] = {
    DeadlineKind.REGISTER_REVIEW: ErasureState.DRAFT,
    DeadlineKind.APPLICATION_SENT: ErasureState.APPLIED,
    DeadlineKind.FROZEN_AND_SCANNED: ErasureState.SCANNED_BEFORE,
    DeadlineKind.KEYS_DESTROYED: ErasureState.KEYS_DESTROYED,
    DeadlineKind.COPIES_DESTROYED: ErasureState.COPIES_DESTROYED,
    DeadlineKind.VERIFIED: ErasureState.VERIFIED,
    DeadlineKind.CERTIFICATE_HANDED_OVER: ErasureState.ACCEPTED,
    DeadlineKind.CONTRACTUAL_LIMIT: ErasureState.CERTIFIED,
}


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """One act. ``at``: the instant before which it has to be done; ``is_alarm``: it is reported."""

    kind: DeadlineKind
    at: datetime
    is_done: bool
    is_alarm: bool
    lacks_consent: bool = False


def erasure_calendar(work: UnitOfWork) -> tuple[DeadlineView, ...]:
    """All acts, earliest first; empty until the first of them is near and once all are done."""
    require(work.actor, Permission.SEE_BOARD)
    profile = current_profile(work)
    calendar = deadlines(profile.contract_until)
    newest = next(iter(reversed(same_scope(work, ErasureScope(ScopeKind.CONTRACT)))), None)
    if newest is None and business_day(work.now) < profile.contract_until - NEAR:
        return ()
    lines = tuple(_judged(work, one, newest) for one in calendar)
    return () if all(line.is_done for line in lines) else lines


def _judged(work: UnitOfWork, deadline: Deadline, newest: Erasure | None) -> DeadlineView:
    done = _is_done(work, deadline, newest)
    late = deadline.alarm_at is not None and work.now >= deadline.alarm_at
    lacks_consent = False
    if deadline.kind is DeadlineKind.APPLICATION_SENT and done:
        # What was applied for is waited for: until the keys go, the city may still answer.
        waits = not _reached(newest, ErasureState.KEYS_DESTROYED)
        lacks_consent = waits and "consent" not in document_of(newest) if newest else False
    return DeadlineView(
        deadline.kind, deadline.at, done, late and (not done or lacks_consent), lacks_consent
    )


def _is_done(work: UnitOfWork, deadline: Deadline, newest: Erasure | None) -> bool:
    if deadline.kind is DeadlineKind.CALLS_END:
        return work.now >= deadline.at
    if deadline.kind is DeadlineKind.LAST_DAILY_FILE:
        open_day = select(DailyClose.business_day).where(DailyClose.state != DayState.CONFIRMED)
        return work.now >= deadline.at and work.session.scalar(open_day.limit(1)) is None
    return _reached(newest, DONE_BY[deadline.kind])


def _reached(newest: Erasure | None, state: ErasureState) -> bool:
    if newest is None:
        return False
    at = newest.state
    if at is ErasureState.HELD:
        at = ErasureState(document_of(newest)["held_from"])
    return STEPS.index(at) >= STEPS.index(state)
