"""Groups, bulk assignment, evening out, the funnel and the spread of work, on their pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from campaigns import api as campaigns
from tests.web.calls_to_tickets import AGENT, CAMPAIGN, SUPERVISOR, lent_values, open_a01
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services
from webui.words.callability import BUCKET_SENTENCES, BUCKET_WORDS, stretch_of

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")
BASE = f"/assignments/{CAMPAIGN}"
GROUP = {"code": "g01", "name": "夜間の班", "receivable": "A01"}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP02", *OTHERS)
    open_a01(home)
    return make_app(home)


@pytest.fixture
def browser(app: Flask, home: Services) -> Browser:
    """A supervisor who has made the group G01 of OP01 and OP02."""
    browser = Browser(app, home, "SV01")
    browser.post("/groups", GROUP)
    for code in ("OP01", "OP02"):
        browser.post("/groups/G01/members", {"add": code})
    return browser


def held(home: Services, holder: str) -> int:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return campaigns.count_selected(work, CAMPAIGN, campaigns.CaseSelection(holder=holder))


def dealt(home: Services, **wanted: str) -> dict[str, str]:
    """The form of the bulk page for these cases, with the number it shows now."""
    with home.store.work(SUPERVISOR, readonly=True) as work:
        selection = campaigns.CaseSelection(holder=wanted.get("holder", ""))
        return {**wanted, "expected": str(campaigns.count_selected(work, CAMPAIGN, selection))}


def test_only_a_supervisor_opens_and_sends_these_pages(app: Flask, home: Services) -> None:
    pages = ("/groups", f"{BASE}/bulk", f"{BASE}/rebalance", f"{BASE}/funnel", f"{BASE}/holders")
    acts = ("/groups", "/groups/G01/members", "/groups/G01/retire", f"{BASE}/bulk")
    for code in OTHERS:
        browser = Browser(app, home, code)
        for path in pages:
            browser.get(path, 403)
        for path in (*acts, f"{BASE}/rebalance"):
            browser.post(path, GROUP, 403)


@pytest.mark.clause("S4-12.1c")
def test_a_group_is_made_filled_given_cases_and_served(browser: Browser, home: Services) -> None:
    assert "夜間の班" in browser.get("/groups/G01")
    browser.post(f"{BASE}/bulk", {**dealt(home, holder="OP01"), "agents": "G01", "act": "deal"})
    assert held(home, "OP01") == 0
    total = held(home, "G01")
    assert total > 0
    assert f"{total}件" in browser.get(f"/assignments?campaign={CAMPAIGN}&assignee=G01")
    with home.store.work(AGENT) as work:
        served = campaigns.take_next_case(work)
    assert served is not None
    browser.post("/groups/G01/retire")
    assert f"{total}件が担当なしに戻りました" in browser.get("/groups")
    assert "廃止" in browser.get("/groups/G01")
    assert held(home, "G01") == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": ""}, "まだ入っていません"),
        ({"code": "OP01"}, "G01 の形"),
        ({"code": "G1"}, "G01 の形"),
        ({"code": "G01"}, "すでにある"),
        ({"code": "G02", "name": " "}, "まだ入っていません"),
        ({"code": "G02", "receivable": "Z99"}, "一覧から選んでください"),
    ],
)
def test_a_group_needs_a_code_a_name_and_a_receivable(
    browser: Browser, change: dict[str, str], words: str
) -> None:
    browser.post("/groups", {**GROUP, **change}, 422)
    assert words in browser.last


def test_only_people_of_the_receivable_come_into_a_group(browser: Browser) -> None:
    for code in ("CF01", "AD01", "nobody", ""):
        browser.post("/groups/G01/members", {"add": code}, 422)
    browser.post("/groups/G01/members", {"remove": "OP02"})
    page = browser.get("/groups/G01")
    assert "1人" in page
    assert "OP02" in page  # who left stays in the history


def test_a_bulk_act_is_refused_when_the_number_shown_no_longer_holds(
    browser: Browser, home: Services
) -> None:
    form = {**dealt(home, holder="OP01"), "agents": ["G01", "OP02"], "act": "deal"}
    browser.post(f"{BASE}/bulk", {**form, "expected": "1"}, 409)
    assert "何も変えていません" in browser.last
    browser.post(f"{BASE}/bulk", {**form, "agents": []}, 422)
    browser.post(f"{BASE}/bulk", {**form, "attempts_until": "many"}, 422)
    browser.get(f"{BASE}/bulk?attempts_from=x", 422)
    assert held(home, "OP01") > 0
    browser.post(f"{BASE}/bulk", form)
    assert abs(held(home, "G01") - held(home, "OP02")) <= 1
    browser.post(f"{BASE}/bulk", {**dealt(home, holder="G01"), "act": "take_back"})
    assert held(home, "G01") == 0


@pytest.mark.clause("S4-12.1c")
def test_evening_out_is_shown_first_and_then_done_as_shown(
    browser: Browser, home: Services
) -> None:
    before = held(home, "OP01")
    page = browser.get(f"{BASE}/rebalance?holders=OP01&holders=OP02&holders=G01")
    moving = int(re.findall(r'name="expected" value="(\d+)"', page)[0])
    assert 0 < moving < before
    form = {"holders": ["OP01", "OP02", "G01"], "expected": str(moving)}
    browser.post(f"{BASE}/rebalance", {**form, "expected": str(moving + 1)}, 409)
    browser.post(f"{BASE}/rebalance", {"holders": ["OP01"], "expected": "0"}, 422)
    browser.post(f"{BASE}/rebalance", form)
    numbers = [held(home, code) for code in ("OP01", "OP02", "G01")]
    assert sum(numbers) == before
    assert max(numbers) - min(numbers) <= 1
    assert f"{moving}件の担当を移し" in browser.get(f"{BASE}/holders")


@pytest.mark.clause("S4-12.1c")
def test_the_funnel_adds_up_and_every_bucket_opens_its_cases(
    browser: Browser, home: Services
) -> None:
    page = browser.get(f"{BASE}/funnel")
    assert "0　一致" in page
    with home.store.work(SUPERVISOR, readonly=True) as work:
        shown = campaigns.funnel(work, CAMPAIGN)
    for bucket, count in shown.counts.items():
        assert BUCKET_WORDS[bucket] in page
        listed = browser.get(f"/assignments?campaign={CAMPAIGN}&bucket={bucket.value}")
        assert f"{count:,}件だけを表示しています" in listed


def test_every_bucket_has_words_a_sentence_and_a_part_of_the_funnel() -> None:
    assert set(BUCKET_WORDS) == set(BUCKET_SENTENCES) == set(campaigns.Bucket)
    assert {stretch_of(bucket) for bucket in campaigns.Bucket}
    assert len(set(BUCKET_WORDS.values())) == len(campaigns.Bucket)
    assert all(text.endswith("。") for text in BUCKET_SENTENCES.values())


def test_the_page_of_a_case_says_why_it_is_not_callable(browser: Browser, home: Services) -> None:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        line = campaigns.case_page(work, CAMPAIGN, campaigns.CaseQuery(assignee="OP01")).lines[0]
    browser.post(BASE, {"act": "unassign", "case": str(line.id)})
    page = browser.get(f"/assignments/cases/{line.id}")
    assert BUCKET_SENTENCES[campaigns.Bucket.NOT_ASSIGNED] in page


def test_none_of_the_pages_shows_a_person(browser: Browser, home: Services) -> None:
    shown = "".join(
        browser.get(path)
        for path in ("/groups", "/groups/G01", f"{BASE}/bulk", f"{BASE}/funnel", f"{BASE}/holders")
    )
    assert [value for value in lent_values() if value in shown] == []


def test_unknown_groups_and_campaigns_are_not_found(browser: Browser) -> None:
    for path in ("/groups/G99", "/assignments/A09-202209/funnel", "/assignments/A09-202209/bulk"):
        browser.get(path, 404)
    browser.post("/groups/G99/retire", {}, 404)
