"""Incidents, evidence holds, the disclosed log and the handling report on the screen."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest
from flask import Flask

from secure_store.access import Actor, Role
from secure_store.audit.tags import FieldGroup, Tag
from secure_store.clock import FixedClock
from secure_store.orders import holds
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import BatchScope
from secure_store.verifier.disclosure_check import check_disclosure
from secure_store.work import Subject
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

SUPERVISOR = Actor("SV01", Role.SUPERVISOR)
KNOWN = {
    "groups": ["contact", "identity"],
    "persons": "2",
    "place": "transport",
    "circumstance": "medium_lost",
}
NUMBER = "INC-2022-001"


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AD01", "AU01", "VF01")
    return make_app(home)


def opened(app: Flask, home: Services, scope: str = "A01") -> Browser:
    browser = Browser(app, home, "SV01")
    browser.post(
        "/incidents",
        {"kind": "loss", "scope": scope, "known_day": "2022-09-15", "known_time": "11:00"},
    )
    return browser


def looks(home: Services, *, receivable: str = "A01", persons: int = 3) -> None:
    """An agent looks at some cases."""
    scope = BatchScope(installed_of(home.store).contract, receivable, f"{receivable}-202209")
    installed_of(home.store).keyring.ensure_data_key(scope, home.store.clock.now())
    with home.store.work(Actor("OP01", Role.AGENT)) as work:
        for number in range(persons):
            row = uuid5(NAMESPACE_OID, str(number))
            work.audit(
                Tag.CASE_OPENED,
                receivable=receivable,
                object_kind="case",
                object_id=row,
                subject=Subject(receivable, row),
                groups=(FieldGroup.CONTACT,),
            )


@pytest.mark.clause("S3-B2-16.1")
def test_an_incident_goes_from_the_first_moment_to_the_final_report(
    app: Flask, home: Services
) -> None:
    assert "記録した事故・事案はありません" in Browser(app, home, "SV01").get("/incidents")
    browser = opened(app, home)
    page = browser.get(f"/incidents/{NUMBER}")
    assert "内容（どの項目か）、本人の数、場所、状況" in page
    browser.post(f"/incidents/{NUMBER}/reports", {"step": "at_once", "document_no": "第1号"}, 422)
    assert "内容・人数・場所・状況の四つがすべて要ります" in browser.last
    browser.post(f"/incidents/{NUMBER}/facts", KNOWN)
    browser.post(f"/incidents/{NUMBER}/close", status=422)
    assert "確報を記録してから" in browser.last
    browser.post(f"/incidents/{NUMBER}/reports", {"step": "final", "document_no": "札納第1号"})
    assert "札納第1号" in browser.get(f"/incidents/{NUMBER}")
    browser.post(f"/incidents/{NUMBER}/close")
    page = browser.get(f"/incidents/{NUMBER}")
    assert "終えました" in page
    assert "報告したことを記録する" not in page


@pytest.mark.clause("S4-21.2")
def test_the_board_alarms_until_the_city_was_told(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    browser = opened(app, home)
    assert f"{NUMBER}　滅失・紛失（その疑い）　市への第一報がまだです" in browser.get("/board")
    clock.advance(timedelta(hours=1))
    browser = Browser(app, home, "SV01")
    assert f"{NUMBER}　滅失・紛失（その疑い）　市への第一報が遅れています" in browser.get("/board")
    browser.post(f"/incidents/{NUMBER}/facts", KNOWN)
    browser.post(f"/incidents/{NUMBER}/reports", {"step": "at_once", "document_no": "札納第1号"})
    assert NUMBER not in browser.get("/board")


@pytest.mark.clause("S3-B2-16.3")
def test_the_summary_for_the_public_is_made_of_chosen_words_and_counts(
    app: Flask, home: Services
) -> None:
    browser = opened(app, home)
    browser.post(f"/incidents/{NUMBER}/facts", KNOWN)
    page = browser.get(f"/incidents/{NUMBER}")
    summary = re.search(r"<p>(2022年9月15日、.*?)</p>", page)
    assert summary is not None
    assert summary[1] == (
        "2022年9月15日、運搬の途中で、2人分の情報（連絡先・本人確認）について、"
        "滅失・紛失（その疑い）の事案がありました。状況：媒体をなくした。"
    )


def test_what_cannot_be_used_is_refused_at_its_field(app: Flask, home: Services) -> None:
    browser = opened(app, home)
    for data in (
        {"kind": "loss", "scope": "A01", "known_day": "2022-09-16", "known_time": "10:00"},
        {"kind": "fire", "scope": "A01", "known_day": "2022-09-15", "known_time": "10:00"},
        {"kind": "loss", "scope": "A99", "known_day": "2022-09-15", "known_time": "10:00"},
        {"kind": "loss", "scope": "A01", "known_day": "x", "known_time": "25:00"},
        {},
    ):
        browser.post("/incidents", data, 422)
    for data in ({**KNOWN, "persons": "-1"}, {**KNOWN, "place": "moon"}, {"circumstance": "x"}):
        browser.post(f"/incidents/{NUMBER}/facts", data, 422)
    stage = f"/incidents/{NUMBER}/stages/containment"
    browser.post(stage, {"owner": "XX99", "due_on": "2022-09-16"}, 422)
    browser.post(f"/incidents/{NUMBER}/stages/party", {"act": "done"}, 404)
    browser.post(stage, {"owner": "SV01", "due_on": "2022-09-16"})
    browser.post(stage, {"act": "done"})
    browser.get("/incidents/INC-2022-999", 404)


@pytest.mark.clause("S3-B2-16.1")
def test_the_pack_counts_persons_from_the_log(app: Flask, home: Services) -> None:
    looks(home, persons=3)
    looks(home, persons=2)
    browser = opened(app, home)
    answer = browser.post(
        f"/incidents/{NUMBER}/pack", {"first": "2022-09-15", "last": "2022-09-15"}, 200
    )
    said = json.loads(answer.get_data())
    assert (said["persons"], said["persons_by_group"]["contact"]) == (3, 3)
    assert [one["actor"] for one in said["who"]] == ["OP01"]
    browser.post(f"/incidents/{NUMBER}/pack", {"first": "2022-09-15", "last": "x"}, 422)


@pytest.mark.clause("S4-14.11a")
def test_a_hold_is_placed_and_lifted_with_its_number(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    assert "保全しているものはありません" in browser.get("/holds")
    browser.post("/holds", {"scope": "A01", "document_no": " "}, 422)
    browser.post("/holds", {"scope": "A01", "document_no": "市文第7号"})
    assert "市文第7号" in browser.get("/holds")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        (hold,) = holds.standing(work)
        with pytest.raises(holds.EvidenceHeld):
            holds.require_no_hold(work, "A01")
    browser.post(f"/holds/{hold.id}/lift")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert holds.standing(work) == []


@pytest.mark.clause("S4-14.11b")
def test_the_auditor_discloses_a_part_that_checks_alone(app: Flask, home: Services) -> None:
    looks(home)
    auditor = Browser(app, home, "AU01")
    asked = {"receivable": "A01", "first": "2022-09-15", "last": "2022-09-15"}
    answer = auditor.post("/audit/disclosure", asked, 200)
    lines = answer.get_data().splitlines(keepends=True)
    verdict = check_disclosure(lines, installed_of(home.store).signer.public_key)
    assert (verdict.fault, verdict.events) == (None, 3)
    assert "disclosure-A01-20220915-20220915.jsonl" in answer.headers["Content-Disposition"]
    auditor.post(
        "/audit/disclosure",
        {**asked, "receivable": "A02", "first": "2021-01-01", "last": "2021-01-01"},
        422,
    )
    assert "この期間の記録はありません" in auditor.last
    for wrong in ({}, {**asked, "receivable": "A99"}, {**asked, "last": "2022-09-01"}):
        auditor.post("/audit/disclosure", wrong, 422)


@pytest.mark.clause("S3-B2-14.1", "S3-B1-10")
def test_todays_handling_is_one_click_away(app: Flask, home: Services) -> None:
    looks(home)
    browser = Browser(app, home, "SV01")
    today = re.search(
        r'href="(/handling-report\?[^"]+)"[^>]*>今日', browser.get("/handling-report")
    )
    assert today is not None
    page = browser.get(today[1].replace("&amp;", "&"))
    assert re.search(r"連絡先</th>\s*<td[^>]*>3<", page)
    browser.get("/handling-report?first=x&last=2022-09-15", 422)


def test_each_role_sees_what_the_table_says(app: Flask, home: Services) -> None:
    opened(app, home)
    allowed = {
        "/incidents": {"SV01", "AD01", "AU01"},
        f"/incidents/{NUMBER}": {"SV01", "AD01", "AU01"},
        "/holds": {"SV01", "AD01"},
        "/audit/disclosure": {"AU01"},
        "/handling-report": {"SV01", "AD01", "AU01"},
    }
    for path, codes in allowed.items():
        for code in ("SV01", "OP01", "CF01", "AD01", "AU01", "VF01"):
            Browser(app, home, code).get(path, 200 if code in codes else 403)
    auditor = Browser(app, home, "AU01")
    auditor.post(f"/incidents/{NUMBER}/close", status=403)
    assert "新しく記録する" not in auditor.get("/incidents")
