"""抹消: planned by a supervisor, done by two persons, verified by a third, certified (S4-14.10)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    ConsentLetter,
    Instruction,
    accept,
    application_of,
    certify,
    current_profile,
    destroy_copies,
    destroy_keys,
    draft_erasure,
    freeze_now,
    get_erasure,
    list_campaigns,
    purge_rows,
    record_condition,
    record_consent,
    scan_before,
    verify_erasure,
)
from campaigns.errors import ErasureUnderWay
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from secure_store.people.second_person import SamePerson, SecondPersonRefused, second_person
from secure_store.work import SecureStore, UnitOfWork
from webui.errors import status_of
from webui.forms import erasure as entries
from webui.security import permit
from webui.transactions import request_work
from webui.views.erasure_pages import Forms, index_page, refusal_of, show_page
from webui.words import erasure as words

blueprint = Blueprint("erasure", __name__)
INVALID = 422
REFUSALS = (Conflict, Invalid, Unavailable)
Answer = Response | tuple[str, int]


@blueprint.get("/erasure")
@permit(Permission.READ_CERTIFICATES, readonly=True)
def index(work: UnitOfWork) -> str:
    """All erasures of the contract that this person may see."""
    return index_page(work, entries.PlanForm())


@blueprint.post("/erasure")
@permit(Permission.REQUEST_ERASURE, opens="store")
def plan(store: SecureStore, actor: Actor) -> Answer:
    """Drafts an erasure and the five items of its application, counted at this moment."""
    with store.work(actor, readonly=True) as work:
        form = entries.read_plan(
            request.form,
            {one.code for one in current_profile(work).receivables},
            {one.code for one in list_campaigns(work)},
            business_day(work.now),
        )
        if form.errors:
            return index_page(work, form), INVALID
    try:
        with request_work(actor) as work:
            order = Instruction(form.order_no, form.order_day) if form.order_day else None
            made = draft_erasure(work, form.scope_text, order)
    except NotFound:
        form = replace(form, errors=words.not_there(form.kind))
        with store.work(actor, readonly=True) as work:
            return index_page(work, form), INVALID
    except ErasureUnderWay as refused:
        with store.work(actor, readonly=True) as work:
            return index_page(work, form, refusal_of(refused)), status_of(refused)
    return _to(made.id, "planned")


def _to(erasure_id: UUID, done: str) -> Response:
    return redirect(url_for("erasure.show", erasure_id=erasure_id, done=done), 303)


@blueprint.get("/erasure/<uuid:erasure_id>")
@permit(Permission.READ_CERTIFICATES, readonly=True)
def show(work: UnitOfWork, erasure_id: UUID) -> str:
    """The procedure of one erasure: steps, conditions, counts."""
    return show_page(work, erasure_id)


def _step(
    store: SecureStore, actor: Actor, erasure_id: UUID, act: Callable[[], object], done: str
) -> Answer:
    """Takes one step; a refusal is shown on the erasure's own page."""
    try:
        act()
    except REFUSALS as refused:
        with store.work(actor, readonly=True) as work:
            return show_page(work, erasure_id, refusal=refusal_of(refused)), status_of(refused)
    return _to(erasure_id, done)


def _again(store: SecureStore, actor: Actor, erasure_id: UUID, forms: Forms) -> Answer:
    with store.work(actor, readonly=True) as work:
        return show_page(work, erasure_id, forms), INVALID


@blueprint.post("/erasure/<uuid:erasure_id>/consent")
@permit(Permission.REQUEST_ERASURE, opens="store")
def consent(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """The city's letter, if it comes."""
    with store.work(actor, readonly=True) as work:
        form = entries.read_consent(request.form, business_day(work.now))
        applied = application_of(work, erasure_id).sent_on or business_day(work.now)
    if form.day is not None and form.day < applied:
        form = replace(form, errors={"consented_on": "申請した日より前の日です。"})
    digest = _digest_of("letter")
    if digest is None:
        form = replace(
            form, errors={**form.errors, "letter": "ファイルが空です。もう一度選んでください。"}
        )
    if form.errors or form.day is None or digest is None:
        return _again(store, actor, erasure_id, Forms(consent=form))
    letter = ConsentLetter(form.day, form.post, digest, form.check_no)

    def act() -> None:
        with request_work(actor) as work:
            record_consent(work, erasure_id, form.document_no, letter)

    return _step(store, actor, erasure_id, act, "consented")


def _digest_of(field: str) -> str | None:
    """SHA-256 of the chosen file, in hexadecimal; "" when none was chosen, None for an empty one."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return ""
    content = sent.read()
    return hashlib.sha256(content).hexdigest() if content else None


@blueprint.post("/erasure/<uuid:erasure_id>/condition")
@permit(Permission.REQUEST_ERASURE, opens="store")
def condition(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """A condition that only paper shows."""
    form = entries.read_condition(request.form)
    gate = form.gate
    if form.errors or gate is None:
        return _again(store, actor, erasure_id, Forms(condition=form))

    def act() -> None:
        with request_work(actor) as work:
            record_condition(work, erasure_id, gate, form.document_no)

    return _step(store, actor, erasure_id, act, "condition")


@blueprint.post("/erasure/<uuid:erasure_id>/freeze")
@permit(Permission.REQUEST_ERASURE, opens="store")
def freeze(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """Nothing of the scope is served any more."""
    return _step(store, actor, erasure_id, lambda: freeze_now(store, actor, erasure_id), "frozen")


@blueprint.post("/erasure/<uuid:erasure_id>/scan")
@permit(Permission.REQUEST_ERASURE, opens="store")
def scan(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """Everything opens, and nothing lies in the clear."""
    return _step(store, actor, erasure_id, lambda: scan_before(store, actor, erasure_id), "scanned")


@blueprint.post("/erasure/<uuid:erasure_id>/destroy")
@permit(Permission.DESTROY_KEYS, opens="store")
def destroy(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """The erasure itself: the number typed, the supervisor signed in, the administrator beside."""
    with store.work(actor, readonly=True) as work:
        wanted = get_erasure(work, erasure_id).number
    form = entries.read_destroy(request.form, wanted)
    if form.errors:
        return _again(store, actor, erasure_id, Forms(destroy=form))
    try:
        administrator = second_person(store, actor, form.code, request.form["password"])
        return _step(
            store,
            actor,
            erasure_id,
            lambda: destroy_keys(store, actor, administrator, erasure_id),
            "destroyed",
        )
    except SecondPersonRefused as refused:
        form = replace(form, errors={"password": words.ANSWERS[refused.answer]})
    except SamePerson:
        form = replace(
            form, errors={"code": "あなたとは別の、システム管理者の番号を入れてください。"}
        )
    except NotAllowed:
        form = replace(form, errors={"code": "業務管理者とシステム管理者の二人で行います。"})
    return _again(store, actor, erasure_id, Forms(destroy=form))


@blueprint.post("/erasure/<uuid:erasure_id>/purge")
@permit(Permission.DESTROY_KEYS, opens="store")
def purge(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """Deletes the rows, whose values nobody can read any more."""
    return _step(store, actor, erasure_id, lambda: purge_rows(store, actor, erasure_id), "purged")


@blueprint.post("/erasure/<uuid:erasure_id>/copies")
@permit(Permission.DESTROY_KEYS, opens="store")
def copies(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """Removes what lies in the exchange folders and is no longer waited for."""
    return _step(
        store, actor, erasure_id, lambda: destroy_copies(store, actor, erasure_id), "copies"
    )


@blueprint.post("/erasure/<uuid:erasure_id>/verify")
@permit(Permission.VERIFY_ERASURE, opens="store")
def verify(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """A third person tries what was sealed: nothing may open."""
    return _step(
        store, actor, erasure_id, lambda: verify_erasure(store, actor, erasure_id), "verified"
    )


@blueprint.post("/erasure/<uuid:erasure_id>/certify")
@permit(Permission.REQUEST_ERASURE, opens="store")
def issue(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """Signs the certificate; asked again, it is the same one."""
    return _step(store, actor, erasure_id, lambda: certify(store, actor, erasure_id), "certified")


@blueprint.post("/erasure/<uuid:erasure_id>/accept")
@permit(Permission.REQUEST_ERASURE, opens="store")
def accepted(store: SecureStore, actor: Actor, erasure_id: UUID) -> Answer:
    """The city has taken the certificate over."""

    def act() -> None:
        with request_work(actor) as work:
            accept(work, erasure_id)

    return _step(store, actor, erasure_id, act, "accepted")
