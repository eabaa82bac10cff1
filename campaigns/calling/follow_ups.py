"""再架電: calls we owe, at legal times. Booked, due, late, done; never lost.

One live promise per case. Every change goes through here or ``follow_up_moves`` and leaves a
turn in the ledger.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, bindparam, or_, select

from campaigns.calling.follow_up_ledger import late_after, write_turn
from campaigns.calling.follow_up_turns import (
    FollowUpState,
    Turn,
    TurnKind,
    TurnReason,
    state_of,
)
from campaigns.calling.models import FollowUp, FollowUpKind, FollowUpStatus
from campaigns.cases.models import CallCase
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """One call we owe. ``assignee``: whose case it is, offered to all once ``RELEASED``."""

    id: UUID
    case_id: UUID
    campaign_code: str
    assignee: str | None
    kind: FollowUpKind
    agreed_at: datetime
    due_at: datetime
    moved_reason: TurnReason | None
    state: FollowUpState
    is_late: bool


def book(
    work: UnitOfWork,
    case: CallCase,
    call_record_id: UUID,
    kind: FollowUpKind,
    agreed_at: datetime,
    due_at: datetime,
    moved_reason: TurnReason | None,
) -> UUID:
    """Books a call we owe; an earlier one of the same case is replaced by it."""
    cancel_open(work, case, TurnReason.AGREED_ANEW)
    row = FollowUp(
        id=uuid4(),
        case_id=case.id,
        call_record_id=call_record_id,
        kind=kind,
        agreed_at=agreed_at,
        wanted_at=agreed_at,
        due_at=due_at,
        moved_reason=moved_reason.value if moved_reason else None,
        status=FollowUpStatus.OPEN,
        breaches=0,
        turns=0,
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    usual = TurnReason.AGREED if kind is FollowUpKind.AGREED else TurnReason.IDENTITY_OPEN
    booked = Turn(TurnKind.BOOKED, work.now, moved_reason or usual, None, due_at)
    write_turn(work, case, row, booked)
    return row.id


_OPEN = (
    select(FollowUp)
    .where(FollowUp.case_id == bindparam("case"), FollowUp.status == FollowUpStatus.OPEN)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_OWED = (
    select(FollowUp.id)
    .where(FollowUp.case_id == bindparam("case"), FollowUp.status == FollowUpStatus.OPEN)
    .with_for_update()
)


def owed_call(work: UnitOfWork, case_id: UUID) -> FollowUp | None:
    """The one call we owe, for a change. Whoever asks holds the case: no other begins meanwhile.

    Locked: a sweep and a result that come together count their turns one after the other.
    """
    if work.run(_OWED, {"case": case_id}).first() is None:
        return None  # most cases: no object is asked for
    return work.session.scalar(_OPEN, {"case": case_id})


def is_open(row: FollowUp | None) -> TypeGuard[FollowUp]:
    """Is it still owed, as this unit of work has left it?"""
    return row is not None and row.status is FollowUpStatus.OPEN


def _open_rows(work: UnitOfWork, case_id: UUID) -> list[FollowUp]:
    owed = owed_call(work, case_id)
    return [] if owed is None else [owed]


def cancel_open(
    work: UnitOfWork, case: CallCase, reason: TurnReason = TurnReason.CASE_CLOSED
) -> None:
    """The case ended or was taken over by somebody: what we owed is owed no more."""
    for row in _open_rows(work, case.id):
        row.status = FollowUpStatus.CANCELLED
        write_turn(work, case, row, Turn(TurnKind.CANCELLED, work.now, reason, row.due_at))
        work.session.flush()  # the place of the one live promise is free from here on


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call as far as it settles what we owe.

    ``next_at``: when the case may be called again; ``retry_at``: the owed call was tried and is
    owed again at that time; ``agreed_at``: the time that was named in this call.
    """

    record_id: UUID
    started_at: datetime
    is_outbound: bool
    reached_person: bool
    is_identity_known: bool
    next_at: datetime | None
    retry_at: datetime | None = None
    agreed_at: datetime | None = None


def settle(work: UnitOfWork, case: CallCase, row: FollowUp, call: CallMade) -> None:
    """A call was made: what was due is done.

    Once the person was spoken to, a call that was not yet due is owed no more either. The answer
    to a callback needs an identity result; without one it stays owed (S4-11.3a-2).
    """
    if not call.reached_person and row.due_at > work.now:
        return
    again = call.retry_at
    if row.kind is not FollowUpKind.AGREED and not call.is_identity_known:
        again = again or call.next_at
    if again == row.due_at:  # the outcome leaves the case, and what we owe, as it was
        return
    if again is not None:
        _owe_again(work, case, row, again, call)
        return
    row.status = FollowUpStatus.DONE
    row.done_by_call = call.record_id
    reason = TurnReason.CALLED if call.is_outbound else TurnReason.THEY_RANG
    write_turn(work, case, row, Turn(TurnKind.DONE, call.started_at, reason, row.due_at))


def _owe_again(
    work: UnitOfWork, case: CallCase, row: FollowUp, again: datetime, call: CallMade
) -> None:
    reason = TurnReason.AGREED_ANEW if call.agreed_at else TurnReason.NOT_GOT_THROUGH
    row.agreed_at = call.agreed_at or row.agreed_at
    move_row(work, case, row, again, reason, at=call.started_at, wanted_at=call.agreed_at)


def move_row(
    work: UnitOfWork,
    case: CallCase,
    row: FollowUp,
    due_at: datetime,
    reason: TurnReason,
    *,
    at: datetime | None = None,
    wanted_at: datetime | None = None,
) -> None:
    """Sets another time, with the reason; whoever holds the case is asked first again.

    ``wanted_at``: the time it stands for if the hours allow it, ``due_at`` when not given.
    """
    turn = Turn(TurnKind.MOVED, at or work.now, reason, row.due_at, due_at)
    row.wanted_at = wanted_at or due_at
    row.due_at = due_at
    row.moved_reason = reason.value
    row.became_late_at = None
    row.released_at = None
    write_turn(work, case, row, turn)


def release(work: UnitOfWork, case: CallCase, row: FollowUp, reason: TurnReason) -> None:
    """Offers a call that is due to every agent of the receivable; once for each of its times."""
    if row.released_at is not None:
        return
    row.released_at = work.now
    write_turn(work, case, row, Turn(TurnKind.REASSIGNED, work.now, reason, row.due_at))


def release_due(work: UnitOfWork, case: CallCase, reason: TurnReason) -> None:
    """The agent gave the case back, or left it: the call that is due goes to everybody."""
    for row in _open_rows(work, case.id):
        if row.due_at <= work.now:
            release(work, case, row, reason)


def handed_over(work: UnitOfWork, case: CallCase) -> None:
    """A supervisor chose who makes the call: it is that holder's again, and nobody else's."""
    for row in _open_rows(work, case.id):
        row.released_at = None
        turn = Turn(TurnKind.REASSIGNED, work.now, TurnReason.BY_SUPERVISOR, row.due_at)
        write_turn(work, case, row, turn)


def open_follow_ups(
    work: UnitOfWork,
    holders: Collection[str] | None = None,
    *,
    released_too: bool = False,
    until: datetime | None = None,
) -> list[FollowUpView]:
    """What we owe, soonest first: of these holders, or everybody's.

    ``released_too``: with those of other holders that are offered to all. ``until``: those due
    up to that instant.
    """
    query = _open_query()
    if holders is not None:
        own = CallCase.assignee.in_(list(holders))
        query = query.where(or_(own, FollowUp.released_at.is_not(None)) if released_too else own)
    if until is not None:
        query = query.where(FollowUp.due_at <= until)
    late_before = work.now - late_after(work)
    return [
        _view(row, work.now, is_late=row.due_at <= late_before)
        for row in work.session.execute(query)
        if work.actor.sees(row.receivable)
    ]


def _open_query() -> Select[*tuple[Any, ...]]:
    # Columns, not rows: there may be many, and a list only tells about them.
    return (
        select(
            FollowUp.id,
            FollowUp.case_id,
            CallCase.campaign_code,
            CallCase.receivable,
            CallCase.assignee,
            FollowUp.kind,
            FollowUp.agreed_at,
            FollowUp.due_at,
            FollowUp.moved_reason,
            FollowUp.released_at,
            FollowUp.breaches,
        )
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(FollowUp.status == FollowUpStatus.OPEN)
        .order_by(FollowUp.due_at, FollowUp.id)
    )


def _view(row: Row[*tuple[Any, ...]], now: datetime, *, is_late: bool) -> FollowUpView:
    return FollowUpView(
        id=row.id,
        case_id=row.case_id,
        campaign_code=row.campaign_code,
        assignee=row.assignee,
        kind=row.kind,
        agreed_at=row.agreed_at,
        due_at=row.due_at,
        moved_reason=TurnReason(row.moved_reason) if row.moved_reason else None,
        state=state_of(
            row.due_at,
            now,
            is_late=is_late,
            is_released=row.released_at is not None,
            was_broken=row.breaches > 0,
        ),
        is_late=is_late,
    )
