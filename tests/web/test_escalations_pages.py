"""The escalation screens: the supervisor's steps and the department's answer."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.access import Role
from secure_store.audit import log
from secure_store.clock import FixedClock
from secure_store.people.staff import NewStaff, add_staff
from tests.web.calls_to_tickets import SUPERVISOR, call_with, lent_values, open_a01
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services

NOTE = "分けて納めたい。平日の夕方に連絡してほしい。"


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01")
    open_a01(home)
    return make_app(home)


@pytest.fixture
def ticket(app: Flask, home: Services, clock: FixedClock) -> UUID:
    return call_with(home, clock, "61", NOTE)


def state_of(home: Services, ticket: UUID) -> campaigns.TicketState:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return campaigns.ticket_line(work, ticket).state


def opened(home: Services) -> int:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return sum(b'"tag":"case:collected_opened"' in line for line in log.read_lines(work))


def test_without_tickets_the_page_says_why(app: Flask, home: Services) -> None:
    assert "待っている引継ぎはありません" in Browser(app, home, "SV01").get("/escalations")
    assert "すべて済んでいます" in Browser(app, home, "CF01").get("/escalations")


@pytest.mark.clause("S4-12.1i")
def test_a_ticket_closes_only_after_the_department_was_told_and_has_answered(
    app: Flask, home: Services, ticket: UUID
) -> None:
    page = f"/escalations/{ticket}"
    supervisor = Browser(app, home, "SV01")
    assert "確認済みにする" in supervisor.get(page)
    supervisor.post(f"{page}/close", status=409)
    supervisor.post(f"{page}/acknowledge")
    supervisor.post(f"{page}/close", status=409)
    supervisor.post(f"{page}/contact", {"person": "  "}, status=422)
    assert "連絡した相手がまだです" in supervisor.last
    supervisor.post(f"{page}/contact", {"person": "子ども係 係長"})
    assert "子ども係 係長" in supervisor.get(page)
    supervisor.post(f"{page}/close", status=409)
    supervisor.post(f"{page}/answer", {"result": "2", "resume": "no", "text": "相談を受けた。"})
    assert "相談を受けた。" in supervisor.get(page)
    supervisor.post(f"{page}/close")
    assert state_of(home, ticket) is campaigns.TicketState.CLOSED
    assert "待っている引継ぎはありません" in supervisor.get("/escalations")
    assert "E-A01-20220915-001" in supervisor.get("/escalations?closed=1")
    history = supervisor.get(f"{page}?closed=1")
    for word in ("結果から起票", "業務管理者が確認", "所管課へ連絡", "所管課の回答"):
        assert word in history


@pytest.mark.clause("S4-12.2c")
def test_the_department_is_told_only_after_the_supervisor_has_read(
    app: Flask, home: Services, ticket: UUID
) -> None:
    supervisor = Browser(app, home, "SV01")
    page = supervisor.get(f"/escalations/{ticket}")
    assert "先に確認済みにします" in page
    assert f"/escalations/{ticket}/contact" not in page
    supervisor.post(f"/escalations/{ticket}/contact", {"person": "係長"}, status=409)
    assert state_of(home, ticket) is campaigns.TicketState.RAISED
    supervisor.post(f"/escalations/{ticket}/acknowledge")
    assert f"/escalations/{ticket}/contact" in supervisor.get(f"/escalations/{ticket}")


def test_the_officer_answers_what_was_told_and_sees_no_wish(
    app: Flask, home: Services, ticket: UUID
) -> None:
    supervisor, officer = Browser(app, home, "SV01"), Browser(app, home, "CF01")
    assert "センターで確認しています" in officer.get(f"/escalations/{ticket}")
    officer.post(f"/escalations/{ticket}/answer", {"result": "4", "resume": "yes"}, status=409)
    supervisor.post(f"/escalations/{ticket}/acknowledge")
    supervisor.post(f"/escalations/{ticket}/contact", {"person": "特別の相手"})
    page = officer.get(f"/escalations/{ticket}")
    assert NOTE in page
    assert "特別の相手" not in page
    officer.post(f"/escalations/{ticket}/answer", {"result": "9", "text": "=1"}, status=422)
    assert "対応の結果を選んでください" in officer.last
    assert "このあとの電話を選んでください" in officer.last
    assert "式と読まれます" in officer.last
    officer.post(f"/escalations/{ticket}/answer", {"result": "4", "resume": "yes", "text": ""})
    assert "回答を受け付けました" in officer.get(f"/escalations/{ticket}")
    assert state_of(home, ticket) is campaigns.TicketState.ANSWERED


def test_the_queue_and_the_ticket_show_nobody(app: Flask, home: Services, ticket: UUID) -> None:
    values = lent_values()
    assert len(values) > 12
    for code in ("SV01", "CF01"):
        browser = Browser(app, home, code)
        pages = browser.get("/escalations") + browser.get(f"/escalations/{ticket}")
        assert [value for value in values if value in pages] == []


@pytest.mark.clause("S4-8.6h")
def test_every_look_at_a_ticket_is_one_event_and_the_queue_is_none(
    app: Flask, home: Services, ticket: UUID
) -> None:
    officer = Browser(app, home, "CF01")
    before = opened(home)
    officer.get("/escalations")
    assert opened(home) == before
    officer.get(f"/escalations/{ticket}")
    assert opened(home) == before + 1


def test_a_foreign_receivable_is_not_found(app: Flask, home: Services, ticket: UUID) -> None:
    with home.store.work(FOUNDER) as work:
        day = home.store.clock.now().date()
        officer = NewStaff("CF02", "見本 所管二", Role.DEPARTMENT_OFFICER, ("A02",), day, day, day)
        add_staff(work, officer, REHEARSAL_PASSWORD)
    before = opened(home)
    stranger = Browser(app, home, "CF02")
    stranger.get(f"/escalations/{ticket}", status=404)
    stranger.post(f"/escalations/{ticket}/answer", {"result": "4", "resume": "yes"}, status=404)
    assert "E-A01" not in stranger.get("/escalations")
    assert opened(home) == before
    Browser(app, home, "SV01").get(f"/escalations/{uuid4()}", status=404)


def test_urgent_tickets_stand_first(app: Flask, home: Services, clock: FixedClock) -> None:
    for code in ("61", "67", "63"):
        call_with(home, clock, code, NOTE)
    page = Browser(app, home, "SV01").get("/escalations")
    order = [page.index(f"E-A01-20220915-00{number}") for number in (2, 1, 3)]
    assert order == sorted(order)
    assert page.index("至急") < order[0]


@pytest.mark.clause("S4-9.3")
def test_a_forged_step_changes_nothing(app: Flask, home: Services, ticket: UUID) -> None:
    supervisor = Browser(app, home, "SV01")
    for act in ("acknowledge", "contact", "answer", "close"):
        answer = supervisor.post_without_token(f"/escalations/{ticket}/{act}")
        assert answer.status_code == 400
    assert state_of(home, ticket) is campaigns.TicketState.RAISED


def test_agents_have_no_way_in(app: Flask, home: Services, ticket: UUID) -> None:
    agent = Browser(app, home, "OP01")
    agent.get("/escalations", status=403)
    agent.get(f"/escalations/{ticket}", status=403)
    officer = Browser(app, home, "CF01")
    for act in ("acknowledge", "contact", "answer", "close"):
        agent.post(f"/escalations/{ticket}/{act}", status=403)
        if act != "answer":
            officer.post(f"/escalations/{ticket}/{act}", status=403)
    assert state_of(home, ticket) is campaigns.TicketState.RAISED
