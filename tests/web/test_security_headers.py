"""Headers and cookies, open addresses, tokens against forged forms."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from secure_store.access import Permission
from tests.web.pages import Browser, enrol, make_app
from tests.web.signed_in import OPEN_ADDRESSES, OWN_ADDRESSES, addresses, signed_in
from webui import security
from webui.app import create_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services

ROOT = Path(__file__).resolve().parents[2]
EVERYBODY = ("SV01", "OP01", "CF01", "AD01", "AU01", "VF01")

# security.md 8.7, word for word.
ALWAYS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'; report-uri /csp-report",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), clipboard-read=(), "
    "display-capture=()",
    "Server": "dialer",
}
OF_THE_ANSWER = {"Content-Type", "Content-Length", "Cache-Control", "Location", "Set-Cookie"}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, *EVERYBODY)
    return make_app(home)


# Headers.


@pytest.mark.parametrize(
    ("path", "status"),
    [("/login", 302), ("/password", 200), ("/board", 200), ("/none", 404), ("/desk/next", 405), ("/", 302),
     ("/healthz", 200), ("/audit", 403), ("/static/js/app.js", 200)],
)  # fmt: skip
def test_every_answer_carries_exactly_these_headers(
    app: Flask, home: Services, path: str, status: int
) -> None:
    answer = Browser(app, home, "SV01").client.get(path)
    answer.close()
    more = {"Vary"} | ({"Allow"} if status == 405 else set())
    if path.startswith("/static"):
        more |= {"ETag", "Last-Modified", "Date", "Content-Disposition", "Accept-Ranges"}
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert set(answer.headers.keys()) <= set(ALWAYS) | OF_THE_ANSWER | more
    stored = "public, max-age=3600" if path.startswith("/static") else "no-store"
    assert answer.headers["Cache-Control"] == stored


@pytest.mark.clause("S4-8.6f")
def test_no_page_may_be_kept_by_a_browser(app: Flask, home: Services) -> None:
    for code in EVERYBODY:
        client = Browser(app, home, code).client
        for _rule, path in addresses(app, "GET"):
            assert client.get(path).headers["Cache-Control"] == "no-store", path


@pytest.mark.clause("S4-8.6f")
def test_our_pages_keep_nothing_in_the_browser(app: Flask, home: Services) -> None:
    keeps = re.compile(r"localStorage|sessionStorage|indexedDB|\bcaches\.|serviceWorker|\.cookie\b")
    ours = [*(ROOT / "webui/static/js").rglob("*.js"), *(ROOT / "webui/templates").rglob("*.html")]
    assert len(ours) > 20
    assert [path.name for path in ours if keeps.search(path.read_text("utf-8"))] == []
    page = Browser(app, home, "OP01").client.get("/desk").get_data(as_text=True)
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", page)
    assert found
    settings = json.loads(found[1])
    assert (settings["historyEnabled"], settings["historyCacheSize"]) == (False, 0)


@pytest.mark.clause("S4-8.6f")
def test_the_browser_forgets_everything_at_the_end(app: Flask, home: Services) -> None:
    answer = signed_in(app, home, "OP01").post("/logout", status=302)
    assert answer.headers["Clear-Site-Data"] == '"cache","cookies","storage"'


def test_the_cookie_is_for_this_server_alone(app: Flask, home: Services) -> None:
    answer = app.test_client().get("/login")
    name, *flags = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("dialer=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Strict"]


def test_in_a_production_home_the_cookie_goes_over_tls_only(home: Services) -> None:
    real = replace(home, settings=replace(home.settings, is_rehearsal=False))
    answer = create_app(real).test_client().get("/login", base_url="https://localhost")
    name, *flags = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-dialer=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]


# Who may come in.


@pytest.mark.clause("T21")
def test_exactly_four_addresses_are_open(app: Flask) -> None:
    client = app.test_client()
    opened = {rule.rule for rule in app.url_map.iter_rules() if _is_open(rule)}
    assert opened == OPEN_ADDRESSES
    for rule, path in addresses(app, "GET"):
        answer = client.get(path)
        if rule.rule not in OPEN_ADDRESSES:
            assert (answer.status_code, answer.headers["Location"]) == (302, "/login"), path


def _is_open(rule: Rule) -> bool:
    return rule.endpoint in security.PUBLIC_ENDPOINTS


@pytest.mark.clause("T21")
def test_every_other_address_names_its_permission(app: Flask) -> None:
    without = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if not isinstance(
            getattr(app.view_functions[rule.endpoint], "permission", None), Permission
        )
    }
    assert without == OPEN_ADDRESSES | OWN_ADDRESSES


@pytest.mark.clause("T21")
def test_a_route_without_permission_stops_the_start(
    home: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webui import app as made

    registered = made._register

    def with_one_more(app: Flask, *others: object) -> None:
        registered(app, *others)
        app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")

    monkeypatch.setattr(made, "_register", with_one_more)
    with pytest.raises(security.RouteWithoutPermission):
        create_app(home)


@pytest.mark.clause("S4-9.3")
def test_a_form_of_another_site_changes_nothing(app: Flask, home: Services) -> None:
    for code in ("SV01", "OP01", "AD01"):
        browser = Browser(app, home, code)
        for rule, path in addresses(app, "POST"):
            if rule.rule == "/csp-report":  # says only that something was refused
                continue
            assert browser.post_without_token(path).status_code == 400, path
    nobody = app.test_client()
    form = {"code": "SV01", "password": REHEARSAL_PASSWORD}
    assert nobody.post("/login", data=form).status_code == 400


def test_the_token_of_one_session_opens_no_form_of_another(app: Flask, home: Services) -> None:
    mine, theirs = Browser(app, home, "SV01"), Browser(app, home, "SV01")
    stolen = {"csrf_token": mine.token(), "act": "begin"}
    assert theirs.post_without_token("/board/duty", stolen).status_code == 400
