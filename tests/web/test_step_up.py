"""再認証: acts marked as fresh are done only within five minutes of the password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from secure_store.access import Permission
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.models import AuditEvent
from secure_store.people import passwords
from secure_store.people.sessions import FRESH
from secure_store.work import UnitOfWork
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from tests.web.signed_in import status_with, token_of
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.security import permit
from webui.services import Services


@pytest.fixture
def app(home: Services) -> Flask:
    """Two pages nobody has: one with a form, one act behind it."""
    enrol(home, "SV01")
    made = make_app(home)

    @permit(Permission.SEE_BOARD, readonly=True, fresh=True)
    def shown(_work: UnitOfWork) -> str:
        return "done"

    @permit(Permission.SEE_BOARD, fresh=True)
    def act(_work: UnitOfWork) -> str:
        return "done"

    made.add_url_rule("/trial", "trial.show", shown)
    made.add_url_rule("/trial/act", "trial.act", act, methods=["POST"])
    return made


@pytest.fixture
def browser(app: Flask, home: Services) -> Browser:
    return Browser(app, home, "SV01")


def test_an_act_is_done_until_five_minutes_after_the_password(
    browser: Browser, clock: FixedClock
) -> None:
    clock.advance(FRESH - timedelta(seconds=1))
    assert browser.client.get("/trial").text == "done"
    clock.advance(timedelta(seconds=1))
    browser.client.get("/board")
    answer = browser.client.get("/trial?day=3")
    assert (answer.status_code, answer.location) == (
        303,
        "/reauthenticate?back=/trial?day%3D3&again=",
    )


@pytest.mark.clause("S3-B1-5.8")
def test_the_password_leads_back_under_a_new_token(
    app: Flask, browser: Browser, home: Services, clock: FixedClock
) -> None:
    _stale(browser, clock)
    before = token_of(browser)
    form = {"back": "/trial", "password": REHEARSAL_PASSWORD}
    answer = browser.post("/reauthenticate", form, 303)
    assert answer.location == "/trial"
    assert token_of(browser) != before
    assert status_with(app, before) == 302
    assert browser.client.get("/trial").text == "done"
    with home.store.work(FOUNDER, readonly=True) as work:
        tags = set(work.session.scalars(select(AuditEvent.tag)))
    assert Tag.AUTH_STEPPED_UP in tags


def test_a_wrong_password_changes_nothing(browser: Browser, clock: FixedClock) -> None:
    _stale(browser, clock)
    browser.post("/reauthenticate", {"back": "/trial", "password": "not-the-password"}, 401)
    assert "パスワードが違います" in browser.last
    assert browser.client.get("/trial").status_code == 303


def test_a_form_sent_too_late_is_not_done_and_leads_to_its_page(
    browser: Browser, clock: FixedClock
) -> None:
    _stale(browser, clock)
    answer = browser.post("/trial/act", {}, 303)
    assert answer.location == "/reauthenticate?back=/trial&again=1"
    assert "まだ行っていません" in browser.get(answer.location)


def test_htmx_and_scripts_are_told_in_their_own_way(browser: Browser, clock: FixedClock) -> None:
    _stale(browser, clock)
    token = {"X-CSRFToken": browser.token()}
    shown = {"HX-Request": "true", "HX-Current-URL": "http://localhost/board", **token}
    answer = browser.client.post("/trial/act", headers=shown)
    assert answer.status_code == 403
    assert answer.headers["HX-Redirect"] == "/reauthenticate?back=/board&again=1"
    answer = browser.client.post("/trial/act", headers={"X-Requested-With": "fetch", **token})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "step_up_needed")


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "/no-page", ""]
)
def test_nobody_is_led_to_another_host(browser: Browser, back: str) -> None:
    answer = browser.post("/reauthenticate", {"back": back, "password": REHEARSAL_PASSWORD}, 303)
    assert answer.location == "/"


def _stale(browser: Browser, clock: FixedClock) -> None:
    """Six minutes of work: the session lives, the password is too old."""
    browser.get("/board")
    for _ in range(2):
        clock.advance(timedelta(minutes=3))
        browser.get("/board")


def test_while_too_many_passwords_are_checked_the_browser_is_told_to_wait(
    app: Flask, home: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    nobody = Browser(app, home)
    form = {"csrf_token": nobody.token("/login"), "code": "SV01", "password": "x"}
    with passwords.slot(), passwords.slot():
        answer = nobody.client.post("/login", data=form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "ログインが集中しています" in answer.text
