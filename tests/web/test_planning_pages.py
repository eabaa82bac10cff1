"""The outlook and the measures on their pages, and the reasons of a case's place."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.cases.models import CallCase
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import CAMPAIGN, SUPERVISOR, call_with, open_a01
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

OUTLOOK, MEASURES = f"/campaigns/{CAMPAIGN}/outlook", f"/campaigns/{CAMPAIGN}/measures"


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01")
    return make_app(home)


def first_case(home: Services) -> UUID:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return work.session.scalars(select(CallCase.id).order_by(CallCase.row_number)).first()  # type: ignore[return-value]


def test_only_a_supervisor_sees_outlook_and_measures(app: Flask, home: Services) -> None:
    open_a01(home)
    for code in ("OP01", "CF01"):
        for path in (OUTLOOK, MEASURES, "/measures"):
            Browser(app, home, code).get(path, 403)


@pytest.mark.clause("S4-6.3-2")
def test_the_outlook_says_what_it_assumes_and_what_it_takes(app: Flask, home: Services) -> None:
    open_a01(home)
    page = Browser(app, home, "SV01").get(OUTLOOK)
    for words in (
        "接触率の見通し",
        "最終日の見通し",
        "目標に要る人時",
        "70.0％",
        "仮の値",
        "平日夜",
    ):
        assert words in page
    assert "まだかけていない" in page
    assert "この業務で測ったものではありません" in page


def test_other_numbers_of_agents_may_be_tried(app: Flask, home: Services) -> None:
    open_a01(home)
    browser = Browser(app, home, "SV01")
    assert "毎時 12.5人でかける場合" in browser.get(f"{OUTLOOK}?agents=１２.５")
    for wrong in ("x", "-1", "201", "nan"):
        assert "0から200までの数で入れてください" in browser.get(f"{OUTLOOK}?agents={wrong}")


def test_without_data_there_is_no_outlook_but_a_next_step(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    assert "架電期間がまだありません" in browser.get("/measures")
    browser.post(
        "/campaigns",
        {
            "receivable": "A01",
            "month": "2022-09",
            "calls_from": "2022-09-15",
            "calls_until": "2022-09-28",
            "callbacks_until": "2022-10-05",
        },
    )
    assert "見通しを立てる対象者がいません" in browser.get(OUTLOOK)


@pytest.mark.clause("S4-6.3-1")
@pytest.mark.clause("S4-6.3-2")
def test_measures_stand_with_their_formula_or_with_why_not(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    open_a01(home)
    call_with(home, clock, "61", "分けて納めたい。平日の夕方に連絡してほしい。")
    browser = Browser(app, home, "SV01")
    page = browser.get(MEASURES)
    for words in (
        "本人と話せた人 ÷ 引抜きを除く対象者",
        "委託予定件数が入っていません",
        "納付のデータを開いていません",
        "電話交換機の記録にだけあります",
        "委託料はこのシステムに入れません",
        "未達",
    ):
        assert words in page
    assert "1債権の合計" in browser.get("/measures")
    browser.get("/measures?month=2031-01", 404)
    opened = browser.get(f"{MEASURES}?payments=1")
    assert "納付のデータを開いて計算しました" in opened
    assert "納付確認のデータがまだ届いていません" in opened


@pytest.mark.clause("S4-11.2f")
def test_a_case_tells_why_it_stands_where_it_does(app: Flask, home: Services) -> None:
    open_a01(home)
    page = Browser(app, home, "SV01").get(f"/assignments/cases/{first_case(home)}")
    for words in ("この順番の理由", "この時間帯にはまだかけていない", "平日夜 → 平日昼"):
        assert words in page
