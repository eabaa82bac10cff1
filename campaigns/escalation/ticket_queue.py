"""The queue of tickets as those see it who work it off: in codes, page by page, without a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from campaigns.calling.models import CallRecord
from campaigns.calling.outcome_master import table_version
from campaigns.calling.outcomes import Mark
from campaigns.calling.typed_text import TextFault, text_fault
from campaigns.cases.models import CallCase, LentList
from campaigns.escalation.models import EscalationTicket, TicketState
from secure_store.access import Actor, Permission, require
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

TICKETS_A_PAGE = 50
_CLOSED = EscalationTicket.state == TicketState.CLOSED


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in the queue: what it is about in codes, and until when it waits.

    ``row_number`` is the row of the lent file; the label is that of the table of the day.
    """

    id: UUID
    number: str
    receivable: str
    campaign_code: str
    row_number: int
    outcome_code: str
    outcome_label: str
    agent: str
    recorded_at: datetime
    mark: Mark
    is_urgent: bool
    state: TicketState
    reply_due_on: date
    answer: int | None
    resume_calls: bool | None


@dataclass(frozen=True, slots=True)
class TicketQueue:
    """One page. ``before`` counts the tickets on earlier pages; ``next_after`` goes on."""

    lines: tuple[TicketLine, ...]
    total: int
    urgent: int
    before: int
    next_after: str | None


def ticket_queue(
    work: UnitOfWork,
    *,
    closed: bool = False,
    after: str | None = None,
    limit: int = TICKETS_A_PAGE,
) -> TicketQueue:
    """Tickets of this person's receivables: urgent first, then by the date of the answer.

    Closed ones come newest first. ``after`` is the number of the last ticket of the page before.
    Raises NotAllowed unless the person handles or answers tickets, NotFound for an unknown
    ``after``.
    """
    _require_reader(work.actor)
    scope = [_CLOSED if closed else ~_CLOSED, *_seen_by(work.actor)]
    total, urgent = _counts(work, scope)
    last = None if after is None else _by_number(work, after)
    rest = scope if last is None else [*scope, _follows(last, closed=closed)]
    query = _ordered(select(EscalationTicket).where(*rest), closed=closed).limit(limit + 1)
    rows = list(work.session.scalars(query))
    shown = rows[:limit]
    _fetch(work, shown)
    return TicketQueue(
        tuple(_line(work, row) for row in shown),
        total,
        urgent,
        total - _counts(work, rest)[0],
        shown[-1].number if len(rows) > limit else None,
    )


def ticket_line(work: UnitOfWork, ticket_id: UUID) -> TicketLine:
    """One ticket as the queue shows it. Raises NotFound, also for a receivable not granted."""
    _require_reader(work.actor)
    row = work.session.get(EscalationTicket, ticket_id)
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="ticket")
    return _line(work, row)


def ticket_text_fault(
    work: UnitOfWork, ticket_id: UUID, text: str, longest: int
) -> TextFault | None:
    """What keeps a text from standing on the ticket's list, in the campaign's encoding.

    Line breaks are written as spaces before. Raises NotFound (decision 15).
    """
    line = ticket_line(work, ticket_id)
    encoding = work.session.scalars(
        select(LentList.encoding)
        .join(CallCase, CallCase.lent_list_id == LentList.id)
        .join(EscalationTicket, EscalationTicket.case_id == CallCase.id)
        .where(EscalationTicket.id == line.id)
    ).one()
    return text_fault(text, codec=encoding.codec, longest=longest)


def _require_reader(actor: Actor) -> None:
    if not actor.may(Permission.HANDLE_TICKETS):
        require(actor, Permission.ANSWER_TICKETS)


def _seen_by(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.receivables is None:
        return []
    return [EscalationTicket.receivable.in_(sorted(actor.receivables))]


def _counts(work: UnitOfWork, scope: list[ColumnElement[bool]]) -> tuple[int, int]:
    urgent = func.count().filter(EscalationTicket.is_urgent)
    query = select(func.count(), urgent).select_from(EscalationTicket).where(*scope)
    total, pressing = work.session.execute(query).one()
    return int(total), int(pressing)


def _by_number(work: UnitOfWork, number: str) -> EscalationTicket:
    row = work.session.scalar(select(EscalationTicket).where(EscalationTicket.number == number))
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="ticket")
    return row


def _ordered(query: Select[EscalationTicket], *, closed: bool) -> Select[EscalationTicket]:
    if closed:
        return query.order_by(EscalationTicket.reply_due_on.desc(), EscalationTicket.number.desc())
    return query.order_by(
        EscalationTicket.is_urgent.desc(), EscalationTicket.reply_due_on, EscalationTicket.number
    )


def _follows(last: EscalationTicket, *, closed: bool) -> ColumnElement[bool]:
    due, number = EscalationTicket.reply_due_on, EscalationTicket.number
    if closed:
        return or_(due < last.reply_due_on, and_(due == last.reply_due_on, number < last.number))
    same = EscalationTicket.is_urgent.is_(last.is_urgent)
    later = or_(due > last.reply_due_on, and_(due == last.reply_due_on, number > last.number))
    if last.is_urgent:
        return or_(and_(same, later), EscalationTicket.is_urgent.is_(False))
    return and_(same, later)


def _fetch(work: UnitOfWork, rows: list[EscalationTicket]) -> None:
    """Brings calls and cases of a page into the session at once; each line then finds its own."""
    calls = select(CallRecord).where(CallRecord.id.in_([row.call_record_id for row in rows]))
    cases = select(CallCase).where(CallCase.id.in_([row.case_id for row in rows]))
    work.session.scalars(calls).all()
    work.session.scalars(cases).all()


def _line(work: UnitOfWork, row: EscalationTicket) -> TicketLine:
    record = work.session.get_one(CallRecord, row.call_record_id)
    case = work.session.get_one(CallCase, row.case_id)
    table = table_version(work, record.outcome_version)
    outcome = table.row(record.outcome_code, receivable=row.receivable, on=record.business_day)
    return TicketLine(
        id=row.id,
        number=row.number,
        receivable=row.receivable,
        campaign_code=row.campaign_code,
        row_number=case.row_number,
        outcome_code=record.outcome_code,
        outcome_label=outcome.label_ja,
        agent=record.agent,
        recorded_at=record.recorded_at,
        mark=row.mark,
        is_urgent=row.is_urgent,
        state=row.state,
        reply_due_on=row.reply_due_on,
        answer=row.answer,
        resume_calls=row.resume_calls,
    )
