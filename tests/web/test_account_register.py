"""T26: the register of accounts, twelve rules; and the list that is gone through every month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed
from secure_store.people.login import prove
from secure_store.people.register_review import Unused, close_unused, unused_accounts
from secure_store.people.staff import AccountBar, NewStaff, add_staff, set_active, set_on_chart
from secure_store.people.staff_register import (
    GateDates,
    OwnAccount,
    change_role,
    record_dates,
    register_entry,
    switch_off,
)
from secure_store.people.throttle import LoginAnswer
from secure_store.people.two_persons import SecondPersonNeeded
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services

DAY = date(2022, 9, 1)
ALL_DATES = GateDates(DAY, DAY, DAY)
ADMIN, SECOND = Actor("AD01", Role.SYSTEM_ADMIN), Actor("SV01", Role.SUPERVISOR)
AGENT = Actor("OP01", Role.AGENT)


class Register:
    """A home with its persons, and one more agent without any date."""

    def __init__(self, app: Flask, home: Services, clock: FixedClock) -> None:
        self.app, self.home, self.clock = app, home, clock

    def dates(self, *given: date | None) -> AccountBar | None:
        with self.home.store.work(ADMIN) as work:
            record_dates(work, "OP31", GateDates(*given))
            return register_entry(work, "OP31").bar

    def tries(self, code: str) -> LoginAnswer:
        actor = Actor("web", Role.SYSTEM, terminal="T01")
        return prove(self.home.store, actor, code, REHEARSAL_PASSWORD)

    def unused(self) -> list[str]:
        with self.home.store.work(ADMIN, readonly=True) as work:
            return [one.code for one in unused_accounts(work)]


@pytest.fixture
def register(home: Services, clock: FixedClock) -> Register:
    enrol(home, "SV01", "SV02", "OP01", "AD01", "VF01")
    with home.store.work(FOUNDER) as work:
        new = NewStaff("OP31", "見本 三十一", Role.AGENT, ("A01",))
        add_staff(work, new, REHEARSAL_PASSWORD)
    return Register(make_app(home), home, clock)


def without_the_pledge_nobody_logs_in(register: Register) -> None:
    assert register.dates(None, DAY, DAY) is AccountBar.NO_PLEDGE
    assert register.tries("OP31") is LoginAnswer.REFUSED


def without_the_training_nobody_logs_in(register: Register) -> None:
    assert register.dates(DAY, None, DAY) is AccountBar.NO_TRAINING
    assert register.tries("OP31") is LoginAnswer.REFUSED


def without_the_report_to_the_city_nobody_logs_in(register: Register) -> None:
    assert register.dates(DAY, DAY, None) is AccountBar.NOT_REPORTED
    assert register.tries("OP31") is LoginAnswer.REFUSED


def with_all_three_the_account_works(register: Register) -> None:
    assert register.dates(DAY, DAY, DAY) is None
    assert register.tries("OP31") is LoginAnswer.ACCEPTED


def a_date_taken_back_closes_the_account_at_once(register: Register) -> None:
    register.dates(DAY, DAY, DAY)
    browser = Browser(register.app, register.home, "OP31")
    browser.get("/desk/results")
    register.dates(DAY, None, DAY)
    assert browser.client.get("/desk/results").status_code == 302


def a_supervisor_off_the_chart_does_not_log_in(register: Register) -> None:
    with register.home.store.work(ADMIN) as work:
        set_on_chart(work, "SV02", on_chart=False)
        assert register_entry(work, "SV02").bar is AccountBar.NOT_ON_CHART
    assert register.tries("SV02") is LoginAnswer.REFUSED


def one_administrator_alone_makes_no_account(register: Register) -> None:
    new = NewStaff("VF09", "見本", Role.VERIFIER)
    with pytest.raises(SecondPersonNeeded), register.home.store.work(ADMIN) as work:
        add_staff(work, new, REHEARSAL_PASSWORD)
    with pytest.raises(SecondPersonNeeded), register.home.store.work(ADMIN) as work:
        add_staff(work, new, REHEARSAL_PASSWORD, SAME_PERSON)
    with pytest.raises(NotAllowed), register.home.store.work(ADMIN) as work:
        add_staff(work, new, REHEARSAL_PASSWORD, AGENT)


def one_administrator_alone_gives_no_role(register: Register) -> None:
    with pytest.raises(NotAllowed), register.home.store.work(ADMIN) as work:
        change_role(work, "OP01", Role.SUPERVISOR, AGENT)
    with pytest.raises(OwnAccount), register.home.store.work(ADMIN) as work:
        change_role(work, "AD01", Role.VERIFIER, SECOND)
    with register.home.store.work(ADMIN) as work:
        change_role(work, "OP01", Role.SUPERVISOR, SECOND)
        assert register_entry(work, "OP01").bar is AccountBar.NOT_ON_CHART


def one_administrator_alone_opens_no_closed_account(register: Register) -> None:
    with register.home.store.work(ADMIN) as work:
        switch_off(work, "OP01")
    with pytest.raises(SecondPersonNeeded), register.home.store.work(ADMIN) as work:
        set_active(work, "OP01", active=True)
    with register.home.store.work(ADMIN) as work:
        set_active(work, "OP01", active=True, second=SECOND)
        assert register_entry(work, "OP01").bar is None


def the_register_says_who_made_and_who_confirmed(register: Register) -> None:
    with register.home.store.work(ADMIN) as work:
        new = NewStaff("OP32", "見本", Role.AGENT, ("A01",), DAY, DAY, DAY)
        add_staff(work, new, REHEARSAL_PASSWORD, SECOND)
        entry = register_entry(work, "OP32")
    assert (entry.made_by, entry.approved_by) == ("AD01", "SV01")
    page = Browser(register.app, register.home, "AD01").get("/staff/OP32")
    assert "AD01・SV01" in page


def thirty_days_unused_are_listed(register: Register) -> None:
    register.dates(DAY, DAY, DAY)
    register.clock.advance(timedelta(days=29))
    assert register.unused() == []
    assert register.tries("SV01") is LoginAnswer.ACCEPTED
    register.clock.advance(timedelta(days=1))
    assert register.unused() == ["AD01", "OP01", "OP31", "SV02", "VF01"]
    page = Browser(register.app, register.home, "AD01").get("/staff/review")
    assert "OP31" in page


def thirty_days_unused_are_closed_but_never_the_last_administrator(register: Register) -> None:
    register.clock.advance(timedelta(days=31))
    with register.home.store.work(Actor("scheduler", Role.SYSTEM)) as work:
        closed = close_unused(work)
    assert {one.code for one in closed} == {"OP01", "OP31", "SV02", "VF01"}
    assert all(isinstance(one, Unused) for one in closed)
    assert register.tries("OP01") is LoginAnswer.REFUSED
    assert register.tries("AD01") is LoginAnswer.ACCEPTED


SAME_PERSON = Actor("AD01", Role.SUPERVISOR)
RULES = (
    without_the_pledge_nobody_logs_in,
    without_the_training_nobody_logs_in,
    without_the_report_to_the_city_nobody_logs_in,
    with_all_three_the_account_works,
    a_date_taken_back_closes_the_account_at_once,
    a_supervisor_off_the_chart_does_not_log_in,
    one_administrator_alone_makes_no_account,
    one_administrator_alone_gives_no_role,
    one_administrator_alone_opens_no_closed_account,
    the_register_says_who_made_and_who_confirmed,
    thirty_days_unused_are_listed,
    thirty_days_unused_are_closed_but_never_the_last_administrator,
)


@pytest.mark.clause("T26", "S4-9.4-1", "S4-9.4-2", "S4-14.2a", "S4-14.3", "S3-B2-3.4", "S3-B1-3.2")
@pytest.mark.parametrize("rule", RULES, ids=[rule.__name__ for rule in RULES])
def test_the_register(register: Register, rule: Callable[[Register], None]) -> None:
    rule(register)


def test_there_are_twelve_rules() -> None:
    assert len(set(RULES)) == 12
