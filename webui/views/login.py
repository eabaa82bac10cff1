"""Logging in and out, the idle lock, the change of the first password."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from dialer.api import leave_seat, step_away
from secure_store.access import Role, system_actor
from secure_store.audit.tags import Tag
from secure_store.people import sessions
from secure_store.people.login import change_password, prove
from secure_store.people.passwords import PasswordRefused
from secure_store.people.second_factor import needs_key
from secure_store.people.staff import must_change_password, rehearsal_staff
from secure_store.people.throttle import LoginAnswer
from webui.navigation import home_endpoint
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.security import begin_token, current_actor, load_person, renew_token
from webui.terminals import ANYWHERE, at_this_terminal, is_strange
from webui.transactions import request_work, services
from webui.words.passwords import (
    LOGIN_ANSWERS,
    NOT_HERE,
    OLD_PASSWORD_ANSWERS,
    PASSWORD_ANSWERS,
    PASSWORD_FAULTS,
)

blueprint = Blueprint("login", __name__)

PAUSES = frozenset({LoginAnswer.MUST_WAIT, LoginAnswer.LOCKED})
SESSIONS_OF = {Role.AGENT: 1}
MOST_SESSIONS = 2


@blueprint.get("/")
def front() -> Response:
    """The person's own first page."""
    if not current_user.is_authenticated:
        return redirect(url_for("login.show"))
    return redirect(url_for(home_endpoint(current_actor())))


@blueprint.get("/login")
def show() -> str | Response:
    """The log-in page; in rehearsal homes it names the ready persons."""
    if current_user.is_authenticated and not _is_locked():
        return redirect(url_for("login.front"))
    return _page("")


def _page(fault: str) -> str:
    persons = []
    if services().settings.is_rehearsal:
        with services().store.work(system_actor("web"), readonly=True) as work:
            persons = [person for person in rehearsal_staff(work) if person.bar is None]
    return render_template(
        "login/show.html", fault=fault, persons=persons, rehearsal_password=REHEARSAL_PASSWORD
    )


@blueprint.post("/login")
def enter() -> Response | tuple[str, int]:
    """Checks code and password; one sentence whatever is wrong (no enumeration)."""
    code = request.form.get("code", "").strip().upper()[:16]
    password = request.form.get("password", "")
    store = services().store
    only = ANYWHERE if is_strange() else None
    here = at_this_terminal(system_actor("web"))
    answer = prove(store, here, code, password, logs_in=True, only=only)
    person = load_person(code) if answer is LoginAnswer.ACCEPTED else None
    if person is None:
        # The same sentence for right and wrong passwords: this terminal learns nothing.
        refused = NOT_HERE if only else LOGIN_ANSWERS[LoginAnswer.REFUSED]
        return _page(LOGIN_ANSWERS[answer] if answer in PAUSES else refused), 401
    session.clear()
    with store.work(person.actor, readonly=True) as work:
        waits = needs_key(work, person.actor.role)
    begin_token(sessions.Proof.HALF if waits else sessions.Proof.NEW)
    login_user(person)
    with store.work(person.actor) as work:
        keep = SESSIONS_OF.get(person.actor.role, MOST_SESSIONS) - 1
        if ended := sessions.end_others(work, code, "newer_session", keep):
            work.audit(Tag.AUTH_SESSION_ENDED, reason="newer_session", count=ended, ref=code)
        must_change = must_change_password(work, code)
    session["must_change_password"] = must_change and not services().settings.is_rehearsal
    return redirect(url_for("login.front"))


@blueprint.post("/logout")
def leave() -> Response:
    """Ends the session; the browser forgets what it kept."""
    found = g.get("login_session")
    if found is not None and current_user.is_authenticated:
        with request_work(current_actor()) as work:
            sessions.end(work, found.token_hash, "logout")
            leave_seat(work, work.actor.code)
            work.audit(Tag.AUTH_LOGOUT)
    logout_user()
    session.clear()
    answer = redirect(url_for("login.show"))
    answer.headers["Clear-Site-Data"] = '"cache","cookies","storage"'
    return answer


def _is_locked() -> bool:
    found = g.get("login_session")
    return found is not None and found.is_locked


@blueprint.post("/lock")
def lock() -> tuple[str, int]:
    """Locks the session on the server; from now on every page answers 423."""
    found = g.get("login_session")
    if found is not None and current_user.is_authenticated:
        with request_work(current_actor()) as work:
            sessions.set_locked(work, found.token_hash, locked=True)
            step_away(work, work.actor.code)
    return "", 204


@blueprint.post("/active")
def active() -> tuple[str, int]:
    """Keys or pointer were used on a page; that the request was made is the whole message."""
    return "", 204


@blueprint.get("/lock")
def locked() -> str | Response:
    """The lock page; it holds nothing of any case."""
    if not current_user.is_authenticated:
        return redirect(url_for("login.show"))
    return render_template("login/lock.html", fault="")


@blueprint.post("/unlock")
def resume() -> Response | tuple[str, int]:
    """The password opens the session again."""
    found = g.get("login_session")
    if found is None or not current_user.is_authenticated:
        return redirect(url_for("login.show"))
    actor = current_actor()
    answer = prove(services().store, actor, actor.code, request.form.get("password", ""))
    if answer is LoginAnswer.ACCEPTED:
        with request_work(actor) as work:
            sessions.set_locked(work, found.token_hash, locked=False)
            is_proved = not needs_key(work, actor.role)
        renew_token(sessions.Proof.NEW if is_proved else sessions.Proof.KEPT)
        return redirect(url_for("login.front"))
    return render_template("login/lock.html", fault=PASSWORD_ANSWERS[answer]), 401


@blueprint.get("/password")
def password() -> str:
    """The person's own change of password; the first one must be changed."""
    return render_template("login/password.html", fault="", done=False)


@blueprint.post("/password")
def change() -> str | tuple[str, int]:
    """Changes the password of the signed-in person."""
    actor = current_actor()
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return render_template(
            "login/password.html", fault="新しいパスワードが一致していません。", done=False
        ), 422
    try:
        answer = change_password(services().store, actor, request.form.get("old", ""), new)
        if answer is LoginAnswer.ACCEPTED:
            with request_work(actor) as work:
                found = g.get("login_session")
                but = found.token_hash if found else None
                sessions.end_all(work, actor.code, "password_changed", but=but)
    except PasswordRefused as refused:
        fault = PASSWORD_FAULTS[refused.details["fault"]]
        return render_template("login/password.html", fault=fault, done=False), 422
    if answer is not LoginAnswer.ACCEPTED:
        fault = OLD_PASSWORD_ANSWERS[answer]
        return render_template("login/password.html", fault=fault, done=False), 422
    session["must_change_password"] = False
    return render_template("login/password.html", fault="", done=True)
