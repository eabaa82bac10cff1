"""The calendar of calling hours and the city's dated orders."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import SUPERVISOR
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")
ORDER = {
    "day": "2022-10-12",
    "how": "open",
    "intervals": "10:00-12:00",
    "document_no": "札子企第123号",
    "signer": "管財課長",
    "received_on": "2022-09-13",
}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", *OTHERS)
    return make_app(home)


@pytest.fixture
def browser(app: Flask, home: Services) -> Browser:
    return Browser(app, home, "SV01")


def is_open(home: Services, instant: str, receivable: str | None = None) -> bool:
    at = datetime.fromisoformat(f"{instant}:00+09:00")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return campaigns.window_at(work, at, receivable).is_open


def cell_of(page: str, day: int) -> str:
    """The text of one day's cell."""
    cells: list[str] = re.findall(r"<td data-kind.*?</td>", page, re.DOTALL)
    return next(cell for cell in cells if f"<b>{day}</b>" in cell)


def test_only_a_supervisor_orders_hours(app: Flask, home: Services) -> None:
    for code in OTHERS:
        browser = Browser(app, home, code)
        browser.get("/hours", 403)
        browser.post("/hours/orders", ORDER, 403)
        browser.post(f"/hours/orders/{uuid4()}/withdraw", status=403)
    assert is_open(home, "2022-10-12T10:30") is False


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2223-01", "1821-12"])
def test_a_month_too_far_away_is_told_and_this_month_is_shown(browser: Browser, month: str) -> None:
    page = browser.get(f"/hours?month={month}")
    assert "その月の暦はありません" in page
    assert "month=2022-08" in page


def test_the_calendar_shows_what_the_rules_say(browser: Browser) -> None:
    page = browser.get("/hours?month=2022-09")
    for day, words in (
        (15, ("平日", "11:30–13:30", "16:30–20:30", "360分")),
        (17, ("土日祝", "10:00–16:00", "360分")),
        (19, ("敬老の日", "10:00–16:00")),
        (23, ("秋分の日", "10:00–16:00")),
    ):
        assert [word for word in words if word not in cell_of(page, day)] == []


def test_months_follow_each_other_over_the_year(browser: Browser) -> None:
    page = browser.get("/hours?month=2022-12")
    assert "month=2022-11" in page
    assert "month=2023-01" in page
    assert "2022年9月" in browser.get("/hours?month=nonsense")


def test_a_year_without_a_calendar_is_closed_and_says_so(browser: Browser) -> None:
    page = browser.get("/hours?month=2199-05")
    assert "暦がないため実施なし" in page
    assert "かけられる日 0日" in page


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_opens_other_hours_on_that_day_only(home: Services, browser: Browser) -> None:
    assert not is_open(home, "2022-10-12T10:30")
    browser.post("/hours/orders", ORDER)
    assert is_open(home, "2022-10-12T10:30")
    assert not is_open(home, "2022-10-12T12:00")
    assert not is_open(home, "2022-10-12T17:00")
    assert not is_open(home, "2022-10-11T10:30")
    assert not is_open(home, "2022-10-13T10:30")
    cell = cell_of(browser.get("/hours?month=2022-10"), 12)
    assert "10:00–12:00" in cell
    assert "120分" in cell
    assert "札子企第123号" in cell


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_for_one_receivable_leaves_the_others_alone(
    home: Services, browser: Browser
) -> None:
    browser.post("/hours/orders", {**ORDER, "receivable": "A05", "how": "closed", "intervals": ""})
    assert not is_open(home, "2022-10-12T17:00", "A05")
    assert is_open(home, "2022-10-12T17:00", "A01")
    assert is_open(home, "2022-10-12T17:00")
    assert "実施なし" in cell_of(browser.get("/hours?month=2022-10&receivable=A05"), 12)
    assert "実施なし" not in cell_of(browser.get("/hours?month=2022-10"), 12)


def test_full_width_typing_is_understood(home: Services, browser: Browser) -> None:
    typed = {
        **ORDER,
        "day": "２０２２年１０月１２日",
        "intervals": "９:００〜１０:３０、１３：００～１４：００",
    }
    browser.post("/hours/orders", typed)
    assert is_open(home, "2022-10-12T10:29")
    assert not is_open(home, "2022-10-12T10:30")
    assert is_open(home, "2022-10-12T13:00")


@pytest.mark.clause("S4-7.2b-3")
@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2022-10-12T00:00", "実施日の当日に入れています"),
        ("2022-10-12T11:29", "実施日の当日に入れています"),
        ("2022-10-12T11:30", "もう始まっています"),
    ],
)
def test_an_order_of_the_running_day_asks_once_more(
    app: Flask, home: Services, clock: FixedClock, now: str, words: str
) -> None:
    clock.set(datetime.fromisoformat(f"{now}:00+09:00"))
    browser = Browser(app, home, "SV01")
    closed = {**ORDER, "how": "closed"}
    browser.post("/hours/orders", closed, 422)
    assert words in browser.last
    assert is_open(home, "2022-10-12T17:00")
    browser.post("/hours/orders", {**closed, "confirmed": "1"})
    assert not is_open(home, "2022-10-12T17:00")


def test_the_evening_before_is_still_in_time(app: Flask, home: Services, clock: FixedClock) -> None:
    clock.set(datetime.fromisoformat("2022-10-11T23:59:59+09:00"))
    Browser(app, home, "SV01").post("/hours/orders", ORDER)
    assert is_open(home, "2022-10-12T10:30")


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_with_a_time_of_effect_leaves_the_hours_before_it_alone(
    home: Services, browser: Browser
) -> None:
    browser.post("/hours/orders", {**ORDER, "how": "closed", "effective_from": "１３:００"})
    assert is_open(home, "2022-10-12T12:59")
    assert not is_open(home, "2022-10-12T13:00")
    assert not is_open(home, "2022-10-12T17:00")
    assert "11:30–13:00" in cell_of(browser.get("/hours?month=2022-10"), 12)


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_is_kept_with_its_document_its_signer_and_the_day_it_came(
    home: Services, browser: Browser
) -> None:
    browser.post("/hours/orders", ORDER)
    browser.post("/hours/orders", {**ORDER, "receivable": "A05"})
    page = browser.get("/hours?month=2022-10")
    assert "管財課長" in page
    assert "札子企第123号#2" in page
    with home.store.work(SUPERVISOR, readonly=True) as work:
        kept = campaigns.order_history(work)
    assert {one.rule for one in kept} == {"order:札子企第123号", "order:札子企第123号#2"}
    assert {(one.signer, f"{one.received_on}") for one in kept} == {("管財課長", "2022-09-13")}


def test_an_order_that_cannot_be_meant_is_refused_in_place(
    home: Services, browser: Browser
) -> None:
    for name, value, words in (
        ("day", "", "まだ入っていません"),
        ("day", "2022-09-14", "過ぎた日の実施時間は変えられません"),
        ("intervals", "", "時間帯を入れるか"),
        ("intervals", "10-12", "始まりと終わりを時刻で"),
        ("intervals", "12:00-10:00", "始まりと終わりを時刻で"),
        ("intervals", "10:00-12:00、11:00-13:00", "重なっているか"),
        ("intervals", "24:00-25:00", "始まりと終わりを時刻で"),
        ("document_no", " ", "市の文書の番号を入れてください"),
        ("signer", "", "まだ入っていません"),
        ("signer", "見本 太郎", "職の名前で入れてください"),
        ("received_on", "2022-09-16", "きょうより後の日です"),
        ("effective_from", "25:00", "時刻として読めません"),
        ("how", "", "まだ入っていません"),
        ("receivable", "A99", "一覧から選んでください"),
    ):
        browser.post("/hours/orders", {**ORDER, name: value}, 422)
        assert words in browser.last
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert campaigns.order_history(work) == []


def test_a_withdrawn_order_gives_the_usual_hours_back_and_stays_on_record(
    home: Services, browser: Browser
) -> None:
    browser.post("/hours/orders", ORDER)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        order = campaigns.order_history(work)[0].id
    browser.post(f"/hours/orders/{order}/withdraw")
    assert not is_open(home, "2022-10-12T10:30")
    assert is_open(home, "2022-10-12T17:00")
    page = browser.get("/hours?month=2022-10")
    assert "札子企第123号" in page
    assert "取消し" in page
    browser.post(f"/hours/orders/{order}/withdraw", status=404)


def test_an_order_of_a_past_day_cannot_be_withdrawn(
    app: Flask, home: Services, browser: Browser, clock: FixedClock
) -> None:
    browser.post("/hours/orders", ORDER)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        order = campaigns.order_history(work)[0].id
    clock.set(datetime.fromisoformat("2022-10-13T10:00:00+09:00"))
    later = Browser(app, home, "SV01")
    assert "取り消す" not in later.get("/hours?month=2022-10")
    later.post(f"/hours/orders/{order}/withdraw", status=409)
    assert is_open(home, "2022-10-12T10:30")
