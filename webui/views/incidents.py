"""事故・事案: opened at once, its clock, four items, five stages, reports (S4-14.11a, S3-B2-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import current_profile
from dialer.calendar.holidays import in_tokyo
from secure_store.access import Actor, Permission
from secure_store.audit.disclosure import DisclosureScope, digest_of
from secure_store.audit.handling import handling_of
from secure_store.audit.incident_pack import note_packed, pack_document
from secure_store.audit.tags import FieldGroup
from secure_store.errors import Conflict, Invalid, NotFound
from secure_store.orders import incidents as acts
from secure_store.orders.incident_facts import (
    IncidentStage,
    ReportStep,
    may_reach_commission,
    missing_facts,
)
from secure_store.orders.incident_reading import IncidentView, incident, incidents
from secure_store.people.staff import list_staff
from secure_store.work import SecureStore, UnitOfWork
from webui.errors import sentence_of
from webui.formatters import jst
from webui.forms import handling as handling_forms
from webui.forms import incidents as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.transactions import request_work
from webui.views.downloads import attachment
from webui.words import audit as audit_words
from webui.words import incidents as words

blueprint = Blueprint("incidents", __name__)
INVALID = 422
Answer = Response | tuple[str, int]


@blueprint.get("/incidents")
@permit(Permission.SEE_INCIDENTS, readonly=True)
def index(work: UnitOfWork) -> str:
    """All incidents and, for those who handle them, the form to open one."""
    return _index(work, {}, {})


def _index(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    receivables = current_profile(work).receivables
    now = jst(work.now)
    return render_template(
        "incidents/index.html",
        incidents=incidents(work),
        options=[(forms.EVERYTHING, "すべての債権・まだ分からない")]
        + [(one.code, f"{one.code} {one.name}") for one in receivables],
        may_handle=work.actor.may(Permission.HANDLE_INCIDENTS),
        words=words,
        typed=typed or {"known_day": f"{now:%Y-%m-%d}", "known_time": f"{now:%H:%M}"},
        faults=faults,
    )


@blueprint.post("/incidents")
@permit(Permission.HANDLE_INCIDENTS)
def open_one(work: UnitOfWork) -> Answer:
    """Opens an incident; nothing in its scope is erased from now on."""
    codes = [one.code for one in current_profile(work).receivables]
    try:
        entry = forms.read_open(request.form, codes, work.now)
    except FormRefused as refused:
        return _index(work, refused.sentences(), request.form), INVALID
    number = acts.open_incident(work, entry.kind, entry.receivable, entry.known_at)
    flash("記録しました。この範囲の抹消は、終えるまで止まります。")
    return _to(number)


def _to(number: str) -> Response:
    return redirect(url_for("incidents.show", number=number), 303)


@blueprint.get("/incidents/<number>")
@permit(Permission.SEE_INCIDENTS, readonly=True)
def show(work: UnitOfWork, number: str) -> str:
    """One incident: its clock, what is known, stages, reports."""
    return _show(work, number, {}, {})


def _show(
    work: UnitOfWork,
    number: str,
    faults: Mapping[str, str],
    typed: Mapping[str, Any],
    refusal: str = "",
) -> str:
    view = incident(work, number)
    may_handle = work.actor.may(Permission.HANDLE_INCIDENTS) and view.closed_at is None
    return render_template(
        "incidents/show.html",
        view=view,
        missing=[words.MISSING_WORDS[one] for one in missing_facts(view.facts)],
        reported={one.step for one in view.reports},
        reaches=may_reach_commission(view.facts),
        steps=list(ReportStep),
        staff=[(one.code, one.code) for one in list_staff(work)] if may_handle else [],
        may_handle=may_handle,
        names={one.code: one.name for one in current_profile(work).receivables},
        field_groups=[(group.name.lower(), audit_words.GROUP_WORDS[group]) for group in FieldGroup],
        picked=[group.name.lower() for group in view.groups],
        words=words,
        summary=words.summary_of(view, _day_text(view)),
        faults=faults,
        typed=typed,
        refusal=refusal,
        first=typed.get("first", f"{view.known_at:%Y-%m-%d}"),
        last=typed.get("last", f"{jst(work.now):%Y-%m-%d}"),
    )


def _day_text(view: IncidentView) -> str:
    known = in_tokyo(view.known_at)
    return f"{known.year}年{known.month}月{known.day}日"


def _refused(work: UnitOfWork, number: str, refused: FormRefused) -> Answer:
    return _show(work, number, refused.sentences(), request.form), INVALID


@blueprint.post("/incidents/<number>/facts")
@permit(Permission.HANDLE_INCIDENTS)
def state(work: UnitOfWork, number: str) -> Answer:
    """Enters what is known by now."""
    try:
        acts.state_facts(work, number, forms.read_facts(request.form))
    except FormRefused as refused:
        return _refused(work, number, refused)
    flash("分かったことを入れました。")
    return _to(number)


@blueprint.post("/incidents/<number>/reports")
@permit(Permission.HANDLE_INCIDENTS)
def report(work: UnitOfWork, number: str) -> Answer:
    """Notes a report to the city, with its time."""
    try:
        step, document_no = forms.read_report(request.form)
        acts.report(work, number, step, document_no)
    except FormRefused as refused:
        return _refused(work, number, refused)
    except (Invalid, Conflict) as refused_act:
        page = _show(work, number, {}, request.form, sentence_of(refused_act))
        return page, INVALID
    flash(f"{words.REPORT_WORDS[step]}を記録しました。")
    return _to(number)


@blueprint.post("/incidents/<number>/stages/<stage>")
@permit(Permission.HANDLE_INCIDENTS)
def measure(work: UnitOfWork, number: str, stage: str) -> Answer:
    """Plans a stage, or says that it is done."""
    known = forms.stage_of(stage)
    if known is None:
        raise NotFound(kind="incident_stage")
    if request.form.get("act") == "done":
        acts.finish_measure(work, number, known)
        return _to(number)
    try:
        owner, due_on = forms.read_measure(request.form, [one.code for one in list_staff(work)])
    except FormRefused as refused:
        faults = {f"{name}-{stage}": text for name, text in refused.sentences().items()}
        return _show(work, number, faults, request.form), INVALID
    acts.plan_measure(work, number, IncidentStage(stage), owner, due_on)
    return _to(number)


@blueprint.post("/incidents/<number>/close")
@permit(Permission.HANDLE_INCIDENTS)
def close(work: UnitOfWork, number: str) -> Answer:
    """Closes it after the final report; erasures that waited go on."""
    try:
        acts.close_incident(work, number)
    except Conflict as refused:
        return _show(work, number, {}, {}, sentence_of(refused)), INVALID
    flash("事故・事案を終えました。")
    return _to(number)


@blueprint.post("/incidents/<number>/pack")
@permit(Permission.HANDLE_INCIDENTS, opens="store")
def pack(store: SecureStore, actor: Actor, number: str) -> Answer:
    """The file of who looked, when, at how many persons; counted first, noted after."""
    with store.work(actor, readonly=True) as work:
        view = incident(work, number)
        try:
            first, last = handling_forms.read_days(request.form)
        except FormRefused as refused:
            return _show(work, number, refused.sentences(), request.form), INVALID
        found = handling_of(work, DisclosureScope(view.receivable, first, last))
    content = pack_document(found, number)
    with request_work(actor) as work:
        note_packed(work, found, number, digest_of(content))
    return attachment(content, f"{number}-{first:%Y%m%d}-{last:%Y%m%d}.json", "application/json")
