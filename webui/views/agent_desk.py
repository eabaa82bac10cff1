"""The agent's desk: nothing in hand, or the case at its stage; own lists; Q&A (S4-11.2, 12.1c)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    Direction,
    UnknownCallerView,
    current_profile,
    desk_view,
    in_hand,
    keep_hold,
    own_cases,
    own_follow_ups,
    own_results,
    taken_from_hand,
    window_today,
)
from dialer.api import AgentActivity, on_duty, set_activity
from dialer.errors import LeaseLost
from scripts_talk.api import search
from secure_store.access import Actor, Permission
from secure_store.work import SecureStore, UnitOfWork
from webui.formatters import day_text, jst, moment_text
from webui.forms.agent_desk import qa_question
from webui.security import permit
from webui.views.desk_pages import (
    OUTCOME,
    activity_of,
    desk_page,
    must_tell_result,
    seat_of,
    serve_next,
)
from webui.views.desk_qa import answers_of
from webui.views.outcome_pages import outcome_page, unknown_caller_page
from webui.views.taken_back_page import taken_back_page
from webui.words.cases import FOLLOW_UP_WORDS, MARK_KINDS
from webui.words.follow_ups import REASON_WORDS

blueprint = Blueprint("agent_desk", __name__)

SEATS = {
    "ready": AgentActivity.READY,
    "break": AgentActivity.ON_BREAK,
    "away": AgentActivity.AWAY,
}
NOT_AT_WORK = (AgentActivity.ON_BREAK, AgentActivity.AWAY)


@blueprint.get("/desk")
@permit(Permission.TAKE_CASE)
def show(work: UnitOfWork) -> str:
    """The case in hand at its stage, or what waits."""
    view = desk_view(work)
    if view is None:
        return _ready_page(work)
    if isinstance(view, UnknownCallerView):
        return unknown_caller_page(work, view)
    if request.args.get("at") == OUTCOME and view.attempt is not None or must_tell_result(view):
        return outcome_page(work, view)
    if view.taken_back is not None:
        return taken_back_page(work, view, view.taken_back)
    return desk_page(work, view)


def _ready_page(work: UnitOfWork) -> str:
    owed = own_follow_ups(work)
    activity = activity_of(work)
    window = window_today(work)
    cases = own_cases(work)
    supervisors = on_duty(work)
    reason = ""
    if not supervisors:
        reason = "業務中の業務管理者がいません。業務開始を待ってください。"
    elif not window.is_open:
        reason = f"いまは実施時間の外です。次は {moment_text(window.next_opening)} からです。"
    due = sum(1 for one in owed if one.is_due)
    nexts = [one.due_at for one in owed if not one.is_due]
    if cases.next_at:
        nexts.append(cases.next_at)
    return render_template(
        "agent_desk/ready.html",
        seat=seat_of(work),
        cases=cases,
        owed=owed,
        due=due,
        late=sum(1 for one in owed if one.is_late),
        reason=reason,
        window=window,
        supervisors=[one.staff_code for one in supervisors],
        next_at=min(nexts, default=None),
        is_away=activity in NOT_AT_WORK,
        done_today=len(own_results(work)),
        now=work.now,
    )


@blueprint.post("/desk/next")
@permit(Permission.TAKE_CASE, opens="store")
def next_case(_store: SecureStore, actor: Actor) -> Response:
    """「次の案件へ」: due follow-ups first, then the list (S4-12.1c)."""
    serve_next(actor)
    return redirect(url_for("agent_desk.show"), 303)


@blueprint.post("/desk/seat")
@permit(Permission.TAKE_CASE)
def seat(work: UnitOfWork) -> Response:
    """Break, away, back at work; only with nothing in hand."""
    chosen = SEATS.get(request.form.get("seat", ""))
    if chosen is not None and in_hand(work) is None:
        set_activity(work, work.actor.code, chosen)
    return redirect(url_for("agent_desk.show"), 303)


@blueprint.post("/desk/help")
@permit(Permission.TAKE_CASE)
def help_wanted(work: UnitOfWork) -> Response:
    """応援: shown on the supervisor's board until the next act of the agent."""
    set_activity(work, work.actor.code, AgentActivity.HELP_WANTED)
    flash("業務管理者に応援を知らせました。", "info")
    return redirect(url_for("agent_desk.show"), 303)


@blueprint.post("/desk/alive")
@permit(Permission.TAKE_CASE)
def alive(work: UnitOfWork) -> tuple[str, int]:
    """The open desk keeps its case; sent in the background, no sign of activity (decision 17)."""
    try:
        keep_hold(work)
    except LeaseLost:
        return "", 409
    return "", 204


@blueprint.post("/desk/news")
@permit(Permission.TAKE_CASE, readonly=True)
def news(work: UnitOfWork) -> Response:
    """Asked every few seconds: did the city end the case in hand? Then the desk is drawn anew."""
    answer = Response(status=204)
    ended = taken_from_hand(work)
    known = request.form.get("shown") == "1"
    if ended is not None and not known and str(ended) == request.form.get("handling"):
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/desk/follow-ups")
@permit(Permission.TAKE_CASE, readonly=True)
def follow_ups(work: UnitOfWork) -> str:
    """The calls this agent owes, by time; those that are late are marked."""
    owed = own_follow_ups(work)
    rows = [
        {
            "day": day_text(jst(one.due_at).date()),
            "due": one.due_at,
            "agreed": one.agreed_at,
            "case": f"{one.campaign_code}　{one.row_number}行",
            "kind": FOLLOW_UP_WORDS[one.kind],
            "moved": REASON_WORDS[one.moved_reason] if one.moved_reason else "",
            "is_others": one.is_others,
            "is_late": one.is_late,
            "is_due": one.is_due,
        }
        for one in owed
    ]
    return render_template(
        "agent_desk/follow_ups.html",
        rows=rows,
        late=sum(1 for one in owed if one.is_late),
        seat=seat_of(work),
    )


@blueprint.get("/desk/results")
@permit(Permission.SEE_OWN_RESULTS, readonly=True)
def results(work: UnitOfWork) -> str:
    """Today's own calls: time, row, outcome and mark; no name, nothing to take away."""
    found = own_results(work)
    rows = [
        {
            "at": one.at,
            "direction": "入電" if one.direction is Direction.INBOUND else "発信",
            "case": f"{one.campaign_code}　{one.row_number}行" if one.row_number else "",
            "outcome": f"{one.code} {one.label}",
            "secondary": "・".join(one.secondary),
            "mark": MARK_KINDS[one.mark],
            "is_urgent": one.is_urgent,
        }
        for one in found
    ]
    return render_template("agent_desk/results.html", rows=rows, seat=seat_of(work), now=work.now)


@blueprint.route("/desk/qa", methods=["GET", "POST"])
@permit(Permission.SEARCH_QA, readonly=True)
def qa(work: UnitOfWork) -> str:
    """Q&A and general guidance of the approved collection; what is typed is not kept."""
    profile = current_profile(work)
    choices = [one for one in profile.receivables if work.actor.sees(one.code)]
    asked = qa_question(request.form, [one.code for one in choices])
    hits = search(work, asked.receivable, asked.text) if asked.receivable else []
    return render_template(
        "agent_desk/qa.html",
        choices=[(one.code, f"{one.code} {one.name}") for one in choices],
        asked=asked,
        hits=answers_of(work, hits),
        seat=seat_of(work),
    )
