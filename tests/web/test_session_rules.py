"""T23: how a session lives and dies, one fact per line; 30 of 30."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dialer.api import note_line_event, open_attempt
from dialer.line_status import LineStatus
from secure_store.access import Actor, Role, TerminalKind
from secure_store.clock import FixedClock
from secure_store.models import AuditEvent, LoginSession, StaffMember, StaffReceivable
from secure_store.people.staff import set_active, set_on_chart
from secure_store.people.staff_register import change_role, renew_first_password
from secure_store.people.terminals import enrol_terminal, revoke_terminal
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from tests.web.signed_in import COOKIE, signed_in, status_with, token_of
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services
from webui.terminals import COOKIE_REHEARSAL

ALIVE, DEAD, LOCKED = 200, 302, 423
SECOND = Actor("SV01", Role.SUPERVISOR)
NEW_PASSWORD = "a longer phrase 2022"


class Case:
    """A home with two persons, and what one line of the table does to it."""

    def __init__(self, app: Flask, home: Services, clock: FixedClock) -> None:
        self.app, self.home, self.clock = app, home, clock

    def enters(self, code: str = "SV02") -> Browser:
        return signed_in(self.app, self.home, code)

    def status(self, token: str) -> int:
        return status_with(self.app, token)

    def page(self, browser: Browser, path: str = "/board") -> int:
        return browser.client.get(path).status_code

    def is_called(self, code: str, *line: LineStatus) -> None:
        """This agent has somebody on the line, as far as the line has come."""
        with self.home.store.work(Actor(code, Role.AGENT)) as work:
            attempt = open_attempt(work, agent=code, direction="inbound", rule="-")
            for status in line:
                note_line_event(work, attempt.id, status)

    def writes(self, change: Callable[[LoginSession], None], code: str) -> None:
        """What somebody does who can write the database, and nothing else."""
        with self.home.store.work(FOUNDER) as work:
            rows = work.session.scalars(
                select(LoginSession).where(LoginSession.staff_code == code)
            ).all()
            change(rows[-1])


@pytest.fixture
def case(home: Services, clock: FixedClock) -> Case:
    enrol(home, "SV01", "SV02", "OP01", "OP02", "AD01")
    return Case(make_app(home), home, clock)


def a_token_given_before_the_log_in_is_not_taken_over(case: Case) -> None:
    browser = Browser(case.app, case.home)
    browser.get("/login")
    before = token_of(browser)
    browser.log_in("SV02")
    assert token_of(browser) != before
    assert case.status(before) == DEAD


def an_invented_token_is_not_taken_over(case: Case) -> None:
    browser = Browser(case.app, case.home)
    browser.client.set_cookie(COOKIE, "A" * 43)
    browser.log_in("SV02")
    assert token_of(browser) != "A" * 43


def a_token_has_256_bits(case: Case) -> None:
    tokens = [token_of(case.enters("AD01")) for _ in range(3)]
    assert {len(base64.urlsafe_b64decode(token + "=")) * 8 for token in tokens} == {256}
    assert len(set(tokens)) == 3


def the_cookie_is_kept_from_scripts_and_other_sites(case: Case) -> None:
    answer = case.app.test_client().get("/login")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def a_token_is_dead_after_log_out(case: Case) -> None:
    browser = case.enters()
    token = token_of(browser)
    answer = browser.post("/logout", status=302)
    assert case.status(token) == DEAD
    assert answer.headers["Clear-Site-Data"] == '"cache","cookies","storage"'


def a_token_is_dead_after_step_up(case: Case) -> None:
    browser = case.enters()
    token = token_of(browser)
    browser.post("/reauthenticate", {"password": REHEARSAL_PASSWORD}, 303)
    assert (case.status(token), case.status(token_of(browser))) == (DEAD, ALIVE)


def a_token_is_dead_after_unlocking(case: Case) -> None:
    browser = case.enters()
    token = token_of(browser)
    browser.post("/lock", status=204)
    browser.post("/unlock", {"password": REHEARSAL_PASSWORD}, 302)
    assert (case.status(token), case.status(token_of(browser))) == (DEAD, ALIVE)


def an_account_switched_off_has_no_session(case: Case) -> None:
    token = token_of(case.enters())
    with case.home.store.work(FOUNDER) as work:
        set_active(work, "SV02", active=False)
        set_active(work, "SV02", active=True)
    assert case.status(token) == DEAD


def another_role_has_no_session_of_the_old_one(case: Case) -> None:
    token = token_of(case.enters())
    with case.home.store.work(Actor("AD01", Role.SYSTEM_ADMIN)) as work:
        change_role(work, "SV02", Role.AGENT, SECOND)
    assert case.status(token) == DEAD


def a_new_first_password_ends_the_sessions(case: Case) -> None:
    from secure_store.people.staff import first_password

    token = token_of(case.enters())
    password = first_password(case.home.store, "SV02")
    with case.home.store.work(Actor("AD01", Role.SYSTEM_ADMIN)) as work:
        renew_first_password(work, "SV02", password, SECOND)
    assert case.status(token) == DEAD


def an_own_new_password_ends_the_other_sessions(case: Case) -> None:
    elsewhere, here = case.enters(), case.enters()
    change = {"old": REHEARSAL_PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    here.post("/password", change, 200)
    assert case.status(token_of(elsewhere)) == DEAD


def off_the_chart_no_session_works(case: Case) -> None:
    token = token_of(case.enters())
    with case.home.store.work(FOUNDER) as work:
        set_on_chart(work, "SV02", on_chart=False)
    assert case.status(token) == DEAD


def an_agent_has_one_session(case: Case) -> None:
    tokens = []
    for _ in range(2):
        case.clock.advance(timedelta(seconds=1))
        tokens.append(token_of(case.enters("OP01")))
    assert [case.status(token) for token in tokens] == [DEAD, ALIVE]


def a_supervisor_has_two_sessions(case: Case) -> None:
    tokens = []
    for _ in range(3):
        case.clock.advance(timedelta(seconds=1))
        tokens.append(token_of(case.enters()))
    assert [case.status(token) for token in tokens] == [DEAD, ALIVE, ALIVE]


def five_idle_minutes_lock(case: Case) -> None:
    browser = case.enters()
    case.clock.advance(timedelta(minutes=5))
    assert case.page(browser) == LOCKED


def somebody_on_the_line_keeps_it_open_for_ten(case: Case) -> None:
    browser = case.enters("OP01")
    case.is_called("OP01", LineStatus.CONNECTED)
    case.clock.advance(timedelta(minutes=9, seconds=59))
    assert case.page(browser, "/desk") == ALIVE
    case.clock.advance(timedelta(minutes=10))
    assert case.page(browser, "/desk") == LOCKED


def a_call_that_ended_keeps_nothing_open(case: Case) -> None:
    browser = case.enters("OP01")
    case.is_called("OP01", LineStatus.CONNECTED, LineStatus.ENDED)
    case.clock.advance(timedelta(minutes=5))
    assert case.page(browser, "/desk") == LOCKED


def reading_with_the_wheel_is_activity(case: Case) -> None:
    browser = case.enters()
    for _ in range(3):
        case.clock.advance(timedelta(minutes=4))
        browser.post("/active", status=204)
    assert case.page(browser) == ALIVE


def a_locked_screen_is_not_kept_open_by_a_moved_pointer(case: Case) -> None:
    browser = case.enters()
    case.clock.advance(timedelta(minutes=5))
    browser.post("/active", status=LOCKED)
    assert case.page(browser) == LOCKED


def thirty_idle_minutes_end(case: Case) -> None:
    browser = case.enters()
    case.clock.advance(timedelta(minutes=30))
    assert case.page(browser) == DEAD


def ten_hours_end_however_busy(case: Case) -> None:
    browser = case.enters()
    for _ in range(150):
        assert case.page(browser) == ALIVE
        case.clock.advance(timedelta(minutes=4))
    assert case.page(browser) == DEAD


def what_ran_out_over_night_was_ended_by_nobody(case: Case) -> None:
    case.enters("OP01")
    case.clock.advance(timedelta(hours=16))
    case.enters("OP01")
    with case.home.store.work(FOUNDER, readonly=True) as work:
        ended = work.session.scalars(
            select(LoginSession.end_reason).where(LoginSession.ended_at.is_not(None))
        )
        tags = select(AuditEvent.seq).where(AuditEvent.tag == "auth:session_ended")
        assert "newer_session" not in list(ended)
        assert list(work.session.scalars(tags)) == []


def step_up_does_not_begin_the_ten_hours_anew(case: Case) -> None:
    browser = case.enters()
    for minutes in range(0, 600, 4):
        if minutes == 300:
            browser.post("/reauthenticate", {"password": REHEARSAL_PASSWORD}, 303)
            browser._token = None
        assert case.page(browser) == ALIVE
        case.clock.advance(timedelta(minutes=4))
    assert case.page(browser) == DEAD


def polling_is_no_activity(case: Case) -> None:
    browser = case.enters()
    for _ in range(5):
        case.clock.advance(timedelta(minutes=1))
        browser.client.get("/board/numbers", headers={"X-Background": "1"})
    assert case.page(browser) == LOCKED


def the_database_holds_no_token(case: Case) -> None:
    token = token_of(case.enters())
    with case.home.store.work(FOUNDER, readonly=True) as work:
        rows = work.session.scalars(select(LoginSession)).all()
        assert not [row for row in rows if token in f"{row.token_hash}{row.state}{row.seal}"]


def a_session_put_into_the_database_opens_nothing(case: Case) -> None:
    """The hash of a chosen token cannot be made without the key store."""
    import hashlib

    chosen = "B" * 43
    case.enters()
    hashed = hashlib.sha256(chosen.encode()).hexdigest()
    case.writes(lambda row: setattr(row, "token_hash", hashed), "SV02")
    assert case.status(chosen) == DEAD


def an_own_session_given_to_somebody_else_is_dead(case: Case) -> None:
    token = token_of(case.enters("OP01"))
    case.writes(lambda row: setattr(row, "staff_code", "SV01"), "OP01")
    assert case.status(token) == DEAD


def a_session_whose_state_names_somebody_else_stays_whose_it_was(case: Case) -> None:
    browser = case.enters("OP01")

    def rename(row: LoginSession) -> None:
        row.state = row.state.replace("OP01", "SV01")

    case.writes(rename, "OP01")
    assert case.page(browser) == 403


def a_role_written_into_the_database_closes_the_account(case: Case) -> None:
    token = token_of(case.enters("OP01"))
    with case.home.store.work(FOUNDER) as work:
        member = work.session.get_one(StaffMember, "OP01")
        member.role, member.is_on_chart = Role.SUPERVISOR, True
    assert case.status(token) == DEAD
    with case.home.store.work(FOUNDER) as work:
        work.session.get_one(StaffMember, "OP01").role = Role.AGENT
        work.session.get_one(StaffMember, "OP01").is_on_chart = False
    assert case.status(token) == ALIVE
    with case.home.store.work(FOUNDER) as work:
        work.session.add(StaffReceivable(staff_code="OP01", receivable="A99"))
    assert case.status(token) == DEAD


def a_session_of_a_registered_terminal_lives_there_only(case: Case) -> None:
    admin = Actor("AD01", Role.SYSTEM_ADMIN)
    with case.home.store.work(admin) as work:
        told = enrol_terminal(work, "T01", "見本", TerminalKind.SUPERVISOR, "127.0.0.1")
    browser = Browser(case.app, case.home)
    browser.client.set_cookie(COOKIE_REHEARSAL, told)
    browser.log_in("SV02")
    assert case.page(browser) == ALIVE
    assert case.status(token_of(browser)) == DEAD  # the cookie alone, on another machine
    with case.home.store.work(admin) as work:
        revoke_terminal(work, "T01")
    assert case.page(browser) == DEAD


FACTS = (
    a_token_given_before_the_log_in_is_not_taken_over,
    an_invented_token_is_not_taken_over,
    a_token_has_256_bits,
    the_cookie_is_kept_from_scripts_and_other_sites,
    a_token_is_dead_after_log_out,
    a_token_is_dead_after_step_up,
    a_token_is_dead_after_unlocking,
    an_account_switched_off_has_no_session,
    another_role_has_no_session_of_the_old_one,
    a_new_first_password_ends_the_sessions,
    an_own_new_password_ends_the_other_sessions,
    off_the_chart_no_session_works,
    an_agent_has_one_session,
    a_supervisor_has_two_sessions,
    five_idle_minutes_lock,
    somebody_on_the_line_keeps_it_open_for_ten,
    a_call_that_ended_keeps_nothing_open,
    reading_with_the_wheel_is_activity,
    a_locked_screen_is_not_kept_open_by_a_moved_pointer,
    thirty_idle_minutes_end,
    ten_hours_end_however_busy,
    what_ran_out_over_night_was_ended_by_nobody,
    step_up_does_not_begin_the_ten_hours_anew,
    polling_is_no_activity,
    the_database_holds_no_token,
    a_session_put_into_the_database_opens_nothing,
    an_own_session_given_to_somebody_else_is_dead,
    a_session_whose_state_names_somebody_else_stays_whose_it_was,
    a_role_written_into_the_database_closes_the_account,
    a_session_of_a_registered_terminal_lives_there_only,
)


@pytest.mark.clause("T23", "S4-9.3", "S3-B1-5.8")
@pytest.mark.parametrize("fact", FACTS, ids=[fact.__name__ for fact in FACTS])
def test_sessions(case: Case, fact: Callable[[Case], None]) -> None:
    fact(case)


def test_there_are_thirty_facts() -> None:
    assert len(set(FACTS)) == 30
