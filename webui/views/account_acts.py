"""Acts on accounts that need two persons: another role, opening again, a new first password.

(S4-9.4-1, security.md 7.3)
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from secure_store.access import Actor, Permission, Role
from secure_store.people.staff import first_password
from secure_store.people.staff_register import (
    change_role,
    register_entry,
    renew_first_password,
    switch_on,
)
from secure_store.work import SecureStore, UnitOfWork
from webui.forms.second_person import SecondPersonForm
from webui.second_person_check import confirmed_second
from webui.security import ROLE_LABELS, permit
from webui.transactions import request_work
from webui.words import staff as words

blueprint = Blueprint("account_acts", __name__)


@blueprint.get("/staff/<code>/change")
@permit(Permission.MANAGE_STAFF, readonly=True, fresh=True)
def show(work: UnitOfWork, code: str) -> Response:
    """What two persons may change of an account."""
    return _page(work, code, SecondPersonForm(), {})


@blueprint.post("/staff/<code>/change")
@permit(Permission.MANAGE_STAFF, opens="store")
def act(store: SecureStore, actor: Actor, code: str) -> Response:
    """Does it, once the second person has confirmed."""
    role = next((one for one in words.PERSON_ROLES if one.value == request.form.get("role")), None)
    errors = _errors(role)
    second, form = (None, SecondPersonForm())
    if not errors:
        second, form = confirmed_second(store, actor, Permission.APPROVE_STAFF)
    if second is None:
        with request_work(actor, readonly=True) as work:
            return _page(work, code, form, errors, 422)
    if request.form["act"] == "password":
        return _renew(store, actor, second, code)
    with request_work(actor) as work:
        if role is not None and request.form["act"] == "role":
            change_role(work, code, role, second)
            return redirect(url_for("staff.show", code=code, done="role"), 303)
        switch_on(work, code, second)
    return redirect(url_for("staff.show", code=code, done="enabled"), 303)


def _errors(role: Role | None) -> dict[str, str]:
    chosen = request.form.get("act")
    if chosen not in words.ACCOUNT_ACTS:
        return {"act": "することを選んでください。"}
    return {"role": "新しい役割を選んでください。"} if chosen == "role" and role is None else {}


def _renew(store: SecureStore, actor: Actor, second: Actor, code: str) -> Response:
    """The new first password stands on this answer once and nowhere else."""
    password = first_password(store, code)
    with request_work(actor) as work:
        renew_first_password(work, code, password, second)
        entry = register_entry(work, code)
        page = render_template("staff/renewed.html", entry=entry, password=password.text)
    return Response(page, mimetype="text/html")


def _page(
    work: UnitOfWork, code: str, second: SecondPersonForm, errors: dict[str, str], status: int = 200
) -> Response:
    entry = register_entry(work, code)
    page = render_template(
        "staff/change.html",
        entry=entry,
        second=second,
        errors=errors,
        acts=list(words.ACCOUNT_ACTS.items()),
        chosen=request.form.get("act", "password" if entry.is_active else "enable"),
        role=request.form.get("role", ""),
        roles=[(role.value, ROLE_LABELS[role]) for role in words.PERSON_ROLES],
    )
    return Response(page, status, mimetype="text/html")
