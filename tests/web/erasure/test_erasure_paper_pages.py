"""The papers of an erasure at the screen: application, consent, witness, certificate as PDF."""

from __future__ import annotations

import hashlib
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask

from secure_store.erasure.execution import document_of, locked
from secure_store.erasure.states import ErasureState
from tests.integration.campaigns.desk_world import SV, DeskWorld
from tests.web.erasing import CAMPAIGN, certified, plan, state_of
from tests.web.pages import Browser


def drafted(supervisor: Browser) -> str:
    order = {"order_no": "市文第55号", "ordered_on": "2023-06-01"}
    answer = supervisor.post("/erasure", CAMPAIGN | order)
    return str(answer.location).partition("?")[0]


@pytest.mark.clause("S3-B2-13.2")
def test_a_draft_is_printed_sent_and_recorded(world: DeskWorld, supervisor: Browser) -> None:
    page = drafted(supervisor)
    shown = supervisor.get(page)
    assert "申請書を印刷する（PDF）" in shown
    assert "確認番号" in shown
    paper = supervisor.client.get(f"{page}/application.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    for day, sentence in (
        ("", "日付として読めません"),
        ("2023-06-03", "まだ来ていない日です"),
        ("2023-06-01", "申請書を起案した日より前の日です"),
    ):
        supervisor.post(f"{page}/application", {"sent_on": day}, 422)
        assert sentence in supervisor.last
    assert state_of(world, page) is ErasureState.DRAFT
    supervisor.post(f"{page}/freeze", status=409)
    supervisor.post(f"{page}/application", {"sent_on": "2023-06-02", "sent_no": "申請第7号"})
    assert state_of(world, page) is ErasureState.APPLIED
    supervisor.post(f"{page}/application", {"sent_on": "2023-06-02"}, 409)


def test_an_order_of_the_city_has_a_number_and_a_day(supervisor: Browser) -> None:
    supervisor.post("/erasure", CAMPAIGN | {"order_no": "市文第55号"}, 422)
    assert "日付として読めません" in supervisor.last
    supervisor.post("/erasure", CAMPAIGN | {"ordered_on": "2023-06-01"}, 422)
    assert "文書の番号を入れてください" in supervisor.last
    recording = {"kind": "recording", "recording_id": "x"}
    supervisor.post("/erasure", recording, 422)
    assert "録音番号として読めません" in supervisor.last
    unknown = {"kind": "recording", "recording_id": "00000000-0000-0000-0000-000000000001"}
    supervisor.post("/erasure", unknown, 422)
    assert "この録音番号の録音はありません" in supervisor.last


@pytest.mark.clause("S3-B2-13.2")
def test_a_consent_names_the_check_number_of_the_application(supervisor: Browser) -> None:
    page = plan(supervisor)
    letter = {"document_no": "第118号", "consented_on": "2023-06-02", "post": "課長"}
    supervisor.post(f"{page}/consent", letter | {"check_no": "zz"}, 422)
    assert "申請書の確認番号は" in supervisor.last
    supervisor.post(f"{page}/consent", letter | {"check_no": "00000000"}, 422)


@pytest.mark.clause("S3-B2-13.2")
@pytest.mark.parametrize("scan", [b"%PDF-1.7 sample letter", b""])
def test_the_digest_of_the_letter_is_taken_from_its_file(
    world: DeskWorld, supervisor: Browser, scan: bytes
) -> None:
    page = plan(supervisor)
    letter = {"document_no": "第118号", "consented_on": "2023-06-02", "post": "課長"}
    sent = letter | {"letter": (BytesIO(scan), "letter.pdf" if scan else "")}
    supervisor.post(f"{page}/consent", sent, multipart=True)
    with world.store.work(SV, readonly=True) as work:
        kept = document_of(locked(work, UUID(page.rsplit("/", 1)[1])))["consent"]
    assert kept["letter_sha256"] == (hashlib.sha256(scan).hexdigest() if scan else "")


def test_an_empty_file_is_not_taken_for_a_letter_that_never_came(supervisor: Browser) -> None:
    page = plan(supervisor)
    letter = {"document_no": "第118号", "consented_on": "2023-06-02", "post": "課長"}
    sent = letter | {"letter": (BytesIO(b""), "letter.pdf")}
    supervisor.post(f"{page}/consent", sent, 422, multipart=True)
    assert "ファイルが空です" in supervisor.last
    assert "承諾を記録する" in supervisor.last


@pytest.mark.clause("S3-B2-13.3")
def test_a_witness_is_asked_for_and_comes(supervisor: Browser) -> None:
    page = plan(supervisor)
    supervisor.post(f"{page}/witness/request", {"witness_no": ""}, 422)
    supervisor.post(f"{page}/witness/request", {"witness_no": "立会第2号"})
    assert "立会第2号　求めあり" in supervisor.get(page)
    supervisor.post(f"{page}/witness/present", {"witness_post": ""}, 422)
    assert "立会者の職を入れてください" in supervisor.last
    supervisor.post(f"{page}/witness/present", {"witness_post": "債権管理課係長"})
    assert "債権管理課係長　立会い中" in supervisor.get(page)


@pytest.mark.clause("S4-14.10")
def test_the_certificate_is_printed_as_a_pdf(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    page = certified(app, world, supervisor)
    for code in ("SV01", "CF01"):
        paper = Browser(app, world.services, code).client.get(f"{page}/certificate.pdf")
        assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert supervisor.client.get(f"{page}/application.pdf").status_code == 200


@pytest.mark.clause("S4-14.10")
def test_what_is_late_stands_on_the_board_and_in_the_calendar(supervisor: Browser) -> None:
    board = supervisor.get("/board")
    assert "「消去の申請書を市へ送る」が済んでいません（期限 5月17日）。" in board
    calendar = supervisor.get("/erasure")
    assert "契約の終わりの予定" in calendar
    assert calendar.count("遅れています") == 2  # the application, the freeze
