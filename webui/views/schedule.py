"""架電等スケジュール: every receivable and month with dates, numbers, alarms (S4-6.3, S4-11.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    Step,
    confirm_volume_notice,
    contract_schedule,
    current_profile,
    enter_volume_notice,
    month_clashes,
    month_schedule,
    plan_volume,
    schedule_alarms,
)
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.work import SecureStore, UnitOfWork
from webui.formatters import month_text
from webui.forms import schedule as forms
from webui.forms.entry import FormRefused
from webui.forms.hours import read_month
from webui.security import permit
from webui.words import schedule as words

blueprint = Blueprint("schedule", __name__)
INVALID = 422


@blueprint.get("/schedule")
@permit(Permission.MANAGE_CAMPAIGNS, readonly=True)
def index(work: UnitOfWork) -> str:
    """One month in full, the whole contract in a table, days on which receivables meet."""
    return _page(work, _month(work, request.args.get("month", "")), {}, {})


def _month(work: UnitOfWork, text: str) -> date:
    """The month that was asked for, moved into the contract."""
    profile = current_profile(work)
    month = read_month(text, business_day(work.now))
    first, last = profile.contract_from.replace(day=1), profile.contract_until.replace(day=1)
    return min(max(month, first), last)


def _page(
    work: UnitOfWork, month: date, faults: Mapping[str, str], typed: Mapping[str, str]
) -> str:
    profile = current_profile(work)
    rows = month_schedule(work, month)
    return render_template(
        "schedule/index.html",
        month=month,
        months=profile.months,
        month_options=[(f"{one:%Y-%m}", month_text(one)) for one in profile.months],
        rows=rows,
        overview=contract_schedule(work),
        names={one.code: one.name for one in profile.receivables},
        clashes=month_clashes(work, month),
        alarms=schedule_alarms(work),
        today=business_day(work.now),
        steps=Step,
        words=words,
        faults=faults,
        typed=typed,
    )


@blueprint.post("/schedule/notices")
@permit(Permission.MANAGE_CAMPAIGNS, opens="store")
def notice(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Notes the approximate number a department notified; it still waits to be confirmed."""
    try:
        with store.work(actor) as work:
            entry = forms.read_notice(request.form, _codes(work), business_day(work.now))
            enter_volume_notice(
                work, entry.receivable, entry.month, entry.number, entry.received_on
            )
    except FormRefused as refused:
        return _again(store, actor, refused)
    flash("概数の連絡を記録しました。所管課に確かめたら、確認の印を付けてください。")
    return _to(entry.month)


@blueprint.post("/schedule/notices/<uuid:notice_id>/confirm")
@permit(Permission.MANAGE_CAMPAIGNS)
def confirm(work: UnitOfWork, notice_id: UUID) -> Response:
    """The number was confirmed with the department (S4-11.1a)."""
    confirm_volume_notice(work, notice_id)
    flash("概数を確認しました。")
    return _to(_month(work, request.form.get("month", "")))


@blueprint.post("/schedule/plans")
@permit(Permission.MANAGE_CAMPAIGNS, opens="store")
def plan(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """委託予定件数 of one receivable and month (S4-6.3)."""
    try:
        with store.work(actor) as work:
            entry = forms.read_plan(request.form, _codes(work))
            plan_volume(work, entry.receivable, entry.month, entry.number)
    except FormRefused as refused:
        return _again(store, actor, refused)
    flash("予定件数を入れました。")
    return _to(entry.month)


def _codes(work: UnitOfWork) -> list[str]:
    return [one.code for one in current_profile(work).receivables if work.actor.sees(one.code)]


def _again(store: SecureStore, actor: Actor, refused: FormRefused) -> tuple[str, int]:
    with store.work(actor, readonly=True) as work:
        month = _month(work, request.form.get("month", ""))
        return _page(work, month, refused.sentences(), request.form), INVALID


def _to(month: date) -> Response:
    return redirect(url_for("schedule.index", month=f"{month:%Y-%m}"), 303)
