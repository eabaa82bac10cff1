"""Log-in state, permissions of routes, headers. Every route is open or names a permission."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import Flask, Response, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user

from secure_store.access import Actor, Mark, Permission, Role, has_mark, system_actor
from secure_store.errors import DomainError, NotAllowed
from secure_store.people import sessions
from secure_store.people.staff import LoginRefused, actor_of, display_name
from webui.server_sessions import ServerSessions
from webui.terminals import at_this_terminal, is_stranger
from webui.transactions import request_work, services

View = TypeVar("View", bound=Callable[..., Any])

BUSY = 503
READING = frozenset({"GET", "HEAD"})
TOUCH_EVERY = timedelta(seconds=20)

ROLE_LABELS = {
    Role.AGENT: "オペレーター",
    Role.SUPERVISOR: "業務管理者",
    Role.DEPARTMENT_OFFICER: "所管課",
    Role.SYSTEM_ADMIN: "システム管理者",
    Role.AUDITOR: "監査",
    Role.VERIFIER: "検証者",
    Role.SYSTEM: "システム",
}

# Everything else must name a permission, or the application does not start (security.md 7.3).
PUBLIC_ENDPOINTS = frozenset(
    {"static", "login.show", "login.enter", "health.healthz", "health.csp_report"}
)
# A half-open session, whose first password stands, may still do these.
ALWAYS_REACHABLE = frozenset(
    {
        "login.front",
        "login.locked",
        "login.resume",
        "login.leave",
        "login.lock",
        "login.active",
        "login.password",
        "login.change",
    }
)
# While the second factor is awaited, or has yet to be registered.
WITH_HALF_PROOF = frozenset(
    {"security_keys.check", "security_keys.ask", "security_keys.checked"}
    | {"security_keys.index", "security_keys.ask_new", "security_keys.register"}
)
# A locked one may not: changing the password would be a second place to try it.
NOT_WHILE_LOCKED = frozenset({"login.password", "login.change", "login.active"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
        "frame-ancestors 'none'; report-uri /csp-report"
    ),
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), usb=(), clipboard-read=(), display-capture=()"
    ),
}


class SessionLocked(DomainError):
    """The session is locked; the password opens it again."""

    code = "session_locked"


class StepUpNeeded(NotAllowed):
    """The act asks for a password given within the last five minutes."""

    code = "step_up_needed"


class RouteWithoutPermission(RuntimeError):
    """A route is neither public nor does it name a permission; the application does not start."""


class SignedIn(UserMixin):  # type: ignore[misc]  # the library is untyped
    """The person behind the session, read from the database at every request."""

    def __init__(self, actor: Actor, name: str) -> None:
        self.actor = actor
        self.display_name = name
        self.code = actor.code
        self.role_label = ROLE_LABELS[actor.role]

    def get_id(self) -> str:
        return self.actor.code


def load_person(code: str) -> SignedIn | None:
    """Rights are read anew each time: a person taken off the chart loses them at once (S4-14.3)."""
    settings = services().settings
    found: sessions.FoundSession | None = g.get("login_session")
    reference = found.token_hash[:8] if found else None
    with services().store.work(system_actor("web"), readonly=True) as work:
        try:
            actor = actor_of(
                work,
                code,
                session_ref=reference,
                request_id=g.get("request_id"),
                rehearsal=settings.is_rehearsal,
            )
        except LoginRefused:
            return None
        name = display_name(work, code)
    return None if is_stranger(actor.role) else SignedIn(at_this_terminal(actor), name)


def permit(
    permission: Permission, *, readonly: bool = False, opens: str = "work", fresh: bool = False
) -> Callable[[View], View]:
    """Marks a view with its permission and hands it a unit of work.

    ``opens="work"``: the view is called with the request's unit of work as first argument and its
    answer leaves only after the commit. ``opens="store"``: with the store and the actor, for slow
    work that opens its own short transactions. ``fresh``: the person must have proved who it is
    within the last five minutes; otherwise the answer leads to 再認証 and back to the page. A form
    that was sent is not kept: mark the page with the form as well, so that it opens fresh.
    """

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if not actor.may(permission):
                with request_work(actor):
                    raise NotAllowed(permission=permission.value)
            if (fresh or _acts_under_step_up(permission)) and not is_fresh():
                raise StepUpNeeded
            if opens == "store":
                return view(services().store, actor, *args, **kwargs)
            with request_work(actor, readonly=readonly) as work:
                return view(work, *args, **kwargs)

        guarded.__dict__["permission"] = permission
        guarded.__dict__["fresh"] = fresh
        return cast(View, guarded)

    return mark


def current_actor() -> Actor:
    """The signed-in person. Raises NotAllowed when nobody is."""
    if not current_user.is_authenticated:
        raise NotAllowed(permission="login")
    return cast(SignedIn, current_user._get_current_object()).actor


def _acts_under_step_up(permission: Permission) -> bool:
    """Acts whose permission is marked in the table; looking at the form is no act."""
    return has_mark(permission, Mark.STEP_UP) and request.method not in READING


def is_fresh() -> bool:
    """True when this session's person gave the password within the last five minutes."""
    found: sessions.FoundSession | None = g.get("login_session")
    return found is not None and found.is_fresh


def is_half() -> bool:
    """True while the second factor is awaited."""
    found: sessions.FoundSession | None = g.get("login_session")
    return found is not None and found.is_half


def begin_token(proof: sessions.Proof = sessions.Proof.NEW) -> None:
    """A new session under a new token, at log-in; the old one dies in the same moment."""
    session.renew = True  # type: ignore[attr-defined]
    session.proof = proof  # type: ignore[attr-defined]
    session.modified = True


def renew_token(proof: sessions.Proof = sessions.Proof.NEW) -> None:
    """The session goes on under a new token, after unlocking and step-up; the old one dies."""
    session.goes_on = True  # type: ignore[attr-defined]
    begin_token(proof)


def require_permissions_on_routes(app: Flask) -> None:
    """Refuses to start when a route is neither public nor marked (deny by default)."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint in PUBLIC_ENDPOINTS or rule.endpoint in ALWAYS_REACHABLE:
            continue
        if getattr(view, "permission", None) is None:
            raise RouteWithoutPermission(rule.endpoint)


def _guard_request() -> Response | None:
    g.request_id = secrets.token_hex(8)
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC_ENDPOINTS:
        return None
    if not current_user.is_authenticated:
        if request.method == "GET":
            return cast(Response, redirect(url_for("login.show")))
        raise NotAllowed(permission="login")
    found: sessions.FoundSession | None = g.get("login_session")
    if endpoint in ALWAYS_REACHABLE - NOT_WHILE_LOCKED:
        return None
    if found is not None and found.is_locked:
        raise SessionLocked
    detour = _detour(endpoint)
    if detour is None:
        _touch(found)
        return None
    return cast(Response, redirect(url_for(detour)))


def _detour(endpoint: str) -> str | None:
    """The page that comes before all others: an own password first, then the second factor."""
    if session.get("must_change_password"):
        return None if endpoint in NOT_WHILE_LOCKED else "login.password"
    if is_half() and endpoint not in WITH_HALF_PROOF:
        return "security_keys.check"
    return None


def _touch(found: sessions.FoundSession | None) -> None:
    """Counts as activity, unless the page polls in the background (decision 17)."""
    if found is None or request.headers.get("X-Background") == "1":
        return
    store = services().store
    if store.clock.now() - found.last_active_at >= TOUCH_EVERY:
        with store.work(system_actor("web")) as work:
            sessions.touch(work, found.token_hash)


def _secure_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Server"] = "dialer"
    if response.status_code == BUSY:
        response.headers["Retry-After"] = "5"
    return response


def install(app: Flask) -> None:
    """Hooks sessions, log-in state, the guard and the headers into the application."""
    app.session_interface = ServerSessions()
    manager = LoginManager()
    manager.session_protection = None  # our own table decides; a changed browser string does not
    manager.init_app(app)
    manager.user_loader(load_person)
    app.before_request(_guard_request)
    app.after_request(_secure_headers)
