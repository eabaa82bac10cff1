"""Terminals: enrolled where they stand, known by secret and address, strangers stay out."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from secure_store.people.models import LoginFailure
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from tests.web.signed_in import signed_in
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services
from webui.terminals import COOKIE_REHEARSAL

FORM = {"code": "t01", "label": "3階 架電室 1番", "kind": "operator", "addresses": "127.0.0.1"}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "AD01")
    return make_app(home)


def said_to(stranger: Browser, code: str, password: str) -> str:
    """The page that answers a try to log in, without its token and the number of the request."""
    given = {"csrf_token": stranger.token("/login"), "code": code, "password": password}
    page = stranger.client.post("/login", data=given).get_data(as_text=True)
    return re.sub(r'"[\w.-]{60,}"|記録番号 [0-9a-f]{16}', "", page)


@pytest.mark.clause("S4-8.6c")
def test_from_the_first_registered_terminal_on_strangers_are_refused(
    app: Flask, home: Services
) -> None:
    assert Browser(app, home).log_in("OP01") == 302
    admin = signed_in(app, home, "AD01")
    assert "まだ端末を登録していません" in admin.get("/terminals")
    admin.post("/terminals", FORM)
    page = admin.get("/terminals?done=enrolled")
    assert "この端末を登録しました" in page
    cookie = admin.client.get_cookie(COOKIE_REHEARSAL)
    assert cookie is not None
    assert cookie.value not in page
    assert cookie.http_only

    stranger = Browser(app, home)
    assert stranger.log_in("OP01") == 401
    told = {
        said_to(stranger, code, password)
        for code, password in (("OP01", REHEARSAL_PASSWORD), ("OP01", "a guess"), ("ZZ01", "x"))
    }
    assert len(told) == 1, "right and wrong passwords look alike to a stranger"
    assert "この端末では使えません" in told.pop()
    with home.store.work(FOUNDER, readonly=True) as work:
        tries = work.session.query(LoginFailure).count()
    assert tries == 4, "each try counts, whatever was typed"
    here = Browser(app, home)
    here.client.set_cookie(COOKIE_REHEARSAL, cookie.value)
    assert here.log_in("OP01") == 302
    here.get("/desk/results")
    answer = here.client.get("/desk/results", environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    assert answer.status_code == 302, "the cookie was carried to another address"

    admin.post("/terminals/T01/revoke")
    assert here.client.get("/desk/results").status_code == 302


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "1"}, "端末の番号は"),
        ({"label": ""}, "端末の番号は"),
        ({"addresses": "anywhere"}, "端末の番号は"),
        ({"addresses": ""}, "端末の番号は"),
        ({"kind": ""}, "端末の用途を選んでください"),
    ],
)
def test_a_terminal_with_a_fault_is_not_registered(
    app: Flask, home: Services, change: dict[str, str], says: str
) -> None:
    admin = Browser(app, home, "AD01")
    admin.post("/terminals", {**FORM, **change}, 422)
    assert says in admin.last
    assert "まだ端末を登録していません" in admin.get("/terminals")


def test_a_number_is_given_once(app: Flask, home: Services) -> None:
    first, second = Browser(app, home, "AD01"), Browser(app, home, "AD01")
    first.post("/terminals", FORM)
    second.post("/terminals", FORM, 422)
    assert "すでにあるか、前にありました" in second.last


@pytest.mark.clause("S4-8.6g")
def test_the_table_of_rights_is_shown_as_the_program_reads_it(app: Flask, home: Services) -> None:
    page = Browser(app, home, "SV01").get("/permissions")
    for text in ("権限一覧", "鍵を抹消する", "再認証", "二人", "管理者端末"):
        assert text in page
    Browser(app, home, "OP01").get("/permissions", 403)
