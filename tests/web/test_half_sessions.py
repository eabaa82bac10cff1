"""Between the password and the key a session reaches the key and nothing else (security.md 7.2)."""

from __future__ import annotations

import json

import pytest

from secure_store.access import system_actor
from secure_store.people import sessions
from secure_store.people.login import prove
from secure_store.people.sessions import Proof
from secure_store.people.throttle import LoginAnswer
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.server_sessions import COOKIE_REHEARSAL
from webui.services import Services

NEW = "a longer phrase 2022"


def half_open(home: Services, *, must_change: bool) -> Browser:
    """After the password of a person who needs a key."""
    browser = Browser(make_app(home), home)
    state = json.dumps({"_user_id": "SV01", "must_change_password": must_change})
    with home.store.work(system_actor("web")) as work:
        token = sessions.save(
            work, None, staff_code="SV01", state=state, renew=True, proof=Proof.HALF
        )
    browser.client.set_cookie(COOKIE_REHEARSAL, token)
    return browser


@pytest.mark.clause("S4-9.3", "T23")
def test_a_password_alone_does_not_change_the_password(home: Services) -> None:
    enrol(home, "SV01")
    browser = half_open(home, must_change=False)
    client = browser.client
    assert client.get("/password").location == "/keys/check"
    change = {"old": REHEARSAL_PASSWORD, "new": NEW, "again": NEW}
    client.application.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/password", data=change).location == "/keys/check"
    web = system_actor("web")
    assert prove(home.store, web, "SV01", REHEARSAL_PASSWORD) is LoginAnswer.ACCEPTED


@pytest.mark.clause("S4-9.3")
def test_a_first_password_is_changed_before_the_first_key_is_registered(home: Services) -> None:
    enrol(home, "SV01")
    client = half_open(home, must_change=True).client
    assert client.get("/password").status_code == 200
    assert client.get("/keys").location == "/password"
