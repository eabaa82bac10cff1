"""Attempts: one dialling or one incoming call, moved on by what the line did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from dialer.calendar.holidays import business_day
from dialer.line_status import LineEnd, LineStatus, advance
from dialer.models import DialAttempt
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as the business sees it."""

    id: UUID
    case_ref: UUID | None
    number_rank: int | None
    status: LineStatus
    end: LineEnd | None
    business_day: date
    placed_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    rule: str
    agent: str
    direction: str


def _view(row: DialAttempt) -> AttemptView:
    return AttemptView(
        row.id,
        row.case_ref,
        row.number_rank,
        row.status,
        row.end,
        row.business_day,
        row.placed_at,
        row.answered_at,
        row.ended_at,
        row.rule,
        row.agent,
        row.direction,
    )


def open_attempt(
    work: UnitOfWork,
    *,
    agent: str,
    direction: str,
    rule: str,
    case_ref: UUID | None = None,
    list_ref: str | None = None,
    permit_ref: UUID | None = None,
    number_rank: int | None = None,
    status: LineStatus = LineStatus.DIALING,
) -> AttemptView:
    """Writes down that a number is being dialled, or that somebody rang."""
    row = DialAttempt(
        id=uuid4(),
        case_ref=case_ref,
        list_ref=list_ref,
        permit_ref=permit_ref,
        agent=agent,
        direction=direction,
        number_rank=number_rank,
        status=status,
        business_day=business_day(work.now),
        placed_at=work.now,
        answered_at=work.now if status is LineStatus.CONNECTED else None,
        rule=rule,
    )
    work.session.add(row)
    work.session.flush()
    return _view(row)


def _row(work: UnitOfWork, attempt_id: UUID) -> DialAttempt:
    row = work.session.get(DialAttempt, attempt_id)
    if row is None:
        raise NotFound(kind="attempt")
    return row


def get_attempt(work: UnitOfWork, attempt_id: UUID) -> AttemptView:
    """The attempt. Raises NotFound."""
    return _view(_row(work, attempt_id))


def note_line_event(
    work: UnitOfWork, attempt_id: UUID, status: LineStatus, end: LineEnd | None = None
) -> AttemptView:
    """Moves an attempt on; a repeated or late event changes nothing."""
    row = _row(work, attempt_id)
    before = row.status
    row.status = advance(before, status)
    if row.status is before:
        return _view(row)
    if row.status is LineStatus.CONNECTED:
        row.answered_at = work.now
    if row.status is LineStatus.ENDED:
        row.ended_at = work.now
        row.end = end or (LineEnd.ANSWERED if row.answered_at else LineEnd.CANCELLED)
    return _view(row)


def close_attempt(work: UnitOfWork, attempt_id: UUID, end: LineEnd | None = None) -> AttemptView:
    """The outcome is being recorded: the line must have ended by now."""
    view = note_line_event(work, attempt_id, LineStatus.ENDED, end)
    _row(work, attempt_id).outcome_closed_at = work.now
    return view


def without_outcome(work: UnitOfWork, day: date) -> list[AttemptView]:
    """Attempts up to a business day that nobody gave an outcome to (decision 15)."""
    rows = work.session.scalars(
        select(DialAttempt)
        .where(DialAttempt.business_day <= day, DialAttempt.outcome_closed_at.is_(None))
        .order_by(DialAttempt.placed_at)
    )
    return [_view(row) for row in rows]


def running(work: UnitOfWork) -> list[AttemptView]:
    """Attempts whose line has not ended."""
    rows = work.session.scalars(select(DialAttempt).where(DialAttempt.status != LineStatus.ENDED))
    return [_view(row) for row in rows]


def called_days(work: UnitOfWork, list_ref: str) -> list[tuple[date, bool]]:
    """The business days with attempts of one list, each with whether they were outbound."""
    rows = work.session.execute(
        select(DialAttempt.business_day, DialAttempt.direction)
        .where(DialAttempt.list_ref == list_ref)
        .distinct()
        .order_by(DialAttempt.business_day, DialAttempt.direction)
    )
    return [(day, direction == OUTBOUND) for day, direction in rows]
