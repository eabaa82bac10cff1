"""Scripts and the Q&A collection: reading, drafting, submitting, approving (S4-10.2a, S4-10.2b)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import current_profile
from scripts_talk.api import (
    COMMON,
    DOCUMENT_NO_LIMIT,
    REMARK_LIMIT,
    ApprovalState,
    DocumentKind,
    approve,
    diff,
    document,
    documents,
    draft,
    retire,
    rewrite_draft,
    send_back,
    submit,
)
from scripts_talk.errors import ApprovalPaperInvalid, QaInvalid, ScriptFaulty
from secure_store.access import Actor, Permission
from secure_store.errors import NotFound
from secure_store.work import SecureStore, UnitOfWork
from webui.either import permit_either
from webui.forms.scripts import (
    TEXT_REFUSALS,
    TextForm,
    next_version,
    paper_sentence,
    read_text,
    refusal_sentence,
    refused,
    with_version,
)
from webui.security import permit
from webui.talk_pages import near_changes, shelf, version_page
from webui.transactions import request_work
from webui.words import talk as words

blueprint = Blueprint("scripts", __name__)

DONE = {
    "drafted": "下書きを保存しました。",
    "submitted": "承認へ提出しました。承認されるまで、いまの版を使い続けます。",
    "approved": "承認しました。次の通話から、この版を使います。",
    "returned": "差し戻しました。",
    "retired": "使用を終えました。次の版が承認されるまで、架電はできません。",
}
_PERMISSIONS = Permission.EDIT_SCRIPTS, Permission.APPROVE_SCRIPTS


@blueprint.get("/scripts")
@permit_either(*_PERMISSIONS, readonly=True)
def index(work: UnitOfWork) -> str:
    """Which version is in force where, and what waits."""
    return render_template(
        "scripts/index.html", lines=shelf(work), words=words, edits=_edits(work), common=COMMON
    )


def _edits(work: UnitOfWork) -> bool:
    return work.actor.may(Permission.EDIT_SCRIPTS)


@blueprint.get("/scripts/<uuid:document_id>")
@permit_either(*_PERMISSIONS, readonly=True)
def show(work: UnitOfWork, document_id: UUID) -> Response:
    """One version, as it will be spoken."""
    return _show(work, document_id)


def _show(work: UnitOfWork, document_id: UUID, *, errors: dict[str, str] | None = None) -> Response:
    page = version_page(work, document(work, document_id).view)
    text = render_template(
        "scripts/show.html",
        page=page,
        words=words,
        edits=_edits(work),
        approves=work.actor.may(Permission.APPROVE_SCRIPTS),
        errors=errors or {},
        typed=request.form,
        names={one.code: one.name for one in current_profile(work).receivables},
        done=DONE.get(request.args.get("done", "")),
        number_longest=DOCUMENT_NO_LIMIT,
        remark_longest=REMARK_LIMIT,
    )
    return Response(text, 422 if errors else 200, mimetype="text/html")


@blueprint.get("/scripts/<uuid:document_id>/changes")
@permit_either(*_PERMISSIONS, readonly=True)
def changes(work: UnitOfWork, document_id: UUID) -> str:
    """What a version changed, line by line; beside the one in force unless another is named."""
    view = document(work, document_id).view
    others = [one for one in documents(work, view.receivable) if one.id != view.id]
    wanted = request.args.get("against", type=UUID)
    live = next((one for one in others if one.state is ApprovalState.APPROVED), None)
    older = live or next((one for one in others if one.created_at < view.created_at), None)
    against = next((one for one in others if one.id == wanted), older)
    lines = diff(work, against.id, view.id) if against else ()
    return render_template(
        "scripts/changes.html",
        view=view,
        against=against,
        others=others,
        lines=lines,
        near=near_changes(lines),
        words=words,
    )


@blueprint.get("/scripts/<uuid:document_id>/edit")
@permit(Permission.EDIT_SCRIPTS, readonly=True)
def edit(work: UnitOfWork, document_id: UUID) -> Response:
    """The text of a draft, with the faults the check finds."""
    found = document(work, document_id)
    return _editor(work, document_id, TextForm(found.view.version, found.body))


def _editor(work: UnitOfWork, document_id: UUID, form: TextForm, status: int = 200) -> Response:
    page = version_page(work, document(work, document_id).view)
    text = render_template("scripts/edit.html", page=page, form=form, words=words)
    return Response(text, status, mimetype="text/html")


@blueprint.post("/scripts/<uuid:document_id>/edit")
@permit(Permission.EDIT_SCRIPTS, opens="store")
def save(_store: SecureStore, actor: Actor, document_id: UUID) -> Response:
    """Keeps the text of a draft; a text that cannot be read is refused with its place."""
    form = _typed_text("")
    if form.is_good:
        try:
            with request_work(actor) as work:
                rewrite_draft(work, document_id, form.body)
            return _to(document_id, "drafted")
        except TEXT_REFUSALS as error:
            form = refused(form, error)
    with request_work(actor, readonly=True) as work:
        return _editor(work, document_id, form, 422)


def _typed_text(version: str) -> TextForm:
    file = request.files.get("file")
    return read_text(version, request.form.get("body", ""), file.read() if file else b"")


def _to(document_id: UUID, done: str) -> Response:
    return redirect(url_for("scripts.show", document_id=document_id, done=done), 303)


@blueprint.get("/scripts/new/<receivable>")
@permit(Permission.EDIT_SCRIPTS, readonly=True)
def new(work: UnitOfWork, receivable: str) -> Response:
    """A new version, begun from an existing one or from nothing."""
    siblings = documents(work, receivable)
    version = next_version(one.version for one in siblings)
    source = next((one for one in siblings if one.id == request.args.get("of", type=UUID)), None)
    body = with_version(document(work, source.id).body, version) if source else ""
    return _new_page(work, receivable, TextForm(version, body))


def _new_page(work: UnitOfWork, receivable: str, form: TextForm, status: int = 200) -> Response:
    names = {one.code: one.name for one in current_profile(work).receivables}
    if receivable != COMMON and receivable not in names:
        raise NotFound(kind="receivable")
    text = render_template(
        "scripts/new.html",
        receivable=receivable,
        name=names.get(receivable, "Q&A集・市政一般案内"),
        form=form,
    )
    return Response(text, status, mimetype="text/html")


@blueprint.post("/scripts/new/<receivable>")
@permit(Permission.EDIT_SCRIPTS, opens="store")
def add(_store: SecureStore, actor: Actor, receivable: str) -> Response:
    """Keeps a new draft; the version in force is not touched (S4-10.2b)."""
    form = _typed_text(request.form.get("version", ""))
    kind = DocumentKind.QA if receivable == COMMON else DocumentKind.SCRIPT
    if form.is_good:
        try:
            with request_work(actor) as work:
                view = draft(work, kind, receivable, form.body, form.version)
            return _to(view.id, "drafted")
        except TEXT_REFUSALS as error:
            form = refused(form, error)
    with request_work(actor, readonly=True) as work:
        return _new_page(work, receivable, form, 422)


@blueprint.post("/scripts/<uuid:document_id>/submit")
@permit(Permission.EDIT_SCRIPTS, opens="store")
def hand_in(_store: SecureStore, actor: Actor, document_id: UUID) -> Response:
    """Hands a draft in; its text is fixed from now on."""
    try:
        with request_work(actor) as work:
            submit(work, document_id, current_profile(work).self_name)
        return _to(document_id, "submitted")
    except (ScriptFaulty, QaInvalid) as error:
        sentence = refusal_sentence(error)
    with request_work(actor, readonly=True) as work:
        return _show(work, document_id, errors={"submit": sentence})


@blueprint.post("/scripts/<uuid:document_id>/approve")
@permit(Permission.APPROVE_SCRIPTS, opens="store")
def put_in_force(_store: SecureStore, actor: Actor, document_id: UUID) -> Response:
    """The city's approval with the number of its paper (S4-10.2a, S4-10.2b)."""
    try:
        with request_work(actor) as work:
            approve(work, document_id, request.form.get("document_no", ""))
        return _to(document_id, "approved")
    except ApprovalPaperInvalid as error:
        sentence = paper_sentence(error)
    with request_work(actor, readonly=True) as work:
        return _show(work, document_id, errors={"document_no": sentence})


@blueprint.post("/scripts/<uuid:document_id>/return")
@permit(Permission.APPROVE_SCRIPTS, opens="store")
def give_back(_store: SecureStore, actor: Actor, document_id: UUID) -> Response:
    """Back to the centre, with a remark on the text."""
    try:
        with request_work(actor) as work:
            send_back(work, document_id, request.form.get("remark", ""))
        return _to(document_id, "returned")
    except ApprovalPaperInvalid as error:
        sentence = paper_sentence(error)
    with request_work(actor, readonly=True) as work:
        return _show(work, document_id, errors={"remark": sentence})


@blueprint.post("/scripts/<uuid:document_id>/retire")
@permit_either(*_PERMISSIONS, opens="store")
def stop(_store: SecureStore, actor: Actor, document_id: UUID) -> Response:
    """Takes the version in force out of use at once, with the reason."""
    try:
        with request_work(actor) as work:
            retire(work, document_id, request.form.get("stop_remark", ""))
        return _to(document_id, "retired")
    except ApprovalPaperInvalid as error:
        sentence = paper_sentence(error)
    with request_work(actor, readonly=True) as work:
        return _show(work, document_id, errors={"stop_remark": sentence})
