"""再架電: calls we owe, at legal times. Booked, due, late, done; never lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.calling.effect_plans import MovedReason
from campaigns.calling.models import FollowUp, FollowUpKind, FollowUpStatus
from campaigns.cases.models import CallCase
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """One call we owe."""

    id: UUID
    case_id: UUID
    campaign_code: str
    assignee: str | None
    kind: FollowUpKind
    agreed_at: datetime
    due_at: datetime
    was_moved: bool
    is_late: bool


def book(
    work: UnitOfWork,
    case: CallCase,
    call_record_id: UUID,
    kind: FollowUpKind,
    agreed_at: datetime,
    due_at: datetime,
    moved_reason: str | None,
) -> UUID:
    """Books a call we owe; an earlier one of the same case is replaced by it."""
    cancel_open(work, case)
    row = FollowUp(
        id=uuid4(),
        case_id=case.id,
        call_record_id=call_record_id,
        kind=kind,
        agreed_at=agreed_at,
        due_at=due_at,
        moved_reason=moved_reason,
        status=FollowUpStatus.OPEN,
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Tag.FOLLOW_UP_BOOKED, case, row.id)
    return row.id


def _open_rows(work: UnitOfWork, case_id: UUID) -> list[FollowUp]:
    return list(
        work.session.scalars(
            select(FollowUp).where(
                FollowUp.case_id == case_id, FollowUp.status == FollowUpStatus.OPEN
            )
        )
    )


def cancel_open(work: UnitOfWork, case: CallCase) -> None:
    """The case ended or was taken over by somebody: what we owed is owed no more."""
    for row in _open_rows(work, case.id):
        row.status = FollowUpStatus.CANCELLED
        _note(work, Tag.FOLLOW_UP_CANCELLED, case, row.id)


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call as far as it settles what we owe; ``next_at``: when the case may be called again."""

    record_id: UUID
    reached_person: bool
    is_identity_known: bool
    next_at: datetime | None


def settle(work: UnitOfWork, case: CallCase, call: CallMade) -> int:
    """A call was made: what was due is done. Returns how many.

    Once the person was spoken to, a call that was not yet due is owed no more either. The answer
    to a callback needs an identity result; without one it stays owed (S4-11.3a-2).
    """
    rows = _open_rows(work, case.id)
    due = [row for row in rows if call.reached_person or row.due_at <= work.now]
    settled = 0
    for row in due:
        still_owed = row.kind is not FollowUpKind.AGREED and not call.is_identity_known
        if still_owed and call.next_at is not None:
            row.due_at = call.next_at
            row.moved_reason = MovedReason.NOT_GOT_THROUGH.value
            row.became_late_at = None
            continue
        row.status = FollowUpStatus.DONE
        row.done_by_call = call.record_id
        _note(work, Tag.FOLLOW_UP_DONE, case, row.id)
        settled += 1
    return settled


def mark_late(work: UnitOfWork) -> int:
    """Those that should have been called a quarter of an hour ago; for the board."""
    rows = list(
        work.session.scalars(
            select(FollowUp).where(
                FollowUp.status == FollowUpStatus.OPEN,
                FollowUp.became_late_at.is_(None),
                FollowUp.due_at <= work.now - LATE_AFTER,
            )
        )
    )
    for row in rows:
        row.became_late_at = work.now
        case = work.session.get_one(CallCase, row.case_id)
        _note(work, Tag.FOLLOW_UP_MISSED, case, row.id)
    return len(rows)


def open_follow_ups(work: UnitOfWork, assignee: str | None = None) -> list[FollowUpView]:
    """What we owe, soonest first: one agent's or everybody's."""
    query = (
        select(FollowUp, CallCase)
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(FollowUp.status == FollowUpStatus.OPEN)
        .order_by(FollowUp.due_at)
    )
    if assignee is not None:
        query = query.where(CallCase.assignee == assignee)
    return [
        FollowUpView(
            row.id,
            row.case_id,
            case.campaign_code,
            case.assignee,
            row.kind,
            row.agreed_at,
            row.due_at,
            row.moved_reason is not None,
            row.due_at <= work.now - LATE_AFTER,
        )
        for row, case in work.session.execute(query)
        if work.actor.sees(case.receivable)
    ]


def due_case(work: UnitOfWork, assignee: str) -> UUID | None:
    """The agent's case whose call is due for the longest time."""
    return work.session.scalar(
        select(FollowUp.case_id)
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(
            FollowUp.status == FollowUpStatus.OPEN,
            FollowUp.due_at <= work.now,
            CallCase.assignee == assignee,
        )
        .order_by(FollowUp.due_at)
        .limit(1)
    )


def _note(work: UnitOfWork, tag: Tag, case: CallCase, follow_up_id: UUID) -> None:
    work.audit(
        tag,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="follow_up",
        object_id=follow_up_id,
        subject=case.subject,
    )
