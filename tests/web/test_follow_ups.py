"""The picker of legal times, the list of owed calls and what the board says of them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.access import system_actor
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import AGENT, SUPERVISOR, open_a01_to_every_hour
from tests.web.desk_driver import Desk
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

HOUSE = system_actor("scheduler")
FRIDAY = date(2022, 9, 16)


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "OP02", "CF01")
    open_a01_to_every_hour(home)
    return make_app(home)


@pytest.fixture
def desk(app: Flask, home: Services, clock: FixedClock) -> Desk:
    return Desk(app, home, clock)


def agree(desk: Desk, day: str = "あす", time: str = "17:00") -> str:
    """A household names a time; the address of the follow-up's page."""
    desk.connect()
    desk.send("outcome", outcome="31", follow_up_day=day, follow_up_time=time)
    with desk.home.store.work(AGENT, readonly=True) as work:
        (owed,) = campaigns.open_follow_ups(work)
    return f"/follow-ups/{owed.id}"


@pytest.mark.clause("S4-11.2f")
def test_only_legal_days_and_quarters_of_an_hour_are_offered(desk: Desk) -> None:
    desk.connect()
    text = desk.part("outcome/fields", outcome="31")
    offered = re.findall(r'name="pick" value="([^"]+)"', text)
    assert offered[0] == "2022-09-15"
    assert all(one[-5:] >= "16:30" or one[-5:] < "13:30" for one in offered if "T" in one)
    text = desk.part("outcome/slots", outcome="31", follow_up_day="日")
    times = re.findall(r'value="2022-09-18T([^"]+)"', text)
    assert (times[0], times[-1], len(times)) == ("10:00", "15:45", 24)


def test_a_button_fills_day_and_time_and_says_what_follows(desk: Desk) -> None:
    desk.connect()
    text = desk.part("outcome/slots", outcome="31", pick="2022-09-16T17:15")
    assert 'value="9/16"' in text
    assert 'value="17:15"' in text
    assert "9月16日（金）17:15 に再架電します。" in text
    desk.send("outcome", outcome="31", pick="2022-09-16T17:15")  # as a browser without script
    assert desk.records() == []
    page = desk.page("outcome")
    assert 'value="9/16"' in page
    assert 'value="17:15"' in page


@pytest.mark.clause("S4-7.2b-1")
def test_an_illegal_time_says_at_once_where_it_moves_and_what_else_there_is(desk: Desk) -> None:
    desk.connect()
    wanted = {"outcome": "31", "follow_up_day": "あす", "follow_up_time": "14:00"}
    text = desk.part("outcome/slots", **wanted)
    assert "9月16日（金）14:00 は実施時間の外です。9月16日（金）16:30 に移ります。" in text
    assert "次の候補：9月16日（金）16:30、9月16日（金）16:45、9月16日（金）17:00" in text


def test_a_time_after_which_nothing_is_left_is_refused_with_the_last_ones(desk: Desk) -> None:
    desk.connect()
    wanted = {"outcome": "31", "follow_up_day": "9/28", "follow_up_time": "21:00"}
    text = desk.part("outcome/slots", **wanted)
    assert "9月28日（水）21:00 には約束できません。" in text
    assert "9月28日（水）20:15 までです。" in text
    assert "かけられる時刻がありません" in desk.send("outcome", 422, **wanted)
    assert desk.records() == []


@pytest.mark.clause("S4-12.1a", "S4-7.2b-3")
def test_a_supervisor_sees_why_a_call_was_moved_and_gives_it_to_somebody(
    desk: Desk, app: Flask, home: Services
) -> None:
    address = agree(desk)
    browser = Browser(app, home, "SV01")
    paper = campaigns.CityPaper("市財第31号", "管財課長", date(2022, 9, 15))
    with home.store.work(SUPERVISOR) as work:
        campaigns.change_hours(work, campaigns.NewOrder(FRIDAY, (), paper))
    assert "約束していた再架電 1件の時刻が" in browser.get("/board")
    listed = browser.get("/follow-ups")
    assert address in listed
    assert "市の指示で実施時間が変わったため" in listed
    page = browser.get(address)
    assert "約束した" in page
    assert "時刻を移した" in page
    assert "だれに渡すかを選んでください" in browser.post(
        f"{address}/reassign", {"holder": ""}, 422
    ).get_data(True)
    browser.post(f"{address}/reassign", {"holder": "OP02"})
    assert "OP02" in browser.get(address)
    assert "受ける人を変えた" in browser.get(address)


@pytest.mark.clause("S4-12.1a", "S4-11.3a-2")
def test_the_board_adds_up_what_was_promised_for_today(
    desk: Desk, app: Flask, home: Services, clock: FixedClock
) -> None:
    agree(desk, "今日", "17:00")
    clock.advance(timedelta(hours=6))
    with home.store.work(HOUSE) as work:
        campaigns.sweep_follow_ups(work)
    browser = Browser(app, home, "SV01")
    board = browser.get("/board")
    assert "再架電の約束を 1件 過ぎています。" in board
    assert "きょうの約束した再架電" in board
    assert "0　一致" in board
    listed = browser.get("/follow-ups?state=released")
    assert "全員へ" in listed
    assert "0　一致" in listed
    assert "この状態の再架電はありません" in browser.get("/follow-ups?state=booked")


def test_the_call_of_an_agent_who_logged_off_is_not_waited_for(
    desk: Desk, app: Flask, home: Services
) -> None:
    address = agree(desk, "今日", "17:00")
    desk.browser.post("/desk/seat", {"seat": "ready"})
    desk.browser.post("/logout", {}, 302)
    desk.clock.set(datetime.fromisoformat("2022-09-15T17:05:00+09:00"))
    with home.store.work(HOUSE) as work:
        assert campaigns.sweep_follow_ups(work).released == 1
    assert "担当が席にいないため" in Browser(app, home, "SV01").get(address)


def test_only_a_supervisor_sees_the_list_of_all(desk: Desk, app: Flask, home: Services) -> None:
    address = agree(desk)
    for code in ("OP01", "CF01"):
        browser = Browser(app, home, code)
        browser.get("/follow-ups", 403)
        browser.get(address, 403)
        browser.post(f"{address}/reassign", {"holder": "OP02"}, 403)


def test_an_empty_list_says_so(app: Flask, home: Services) -> None:
    assert "この状態の再架電はありません" in Browser(app, home, "SV01").get("/follow-ups?from=9x")
