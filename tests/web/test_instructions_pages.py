"""個別業務指示書: entered by fields, approved by a document, compared with the one before."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import SUPERVISOR
from tests.web.pages import Browser, enrol, make_app
from webui.forms.instructions import picked_of, typed_of
from webui.services import Services

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", *OTHERS)
    return make_app(home)


@pytest.fixture
def browser(app: Flask, home: Services) -> Browser:
    return Browser(app, home, "SV01")


def rules_now(home: Services, receivable: str = "A01") -> campaigns.CallingRules:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return campaigns.calling_rules(work, receivable)


def form(home: Services, **changes: object) -> dict[str, object]:
    rules = rules_now(home)
    return {**typed_of(rules), **picked_of(rules), "effective_from": "2022-09-20", **changes}


def test_only_a_supervisor_enters_instructions(app: Flask, home: Services) -> None:
    for code in OTHERS:
        browser = Browser(app, home, code)
        for path in ("/instructions", "/instructions/A01", "/instructions/A01/new"):
            browser.get(path, 403)
        browser.post("/instructions/A01", form(home), 403)
        browser.post("/instructions/A01/1/approve", {"document_no": "見本第1号"}, 403)
    assert rules_now(home).version == 0


@pytest.mark.clause("S4-8.6b", "S4-11.2-1")
def test_a_version_is_entered_approved_and_comes_into_force_on_its_day(
    browser: Browser, home: Services, clock: FixedClock
) -> None:
    assert "契約の標準" in browser.get("/instructions")
    browser.post(
        "/instructions/A01",
        form(home, min_counted_attempts="1", max_counted_attempts="2", order_H1="landline"),
        303,
    )
    page = browser.get("/instructions/A01/1")
    assert "前は 6回" in page
    assert "契約の標準と比べて" in page
    assert len(re.findall(r">変更</span>", page)) == 3
    assert rules_now(home).version == 0
    browser.post("/instructions/A01/1/approve", {"document_no": "札財管第118号"}, 303)
    assert "これから" in browser.get("/instructions/A01/1")
    assert "第1版" in browser.get("/instructions")
    assert rules_now(home).parameters.max_counted_attempts == 6
    clock.set(datetime.fromisoformat("2022-09-20T00:00:00+09:00"))
    assert rules_now(home).parameters.max_counted_attempts == 2
    assert rules_now(home, "A02").version == 0


def test_faults_stand_beside_their_fields_and_nothing_is_kept(
    browser: Browser, home: Services
) -> None:
    sent = form(
        home,
        max_counted_attempts="百",
        band_H1="11時から",
        rotation="H1,H1",
        spare_item="address",
        right_party=[],
        effective_from="2022-09-01",
    )
    page = browser.post("/instructions/A01", sent, 422).text
    assert "1から30までの整数で入れてください。" in page
    assert "11:30-13:30 の形" in page
    assert "1回ずつ入れてください" in page
    assert "確かめる項目とは別の項目" in page
    assert "一つ以上選んでください。" in page
    assert 'value="百"' in page
    past = browser.post("/instructions/A01", form(home, effective_from="2022-09-01"), 422).text
    assert "きょう以後の日にしてください" in past
    crossed = browser.post("/instructions/A01", form(home, min_counted_attempts="9"), 422).text
    assert "最小が最大を超えています" in crossed
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert campaigns.instruction_history(work, "A01") == []


def test_an_approval_needs_the_number_and_is_given_once(browser: Browser, home: Services) -> None:
    for _version in range(2):
        browser.post("/instructions/A01", form(home), 303)
    browser.post("/instructions/A01/2/approve", {"document_no": " "}, 422)
    browser.post("/instructions/A01/2/approve", {"document_no": "札財管第118号"}, 303)
    browser.post("/instructions/A01/2/approve", {"document_no": "札財管第119号"}, 409)
    browser.post("/instructions/A01/1/approve", {"document_no": "札財管第119号"}, 409)
    assert "もう承認できません" in browser.get("/instructions/A01/1")
    browser.get("/instructions/A01/3", 404)
    browser.get("/instructions/Z99", 404)
