"""The audit trail: read page by page, and verified (S4-8.6h)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from secure_store.access import Actor, Permission
from secure_store.audit.log import size
from secure_store.audit.reading import EVENTS_A_PAGE, events_page, families
from secure_store.audit.verification import note_verified, verify_log
from secure_store.verifier.audit_check import AuditVerdict
from secure_store.work import SecureStore, UnitOfWork
from webui.forms.audit import read_anchors, read_before, read_filter
from webui.security import ROLE_LABELS, permit
from webui.transactions import request_work
from webui.words import audit as words
from webui.words import audit_verdicts

blueprint = Blueprint("audit", __name__)


@blueprint.get("/audit")
@permit(Permission.READ_AUDIT, readonly=True)
def index(work: UnitOfWork) -> str:
    """The newest events, in words, without anybody's data."""
    only = read_filter(request.args)
    before = read_before(request.args)
    return render_template(
        "audit/index.html",
        page=events_page(work, only, before),
        only=only,
        before=before,
        total=size(work),
        page_size=EVENTS_A_PAGE,
        families=[(family, words.FAMILY_WORDS.get(family, family)) for family in families()],
        words=words,
        roles={role.value: label for role, label in ROLE_LABELS.items()},
        may_verify=work.actor.may(Permission.VERIFY_AUDIT),
    )


@blueprint.get("/audit/verify")
@permit(Permission.VERIFY_AUDIT, readonly=True)
def verify(work: UnitOfWork) -> str:
    """What a verification is, and the button that begins it."""
    return _verify_page(size(work), None, 0)


@blueprint.post("/audit/verify")
@permit(Permission.VERIFY_AUDIT, opens="store")
def run(store: SecureStore, actor: Actor) -> str:
    """Recomputes the whole log; nobody's writing waits for it. That it ran is noted."""
    files = request.files.getlist("anchors")
    anchors = read_anchors(file.read() for file in files)
    with store.work(actor, readonly=True) as work:
        verdict = verify_log(work, anchors)
    with request_work(actor) as work:
        note_verified(work, verdict)
    return _verify_page(verdict.size, verdict, len(anchors))


def _verify_page(total: int, verdict: AuditVerdict | None, anchors: int) -> str:
    return render_template(
        "audit/verify.html", total=total, verdict=verdict, anchors=anchors, words=audit_verdicts
    )
