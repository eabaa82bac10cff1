"""What the agent does with the case in hand before its result: permit, line, script, identity."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    DeskView,
    Direction,
    Draft,
    IdentityResult,
    LineResult,
    Stage,
    all_match,
    ask_permit,
    desk_view,
    extend_permit,
    finish_comparing,
    forget_spare,
    go_to_step,
    keep_draft,
    note_comparison,
    note_line,
    number_compared,
    put_back,
    read_draft,
    start_comparing,
)
from campaigns.errors import NotYourCase
from secure_store.access import Actor, Permission
from secure_store.work import SecureStore, UnitOfWork
from webui.forms.agent_desk import Typed, handling_of, verdicts_of
from webui.security import permit
from webui.views.desk_outcome import record_typed
from webui.views.desk_pages import OUTCOME, act, is_line_row, line_result_of

blueprint = Blueprint("desk_call", __name__)

CONNECTED = "connected"
REFUSED = {Direction.OUTBOUND: "41", Direction.INBOUND: "82"}
MISMATCHED = {Direction.OUTBOUND: "42", Direction.INBOUND: "82"}


def _desk(at: str = "") -> Response:
    return redirect(url_for("agent_desk.show", at=at or None), 303)


def _handling() -> UUID:
    return handling_of(request.form.get("handling", ""))


def _do(actor: Actor, do: Callable[[UnitOfWork, UUID], object]) -> Response:
    handling = _handling()
    act(actor, lambda work: do(work, handling))
    return _desk()


@blueprint.post("/desk/permit")
@permit(Permission.TAKE_CASE, opens="store")
def ask(_store: SecureStore, actor: Actor) -> Response:
    """Asks for the dial permit; every condition is asked again (decision 6)."""
    return _do(actor, ask_permit)


@blueprint.post("/desk/permit/renew")
@permit(Permission.TAKE_CASE, opens="store")
def renew(_store: SecureStore, actor: Actor) -> Response:
    """Another term for the permit, after the same checks."""
    return _do(actor, extend_permit)


@blueprint.post("/desk/compared")
@permit(Permission.TAKE_CASE, opens="store")
def compared(_store: SecureStore, actor: Actor) -> Response:
    """番号照合済: the attempt begins."""
    return _do(actor, number_compared)


@blueprint.post("/desk/put-back")
@permit(Permission.TAKE_CASE, opens="store")
def give_back(_store: SecureStore, actor: Actor) -> Response:
    """「戻す」: only before dialling (S4-11.2e)."""
    return _do(actor, put_back)


@blueprint.post("/desk/hung-up")
@permit(Permission.TAKE_CASE, opens="store")
def hung_up(_store: SecureStore, actor: Actor) -> Response:
    """The talk is over; what is left is the result."""
    handling = _handling()
    act(actor, lambda work: note_line(work, handling, LineResult.HUNG_UP))
    return _desk(OUTCOME)


@blueprint.post("/desk/line")
@permit(Permission.TAKE_CASE, opens="store")
def line(_store: SecureStore, actor: Actor) -> Response:
    """What the line did. A typed code wins; Ctrl+Enter on a code records it at once."""
    handling = _handling()
    code = request.form.get("line_code", "").strip() or request.form.get("line", "")
    if code == CONNECTED:
        act(actor, lambda work: note_line(work, handling, LineResult.CONNECTED))
        return _desk()
    noted = act(actor, lambda work: _note_line_code(work, handling, code))
    if noted and request.form.get("at_once") == "1":
        return record_typed(actor, handling, Typed((("outcome", code),)))
    return _desk(OUTCOME if noted else "")


def _note_line_code(work: UnitOfWork, handling: UUID, code: str) -> bool:
    view = _view_of(work, handling)
    row = next((row for row in view.outcomes if row.code == code and is_line_row(row)), None)
    if row is None:
        flash("その番号は、回線の結果では使えません。一覧から選びます。", "care")
        return False
    note_line(work, handling, line_result_of(row))
    keep_draft(work, handling, Draft((("outcome", row.code),)))
    return True


def _view_of(work: UnitOfWork, handling: UUID) -> DeskView:
    """The case in hand, when it is still the one the form was made for."""
    view = desk_view(work)
    if not isinstance(view, DeskView) or view.handling_id != handling:
        raise NotYourCase
    return view


def suggest(work: UnitOfWork, view: DeskView, code: str) -> None:
    """Writes an outcome into the draft, so that it stands there when the result is entered."""
    if not any(row.code == code for row in view.outcomes):
        return
    typed = Typed(read_draft(work, view.handling_id).entries).with_values("outcome", code)
    keep_draft(work, view.handling_id, Draft(typed.entries))


@blueprint.post("/desk/step")
@permit(Permission.TAKE_CASE, opens="store")
def step(_store: SecureStore, actor: Actor) -> Response:
    """An answer of the script: the next words, or the result it leads to."""
    handling, key = _handling(), request.form.get("answer", "")
    at = act(actor, lambda work: _follow(work, handling, key))
    return _desk(at or "")


def _follow(work: UnitOfWork, handling: UUID, key: str) -> str:
    view = _view_of(work, handling)
    answer = next((one for one in view.script.step.answers if one.key == key), None)
    if answer is None:
        return ""
    if answer.confirms_identity and view.stage is Stage.IDENTITY:
        all_match(work, handling)
        return ""
    if len(answer.outcome_codes) == 1:
        suggest(work, view, answer.outcome_codes[0])
    if answer.to in view.script.open_steps:
        go_to_step(work, handling, str(answer.to))
        return ""
    if answer.to is not None and _may_compare(view):
        start_comparing(work, handling)
        return ""
    return OUTCOME


def _may_compare(view: DeskView) -> bool:
    return view.stage is Stage.GREETING and view.identity_result is IdentityResult.PENDING


@blueprint.post("/desk/identity")
@permit(Permission.TAKE_CASE, opens="store")
def begin(_store: SecureStore, actor: Actor) -> Response:
    """「本人確認を始める」: only now are the items to compare sent (decision 5)."""
    return _do(actor, start_comparing)


@blueprint.post("/desk/identity/items")
@permit(Permission.TAKE_CASE, opens="store")
def compare(_store: SecureStore, actor: Actor) -> Response:
    """Keeps what was found item by item."""
    found = verdicts_of(request.form.items())
    return _do(actor, lambda work, handling: note_comparison(work, handling, found))


@blueprint.post("/desk/identity/spare")
@permit(Permission.TAKE_CASE, opens="store")
def spare(_store: SecureStore, actor: Actor) -> Response:
    """Takes the answer to the spare item back."""
    return _do(actor, forget_spare)


@blueprint.post("/desk/identity/finish")
@permit(Permission.TAKE_CASE, opens="store")
def finish(_store: SecureStore, actor: Actor) -> Response:
    """Judges the comparison: the guidance opens, or the result is all that is left."""
    handling, refused = _handling(), request.form.get("verdict") == "refused"
    at = act(actor, lambda work: _finish(work, handling, refused))
    return _desk(at or "")


def _finish(work: UnitOfWork, handling: UUID, refused: bool) -> str:
    view = _view_of(work, handling)
    result = finish_comparing(work, handling, refused=refused)
    codes = {IdentityResult.REFUSED: REFUSED, IdentityResult.MISMATCHED: MISMATCHED}.get(result)
    if codes is None:
        return ""
    suggest(work, view, codes[view.direction])
    return OUTCOME


@blueprint.post("/desk/to-outcome")
@permit(Permission.TAKE_CASE, readonly=True)
def to_outcome(_work: UnitOfWork) -> Response:
    """「結果へ」."""
    return _desk(OUTCOME)
