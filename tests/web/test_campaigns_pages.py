"""Campaigns: opened with checks in place, listed with their state, told as a funnel."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import CAMPAIGN, SUPERVISOR, call_with, open_a01
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")
GOOD = {
    "receivable": "A01",
    "month": "2022-09",
    "calls_from": "2022-09-15",
    "calls_until": "2022-09-28",
    "callbacks_until": "2022-10-05",
}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", *OTHERS)
    return make_app(home)


def codes(home: Services) -> list[str]:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return [one.code for one in campaigns.list_campaigns(work)]


def test_only_a_supervisor_opens_campaigns(app: Flask, home: Services) -> None:
    for code in OTHERS:
        browser = Browser(app, home, code)
        browser.get("/campaigns", 403)
        browser.get(f"/campaigns/{CAMPAIGN}", 403)
        browser.post("/campaigns", GOOD, 403)
    assert codes(home) == []


def test_a_campaign_is_opened_with_its_three_days(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    assert "架電期間はまだありません" in browser.get("/campaigns")
    answer = browser.post("/campaigns", {**GOOD, "calls_from": "２０２２年９月１５日"})
    assert answer.location == f"/campaigns/{CAMPAIGN}"
    page = browser.get(f"/campaigns/{CAMPAIGN}")
    assert "2022年9月15日（木）" in page
    assert "公開したデータがまだありません" in page


def test_what_is_wrong_stands_beside_its_field(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    for name, value, words in (
        ("receivable", "", "まだ入っていません"),
        ("receivable", "A99", "一覧から選んでください"),
        ("month", "2022-13", "年月として読めません"),
        ("calls_from", "2022-06-30", "準備期間の中です"),
        ("calls_until", "2022-09-14", "架電を始める日より前です"),
        ("callbacks_until", "2022-09-27", "架電を終える日より前です"),
        ("callbacks_until", "2023-06-01", "契約期間を過ぎています"),
        ("calls_until", "2022-09-31", "暦にない日です"),
    ):
        browser.post("/campaigns", {**GOOD, name: value}, 422)
        assert words in browser.last
        assert re.search(rf'id="f-{name}"[^>]*aria-invalid="true"', browser.last)
    assert codes(home) == []


def test_a_month_of_a_receivable_is_opened_once(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    browser.post("/campaigns", GOOD)
    browser.post("/campaigns", GOOD, 422)
    assert "この債権のこの月の架電期間は、すでにあります" in browser.last
    assert codes(home) == [CAMPAIGN]


@pytest.mark.clause("S4-7.2a-1")
def test_calls_end_before_callbacks_do(app: Flask, home: Services, clock: FixedClock) -> None:
    Browser(app, home, "SV01").post("/campaigns", GOOD)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        campaign = campaigns.get_campaign(work, CAMPAIGN)
    for day, word in (
        ("2022-09-14", "準備中"),
        ("2022-09-15", "架電中"),
        ("2022-09-28", "架電中"),
        ("2022-09-29", "折返しのみ"),
        ("2022-10-05", "折返しのみ"),
        ("2022-10-06", "期間終了"),
    ):
        clock.set(datetime.fromisoformat(f"{day}T10:00:00+09:00"))
        on = date.fromisoformat(day)
        assert campaign.takes_calls_on(on) is (word == "架電中")
        assert campaign.takes_callbacks_on(on) is (word in ("架電中", "折返しのみ"))
        assert word in Browser(app, home, "SV01").get("/campaigns")


def test_the_funnel_of_a_campaign_adds_up(app: Flask, home: Services, clock: FixedClock) -> None:
    open_a01(home)
    call_with(home, clock, "61", "分けて納めたい。平日の夕方に連絡してほしい。")
    page = Browser(app, home, "SV01").get(f"/campaigns/{CAMPAIGN}")
    assert "合計は対象と一致" in page
    assert "0　一致" in page
    assert "不一致" not in page
    assert "公開済み" in page


def test_an_unknown_campaign_is_not_found(app: Flask, home: Services) -> None:
    Browser(app, home, "SV01").get("/campaigns/A01-209901", 404)
