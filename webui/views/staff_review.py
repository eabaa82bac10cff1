"""The monthly look through the accounts (S4-9.4-1, S4-9.4-2)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from secure_store.access import Permission
from secure_store.people.register_review import last_review, note_review, unused_accounts
from secure_store.people.staff_register import staff_register
from secure_store.work import UnitOfWork
from webui.security import ROLE_LABELS, permit
from webui.words import staff as words

blueprint = Blueprint("staff_review", __name__)


@blueprint.get("/staff/review")
@permit(Permission.SEE_STAFF, readonly=True)
def show(work: UnitOfWork) -> str:
    """Every account with its last use; the unused ones first."""
    return render_template(
        "staff/review.html",
        unused=unused_accounts(work),
        entries=staff_register(work),
        reviewed_at=last_review(work),
        done=request.args.get("done") == "1",
        words=words,
        roles=ROLE_LABELS,
    )


@blueprint.post("/staff/review")
@permit(Permission.SEE_STAFF)
def reviewed(work: UnitOfWork) -> Response:
    """Notes that the register was gone through."""
    note_review(work)
    return redirect(url_for("staff_review.show", done="1"), 303)
