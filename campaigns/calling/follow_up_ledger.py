"""The ledger of calls we owe: every turn is written here, and read back for sums and histories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select

from campaigns.calling.follow_up_turns import FollowUpSums, Turn, TurnKind, TurnReason, sum_day
from campaigns.calling.models import FollowUp, FollowUpEvent
from campaigns.cases.models import CallCase
from campaigns.profile.contract import current_profile
from dialer.calendar.holidays import TOKYO
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

SLICE = 400
TAGS = {
    TurnKind.BOOKED: Tag.FOLLOW_UP_BOOKED,
    TurnKind.MOVED: Tag.FOLLOW_UP_MOVED,
    TurnKind.BECAME_LATE: Tag.FOLLOW_UP_MISSED,
    TurnKind.REASSIGNED: Tag.FOLLOW_UP_REASSIGNED,
    TurnKind.BREACHED: Tag.FOLLOW_UP_BREACHED,
    TurnKind.DONE: Tag.FOLLOW_UP_DONE,
    TurnKind.CANCELLED: Tag.FOLLOW_UP_CANCELLED,
}


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn of one follow-up as screens show it."""

    at: datetime
    by: str
    kind: TurnKind
    reason: TurnReason
    from_due: datetime | None
    to_due: datetime | None


def write_turn(work: UnitOfWork, case: CallCase, row: FollowUp, turn: Turn) -> None:
    """Adds a turn to the ledger and notes it in the audit log."""
    row.turns += 1
    work.session.add(
        FollowUpEvent(
            id=uuid4(),
            follow_up_id=row.id,
            number=row.turns,
            at=turn.at,
            by=work.actor.code,
            kind=turn.kind,
            reason=turn.reason,
            from_due=turn.from_due,
            to_due=turn.to_due,
        )
    )
    work.audit(
        TAGS[turn.kind],
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="follow_up",
        object_id=row.id,
        subject=case.subject,
        reason=turn.reason.value,
    )


def turns_of(work: UnitOfWork, follow_up_id: UUID) -> list[TurnView]:
    """The life of one follow-up, in the order of its turns."""
    rows = work.session.scalars(
        select(FollowUpEvent)
        .where(FollowUpEvent.follow_up_id == follow_up_id)
        .order_by(FollowUpEvent.number)
    )
    return [
        TurnView(row.at, row.by, row.kind, row.reason, row.from_due, row.to_due) for row in rows
    ]


def late_after(work: UnitOfWork) -> timedelta:
    """How long after its time an agreed call is still made in time."""
    return timedelta(minutes=current_profile(work).parameters.follow_up_late_minutes)


def follow_up_sums(work: UnitOfWork, day: date) -> FollowUpSums:
    """What was promised for a business day and what came of it, over this person's receivables."""
    return sum_day(_ledgers(work, _stood_for(work, day)), day, work.now, late_after(work))


def moved_on(work: UnitOfWork, day: date, reasons: Iterable[TurnReason]) -> int:
    """How many calls were moved for one of these reasons on a business day."""
    start, end = _bounds(day)
    query = (
        select(CallCase.receivable, func.count())
        .select_from(FollowUpEvent)
        .join(FollowUp, FollowUp.id == FollowUpEvent.follow_up_id)
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(
            FollowUpEvent.kind == TurnKind.MOVED,
            FollowUpEvent.reason.in_(list(reasons)),
            FollowUpEvent.at >= start,
            FollowUpEvent.at < end,
        )
        .group_by(CallCase.receivable)
    )
    return sum(number for code, number in work.session.execute(query) if work.actor.sees(code))


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time.min, tzinfo=TOKYO)
    return start, start + timedelta(days=1)


def _stood_for(work: UnitOfWork, day: date) -> list[UUID]:
    start, end = _bounds(day)
    query = (
        select(FollowUpEvent.follow_up_id, CallCase.receivable)
        .join(FollowUp, FollowUp.id == FollowUpEvent.follow_up_id)
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(FollowUpEvent.to_due >= start, FollowUpEvent.to_due < end)
        .distinct()
    )
    return [one for one, code in work.session.execute(query) if work.actor.sees(code)]


def _ledgers(work: UnitOfWork, ids: Sequence[UUID]) -> Iterable[Sequence[Turn]]:
    for start in range(0, len(ids), SLICE):
        found: dict[UUID, list[Turn]] = defaultdict(list)
        for row in work.session.execute(_events_of(ids[start : start + SLICE])):
            found[row.follow_up_id].append(
                Turn(row.kind, row.at, row.reason, row.from_due, row.to_due)
            )
        yield from found.values()


def _events_of(
    ids: Sequence[UUID],
) -> Select[UUID, TurnKind, datetime, TurnReason, datetime | None, datetime | None]:
    return (
        select(
            FollowUpEvent.follow_up_id,
            FollowUpEvent.kind,
            FollowUpEvent.at,
            FollowUpEvent.reason,
            FollowUpEvent.from_due,
            FollowUpEvent.to_due,
        )
        .where(FollowUpEvent.follow_up_id.in_(ids))
        .order_by(FollowUpEvent.follow_up_id, FollowUpEvent.number)
    )
