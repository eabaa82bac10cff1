"""Sessions begun through the form, and the addresses that exist, for tests of the edge."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule

from tests.web.pages import Browser
from webui.services import Services

COOKIE = "dialer"
OPEN_ADDRESSES = {"/login", "/static/<path:filename>", "/healthz", "/csp-report"}
# One's own session and password, also while it is locked. For nobody there is nothing behind them.
OWN_ADDRESSES = {"/", "/active", "/lock", "/unlock", "/logout", "/password"}


def addresses(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Every address that takes this method, with ids of things that are not there."""
    bound = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            yield rule, bound.build(rule.endpoint, values_of(rule))


def values_of(rule: Rule) -> dict[str, object]:
    """Ids of things that are not there, for the places in an address."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        usual = {"UUIDConverter": uuid4(), "IntegerConverter": 1}.get(kind, "X")
        values[name] = sorted(getattr(converter, "items", [usual]))[0]
    return values


def signed_in(app: Flask, home: Services, code: str) -> Browser:
    """Through the form, with the password."""
    browser = Browser(app, home)
    assert browser.log_in(code) == 302
    return browser


def token_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def status_with(app: Flask, token: str) -> int:
    """What somebody gets who holds this token; 302 leads to the log-in page."""
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return client.get("/password").status_code
