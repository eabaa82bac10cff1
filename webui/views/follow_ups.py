"""再架電一覧: every call the centre owes, its state, its story, who shall make it (S4-12.1a)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    FollowUpState,
    FollowUpStatus,
    calls_moved_by_rules,
    follow_up_sums,
    loads,
    owed_call,
    owed_calls,
    reassign_follow_up,
)
from dialer.calendar.holidays import business_day
from secure_store.access import Permission
from secure_store.work import UnitOfWork
from webui.forms.paging import read_first
from webui.security import permit
from webui.words import cases as case_words
from webui.words import follow_ups as words

blueprint = Blueprint("follow_ups", __name__)
PAGE = 50
DAYS_SUMMED = 7
INVALID = 422


@blueprint.get("/follow-ups")
@permit(Permission.SEE_BOARD, readonly=True)
def index(work: UnitOfWork) -> str:
    """What is owed, by state, and the sums of the last days."""
    every = owed_calls(work)
    state = _state(request.args.get("state", ""))
    chosen = [one for one in every if state in (None, one.follow_up.state)]
    first = read_first(request.args.get("from", ""), len(chosen), PAGE)
    today = business_day(work.now)
    days = [today - timedelta(days=back) for back in range(DAYS_SUMMED)]
    return render_template(
        "follow_ups/index.html",
        shown=chosen[first : first + PAGE],
        total=len(chosen),
        owed=len(every),
        first=first,
        page=PAGE,
        state=state,
        states=list(words.STATE_WORDS),
        counts=Counter(one.follow_up.state for one in every),
        sums=[(follow_up_sums(work, day), calls_moved_by_rules(work, day)) for day in days],
        today=today,
        now=work.now,
        words=words,
        case_words=case_words,
    )


def _state(text: str) -> FollowUpState | None:
    return FollowUpState(text) if text in set(FollowUpState) else None


@blueprint.get("/follow-ups/<uuid:follow_up_id>")
@permit(Permission.SEE_BOARD, readonly=True)
def show(work: UnitOfWork, follow_up_id: UUID) -> str:
    """One call we owe, from its booking to now."""
    return _page(work, follow_up_id, "")


def _page(work: UnitOfWork, follow_up_id: UUID, fault: str) -> str:
    life = owed_call(work, follow_up_id)
    is_open = life.status is FollowUpStatus.OPEN
    holders = loads(work, life.campaign_code, life.receivable) if is_open else []
    return render_template(
        "follow_ups/show.html",
        life=life,
        is_open=is_open,
        holders=[
            (one.code, f"{one.code} {one.display_name}（担当 {one.open_cases}件）")
            for one in holders
        ],
        fault=fault,
        words=words,
        case_words=case_words,
    )


@blueprint.post("/follow-ups/<uuid:follow_up_id>/reassign")
@permit(Permission.ASSIGN_CASES)
def reassign(work: UnitOfWork, follow_up_id: UUID) -> Response | tuple[str, int]:
    """Gives the call and its case to somebody; the person makes the call from the own desk."""
    holder = request.form.get("holder", "")
    if not holder:
        return _page(work, follow_up_id, "だれに渡すかを選んでください。"), INVALID
    if reassign_follow_up(work, follow_up_id, holder):
        flash(f"{holder} に渡しました。時刻が来ると、次の案件として出ます。")
    else:
        flash("この再架電は、すでに済んだか、その担当のものです。何も変えていません。")
    return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id), 303)
