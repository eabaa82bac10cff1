"""How sessions begin and end, and the lock of an unattended screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns import api as campaigns
from dialer.api import AgentActivity, seats, set_activity
from secure_store.clock import FixedClock
from secure_store.models import LoginSession, StaffMember
from secure_store.people.staff import set_active
from tests.web.calls_to_tickets import AGENT, lent_values, open_a01
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from tests.web.signed_in import (
    COOKIE,
    OPEN_ADDRESSES,
    OWN_ADDRESSES,
    addresses,
    signed_in,
    status_with,
    token_of,
)
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services

PERSONS = ("SV01", "OP01", "AD01")


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, *PERSONS)
    return make_app(home)


# How a session lives.


@pytest.mark.clause("S4-9.3")
def test_logging_in_gives_a_new_token_and_ends_the_old_one(app: Flask, home: Services) -> None:
    browser = Browser(app, home)
    browser.get("/login")
    before = token_of(browser)  # what somebody may have put into this browser
    assert browser.log_in("SV01") == 302
    assert token_of(browser) != before
    assert status_with(app, before) == 302
    assert status_with(app, token_of(browser)) == 200


def test_a_token_from_outside_is_never_taken_over(app: Flask, home: Services) -> None:
    browser = Browser(app, home)
    browser.client.set_cookie(COOKIE, "A" * 43)
    assert browser.log_in("SV01") == 302
    assert token_of(browser) != "A" * 43
    assert status_with(app, "A" * 43) == 302


def test_the_database_knows_no_token(app: Flask, home: Services) -> None:
    token = token_of(signed_in(app, home, "SV01"))
    assert len(token) == 43  # 256 bits
    with home.store.work(FOUNDER, readonly=True) as work:
        rows = work.session.scalars(select(LoginSession)).all()
        assert not any(token in f"{row.token_hash}{row.state}" for row in rows)


@pytest.mark.clause("S4-9.3")
def test_a_token_is_dead_after_logging_out(app: Flask, home: Services) -> None:
    browser = signed_in(app, home, "SV01")
    token = token_of(browser)
    browser.post("/logout", status=302)
    assert status_with(app, token) == 302


def test_a_token_is_dead_while_the_account_is_closed(app: Flask, home: Services) -> None:
    token = token_of(signed_in(app, home, "OP01"))
    assert status_with(app, token) == 200
    with home.store.work(FOUNDER) as work:
        set_active(work, "OP01", active=False)
    assert status_with(app, token) == 302


@pytest.mark.parametrize(("code", "most"), [("OP01", 1), ("SV01", 2)])
def test_one_more_session_ends_the_oldest(
    app: Flask, home: Services, clock: FixedClock, code: str, most: int
) -> None:
    tokens = []
    for _ in range(most + 1):
        clock.advance(timedelta(seconds=1))
        tokens.append(token_of(signed_in(app, home, code)))
    assert [status_with(app, token) for token in tokens] == [302] + [200] * most


def test_a_session_ends_when_idle_or_old(app: Flask, home: Services, clock: FixedClock) -> None:
    idle, busy = signed_in(app, home, "SV01"), signed_in(app, home, "AD01")
    for minutes in range(0, 10 * 60, 4):
        assert busy.client.get("/staff").status_code == 200, minutes
        clock.advance(timedelta(minutes=4))
        if minutes == 28:
            assert idle.client.get("/board").status_code == 302
    assert busy.client.get("/staff").status_code == 302  # ten hours, however busy


# The lock.


def case_in_hand(home: Services) -> str:
    """OP01 has a case at the greeting; the kana that the desk shows."""
    open_a01(home)
    with home.store.work(AGENT) as work:
        served = campaigns.take_next_case(work)
        assert served is not None
        campaigns.open_script(work, served.handling_id)
    with home.store.work(AGENT) as work:
        view = campaigns.desk_view(work)
    assert isinstance(view, campaigns.DeskView)
    return view.contact.kana


def test_an_unattended_screen_shows_nothing_of_the_case(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    browser = signed_in(app, home, "OP01")
    kana = case_in_hand(home)
    assert kana in browser.client.get("/desk").get_data(as_text=True)
    clock.advance(timedelta(minutes=5))
    for rule, path in addresses(app, "GET"):
        answer = browser.client.get(path)
        text = answer.get_data(as_text=True)
        if rule.rule not in OPEN_ADDRESSES | OWN_ADDRESSES:
            assert answer.status_code == 423, path
        assert [value for value in {kana, *lent_values()} if value in text] == [], path


@pytest.mark.clause("S4-8.9b")
@pytest.mark.parametrize("how", ["by hand", "idle"])
def test_a_locked_session_opens_only_with_the_password(
    app: Flask, home: Services, clock: FixedClock, how: str
) -> None:
    browser = signed_in(app, home, "SV01")
    browser.get("/board")
    if how == "idle":
        clock.advance(timedelta(minutes=5))
    else:
        browser.post("/lock", status=204)
    browser.get("/board", 423)
    browser.post("/board/duty", {"act": "begin"}, 423)
    browser.post("/unlock", {"password": "not-the-password"}, 401)
    browser.get("/board", 423)
    browser.post("/unlock", {"password": REHEARSAL_PASSWORD}, 302)
    browser.get("/board")


@pytest.mark.clause("S4-8.10b")
@pytest.mark.parametrize(
    ("before", "after"),
    [(AgentActivity.READY, AgentActivity.AWAY), (AgentActivity.TALKING, AgentActivity.TALKING)],
)
def test_an_agent_who_locks_the_screen_is_offered_no_call(
    app: Flask, home: Services, before: AgentActivity, after: AgentActivity
) -> None:
    browser = signed_in(app, home, "OP01")
    with home.store.work(AGENT) as work:
        set_activity(work, "OP01", before)
    browser.post("/lock", status=204)
    browser.get("/desk", 423)
    with home.store.work(AGENT, readonly=True) as work:
        assert [seat.activity for seat in seats(work)] == [after]
    browser.post("/unlock", {"password": "not-the-password"}, 401)
    browser.get("/desk", 423)
    browser.post("/unlock", {"password": REHEARSAL_PASSWORD}, 302)
    browser.get("/desk")


@pytest.mark.clause("S4-8.9b")
def test_polling_in_the_background_keeps_no_screen_open(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    browser = signed_in(app, home, "SV01")
    browser.get("/board")
    for _ in range(5):
        clock.advance(timedelta(minutes=1))
        browser.client.get("/board/numbers", headers={"X-Background": "1"})
    browser.get("/board", 423)


def test_unlocking_gives_a_new_token_and_the_old_one_dies(app: Flask, home: Services) -> None:
    browser = signed_in(app, home, "SV01")
    before = token_of(browser)
    browser.post("/lock", status=204)
    browser.post("/unlock", {"password": REHEARSAL_PASSWORD}, 302)
    assert token_of(browser) != before
    assert status_with(app, before) == 302


def test_a_new_password_ends_the_person_s_other_sessions(app: Flask, home: Services) -> None:
    elsewhere, here = signed_in(app, home, "SV01"), signed_in(app, home, "SV01")
    change = {
        "old": REHEARSAL_PASSWORD,
        "new": "a longer phrase 2022",
        "again": "a longer phrase 2022",
    }
    here.post("/password", change, 200)
    assert status_with(app, token_of(elsewhere)) == 302
    assert status_with(app, token_of(here)) == 200


def test_switching_an_account_off_ends_its_sessions_for_good(app: Flask, home: Services) -> None:
    browser = signed_in(app, home, "OP01")
    for active in (False, True):
        with home.store.work(FOUNDER) as work:
            set_active(work, "OP01", active=active)
    assert status_with(app, token_of(browser)) == 302


# Changing the password is no second place to try it.


def test_a_locked_session_cannot_change_the_password(app: Flask, home: Services) -> None:
    browser = signed_in(app, home, "SV01")
    browser.post("/lock", status=204)
    browser.get("/password", 423)
    browser.post("/password", change_from(REHEARSAL_PASSWORD), 423)
    browser.post("/unlock", {"password": REHEARSAL_PASSWORD}, 302)


def test_a_wrong_old_password_counts_as_a_failed_log_in(app: Flask, home: Services) -> None:
    browser = signed_in(app, home, "SV01")
    for _guess in range(5):
        browser.post("/password", change_from("not-the-password"), 422)
    browser.post("/password", change_from(REHEARSAL_PASSWORD), 422)
    assert "しばらく" in browser.last
    with home.store.work(FOUNDER, readonly=True) as work:
        member = work.session.get(StaffMember, "SV01")
        assert member is not None
        assert member.failed_logins == 5


def test_the_new_password_is_another_one_than_the_old(app: Flask, home: Services) -> None:
    browser = signed_in(app, home, "SV01")
    chosen = "a longer phrase 2022"
    browser.post("/password", change_from(REHEARSAL_PASSWORD, chosen), 200)
    browser.post("/password", change_from(chosen, chosen), 422)
    assert "いまと同じパスワード" in browser.last


def change_from(old: str, new: str = "a longer phrase 2022") -> dict[str, str]:
    """The form of a change of password."""
    return {"old": old, "new": new, "again": new}
