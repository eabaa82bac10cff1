"""Due, late, offered to everybody, breached: what time alone does to a call we owe (S4-12.1a).

Run every minute; a run that comes late or twice writes no turn twice. Nothing is ever dropped: a
call that was not made by the end of its day is owed at the next legal time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from campaigns.calling.at_work import holders_at_work
from campaigns.calling.follow_up_ledger import write_turn
from campaigns.calling.follow_up_moves import (
    BEING_CALLED,
    Grounds,
    move_owed,
    next_time,
    place_of,
)
from campaigns.calling.follow_up_turns import Turn, TurnKind, TurnReason
from campaigns.calling.follow_ups import release
from campaigns.calling.models import FollowUp, FollowUpStatus
from campaigns.cases.models import CallCase
from campaigns.profile.parameters import Parameters
from dialer.api import lease_on
from dialer.calendar.holidays import business_day
from secure_store.work import UnitOfWork


@dataclass(slots=True)
class Swept:
    """How many calls took which turn in one run."""

    late: int = 0
    released: int = 0
    breached: int = 0
    suspended: int = 0


def release_reason(
    due_at: datetime, now: datetime, *, holder_at_work: bool, has_holder: bool, rules: Parameters
) -> TurnReason | None:
    """Pure: may everybody be offered a call that is due, and why; None while its holder is asked.

    Nobody's call goes to everybody at once; one whose holder is not at work after some minutes;
    any other after it has been late for some minutes.
    """
    if not has_holder:
        return TurnReason.HOLDER_NOT_AT_WORK
    waited = now - due_at
    if not holder_at_work and waited >= timedelta(minutes=rules.follow_up_absent_minutes):
        return TurnReason.HOLDER_NOT_AT_WORK
    patience = rules.follow_up_late_minutes + rules.follow_up_release_minutes
    return TurnReason.NOT_CALLED_IN_TIME if waited >= timedelta(minutes=patience) else None


def sweep_follow_ups(work: UnitOfWork) -> Swept:
    """Writes every turn that is due at ``work.now``. Calls being made are left alone."""
    swept = Swept()
    rows = _due(work)
    if not rows:
        return swept
    sweep = _Sweep(work, swept)
    for row, case in rows:
        sweep.one(row, case)
    return swept


def _due(work: UnitOfWork) -> Sequence[tuple[FollowUp, CallCase]]:
    """With the case, both locked or passed over: whoever works on a case locks it first."""
    query = (
        select(FollowUp, CallCase)
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(
            FollowUp.status == FollowUpStatus.OPEN,
            FollowUp.due_at <= work.now,
            FollowUp.case_id.not_in(BEING_CALLED),
        )
        .order_by(FollowUp.due_at)
        .with_for_update(skip_locked=True)
    )
    return [(row, case) for row, case in work.session.execute(query)]


class _Sweep:
    def __init__(self, work: UnitOfWork, swept: Swept) -> None:
        self._work = work
        self._swept = swept
        self._grounds = Grounds(work)
        self._at_work = holders_at_work(work)

    def one(self, row: FollowUp, case: CallCase) -> None:
        in_hand = lease_on(self._work, case.id) is not None
        if self._grounds.is_suspended(case.receivable):
            if not in_hand:
                self._pass_over(row, case)
            return
        parameters = self._grounds.rules(case.receivable).parameters
        self._mark_late(row, case, parameters)
        if in_hand:
            return
        if self._is_over(row, case, parameters):
            self._breach(row, case)
        else:
            self._release(row, case, parameters)

    def _pass_over(self, row: FollowUp, case: CallCase) -> None:
        """Nobody may call while an order stands: the call waits for the next opening after it."""
        opening = self._grounds.hours(case.receivable).next_opening(self._work.now)
        if opening is None:
            return
        self._move(row, case, opening, TurnReason.SUSPENDED, row.wanted_at)
        self._swept.suspended += 1

    def _mark_late(self, row: FollowUp, case: CallCase, parameters: Parameters) -> None:
        tolerance = timedelta(minutes=parameters.follow_up_late_minutes)
        if row.became_late_at is not None or row.due_at + tolerance > self._work.now:
            return
        row.became_late_at = self._work.now
        late = Turn(TurnKind.BECAME_LATE, self._work.now, TurnReason.NOT_CALLED_IN_TIME, row.due_at)
        write_turn(self._work, case, row, late)
        self._swept.late += 1

    def _is_over(self, row: FollowUp, case: CallCase, parameters: Parameters) -> bool:
        """The last window of its day has ended, and calls begun in it have had their time."""
        day = business_day(row.due_at)
        closing = self._grounds.hours(case.receivable).last_closing(day)
        grace = timedelta(minutes=parameters.close_grace_minutes)
        end = closing + grace if closing else None
        return self._work.now >= end if end else business_day(self._work.now) > day

    def _breach(self, row: FollowUp, case: CallCase) -> None:
        now = self._work.now
        reason = TurnReason.NOT_CALLED_THAT_DAY
        legal = self._grounds.legal_times(place_of(case, row.kind))
        following = next_time(legal, now, named=False)
        if following is None and row.breaches:
            return  # the calendar knows no hours any more: it stands on the board as it is
        row.breaches += 1
        write_turn(self._work, case, row, Turn(TurnKind.BREACHED, now, reason, row.due_at))
        if following is not None:
            self._move(row, case, following, reason, now)
        self._swept.breached += 1

    def _release(self, row: FollowUp, case: CallCase, parameters: Parameters) -> None:
        if row.released_at is not None:
            return
        reason = release_reason(
            row.due_at,
            self._work.now,
            holder_at_work=case.assignee in self._at_work,
            has_holder=case.assignee is not None,
            rules=parameters,
        )
        if reason is not None:
            release(self._work, case, row, reason)
            self._swept.released += 1

    def _move(
        self, row: FollowUp, case: CallCase, due: datetime, reason: TurnReason, wanted: datetime
    ) -> None:
        move_owed(self._work, case, row, due, reason, self._grounds, wanted_at=wanted)
