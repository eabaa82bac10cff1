"""Accounts: who may log in, what still keeps them out, and what an administrator changes.

(S4-8.6g, S4-9.3, S4-9.4, S4-14.3)
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import current_profile
from secure_store.access import Actor, Permission
from secure_store.people.login import unlock
from secure_store.people.staff import (
    SEES_ALL,
    StaffExists,
    add_staff,
    first_password,
    set_on_chart,
    today_of,
)
from secure_store.people.staff_register import (
    RegisterEntry,
    change_receivables,
    record_dates,
    register_entry,
    staff_register,
    switch_off,
)
from secure_store.people.two_persons import has_supervisor
from secure_store.work import SecureStore, UnitOfWork
from webui.forms.plain_days import typed_as
from webui.forms.second_person import SecondPersonForm
from webui.forms.staff import NAME_LONGEST, DatesForm, NewStaffForm, chosen, read_dates, read_new
from webui.second_person_check import confirmed_second
from webui.security import ROLE_LABELS, permit
from webui.transactions import request_work
from webui.words import staff as words

blueprint = Blueprint("staff", __name__)

DONE = {
    "receivables": "担当する債権を変えました。次の画面から効きます。",
    "dates": "日付を記録しました。",
    "role": "役割を変えました。次のログインから効きます。",
    "enabled": "停止を解きました。",
    "disabled": "止めました。使っている画面は、次の操作で終わります。",
    "chart_on": "人員配置図に載せました。",
    "chart_off": "人員配置図から外しました。業務管理者の画面は、次の操作から使えません。",
    "unlocked": "ロックを解きました。本人に知らせてください。",
}


@blueprint.get("/staff")
@permit(Permission.SEE_STAFF, readonly=True)
def index(work: UnitOfWork) -> str:
    """The register of accounts."""
    return render_template(
        "staff/index.html",
        entries=staff_register(work),
        may_manage=work.actor.may(Permission.MANAGE_STAFF),
        words=words,
        roles=ROLE_LABELS,
    )


@blueprint.get("/staff/new")
@permit(Permission.MANAGE_STAFF, readonly=True, fresh=True)
def new(work: UnitOfWork) -> Response:
    """The form of a new account."""
    return _new_page(work, NewStaffForm(), SecondPersonForm())


@blueprint.post("/staff/new")
@permit(Permission.MANAGE_STAFF, opens="store")
def add(store: SecureStore, actor: Actor) -> Response:
    """Makes the account; its first password stands on this answer once and nowhere else."""
    with request_work(actor, readonly=True) as work:
        form = read_new(
            request.form, request.form.getlist("receivables"), _codes(work), today_of(work)
        )
    new_staff = form.new_staff
    second, typed = None, SecondPersonForm()
    if new_staff is not None and not _is_founding(store, actor):
        second, typed = confirmed_second(store, actor, Permission.APPROVE_STAFF)
    if new_staff is not None and not typed.errors:
        password = first_password(store, new_staff.code)
        try:
            with request_work(actor) as work:
                made = add_staff(work, new_staff, password, second)
                page = render_template(
                    "staff/added.html",
                    made=made,
                    password=password.text,
                    words=words,
                    roles=ROLE_LABELS,
                )
            return Response(page, 201, mimetype="text/html")
        except StaffExists:
            form = replace(form, errors={"code": "この利用者番号はすでにあります。"})
    with request_work(actor, readonly=True) as work:
        return _new_page(work, form, typed, 422)


def _is_founding(store: SecureStore, actor: Actor) -> bool:
    """True until there is a supervisor who could confirm."""
    with store.work(actor, readonly=True) as work:
        return not has_supervisor(work)


def _codes(work: UnitOfWork) -> list[str]:
    return [receivable.code for receivable in current_profile(work).receivables]


def _new_page(
    work: UnitOfWork, form: NewStaffForm, second: SecondPersonForm, status: int = 200
) -> Response:
    page = render_template(
        "staff/new.html",
        form=form,
        second=second,
        founding=not has_supervisor(work),
        receivables=current_profile(work).receivables,
        roles=[(role.value, ROLE_LABELS[role]) for role in words.PERSON_ROLES],
        name_longest=NAME_LONGEST,
    )
    return Response(page, status, mimetype="text/html")


@blueprint.get("/staff/<code>")
@permit(Permission.SEE_STAFF, readonly=True)
def show(work: UnitOfWork, code: str) -> Response:
    """One account with its gates."""
    entry = register_entry(work, code)
    return _entry_page(work, entry, _dates_of(entry))


def _dates_of(entry: RegisterEntry) -> DatesForm:
    """The stored days as they would be typed."""
    dates = entry.dates
    return DatesForm(
        typed_as(dates.pledge_on), typed_as(dates.training_on), typed_as(dates.reported_on)
    )


def _entry_page(
    work: UnitOfWork, entry: RegisterEntry, dates: DatesForm, status: int = 200
) -> Response:
    page = render_template(
        "staff/show.html",
        entry=entry,
        dates=dates,
        receivables=current_profile(work).receivables,
        may_manage=work.actor.may(Permission.MANAGE_STAFF),
        may_unlock=work.actor.may(Permission.UNLOCK_STAFF),
        is_self=work.actor.code == entry.code,
        sees_all=entry.role in SEES_ALL,
        done=DONE.get(request.args.get("done", "")),
        words=words,
        roles=ROLE_LABELS,
    )
    return Response(page, status, mimetype="text/html")


def _back(code: str, done: str) -> Response:
    return redirect(url_for("staff.show", code=code, done=done), 303)


@blueprint.post("/staff/<code>/receivables")
@permit(Permission.MANAGE_STAFF)
def grant(work: UnitOfWork, code: str) -> Response:
    """Replaces the receivables a person may work on (S4-14.4-1)."""
    change_receivables(work, code, chosen(request.form.getlist("receivables"), _codes(work)))
    return _back(code, "receivables")


@blueprint.post("/staff/<code>/dates")
@permit(Permission.MANAGE_STAFF)
def enter_dates(work: UnitOfWork, code: str) -> Response:
    """Pledge, training and report to the city."""
    entry = register_entry(work, code)
    form = read_dates(request.form, today_of(work))
    if form.errors:
        return _entry_page(work, entry, form, 422)
    record_dates(work, code, form.dates)
    return _back(code, "dates")


@blueprint.post("/staff/<code>/disable")
@permit(Permission.MANAGE_STAFF)
def disable(work: UnitOfWork, code: str) -> Response:
    """The account stops with the person's next request."""
    switch_off(work, code)
    return _back(code, "disabled")


@blueprint.post("/staff/<code>/chart")
@permit(Permission.MANAGE_STAFF)
def chart(work: UnitOfWork, code: str) -> Response:
    """The submitted staffing chart names this supervisor, or no longer does (S4-14.3)."""
    on_chart = request.form.get("on_chart") == "1"
    set_on_chart(work, code, on_chart=on_chart)
    return _back(code, "chart_on" if on_chart else "chart_off")


@blueprint.post("/staff/<code>/unlock")
@permit(Permission.UNLOCK_STAFF)
def release(work: UnitOfWork, code: str) -> Response:
    """After too many wrong passwords: released face to face (S4-9.3)."""
    unlock(work, code)
    return _back(code, "unlocked")
