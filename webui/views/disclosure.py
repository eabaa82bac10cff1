"""Disclosure of a part of the log to the city, for the auditor (S4-14.11b)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from campaigns.api import current_profile
from secure_store.access import Actor, Permission
from secure_store.audit.disclosure import (
    anchor_disclosure,
    digest_of,
    disclosed_lines,
    note_disclosed,
)
from secure_store.errors import NotFound
from secure_store.work import SecureStore, UnitOfWork
from webui.forms import handling as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.transactions import request_work
from webui.views.downloads import attachment

blueprint = Blueprint("disclosure", __name__)
INVALID = 422
EVENT = b'{"event":'


@blueprint.get("/audit/disclosure")
@permit(Permission.DISCLOSE_AUDIT, readonly=True)
def show(work: UnitOfWork) -> str:
    """What a disclosure holds, and its form."""
    return _page(work, {}, {})


def _page(
    work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str], *, empty: bool = False
) -> str:
    receivables = current_profile(work).receivables
    return render_template(
        "audit/disclose.html",
        options=[("", "選んでください"), (forms.EVERYTHING, "すべての債権")]
        + [(one.code, f"{one.code} {one.name}") for one in receivables],
        faults=faults,
        typed=typed,
        empty=empty,
    )


@blueprint.post("/audit/disclosure")
@permit(Permission.DISCLOSE_AUDIT, opens="store")
def run(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Signs the head, reads without holding the writers' turn, notes the digest, hands over."""
    with store.work(actor, readonly=True) as work:
        try:
            codes = [one.code for one in current_profile(work).receivables]
            scope = forms.read_scope(request.form, codes)
        except FormRefused as refused:
            return _page(work, refused.sentences(), request.form), INVALID
    with request_work(actor) as work:
        head = anchor_disclosure(work, scope)
    with store.work(actor, readonly=True) as work:
        try:
            lines = list(disclosed_lines(work, scope, head))
        except NotFound:
            return _page(work, {}, request.form, empty=True), INVALID
    content = b"".join(lines)
    with request_work(actor) as work:
        events = sum(line.startswith(EVENT) for line in lines)
        note_disclosed(work, scope, digest_of(content), events)
    return attachment(content, scope.name, "application/jsonl")
