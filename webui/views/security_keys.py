"""FIDO2 keys of the signed-in person: asked for after the password, registered, given up.

(C8, security.md 7.2; off in rehearsal homes)
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from secure_store.access import Actor, Permission
from secure_store.people import security_keys
from secure_store.people.second_factor import keys_of, needs_key
from secure_store.people.security_keys import KeyRefused, Question, Site
from secure_store.people.sessions import FRESH
from secure_store.work import SecureStore, UnitOfWork
from webui.security import is_fresh, is_half, permit, renew_token
from webui.sentences import SENTENCES
from webui.step_up import PASSWORD_GIVEN, own_page
from webui.transactions import request_work

blueprint = Blueprint("security_keys", __name__)
CHALLENGE = "key_challenge"
NAME = "電話納付案内センター"


def _site() -> Site:
    return Site(request.host.rsplit(":", 1)[0], request.host_url.rstrip("/"))


def _asked(question: Question) -> Response:
    session[CHALLENGE] = question.challenge
    return Response(question.options, mimetype="application/json")


@blueprint.get("/keys/check")
@permit(Permission.USE_OWN_ACCOUNT, readonly=True)
def check(work: UnitOfWork) -> str | Response:
    """Asks for the key; whoever has none yet registers one first."""
    if not keys_of(work, work.actor.code):
        return redirect(url_for("security_keys.index"), 303)
    return render_template("keys/check.html", fault="")


@blueprint.post("/keys/check/ask")
@permit(Permission.USE_OWN_ACCOUNT, readonly=True)
def ask(work: UnitOfWork) -> Response:
    """The question for the key."""
    return _asked(security_keys.ask_key(work, _site()))


@blueprint.post("/keys/check")
@permit(Permission.USE_OWN_ACCOUNT, opens="store")
def checked(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """The key has answered: the session is whole and fresh, under a new token."""
    back = _where_to(store)
    challenge, answer = session.pop(CHALLENGE, ""), request.form.get("answer", "")
    with request_work(actor) as work:
        is_right = bool(back) and security_keys.check_key(work, _site(), challenge, answer)
    if not back:
        return redirect(url_for("step_up.show"), 303)
    if not is_right:
        return render_template("keys/check.html", fault=SENTENCES["security_key_refused"]), 401
    session.pop(PASSWORD_GIVEN, None)
    renew_token()
    return redirect(back, 303)


def _where_to(store: SecureStore) -> str:
    """The page after the key; nothing when the password was not given just before."""
    if is_half():
        return url_for("login.front")
    back, at = session.get(PASSWORD_GIVEN, ("", 0.0))
    is_late = store.clock.now().timestamp() - float(at) > FRESH.total_seconds()
    return "" if is_late else own_page(back)


@blueprint.get("/keys")
@permit(Permission.USE_OWN_ACCOUNT, readonly=True)
def index(work: UnitOfWork) -> str:
    """The person's own keys: one to use, one to spare."""
    return _index(work, "")


def _index(work: UnitOfWork, fault: str) -> str:
    keys = security_keys.own_keys(work)
    return render_template(
        "keys/index.html",
        keys=keys,
        fault=fault,
        is_needed=needs_key(work, work.actor.role),
        may_register=_may_register(work),
        waits=is_half(),
        most=security_keys.MOST_KEYS,
    )


def _may_register(work: UnitOfWork) -> bool:
    """The first key after the password; a further one only when the first was shown just now."""
    return is_fresh() or not keys_of(work, work.actor.code)


@blueprint.post("/keys/ask")
@permit(Permission.USE_OWN_ACCOUNT, readonly=True)
def ask_new(work: UnitOfWork) -> Response:
    """The question for a new key. Raises KeyRefused."""
    if not _may_register(work):
        raise KeyRefused(reason="not_fresh")
    return _asked(security_keys.ask_to_register(work, _site(), NAME))


@blueprint.post("/keys")
@permit(Permission.USE_OWN_ACCOUNT, opens="store")
def register(_store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Keeps the new key; the first one makes the session whole."""
    challenge, answer = session.pop(CHALLENGE, ""), request.form.get("answer", "")
    try:
        with request_work(actor) as work:
            if not _may_register(work):
                raise KeyRefused(reason="not_fresh")
            security_keys.register_key(work, _site(), challenge, answer)
    except KeyRefused as refused:
        with request_work(actor, readonly=True) as work:
            return _index(work, SENTENCES[refused.code]), 422
    if is_half():
        renew_token()
    return redirect(url_for("security_keys.index"), 303)


@blueprint.post("/keys/<uuid:key_id>/give-up")
@permit(Permission.USE_OWN_ACCOUNT, fresh=True)
def give_up(work: UnitOfWork, key_id: UUID) -> Response:
    """A key that was lost or handed back; the last one stays."""
    security_keys.give_up_key(work, key_id)
    return redirect(url_for("security_keys.index"), 303)
