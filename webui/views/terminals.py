"""Registered terminals: this browser is enrolled where it stands, others are revoked.

(S4-8.6c, S4-14.3, decision 18)
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from secure_store.access import Actor, Permission, TerminalKind
from secure_store.people.terminals import (
    LABEL_LONGEST,
    TerminalExists,
    TerminalInvalid,
    enrol_terminal,
    revoke_terminal,
    terminals,
)
from secure_store.work import SecureStore, UnitOfWork
from webui.security import permit
from webui.sentences import SENTENCES
from webui.terminals import keep_terminal, this_terminal
from webui.transactions import request_work
from webui.words.terminals import KIND_HELP, KIND_WORDS

blueprint = Blueprint("terminals", __name__)


@blueprint.get("/terminals")
@permit(Permission.SEE_STAFF, readonly=True)
def index(work: UnitOfWork) -> str:
    """All terminals, and the form that registers this one."""
    return _page(work, "")


def _page(work: UnitOfWork, fault: str) -> str:
    return render_template(
        "terminals/index.html",
        terminals=terminals(work),
        here=this_terminal(),
        may_manage=work.actor.may(Permission.MANAGE_TERMINALS),
        kinds=[(kind.value, KIND_WORDS[kind]) for kind in TerminalKind],
        kind_words=KIND_WORDS,
        kind_help=KIND_HELP,
        label_longest=LABEL_LONGEST,
        typed=request.form,
        address=request.remote_addr or "",
        fault=fault,
        done=request.args.get("done", ""),
    )


@blueprint.post("/terminals")
@permit(Permission.MANAGE_TERMINALS, opens="store")
def enrol(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Registers the terminal in front of which the administrator sits."""
    try:
        with request_work(actor) as work:
            told = enrol_terminal(
                work,
                request.form.get("code", "").strip().upper(),
                request.form.get("label", ""),
                TerminalKind(request.form.get("kind", "")),
                request.form.get("addresses", ""),
            )
    except (TerminalInvalid, TerminalExists) as refused:
        with store.work(actor, readonly=True) as work:
            return _page(work, SENTENCES[refused.code]), 422
    except ValueError:
        with store.work(actor, readonly=True) as work:
            return _page(work, "端末の用途を選んでください。"), 422
    return keep_terminal(redirect(url_for("terminals.index", done="enrolled"), 303), told)


@blueprint.post("/terminals/<code>/revoke")
@permit(Permission.MANAGE_TERMINALS)
def revoke(work: UnitOfWork, code: str) -> Response:
    """The terminal is no longer one of ours, from its next request on."""
    revoke_terminal(work, code)
    return redirect(url_for("terminals.index", done="revoked"), 303)
