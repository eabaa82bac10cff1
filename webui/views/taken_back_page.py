"""The desk after the city ended the case in hand: what to say, how to end; no route stands here."""

from __future__ import annotations

from flask import render_template

from campaigns.api import DeskView, IdentityResult, TakenBack
from secure_store.work import UnitOfWork
from webui.views.desk_pages import frame, line_choices, past_line
from webui.words import notices as words


def taken_back_page(work: UnitOfWork, view: DeskView, back: TakenBack) -> str:
    """Before dialling, while it rings, or in the middle of the talk."""
    dialled = view.attempt is not None
    connected = view.attempt is not None and view.attempt.answered_at is not None
    page = frame(work, view, view.stage.value) | {
        "past": [past_line(call) for call in view.past_calls],
        "is_connected": connected,
        "is_dialled": dialled,
        "line_choices": line_choices(view),
        "back_text": words.RINGING if dialled else words.NOT_DIALLED,
        "back_after": words.AFTER_CALL if dialled else "",
    }
    if connected:
        page |= _to_say(view, back)
    return render_template("agent_desk/taken_back.html", **page)


def _to_say(view: DeskView, back: TakenBack) -> dict[str, object]:
    if view.identity_result is IdentityResult.PASSED:
        return {
            "back_text": words.TALKING[back.reason],
            "back_closing": words.CLOSING_WORDS[back.reason],
        }
    return {"back_text": words.TALKING_TO_ANYBODY, "back_closing": words.CLOSING_TO_ANYBODY}
