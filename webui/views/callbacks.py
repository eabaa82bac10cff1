"""折返し: one receivable is searched for the person on the line; every search is noted (S4-11.3a)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    FoundCase,
    Receivable,
    answer_callback,
    answer_unknown_caller,
    current_profile,
    in_hand,
    open_script,
    search_by_key,
    search_by_number,
    table_on,
)
from dialer.api import on_duty
from dialer.calendar.holidays import business_day
from dialer.errors import NumberUnusable
from secure_store.access import Actor, Permission
from secure_store.work import SecureStore, UnitOfWork
from webui.forms.callbacks import CallbackQuery, case_of_form, read_query
from webui.security import permit
from webui.sentences import SENTENCES
from webui.views.desk_pages import act, seat_of
from webui.words.cases import STATUS_WORDS
from webui.words.desk import short_label

blueprint = Blueprint("callbacks", __name__)


@blueprint.route("/callbacks", methods=["GET", "POST"])
@permit(Permission.SEARCH_CALLBACK)
def search(work: UnitOfWork) -> str | tuple[str, int]:
    """The search and what it found. Never by name, never in two receivables at once."""
    receivables = _receivables(work)
    if request.method == "GET":
        return _page(work, receivables, CallbackQuery("", "", ""), None)
    query = read_query(request.form, [one.code for one in receivables])
    if query.faults:
        return _page(work, receivables, query, None), 422
    try:
        found = _search(work, query)
    except NumberUnusable as refused:
        query.faults["number"] = SENTENCES[refused.code]
        return _page(work, receivables, query, None), 422
    return _page(work, receivables, query, found)


def _receivables(work: UnitOfWork) -> list[Receivable]:
    return [one for one in current_profile(work).receivables if work.actor.sees(one.code)]


def _search(work: UnitOfWork, query: CallbackQuery) -> list[FoundCase]:
    if query.number:
        return search_by_number(work, query.receivable, query.number)
    return search_by_key(work, query.receivable, query.key)


def _page(
    work: UnitOfWork,
    receivables: list[Receivable],
    query: CallbackQuery,
    found: list[FoundCase] | None,
) -> str:
    profile = current_profile(work)
    reason = ""
    if in_hand(work) is not None:
        reason = "手元に案件があります。先に結果を保存してください。"
    elif not on_duty(work):
        reason = SENTENCES["no_supervisor_on_duty"]
    return render_template(
        "callbacks/search.html",
        choices=[("", "選んでください")] * (not query.receivable)
        + [(one.code, f"{one.code} {one.name}") for one in receivables],
        query=query,
        found=None if found is None else [_line(work, query, one) for one in found],
        reason=reason,
        seat=seat_of(work),
        self_name=profile.self_name,
        now=work.now,
    )


def _line(work: UnitOfWork, query: CallbackQuery, found: FoundCase) -> dict[str, object]:
    last = ""
    if found.last_outcome:
        table = table_on(work, business_day(work.now)).table
        day = business_day(work.now)
        row = table.recorded_row(found.last_outcome, receivable=query.receivable, on=day)
        last = f"{row.code} {short_label(row.label_ja)}"
    return {
        "case": found.case_id,
        "kana": found.kana,
        "campaign": found.campaign_code,
        "status": STATUS_WORDS[found.status],
        "last": last,
        "last_at": found.last_attempt_at,
        "is_mine": found.is_mine,
    }


@blueprint.post("/callbacks/answer")
@permit(Permission.SEARCH_CALLBACK, opens="store")
def answer(_store: SecureStore, actor: Actor) -> Response:
    """「この方に応対する」: the case comes into hand at the greeting, whoever it is assigned to."""
    case_id = case_of_form(request.form)

    def take(work: UnitOfWork) -> None:
        open_script(work, answer_callback(work, case_id).handling_id)

    act(actor, take)
    return redirect(url_for("agent_desk.show"), 303)


@blueprint.post("/callbacks/unknown")
@permit(Permission.SEARCH_CALLBACK, opens="store")
def unknown(_store: SecureStore, actor: Actor) -> Response:
    """「一覧にない方・無言」: counted with its code, nothing is kept about anybody."""
    act(actor, answer_unknown_caller)
    return redirect(url_for("agent_desk.show"), 303)
