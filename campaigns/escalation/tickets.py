"""Tickets: raised by an outcome with ★ or ☆, acknowledged by a supervisor, taken to the department.

raised → acknowledged → contacted → answered → closed; no step can be skipped (S4-12.1i, 12.2c).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy import func, select

from campaigns.calling.day_close import reporting_day
from campaigns.calling.effect_plans import NextAction
from campaigns.calling.outcomes import Mark
from campaigns.calling.records import return_to_queue
from campaigns.cases.cases import move_case
from campaigns.cases.models import CallCase, Campaign
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.errors import ReasonMissing, TicketStepRefused
from campaigns.escalation.models import EscalationTicket, TicketMove, TicketState
from campaigns.escalation.ticket_texts import TicketDetails, keep_details, open_details
from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules
from dialer.calendar.holidays import day_kind, load_holidays
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.orders.suspension import require_not_suspended
from secure_store.work import UnitOfWork

ANSWERS: Mapping[int, str] = MappingProxyType(
    {1: "paid", 2: "contacted", 3: "number_corrected", 4: "may_resume", 5: "stop_calls", 6: "other"}
)
PAID = 1
_NEXT: Mapping[TicketState, TicketState] = MappingProxyType(
    {
        TicketState.RAISED: TicketState.ACKNOWLEDGED,
        TicketState.ACKNOWLEDGED: TicketState.CONTACTED,
        TicketState.CONTACTED: TicketState.ANSWERED,
        TicketState.ANSWERED: TicketState.CLOSED,
    }
)
_TAGS: Mapping[TicketState, Tag] = MappingProxyType(
    {
        TicketState.RAISED: Tag.ESCALATION_RAISED,
        TicketState.ACKNOWLEDGED: Tag.ESCALATION_ACKNOWLEDGED,
        TicketState.CONTACTED: Tag.ESCALATION_DEPARTMENT_CONTACTED,
        TicketState.ANSWERED: Tag.ESCALATION_ANSWERED,
        TicketState.CLOSED: Tag.ESCALATION_CLOSED,
    }
)


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket without its text."""

    id: UUID
    number: str
    case_id: UUID
    campaign_code: str
    receivable: str
    business_day: date
    mark: Mark
    is_urgent: bool
    state: TicketState
    reply_due_on: date
    contacted_at: datetime | None
    answer: int | None
    resume_calls: bool | None
    outcome_record: UUID


@dataclass(frozen=True, slots=True)
class TicketStep:
    """One step in a ticket's life."""

    state: TicketState
    at: datetime
    by: str


def _view(row: EscalationTicket) -> TicketView:
    return TicketView(
        row.id,
        row.number,
        row.case_id,
        row.campaign_code,
        row.receivable,
        row.business_day,
        row.mark,
        row.is_urgent,
        row.state,
        row.reply_due_on,
        row.contacted_at,
        row.answer,
        row.resume_calls,
        row.call_record_id,
    )


def raise_ticket(
    work: UnitOfWork, case: CallCase, record_id: UUID, action: NextAction, summary: str
) -> UUID:
    """One ticket per marked call; its number is that of the escalation list of the day."""
    day = reporting_day(work, work.now)
    row = EscalationTicket(
        id=uuid4(),
        number=_next_number(work, case.receivable, day),
        case_id=case.id,
        campaign_code=case.campaign_code,
        receivable=case.receivable,
        call_record_id=record_id,
        business_day=day,
        mark=action.mark,
        is_urgent=action.urgent,
        state=TicketState.RAISED,
        reply_due_on=_reply_due(work, day),
        details_version=0,
    )
    work.session.add(row)
    keep_details(work, case, row, TicketDetails(summary=summary))
    _enter(work, case, row, TicketState.RAISED)
    return row.id


def _next_number(work: UnitOfWork, receivable: str, day: date) -> str:
    # Two agents who end marked calls at once must not count the same tickets.
    in_turn = select(Campaign.code).where(Campaign.receivable == receivable)
    work.session.scalars(in_turn.order_by(Campaign.code).with_for_update(key_share=True)).all()
    start = f"E-{receivable}-{day:%Y%m%d}-"
    of_day = EscalationTicket.number.startswith(start)
    count = work.session.scalar(select(func.count()).select_from(EscalationTicket).where(of_day))
    return f"{start}{(count or 0) + 1:03d}"


def _reply_due(work: UnitOfWork, day: date) -> date:
    """The answer is expected after some days on which city offices are open (domain 3.11)."""
    left = current_profile(work).parameters.department_reply_days
    holidays = load_holidays()
    due = day
    while left:
        due += timedelta(days=1)
        if not holidays.covers(due.year):
            return due
        left -= day_kind(due, holidays).value == "weekday"
    return due


def _enter(work: UnitOfWork, case: CallCase, row: EscalationTicket, state: TicketState) -> None:
    row.state = state
    work.session.flush()
    work.session.add(
        TicketMove(id=uuid4(), ticket_id=row.id, state=state, at=work.now, by=work.actor.code)
    )
    work.audit(
        _TAGS[state],
        receivable=row.receivable,
        batch=row.campaign_code,
        object_kind="ticket",
        object_id=row.id,
        subject=case.subject,
    )


def _step(
    work: UnitOfWork, ticket_id: UUID, permission: Permission, target: TicketState
) -> tuple[EscalationTicket, CallCase]:
    require(work.actor, permission)
    row = work.session.get(
        EscalationTicket, ticket_id, with_for_update=True, populate_existing=True
    )
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="ticket")
    if _NEXT.get(row.state) is not target:
        raise TicketStepRefused(state=row.state.value, wanted=target.value)
    return row, work.session.get_one(CallCase, row.case_id)


def acknowledge(work: UnitOfWork, ticket_id: UUID) -> TicketView:
    """A supervisor has read it; only then may the department be contacted (S4-12.2c)."""
    row, case = _step(work, ticket_id, Permission.HANDLE_TICKETS, TicketState.ACKNOWLEDGED)
    _enter(work, case, row, TicketState.ACKNOWLEDGED)
    return _view(row)


def note_contact(work: UnitOfWork, ticket_id: UUID, person: str) -> TicketView:
    """The department was told; who there, is part of it (S4-12.1i). Raises ReasonMissing."""
    row, case = _step(work, ticket_id, Permission.HANDLE_TICKETS, TicketState.CONTACTED)
    if not person.strip():
        raise ReasonMissing(act="contact")
    details = replace(open_details(work, case, row, for_file=False), contacted_person=person)
    keep_details(work, case, row, details)
    row.contacted_at = work.now
    _enter(work, case, row, TicketState.CONTACTED)
    return _view(row)


def answer(
    work: UnitOfWork, ticket_id: UUID, result: int, resume_calls: bool, text: str
) -> TicketView:
    """The department's answer: 1 to 6 of the escalation list, and whether calls may go on."""
    row, case = _step(work, ticket_id, Permission.ANSWER_TICKETS, TicketState.ANSWERED)
    return _take_answer(work, row, case, result, resume_calls, text)


def enter_answer(
    work: UnitOfWork, ticket_id: UUID, result: int, resume_calls: bool, text: str
) -> TicketView:
    """The same, entered by the supervisor from the returned list or a telephone call."""
    row, case = _step(work, ticket_id, Permission.HANDLE_TICKETS, TicketState.ANSWERED)
    return _take_answer(work, row, case, result, resume_calls, text)


def _take_answer(
    work: UnitOfWork,
    row: EscalationTicket,
    case: CallCase,
    result: int,
    resume_calls: bool,
    text: str,
) -> TicketView:
    if result not in ANSWERS:
        raise ReasonMissing(act="answer")
    details = replace(open_details(work, case, row, for_file=False), department_answer=text)
    keep_details(work, case, row, details)
    row.answer = result
    row.resume_calls = resume_calls
    _enter(work, case, row, TicketState.ANSWERED)
    _apply_answer(work, case, result, resume_calls)
    return _view(row)


def _apply_answer(work: UnitOfWork, case: CallCase, result: int, resume_calls: bool) -> None:
    """Calls go on only when the department says so; what is not with it is left alone."""
    if case.status is not CaseStatus.WITH_DEPARTMENT:
        return
    if resume_calls:
        move_case(work, case, CaseStatus.WAITING, "department_answer")
    else:
        reason = CloseReason.PAID if result == PAID else CloseReason.HANDED_OVER
        move_case(work, case, CaseStatus.CLOSED, "department_answer", close_reason=reason)
    rules = calling_rules(work, case.receivable)
    return_to_queue(work, case, calling_hours(work, case.receivable), rules)


def finish(work: UnitOfWork, ticket_id: UUID) -> TicketView:
    """Closes an answered ticket. Raises TicketStepRefused without the contact (S4-12.1i)."""
    row, case = _step(work, ticket_id, Permission.HANDLE_TICKETS, TicketState.CLOSED)
    if row.contacted_at is None:
        raise TicketStepRefused(state=row.state.value, wanted="contacted")
    _enter(work, case, row, TicketState.CLOSED)
    return _view(row)


def list_tickets(work: UnitOfWork, *, include_closed: bool = False) -> list[TicketView]:
    """Tickets of this person's receivables: urgent first, then by the date of the answer."""
    query = select(EscalationTicket).order_by(
        EscalationTicket.is_urgent.desc(),
        EscalationTicket.reply_due_on,
        EscalationTicket.number,
    )
    if not include_closed:
        query = query.where(EscalationTicket.state != TicketState.CLOSED)
    return [_view(row) for row in work.session.scalars(query) if work.actor.sees(row.receivable)]


def open_ticket(work: UnitOfWork, ticket_id: UUID) -> tuple[TicketView, TicketDetails]:
    """A ticket with its text; the look is noted. Raises NotFound, WorkSuspended."""
    row = work.session.get(EscalationTicket, ticket_id)
    if row is None:
        raise NotFound(kind="ticket")
    require_receivable(work.actor, row.receivable)
    require_not_suspended(work, row.receivable)
    case = work.session.get_one(CallCase, row.case_id)
    return _view(row), open_details(work, case, row, for_file=False)


def details_for_file(work: UnitOfWork, ticket_id: UUID) -> TicketDetails:
    """The text for the escalation list; the file's build notes one event."""
    row = work.session.get_one(EscalationTicket, ticket_id)
    case = work.session.get_one(CallCase, row.case_id)
    return open_details(work, case, row, for_file=True)


def steps_of(work: UnitOfWork, ticket_id: UUID) -> list[TicketStep]:
    """The life of a ticket, oldest first."""
    rows = work.session.scalars(
        select(TicketMove).where(TicketMove.ticket_id == ticket_id).order_by(TicketMove.at)
    )
    return [TicketStep(row.state, row.at, row.by) for row in rows]
