"""折返し: one receivable is searched; nothing of the debt before the check (S4-11.3a)."""

from __future__ import annotations

import csv
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from campaigns import api as campaigns
from campaigns.calling.models import FollowUp
from secure_store.access import system_actor
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import AGENT, MONTH, open_a01
from tests.web.desk_driver import Desk
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services

PATHS = ("/callbacks", "/callbacks/answer", "/callbacks/unknown")


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AD01", "AU01", "VF01")
    open_a01(home)
    return make_app(home)


@pytest.fixture
def desk(app: Flask, home: Services, clock: FixedClock) -> Desk:
    return Desk(app, home, clock)


def lent_rows() -> list[dict[str, str]]:
    files = make_delivery("A01", MONTH, 12, 7).files
    body = next(body for name, body in files.items() if "TAISHO" in name)
    return list(csv.DictReader(body.decode("cp932").splitlines()))


def callable_row() -> dict[str, str]:
    return next(row for row in lent_rows() if re.fullmatch(r"[0-9-]{10,13}", row["電話番号1"]))


def find(desk: Desk, status: int = 200, **fields: str) -> str:
    data = {"receivable": "A01", "number": "", "key": "", **fields}
    return desk.browser.post("/callbacks", data, status).get_data(as_text=True)


def answer(desk: Desk, row: dict[str, str]) -> str:
    found = find(desk, number=row["電話番号1"])
    case = re.search(r'name="case" value="([^"]+)"', found)
    assert case
    desk.browser.post("/callbacks/answer", {"case": case[1]})
    return desk.page()


def test_only_who_answers_callbacks_may_search(app: Flask, home: Services) -> None:
    for code in ("CF01", "AD01", "AU01", "VF01"):
        browser = Browser(app, home, code)
        browser.get("/callbacks", 403)
        for path in PATHS:
            browser.post(path, {}, 403)


def test_a_search_from_another_site_is_refused(desk: Desk) -> None:
    for path in PATHS:
        assert desk.browser.post_without_token(path).status_code == 400


def test_a_person_is_found_by_number_or_key_with_the_kana_only(desk: Desk) -> None:
    row = callable_row()
    for page in (find(desk, number=row["電話番号1"]), find(desk, key=row["整理番号"])):
        assert row["債務者氏名カナ"].split("　")[0] in page
        assert "この方に応対する" in page
        for secret in (row["住所"], row["債務者氏名"], f"{int(row['未納額合計']):,}"):
            assert secret not in page


def test_every_search_is_noted_without_what_was_searched(desk: Desk) -> None:
    row = callable_row()
    find(desk, number=row["電話番号1"])
    find(desk, number="011-999-9999")
    with desk.home.store.work(system_actor("test"), readonly=True) as work:
        events = work.session.execute(
            text("select * from audit_event where tag = :tag"), {"tag": Tag.SEARCH_NUMBER.value}
        ).all()
    assert len(events) == 2
    digits = row["電話番号1"].replace("-", "")
    assert not any(digits in str(event) or row["電話番号1"] in str(event) for event in events)


def test_nothing_is_searched_without_a_receivable_or_by_both_ways_at_once(desk: Desk) -> None:
    assert "債権を一つ選んでください" in find(desk, 422, receivable="", number="0110000001")
    assert "名前では探せません" in find(desk, 422)
    assert "どちらか一つ" in find(desk, 422, number="0110000001", key="A01-1")
    assert "電話番号として使えません" in find(desk, 422, number="見本")
    with desk.home.store.work(system_actor("test"), readonly=True) as work:
        searched = work.session.scalar(
            text("select count(*) from audit_event where tag = :tag"),
            {"tag": Tag.SEARCH_NUMBER.value},
        )
    assert searched == 0


def test_nobody_is_found_in_another_receivable(desk: Desk) -> None:
    page = find(desk, receivable="A02", number=callable_row()["電話番号1"])
    assert "この債権では見つかりません" in page


@pytest.mark.clause("S4-11.3a-1")
def test_a_person_ringing_back_hears_details_only_after_the_check(desk: Desk) -> None:
    row = next(row for row in lent_rows() if row["生年月日"] and row["電話番号1"][:1] == "0")
    total = f"{int(row['未納額合計']):,}円"
    page = answer(desk, row)
    assert "入電対応中" in page
    assert 'id="permit"' not in page
    assert total not in page
    assert row["住所"] not in page
    page = desk.send("identity")
    assert row["住所"] in page
    assert total not in page
    desk.compare_all()
    assert total in desk.send("identity/finish")


@pytest.mark.clause("S4-11.3a-1")
def test_when_the_check_fails_a_call_to_the_registered_number_is_owed(desk: Desk) -> None:
    answer(desk, callable_row())
    desk.send("identity")
    page = desk.send("identity/finish", verdict="refused")
    assert 'name="outcome" value="82"' in page
    desk.clock.advance(timedelta(seconds=30))
    desk.send("outcome", outcome="82", follow_up_day="あす", follow_up_time="18:30")
    with desk.home.store.work(AGENT, readonly=True) as work:
        owed = list(work.session.scalars(select(FollowUp)))
    assert [one.kind for one in owed] == [campaigns.FollowUpKind.IDENTITY_NOT_CONFIRMED]
    assert owed[0].due_at.isoformat().startswith("2022-09-16T")


def test_an_incoming_case_is_not_put_back(desk: Desk) -> None:
    page = answer(desk, callable_row())
    assert "かけずに戻す" not in page


def test_a_case_in_hand_is_finished_before_another_is_answered(desk: Desk) -> None:
    desk.next()
    page = desk.browser.get("/callbacks")
    assert "手元に案件があります" in page
    desk.browser.post("/callbacks/unknown")
    assert "先に結果を保存してください" in desk.page()


def test_of_an_unknown_caller_only_the_code_is_kept(desk: Desk) -> None:
    for code, more in (("81", {}), ("83", {}), ("85", {"answer_wanted": "yes"})):
        desk.browser.post("/callbacks/unknown")
        page = desk.page()
        assert "一覧にない方・無言" in page
        assert 'name="note"' not in page
        desk.send("draft", 204, outcome=code, note="見本の人の話")
        desk.send("outcome", outcome=code, note="見本の人の話", **more)
        desk.send("put-back")  # the list served the next case
    for record in desk.records():
        assert (record.case_id, record.collected_sealed) == (None, None)
    assert [record.outcome_code for record in desk.records()] == ["81", "83", "85"]


def test_the_agent_of_the_unknown_chooses_among_codes_of_no_case(desk: Desk) -> None:
    desk.browser.post("/callbacks/unknown")
    page = desk.page()
    offered = set(re.findall(r'role="option"[^>]*data-code="(\d+)"', page))
    assert offered == {"81", "83", "84", "85"}
