"""Stage 4: code, required fields at once, effects in words, saving and the next case (S4-11.2e)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from uuid import UUID

from flask import (
    Blueprint,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from campaigns.api import (
    DeskView,
    Direction,
    Draft,
    Recorded,
    UnknownCallerView,
    desk_view,
    direction_of,
    in_hand,
    keep_draft,
    last_promise_day,
    legal_day,
    record_outcome,
)
from campaigns.errors import NotYourCase, OutcomeIncomplete
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import DomainError, NotAllowed
from secure_store.work import SecureStore, UnitOfWork
from webui.formatters import seconds_text
from webui.forms.agent_desk import Typed, handling_of, read_result
from webui.forms.day_answers import (
    DayAnswer,
    DayKind,
    day_or_reason,
    follow_up_answer,
    paid_answer,
    promise_answer,
)
from webui.forms.follow_up_picker import PICK, with_pick
from webui.security import permit
from webui.transactions import request_work
from webui.views.desk_pages import OUTCOME, act, saved_text, serve_next
from webui.views.outcome_pages import fields_page, outcome_page, unknown_caller_page
from webui.words.desk import fault_sentences, refusal_text

blueprint = Blueprint("desk_outcome", __name__)

CODE = re.compile(r"\d{2}")


def _typed() -> Typed:
    """The form as a result; without script the code stands in the typed text only."""
    typed = Typed.of(request.form.items(multi=True))
    for name in ("outcome", "payment_method"):
        typed_text = unicodedata.normalize("NFKC", request.form.get(f"{name}_typed", ""))
        found = CODE.match(typed_text.strip())
        if name == "outcome" and not typed.one(name) and found:
            typed = typed.with_values(name, found[0])
    return typed


def _desk(at: str = "") -> Response:
    return redirect(url_for("agent_desk.show", at=at or None), 303)


@blueprint.post("/desk/outcome")
@permit(Permission.TAKE_CASE, opens="store")
def save(_store: SecureStore, actor: Actor) -> Response:
    """Records the result and serves the next case; or adds and takes away secondary codes."""
    handling, typed = handling_of(request.form.get("handling", "")), _typed()
    changed = _second_codes(typed) or with_pick(typed, request.form.get(PICK, ""))
    if changed is None:
        return record_typed(actor, handling, typed)
    act(actor, lambda work: keep_draft(work, handling, Draft(changed.entries)))
    return _desk(OUTCOME)


def _second_codes(typed: Typed) -> Typed | None:
    codes = typed.many("second_code")
    removed = request.form.get("remove_code")
    if removed:
        return typed.with_values("second_code", *(code for code in codes if code != removed))
    if "add_second" not in request.form:
        return None
    text = request.form.get("second") or request.form.get("second_typed", "")
    found = CODE.match(unicodedata.normalize("NFKC", text).strip())
    if not found or found[0] in codes:
        return typed
    return typed.with_values("second_code", *codes, found[0])


def record_typed(actor: Actor, handling: UUID, typed: Typed) -> Response:
    """Records what was typed; with faults the form comes back, each at its field."""
    try:
        with request_work(actor) as work:
            known = _direction(work, handling)
            read = read_result(typed, business_day(work.now), known or Direction.OUTBOUND)
            faults = read.faults if known else {}
            recorded = None if faults else record_outcome(work, handling, read.entry)
    except NotAllowed:
        raise
    except OutcomeIncomplete as refused:
        texts = {"note": typed.one("note"), "paid_where": typed.one("paid_where")}
        return _again(actor, typed, fault_sentences(refused.details["faults"], texts))
    except DomainError as refused:
        flash(refusal_text(refused), "care")
        return _desk(OUTCOME)
    if recorded is None:
        return _again(actor, typed, read.faults)
    return _recorded(actor, recorded, is_new=known is not None)


def _direction(work: UnitOfWork, handling: UUID) -> Direction | None:
    """None when the handling is over: the same form may have been sent twice (I2)."""
    try:
        return direction_of(work, handling)
    except NotYourCase:
        return None


def _recorded(actor: Actor, recorded: Recorded, *, is_new: bool) -> Response:
    at = seconds_text(recorded.recorded_at)
    if not is_new:
        flash(f"結果はすでに保存されています（{at}）。もう一度保存する必要はありません。", "info")
        return _desk()
    flash(f"{recorded.code} を保存しました {at}", "done")
    serve_next(actor)
    return _desk()


def _again(actor: Actor, typed: Typed, faults: dict[str, str]) -> Response:
    with request_work(actor) as work:
        view = desk_view(work)
        if view is None:
            return _desk()
        if isinstance(view, UnknownCallerView):
            page = unknown_caller_page(work, view, typed, faults)
        else:
            page = outcome_page(work, view, typed, faults)
    return make_response(page, 422)


def _view_in_hand(work: UnitOfWork) -> DeskView | UnknownCallerView:
    view = desk_view(work)
    if view is None:
        raise NotYourCase
    return view


@blueprint.post("/desk/outcome/fields")
@permit(Permission.TAKE_CASE)
def fields(work: UnitOfWork) -> str:
    """The fields of the code just chosen, with what it leads to."""
    page = fields_page(work, _view_in_hand(work), _typed())
    return render_template("agent_desk/_outcome_fields.html", **page)


@blueprint.post("/desk/outcome/effects")
@permit(Permission.TAKE_CASE)
def effects(work: UnitOfWork) -> str:
    """What the result leads to, as far as it is entered."""
    page = fields_page(work, _view_in_hand(work), _typed())
    return render_template("agent_desk/_effects.html", **page)


@blueprint.post("/desk/outcome/slots")
@permit(Permission.TAKE_CASE)
def slots(work: UnitOfWork) -> str:
    """The times to offer, and what becomes of the one in the fields; a button fills them."""
    typed = _typed()
    picked = with_pick(typed, request.form.get(PICK, ""))
    page = fields_page(work, _view_in_hand(work), picked or typed)
    return render_template("agent_desk/_slots.html", **page, was_picked=picked is not None)


@blueprint.post("/desk/draft")
@permit(Permission.TAKE_CASE)
def draft(work: UnitOfWork) -> tuple[str | Response, int]:
    """Keeps what was typed, sealed with the case."""
    handling = handling_of(request.form.get("handling", ""))
    if not keep_draft(work, handling, Draft(_typed().entries)):
        return "", 204
    return jsonify(text=saved_text(work.now)), 200


@blueprint.post("/desk/dates/<kind>/<code>")
@permit(Permission.TAKE_CASE)
def dates(work: UnitOfWork, kind: str, code: str) -> Response:
    """What a date field means, and whether the day may be used; the server's word counts."""
    text = request.form.get("text", "")
    if kind not in set(DayKind) or not CODE.fullmatch(code):
        return jsonify(asdict(DayAnswer()))
    return jsonify(asdict(_day_answer(work, text, DayKind(kind), code)))


def _day_answer(work: UnitOfWork, text: str, kind: DayKind, code: str) -> DayAnswer:
    today = business_day(work.now)
    found = day_or_reason(text, kind, today)
    if isinstance(found, DayAnswer):
        return found
    held = in_hand(work)
    if held is None:
        raise NotYourCase
    handling = held.handling_id
    if kind is DayKind.PAID:
        return paid_answer(found, today)
    if kind is DayKind.PROMISE:
        return promise_answer(found, today, last_promise_day(work, handling, code))
    return follow_up_answer(legal_day(work, handling, found), today)
