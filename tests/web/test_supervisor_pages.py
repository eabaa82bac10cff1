"""The board: figures and seats, duty, suspension orders, the clock of a rehearsal home."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from campaigns import api as campaigns
from dialer.errors import NoSupervisorOnDuty, Suspended
from secure_store.audit import log
from secure_store.clock import FixedClock
from secure_store.orders import suspension
from secure_store.work import UnitOfWork
from tests.web.calls_to_tickets import AGENT, CAMPAIGN, SUPERVISOR, call_with, open_a01
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.runtime.rehearsal_clock import read_offset
from webui.services import Services

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")
NOTE = "内訳を知りたいとのこと。資料の送付を希望。"


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "SV02", *OTHERS)
    return make_app(home)


def next_case(work: UnitOfWork) -> campaigns.Served:
    """What an agent is served; there is something to serve."""
    served = campaigns.take_next_case(work)
    assert served is not None
    return served


def numbers_of(browser: Browser) -> str:
    """The part of the board that is asked for again; it is no page of its own."""
    answer = browser.client.get("/board/numbers")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def tags_of(home: Services, tag: str) -> int:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return sum(f'"tag":"{tag}"'.encode() in line for line in log.read_lines(work))


def test_only_a_supervisor_sees_the_board_and_its_acts(app: Flask, home: Services) -> None:
    for code in OTHERS:
        browser = Browser(app, home, code)
        for path in ("/board", "/board/numbers"):
            browser.get(path, 403)
        browser.post("/board/duty", {"act": "begin"}, 403)
        browser.post("/board/clock", {"clock_day": "2022-09-16", "clock_time": "10:00"}, 403)


def test_only_supervisor_and_administrator_may_stop_calls(app: Flask, home: Services) -> None:
    for code in ("OP01", "CF01", "AU01", "VF01"):
        browser = Browser(app, home, code)
        browser.get("/suspensions", 403)
        browser.post("/suspensions", {"scope": "all", "document_no": "第1号"}, 403)


def test_the_administrator_may_stop_calls_too(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "AD01")
    browser.get("/suspensions")
    browser.post("/suspensions", {"scope": "all", "document_no": "第1号"})
    assert "すべての債権" in browser.get("/suspensions")


def test_an_act_without_the_token_of_the_page_changes_nothing(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    assert browser.post_without_token("/board/duty", {"act": "begin"}).status_code == 400
    assert tags_of(home, "duty:began") == 0


def test_an_empty_home_says_what_is_missing(app: Flask, home: Services) -> None:
    page = Browser(app, home, "SV01").get("/board")
    assert "きょう動いている架電期間はありません" in page
    assert "業務中の業務管理者がいません" in page
    assert "答えを待つ引継ぎはありません" in page


@pytest.mark.clause("S4-12.2d")
def test_agents_are_served_from_the_beginning_of_duty_to_its_end(
    app: Flask, home: Services
) -> None:
    open_a01(home)
    browser = Browser(app, home, "SV01")
    browser.post("/board/duty", {"act": "end"})
    assert "業務中の業務管理者がいません" in browser.get("/board")
    with pytest.raises(NoSupervisorOnDuty), home.store.work(AGENT) as work:
        next_case(work)
    browser.post("/board/duty", {"act": "begin"})
    with home.store.work(AGENT) as work:
        handling = next_case(work).handling_id
    browser.post("/board/duty", {"act": "end"})
    with pytest.raises(NoSupervisorOnDuty), home.store.work(AGENT) as work:
        campaigns.ask_permit(work, handling)


def test_the_last_supervisor_is_asked_before_ending_duty(app: Flask, home: Services) -> None:
    first, second = (Browser(app, home, code) for code in ("SV01", "SV02"))
    first.post("/board/duty", {"act": "begin"})
    assert 'data-opens="end-duty"' in first.get("/board")
    second.post("/board/duty", {"act": "begin"})
    assert 'data-opens="end-duty"' not in first.get("/board")


@pytest.mark.clause("S4-12.1a")
def test_the_board_follows_what_an_agent_does(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    open_a01(home)
    browser = Browser(app, home, "SV01")
    assert "未開始" in numbers_of(browser)
    with home.store.work(AGENT) as work:
        handling = next_case(work).handling_id
    assert "発信待ち" in numbers_of(browser)
    with home.store.work(AGENT) as work:
        campaigns.ask_permit(work, handling)
        campaigns.number_compared(work, handling)
        campaigns.note_line(work, handling, campaigns.LineResult.CONNECTED)
    clock.advance(timedelta(seconds=75))
    numbers = numbers_of(browser)
    assert "通話中" in numbers
    assert 'data-count-up="75"' in numbers


def test_the_figures_of_the_day_are_those_of_the_records(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    open_a01(home)
    call_with(home, clock, "63", NOTE)
    call_with(home, clock, "61", NOTE)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        board = campaigns.board(work)
        tickets = campaigns.list_tickets(work)
    assert (board.total.dials, board.total.attempts) == (2, 2)
    assert board.total.contacts_person == board.total.contacts_wide == 2
    assert board.total.stars + board.total.white_stars == len(tickets) == 2
    page = Browser(app, home, "SV01").get("/board")
    assert all(ticket.number in page for ticket in tickets)
    assert NOTE not in page


def test_yesterdays_calls_are_not_todays(app: Flask, home: Services, clock: FixedClock) -> None:
    open_a01(home)
    call_with(home, clock, "63", NOTE)
    clock.advance(timedelta(days=1))
    with home.store.work(SUPERVISOR, readonly=True) as work:
        board = campaigns.board(work)
    assert board.total == campaigns.DayFigures()
    assert board.campaigns[0].numbers.dials == 1


def test_the_cases_of_a_campaign_add_up_on_the_board(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    open_a01(home)
    call_with(home, clock, "61", NOTE)
    page = numbers_of(Browser(app, home, "SV01"))
    assert "0　一致" in page
    assert "不一致" not in page


def test_a_late_promise_to_ring_stands_at_the_top(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    open_a01(home)
    with home.store.work(AGENT) as work:
        handling = next_case(work).handling_id
        campaigns.ask_permit(work, handling)
        campaigns.number_compared(work, handling)
        campaigns.note_line(work, handling, campaigns.LineResult.CONNECTED)
    due = clock.now() + timedelta(minutes=30)
    with home.store.work(AGENT) as work:
        report = campaigns.OutcomeReport(follow_up_at=due)
        campaigns.record_outcome(work, handling, campaigns.OutcomeEntry("31", (), report))
    assert "このあと 1時間に 1件" in numbers_of(Browser(app, home, "SV01"))
    clock.set(due + timedelta(minutes=14))
    assert "再架電の約束を" not in numbers_of(Browser(app, home, "SV01"))
    clock.set(due + timedelta(minutes=15))
    assert "再架電の約束を 1件 過ぎています" in numbers_of(Browser(app, home, "SV01"))


@pytest.mark.parametrize(
    ("at", "due"), [("08:00", "9月15日（木）09:30"), ("09:30", "9月16日（金）09:30")]
)
def test_the_next_deadline_of_the_daily_files_is_named(
    app: Flask, home: Services, clock: FixedClock, at: str, due: str
) -> None:
    clock.set(datetime.fromisoformat(f"2022-09-15T{at}:00+09:00"))
    assert due in numbers_of(Browser(app, home, "SV01"))


def test_asking_for_the_numbers_again_is_no_activity_of_a_person(
    app: Flask, home: Services
) -> None:
    page = numbers_of(Browser(app, home, "SV01"))
    assert """hx-headers='{"X-Background": "1"}'""" in page
    assert 'hx-trigger="every 10s"' in page


@pytest.mark.clause("S4-14.11c")
def test_a_stopped_receivable_goes_on_only_with_the_number_of_the_permission(
    app: Flask, home: Services
) -> None:
    open_a01(home)
    with home.store.work(AGENT) as work:
        handling = next_case(work).handling_id
        campaigns.ask_permit(work, handling)
    browser = Browser(app, home, "SV01")
    assert "いま発信許可は 1件" in browser.get("/suspensions")
    browser.post("/suspensions", {"scope": "A01", "document_no": "札子企第9号"})
    assert "発信許可 1件を取り消しました" in browser.get("/suspensions")
    assert "A01 のすべての作業を止めています" in browser.get("/board")
    with pytest.raises(Suspended), home.store.work(AGENT) as work:
        campaigns.ask_permit(work, handling)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        order = suspension.standing(work)[0].id
        assert not suspension.is_suspended(work, "A02")
    second = {"second": "AD01", "password": REHEARSAL_PASSWORD}
    browser.post(f"/suspensions/{order}/lift", {"release_no": " ", **second}, 422)
    assert "市の文書の番号を入れてください" in browser.last
    browser.post(f"/suspensions/{order}/lift", {"release_no": "札子企第10号", **second})
    with home.store.work(AGENT) as work:
        campaigns.ask_permit(work, handling)


def test_an_order_without_scope_or_document_stops_nothing(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    for data in (
        {"scope": "A01", "document_no": ""},
        {"scope": "A99", "document_no": "第1号"},
        {"document_no": "第1号"},
        {"scope": "A01", "document_no": "号" * 61},
        {"scope": "A01", "document_no": "第1号\n見本"},
    ):
        browser.post("/suspensions", data, 422)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert suspension.standing(work) == []


def test_the_clock_of_a_rehearsal_home_moves_forward_and_leaves_a_trace(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    before = read_offset(home.settings.clock_file)
    browser = Browser(app, home, "SV01")
    browser.post("/board/clock", {"clock_day": "2022-09-15", "clock_time": "12:30"})
    moved = read_offset(home.settings.clock_file) - before
    assert timedelta(minutes=59) < moved < timedelta(minutes=61)
    assert tags_of(home, "clock:moved") == 1


def test_the_clock_does_not_go_back(app: Flask, home: Services) -> None:
    before = read_offset(home.settings.clock_file)
    browser = Browser(app, home, "SV01")
    for day, at, words in (
        ("2022-09-15", "11:30", "先へだけ"),
        ("2022-09-14", "20:00", "先へだけ"),
        ("2022-09-31", "10:00", "暦にない日"),
        ("2022-09-16", "25:00", "時刻として読めません"),
    ):
        browser.post("/board/clock", {"clock_day": day, "clock_time": at}, 422)
        assert words in browser.last
    assert read_offset(home.settings.clock_file) == before


def test_the_board_of_a_campaign_links_to_it(app: Flask, home: Services) -> None:
    open_a01(home)
    assert f"/campaigns/{CAMPAIGN}" in Browser(app, home, "SV01").get("/board")
