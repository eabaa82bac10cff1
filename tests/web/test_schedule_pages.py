"""The schedule and the change of period as a supervisor sees and sends them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns import api as campaigns
from campaigns.calling.models import CallRecord
from dialer.calendar.holidays import load_holidays
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import SUPERVISOR, call_with, open_a01
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")
CODE = "A01-202210"
PERIOD = {
    "calls_from": "2022-10-17",
    "calls_until": "2022-10-28",
    "callbacks_until": "2022-11-04",
    "document_no": "札子企第7号",
    "signer": "管財課長",
    "received_on": "2022-09-14",
}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", *OTHERS)
    return make_app(home)


@pytest.fixture
def october(home: Services) -> None:
    with home.store.work(SUPERVISOR) as work:
        days = (date(2022, 10, 12), date(2022, 10, 25), date(2022, 11, 1))
        campaigns.open_campaign(work, campaigns.CampaignPlan("A01", date(2022, 10, 1), *days))


def at(clock: FixedClock, app: Flask, home: Services, instant: str) -> Browser:
    clock.set(datetime.fromisoformat(f"{instant}+09:00"))
    return Browser(app, home, "SV01")


def test_only_who_manages_campaigns_opens_the_schedule(
    app: Flask, home: Services, october: None
) -> None:
    for code in OTHERS:
        browser = Browser(app, home, code)
        browser.get("/schedule", 403)
        browser.post("/schedule/notices", {}, 403)
        browser.post("/schedule/plans", {}, 403)
        browser.post(f"/schedule/notices/{uuid4()}/confirm", status=403)
        browser.post(f"/campaigns/{CODE}/period", PERIOD, 403)


@pytest.mark.clause("S4-11.1a")
def test_an_unconfirmed_volume_is_told_on_schedule_campaign_and_board(
    app: Flask, home: Services, clock: FixedClock, october: None
) -> None:
    words = "概数の確認の期限（2022年10月5日（水））を過ぎています"
    in_time = at(clock, app, home, "2022-10-05T10:00:00")
    for path in ("/schedule?month=2022-10", f"/campaigns/{CODE}", "/board"):
        assert words not in in_time.get(path)
    late = at(clock, app, home, "2022-10-06T10:00:00")
    for path in ("/schedule?month=2022-10", f"/campaigns/{CODE}", "/board"):
        assert words in late.get(path)
    notice = {"receivable": "A01", "month": "2022-10", "cases": "５００"}
    late.post("/schedule/notices", {**notice, "received_on": "2022-10-04"})
    page = late.get("/schedule?month=2022-10")
    assert words in page
    found = re.search(r"/schedule/notices/[0-9a-f-]+/confirm", page)
    assert found
    late.post(found[0], {"month": "2022-10"})
    assert words not in late.get("/schedule?month=2022-10")
    assert words not in late.get("/board")


@pytest.mark.clause("S4-6.3-1")
def test_planned_numbers_stand_in_the_month(app: Flask, home: Services, october: None) -> None:
    browser = Browser(app, home, "SV01")
    plan = {"receivable": "A01", "month": "2022-10", "calls": "1,500"}
    answer = browser.post("/schedule/plans", plan)
    assert answer.location == "/schedule?month=2022-10"
    page = browser.get("/schedule?month=2022-10")
    assert "1,500" in page
    assert "0.0％" in page
    assert "未定" in page  # of the other receivables


def test_what_is_wrong_with_a_number_stands_beside_its_field(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    good = {"receivable": "A01", "month": "2022-10", "cases": "500", "received_on": "2022-09-14"}
    for name, value, words in (
        ("receivable", "A99", "一覧から選んでください"),
        ("cases", "約500", "件数として読めません"),
        ("cases", "", "まだ入っていません"),
        ("received_on", "2022-12-31", "きょうより後の日です"),
    ):
        browser.post("/schedule/notices", {**good, name: value}, 422)
        assert words in browser.last
    browser.post("/schedule/plans", {"receivable": "A01", "month": "2022-10", "calls": "-1"}, 422)
    assert "件数として読めません" in browser.last
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert campaigns.volume_notices(work, date(2022, 10, 1)) == {}


def test_receivables_that_call_on_the_same_days_are_told(
    app: Flask, home: Services, october: None
) -> None:
    browser = Browser(app, home, "SV01")
    assert "債権どうしで重なりません" in browser.get("/schedule?month=2022-10")
    with home.store.work(SUPERVISOR) as work:
        days = (date(2022, 10, 24), date(2022, 10, 31), date(2022, 11, 7))
        campaigns.open_campaign(work, campaigns.CampaignPlan("A02", date(2022, 10, 1), *days))
    page = browser.get("/schedule?month=2022-10")
    assert "10月24日（月）–10月25日（火）" in page
    assert "A01、A02" in page


@pytest.mark.clause("S4-7.2a-2")
def test_a_change_received_after_the_month_before_asks_once_more(
    app: Flask, home: Services, clock: FixedClock, october: None
) -> None:
    browser = at(clock, app, home, "2022-10-03T10:00:00")
    browser.post(f"/campaigns/{CODE}/period", {**PERIOD, "received_on": "2022-09-30"})
    page = browser.get(f"/campaigns/{CODE}")
    assert "2022年10月17日（月）" in page
    assert "期限内" in page
    late = {**PERIOD, "calls_from": "2022-10-18", "received_on": "2022-10-01"}
    browser.post(f"/campaigns/{CODE}/period", late, 422)
    assert "前の月の末日を過ぎてから" in browser.last
    assert "2022年10月17日（月）" in browser.get(f"/campaigns/{CODE}")
    browser.post(f"/campaigns/{CODE}/period", {**late, "confirmed": "1"})
    page = browser.get(f"/campaigns/{CODE}")
    assert "2022年10月18日（火）" in page
    assert "期限後" in page


def test_a_change_that_cannot_be_made_says_why(app: Flask, home: Services, october: None) -> None:
    browser = Browser(app, home, "SV01")
    for name, value, words in (
        ("calls_from", "2022-06-30", "準備期間の中です"),
        ("callbacks_until", "2023-06-01", "契約期間を過ぎています"),
        ("calls_until", "2022-10-10", "架電を始める日より前です"),
        ("signer", "見本 太郎", "職の名前で入れてください"),
        ("document_no", "", "市の文書の番号を入れてください"),
    ):
        browser.post(f"/campaigns/{CODE}/period", {**PERIOD, name: value}, 422)
        assert words in browser.last
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert campaigns.period_changes(work, CODE) == []


@pytest.mark.parametrize("path", ["/board", "/hours"])
def test_a_calendar_that_lacks_the_next_year_raises_a_loud_alarm(
    app: Flask, home: Services, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    words = "2023年の暦がありません"
    assert words not in Browser(app, home, "SV01").get(path)
    short = replace(load_holidays(), last_year=2022)
    monkeypatch.setattr("campaigns.profile.calendar_view.load_holidays", lambda: short)
    page = Browser(app, home, "SV01").get(path)
    assert words in page
    assert re.search(rf'banner--stop" role="alert".*?{words}', page, re.DOTALL)


@pytest.mark.clause("S4-7.2b-3")
def test_the_story_of_a_case_tells_the_order_behind_a_call(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    open_a01(home)
    paper = campaigns.CityPaper("札子企第9号", "管財課長", date(2022, 9, 14))
    usual = campaigns.parse_interval("11:30-20:30")
    with home.store.work(SUPERVISOR) as work:
        day = date(2022, 9, 15)
        campaigns.change_hours(work, campaigns.NewOrder(day, (usual,), paper), confirmed=True)
    call_with(home, clock, "61", "分けて納めたい。平日の夕方に連絡してほしい。")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        case = work.session.scalar(select(CallRecord.case_id))
    page = Browser(app, home, "SV01").get(f"/assignments/cases/{case}")
    assert "市の指示 札子企第9号（管財課長）" in page


def test_the_menu_marks_its_entry_on_detail_pages_too(
    app: Flask, home: Services, october: None
) -> None:
    browser = Browser(app, home, "SV01")
    for path, label in (
        ("/campaigns", "架電期間"),
        (f"/campaigns/{CODE}", "架電期間"),
        ("/suspensions", "業務の停止・再開"),
        ("/schedule", "架電等スケジュール"),
    ):
        marked = re.findall(r'aria-current="page"><span>([^<]+)', browser.get(path))
        assert marked == [label]
