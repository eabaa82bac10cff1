"""書出し: only under an approval of the city, for a listed purpose, encrypted (S4-8.6-1, S4-16.2)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import DayExport, current_profile, export_day, list_days
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import DomainError, NotAllowed
from secure_store.exchange.exports import (
    end_approval,
    enter_approval,
    list_approvals,
    list_runs,
)
from secure_store.work import SecureStore, UnitOfWork
from webui.errors import sentence_of
from webui.forms import exports as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.words.exchange import FORM_WORDS, export_reason

blueprint = Blueprint("exports", __name__)
INVALID = 422
DAYS_OFFERED = 62


@blueprint.get("/exports")
@permit(Permission.EXPORT_DATA, readonly=True, fresh=True)
def index(work: UnitOfWork) -> str:
    """Approvals in force, the form for an export, and every export so far."""
    return _page(work, {}, {})


def _page(
    work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str], refusal: str = ""
) -> str:
    profile, today = current_profile(work), business_day(work.now)
    rules = profile.exchange
    approvals = list_approvals(work)
    return render_template(
        "exports/index.html",
        approvals=approvals,
        in_force=[one for one in approvals if one.holds_on(today)],
        runs=list_runs(work),
        days=[(f"{day:%Y-%m-%d}", day) for day in _days(work)],
        rules=rules,
        receivables=[(forms.CONTRACT, "契約全体")]
        + [(one.code, f"{one.code} {one.name}") for one in profile.receivables],
        today=today,
        faults=faults,
        typed=typed,
        refusal=refusal,
        form_words=FORM_WORDS,
    )


def _days(work: UnitOfWork) -> list[object]:
    return [one.business_day for one in list_days(work, DAYS_OFFERED, sent=True)]


@blueprint.post("/exports/approvals")
@permit(Permission.EXPORT_DATA, fresh=True)
def approve(work: UnitOfWork) -> Response | tuple[str, int]:
    """Enters the city's approval."""
    profile = current_profile(work)
    codes = [one.code for one in profile.receivables if work.actor.sees(one.code)]
    try:
        entry = forms.read_approval(request.form, profile.exchange, codes)
    except FormRefused as refused:
        return _page(work, refused.sentences(), request.form), INVALID
    rules = profile.exchange
    enter_approval(work, entry, rules.purposes.keys(), rules.take_out_places.keys())
    flash("市の承認を入れました。")
    return redirect(url_for("exports.index"), 303)


@blueprint.post("/exports/approvals/<uuid:approval_id>/end")
@permit(Permission.EXPORT_DATA)
def end(work: UnitOfWork, approval_id: UUID) -> Response:
    """Takes an approval out of force."""
    end_approval(work, approval_id)
    flash("承認を終えました。")
    return redirect(url_for("exports.index"), 303)


@blueprint.post("/exports")
@permit(Permission.EXPORT_DATA, opens="store", fresh=True)
def run(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Writes the locked files of a day into the outbound folder."""
    try:
        with store.work(actor, readonly=True) as work:
            rules = current_profile(work).exchange
            approvals = [str(one.id) for one in list_approvals(work)]
            days = [f"{day:%Y-%m-%d}" for day in _days(work)]
            entry = forms.read_export(request.form, rules, approvals, days)
        wanted = DayExport(entry.day, entry.approval_id, entry.purpose, entry.place)
        folder = export_day(store, actor, wanted, entry.password)
    except FormRefused as refused:
        return _refused(store, actor, refused.sentences(), "")
    except NotAllowed as refused:
        return _refused(store, actor, {}, _reason(refused))
    except DomainError as refused:
        return _refused(store, actor, {}, sentence_of(refused))
    flash(f"暗号化して書き出しました。置いた場所：outbound/{folder.name}")
    return redirect(url_for("exports.index"), 303)


def _reason(refused: DomainError) -> str:
    return export_reason(str(refused.details.get("reason", ""))) or sentence_of(refused)


def _refused(
    store: SecureStore, actor: Actor, faults: Mapping[str, str], refusal: str
) -> tuple[str, int]:
    with store.work(actor, readonly=True) as work:
        return _page(work, faults, request.form, refusal), INVALID
