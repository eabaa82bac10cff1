"""The web application, made from the services of one home."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from campaigns.api import WindowToday, current_profile, window_today
from secure_store.access import system_actor
from secure_store.people.sessions import IDLE_LOCK, IDLE_LOCK_TALKING
from webui import edge, errors, formatters, navigation, security, server_sessions
from webui.services import Services
from webui.shut_home import refusing_while_shut
from webui.transactions import EXTENSION
from webui.uploads import RequestInMemory
from webui.view_list import ALL_VIEWS


@dataclass(frozen=True, slots=True)
class WindowText:
    """The calling window as the top bar shows it."""

    text: str
    is_open: bool
    closes_iso: str
    next_text: str


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every page is given, and nothing more."""

    rehearsal: bool
    clock_text: str
    clock_iso: str
    user: security.SignedIn | None
    menu: list[navigation.MenuItem]
    window: WindowText | None
    contract_title: str
    brand: str
    lock_seconds: int
    lock_seconds_talking: int


def _now_text(window: WindowToday) -> str:
    """The window that is open, or all of the day: the top bar is narrow."""
    if window.opened_at is None or window.closes_at is None:
        return window.text
    return f"{window.opened_at:%H:%M}–{window.closes_at:%H:%M}"


def _page_context(services: Services) -> PageContext:
    with services.store.work(system_actor("web"), readonly=True) as work:
        profile = current_profile(work)
        window = window_today(work)
        now = work.now
    person = current_user._get_current_object() if current_user.is_authenticated else None
    return PageContext(
        rehearsal=services.settings.is_rehearsal,
        clock_text=f"訓練の時計：{formatters.long_moment_text(now)}",
        clock_iso=now.isoformat(),
        user=person,
        menu=navigation.menu_for(person.actor) if person else [],
        window=WindowText(
            text=_now_text(window),
            is_open=window.is_open,
            closes_iso=window.closes_at.isoformat() if window.closes_at else "",
            next_text=formatters.moment_text(window.next_opening),
        ),
        contract_title=profile.title,
        brand=profile.self_name,
        lock_seconds=int(IDLE_LOCK.total_seconds()),
        lock_seconds_talking=int(IDLE_LOCK_TALKING.total_seconds()),
    )


def create_app(services: Services) -> Flask:
    """Builds the application; refuses to start when a route has no permission."""
    app = Flask("webui", static_folder="static", template_folder="templates")
    app.request_class = RequestInMemory
    app.config.update(
        SECRET_KEY=services.web_secret,
        SESSION_COOKIE_NAME=(
            server_sessions.COOKIE_REHEARSAL
            if services.settings.is_rehearsal
            else server_sessions.COOKIE_PRODUCTION
        ),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions[EXTENSION] = services
    app.jinja_env.filters.update(formatters.FILTERS)
    app.jinja_env.autoescape = True
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    edge.install(app)
    csrf = CSRFProtect(app)
    security.install(app)
    errors.install(app)
    _register(app, csrf)
    app.context_processor(lambda: _template_globals(services))
    security.require_permissions_on_routes(app)
    app.wsgi_app = refusing_while_shut(app.wsgi_app, services.store)  # type: ignore[method-assign, assignment]
    return app


def _register(app: Flask, csrf: CSRFProtect) -> None:
    for module in ALL_VIEWS:
        app.register_blueprint(module.blueprint)
    csrf.exempt(app.view_functions["health.csp_report"])


def _template_globals(services: Services) -> dict[str, object]:
    if "page_context" not in g:
        g.page_context = _page_context(services)
    return {
        "app_ctx": g.page_context,
        "role_labels": security.ROLE_LABELS,
        "request_id": g.get("request_id", ""),
        "current_path": request.path,
    }
