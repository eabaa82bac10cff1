"""Escalations: the supervisor's queue, and the department's answers (S4-12.1i, S4-12.2c).

The department officer sees what was said and answers; never a name or a telephone number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    TicketDetails,
    TicketLine,
    TicketQueue,
    TicketStep,
    acknowledge,
    answer,
    current_profile,
    enter_answer,
    finish,
    note_contact,
    open_ticket,
    steps_of,
    ticket_line,
    ticket_queue,
    ticket_text_fault,
)
from dialer.calendar.holidays import business_day
from secure_store.access import Permission
from secure_store.work import UnitOfWork
from webui.either import permit_either
from webui.forms.escalations import (
    ANSWER_LONGEST,
    PERSON_LONGEST,
    AnswerForm,
    ContactForm,
    fault_sentence,
    read_answer,
    read_contact,
)
from webui.security import permit
from webui.words import tickets as words

blueprint = Blueprint("escalations", __name__)

DONE = {
    "acknowledged": "確認しました。次に、所管課へ連絡してください。",
    "contacted": "所管課へ連絡したことを記録しました。",
    "answered": "回答を記録しました。",
    "closed": "引継ぎを終えました。",
}


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One opened ticket. For an officer ``details`` holds the summary and the own answer only."""

    line: TicketLine
    details: TicketDetails
    steps: tuple[TicketStep, ...]
    contact: ContactForm
    answer: AnswerForm


def _handles(work: UnitOfWork) -> bool:
    return work.actor.may(Permission.HANDLE_TICKETS)


def _page(
    work: UnitOfWork, queue: TicketQueue, page: TicketPage | None, status: int = 200
) -> Response:
    profile = current_profile(work)
    text = render_template(
        "escalations/index.html",
        queue=queue,
        page=page,
        closed=request.args.get("closed") == "1",
        after=request.args.get("after"),
        handles=_handles(work),
        done=DONE.get(request.args.get("done", "")),
        today=business_day(work.now),
        names={one.code: one.name for one in profile.receivables},
        departments={one.code: one.department for one in profile.receivables},
        words=words,
        person_longest=PERSON_LONGEST,
        answer_longest=ANSWER_LONGEST,
    )
    return Response(text, status, mimetype="text/html")


def _queue(work: UnitOfWork) -> TicketQueue:
    closed = request.args.get("closed") == "1"
    return ticket_queue(work, closed=closed, after=request.args.get("after"))


@blueprint.get("/escalations")
@permit_either(Permission.HANDLE_TICKETS, Permission.ANSWER_TICKETS, readonly=True)
def index(work: UnitOfWork) -> Response:
    """The queue. No text is opened before a ticket is chosen."""
    return _page(work, _queue(work), None)


@blueprint.get("/escalations/<uuid:ticket_id>")
@permit_either(Permission.HANDLE_TICKETS, Permission.ANSWER_TICKETS)
def show(work: UnitOfWork, ticket_id: UUID) -> Response:
    """The queue with one ticket opened beside it; the look is noted."""
    return _page(work, _queue(work), _opened(work, ticket_id))


def _opened(
    work: UnitOfWork,
    ticket_id: UUID,
    contact: ContactForm | None = None,
    answered: AnswerForm | None = None,
) -> TicketPage:
    line = ticket_line(work, ticket_id)  # refuses a foreign receivable before anything is opened
    _view, details = open_ticket(work, ticket_id)
    if not _handles(work):
        # A wish may hold a telephone number; who was told is between the two offices.
        details = replace(details, told="", wishes="", contacted_person="")
    return TicketPage(
        line,
        details,
        tuple(steps_of(work, ticket_id)),
        contact or ContactForm(""),
        answered or AnswerForm(None, None, ""),
    )


def _back(ticket_id: UUID, done: str) -> Response:
    return redirect(url_for("escalations.show", ticket_id=ticket_id, done=done), 303)


@blueprint.post("/escalations/<uuid:ticket_id>/acknowledge")
@permit(Permission.HANDLE_TICKETS)
def take_note(work: UnitOfWork, ticket_id: UUID) -> Response:
    """The supervisor has read it; only now may the department be contacted (S4-12.2c)."""
    acknowledge(work, ticket_id)
    return _back(ticket_id, "acknowledged")


@blueprint.post("/escalations/<uuid:ticket_id>/contact")
@permit(Permission.HANDLE_TICKETS)
def contact(work: UnitOfWork, ticket_id: UUID) -> Response:
    """The department was told, and who there."""
    form = read_contact(request.form)
    if not form.error:
        fault = ticket_text_fault(work, ticket_id, form.person, PERSON_LONGEST)
        form = replace(form, error=fault_sentence(fault, PERSON_LONGEST))
    if form.error:
        return _page(work, _queue(work), _opened(work, ticket_id, contact=form), 422)
    note_contact(work, ticket_id, form.person)
    return _back(ticket_id, "contacted")


@blueprint.post("/escalations/<uuid:ticket_id>/answer")
@permit_either(Permission.HANDLE_TICKETS, Permission.ANSWER_TICKETS)
def take_answer(work: UnitOfWork, ticket_id: UUID) -> Response:
    """The department's answer: by the officer, or entered by the supervisor."""
    form = read_answer(request.form)
    fault = ticket_text_fault(work, ticket_id, form.text, ANSWER_LONGEST)
    form = replace(form, text_error=fault_sentence(fault, ANSWER_LONGEST))
    if form.result is None or form.resume is None or not form.is_good:
        return _page(work, _queue(work), _opened(work, ticket_id, answered=form), 422)
    enter = enter_answer if _handles(work) else answer
    enter(work, ticket_id, form.result, form.resume, form.text)
    return _back(ticket_id, "answered")


@blueprint.post("/escalations/<uuid:ticket_id>/close")
@permit(Permission.HANDLE_TICKETS)
def close(work: UnitOfWork, ticket_id: UUID) -> Response:
    """Ends an answered ticket."""
    finish(work, ticket_id)
    return redirect(url_for("escalations.index", done="closed"), 303)
