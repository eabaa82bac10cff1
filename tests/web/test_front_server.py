"""Behind a front server: its word about where a request comes from counts, nobody else's."""

from __future__ import annotations

import pytest
from flask import Flask

from secure_store.access import Actor, Role, TerminalKind
from secure_store.limits import FORM_BODY
from secure_store.people.terminals import enrol_terminal
from tests.web.listening import answer_to, listening
from tests.web.pages import Browser, enrol, make_app
from tests.web.signed_in import COOKIE, token_of
from webui.services import Services
from webui.terminals import COOKIE_REHEARSAL

HERE, ELSEWHERE = "10.0.0.7", "10.0.0.8"
PROXY = "127.0.0.1"  # these tests reach the server from there
LONG = f"POST /imports HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {FORM_BODY.most + 1}"
FROM = ((HERE, True), (ELSEWHERE, False), (f"{HERE}, {ELSEWHERE}", False), (None, False))


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV02", "AD01")
    return make_app(home)


@pytest.fixture
def cookies(app: Flask, home: Services) -> str:
    """A session begun on a registered terminal, as the browser there sends it."""
    with home.store.work(Actor("AD01", Role.SYSTEM_ADMIN)) as work:
        told = enrol_terminal(work, "T01", "見本", TerminalKind.SUPERVISOR, HERE)
    browser = Browser(app, home)
    browser.client.environ_base["REMOTE_ADDR"] = HERE
    browser.client.set_cookie(COOKIE_REHEARSAL, told)
    browser.log_in("SV02")
    return f"Cookie: {COOKIE}={token_of(browser)}; {COOKIE_REHEARSAL}={told}"


def status(port: int, head: str, cookies: str, address: str | None) -> int:
    forwarded = f"\r\nX-Forwarded-For: {address}" if address else ""
    return int(answer_to(port, f"{head}\r\n{cookies}{forwarded}").split()[1])


@pytest.mark.clause("S4-8.6c")
def test_a_registered_terminal_is_known_through_the_front_server(
    home: Services, cookies: str
) -> None:
    page = "GET /board HTTP/1.1\r\nConnection: close"
    with listening(home, front_server=PROXY) as port:
        for address, is_here in FROM:
            assert status(port, page, cookies, address) == (200 if is_here else 302), address
            assert status(port, LONG, cookies, address) == (100 if is_here else 413), address


@pytest.mark.clause("S4-8.6c")
@pytest.mark.parametrize("front_server", [None, "10.0.0.1"])
def test_what_anybody_else_says_of_an_address_is_not_believed(
    home: Services, cookies: str, front_server: str | None
) -> None:
    page = "GET /board HTTP/1.1\r\nConnection: close"
    with listening(home, front_server=front_server) as port:
        for address, _is_here in FROM:
            assert status(port, page, cookies, address) == 302, address
            assert status(port, LONG, cookies, address) == 413, address
