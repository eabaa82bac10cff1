"""Papers of an erasure: application, witness, and the certificate as PDF (S3-B2-13, S4-14.10)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    application_of,
    certificate_file,
    current_profile,
    get_erasure,
    record_witness,
    request_witness,
    send_application,
)
from dialer.calendar.holidays import business_day
from secure_store.access import Permission
from secure_store.erasure.signing import home_facts, public_key_pem
from secure_store.errors import DomainError, NotFound
from secure_store.work import UnitOfWork
from webui.certificate_paper import read_certificate_paper
from webui.certificate_pdf import certificate_pdf
from webui.errors import status_of
from webui.forms import erasure as entries
from webui.pdf import pdf_of
from webui.security import permit
from webui.views.erasure_pages import Forms, refusal_of, show_page
from webui.words import erasure as words

blueprint = Blueprint("erasure_papers", __name__)
INVALID = 422
Answer = Response | tuple[str, int]
PDF, PEM, JSON = "application/pdf", "application/x-pem-file", "application/json"


def _done(erasure_id: UUID, done: str) -> Response:
    return redirect(url_for("erasure.show", erasure_id=erasure_id, done=done), 303)


@blueprint.post("/erasure/<uuid:erasure_id>/application")
@permit(Permission.REQUEST_ERASURE)
def sent(work: UnitOfWork, erasure_id: UUID) -> Answer:
    """The application went to the city."""
    drafted_on = application_of(work, erasure_id).drafted_on
    form = entries.read_sent(request.form, drafted_on, business_day(work.now))
    if form.errors or form.day is None:
        return show_page(work, erasure_id, Forms(sent=form)), INVALID
    try:
        send_application(work, erasure_id, form.day, form.sent_no)
    except DomainError as refused:
        return show_page(work, erasure_id, refusal=refusal_of(refused)), status_of(refused)
    return _done(erasure_id, "applied")


@blueprint.post("/erasure/<uuid:erasure_id>/witness/<any(request, present):act>")
@permit(Permission.REQUEST_ERASURE)
def witness(work: UnitOfWork, erasure_id: UUID, act: str) -> Answer:
    """The city asks to be present; then somebody of the city is."""
    form = entries.read_witness(request.form, "witness_no" if act == "request" else "witness_post")
    if form.errors:
        return show_page(work, erasure_id, Forms(witness=form)), INVALID
    if act == "request":
        request_witness(work, erasure_id, form.witness_no)
    else:
        record_witness(work, erasure_id, form.witness_post)
    return _done(erasure_id, "witness")


@blueprint.get("/erasure/<uuid:erasure_id>/application.pdf")
@permit(Permission.READ_CERTIFICATES, readonly=True)
def application_pdf(work: UnitOfWork, erasure_id: UUID) -> Response:
    """The application with its five items, to be printed and sent."""
    view, profile = get_erasure(work, erasure_id), current_profile(work)
    paper = pdf_of(
        "papers/application.html",
        view=view,
        application=application_of(work, erasure_id),
        scope=words.scope_words(view.scope),
        profile=profile,
        is_rehearsal=home_facts(work.store).is_rehearsal,
    )
    return _attached(paper, f"{view.number}-application.pdf", PDF)


def _certificate(work: UnitOfWork, erasure_id: UUID) -> bytes:
    found = certificate_file(work, erasure_id)
    if found is None:
        raise NotFound(kind="certificate")
    return found


@blueprint.get("/erasure/<uuid:erasure_id>/certificate")
@permit(Permission.READ_CERTIFICATES, readonly=True)
def certificate(work: UnitOfWork, erasure_id: UUID) -> str:
    """The certificate on paper, and whether its file is genuine."""
    return render_template(
        "erasure/certificate.html",
        view=get_erasure(work, erasure_id),
        paper=read_certificate_paper(_certificate(work, erasure_id), public_key_pem(work.store)),
        words=words,
    )


@blueprint.get("/erasure/<uuid:erasure_id>/certificate.pdf")
@permit(Permission.READ_CERTIFICATES, readonly=True)
def pdf(work: UnitOfWork, erasure_id: UUID) -> Response:
    """The same as the paper the city files."""
    number = get_erasure(work, erasure_id).number
    return _attached(certificate_pdf(_certificate(work, erasure_id)), f"{number}.pdf", PDF)


@blueprint.get("/erasure/<uuid:erasure_id>/certificate.json")
@permit(Permission.READ_CERTIFICATES, readonly=True)
def certificate_json(work: UnitOfWork, erasure_id: UUID) -> Response:
    """The signed file itself, byte for byte."""
    number = get_erasure(work, erasure_id).number
    return _attached(_certificate(work, erasure_id), f"{number}.json", JSON)


@blueprint.get("/erasure/public-key.pem")
@permit(Permission.READ_CERTIFICATES, readonly=True)
def public_key(work: UnitOfWork) -> Response:
    """The key by which anybody checks a certificate."""
    return _attached(public_key_pem(work.store).encode(), "public-key.pem", PEM)


def _attached(content: bytes, name: str, kind: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
