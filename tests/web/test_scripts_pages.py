"""The script screens: drafting, faults by step, approval by the officer."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from campaigns.api import current_profile
from scripts_talk.api import (
    COMMON,
    ApprovalState,
    DocumentView,
    approve_samples,
    documents,
    install_samples,
    live_qa,
    live_script,
)
from tests.web.calls_to_tickets import SUPERVISOR
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from webui.services import Services

OLD_WORDS = "二、三分ほどお時間を"
NEW_WORDS = "三分ほどお時間を"


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AU01")
    with home.store.work(FOUNDER) as work:
        install_samples(work, ["A01"])
        approve_samples(work, ["A01"], "訓練第1号", current_profile(work).self_name)
    return make_app(home)


def versions(home: Services, receivable: str = "A01") -> list[DocumentView]:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return documents(work, receivable)


def live(home: Services) -> tuple[str, str]:
    """Version and the words of step N2 that agents get."""
    with home.store.work(SUPERVISOR, readonly=True) as work:
        found = live_script(work, "A01")
    assert found is not None
    return found.version, found.script.step("N2").spoken[0]


def body_of(page: str) -> str:
    """The text in the editor, as the browser would send it."""
    found = re.search(r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    text = found[1]
    for mark, letter in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(mark, letter)
    return text.replace("&amp;", "&")


def new_draft(app: Flask, home: Services) -> tuple[Browser, UUID]:
    """Version 1.1 of A01 with other words, drafted by the supervisor."""
    supervisor = Browser(app, home, "SV01")
    page = supervisor.get(f"/scripts/new/A01?of={versions(home)[0].id}")
    body = body_of(page).replace(OLD_WORDS, NEW_WORDS)
    assert 'version: "1.1"' in body
    data = {"version": "1.1", "body": body.replace("\n", "\r\n")}
    supervisor.post("/scripts/new/A01", data, multipart=True)
    return supervisor, next(one.id for one in versions(home) if one.version == "1.1")


def test_the_list_names_the_version_in_force_of_each_receivable(app: Flask, home: Services) -> None:
    page = Browser(app, home, "SV01").get("/scripts")
    assert "A01-1.0" in page
    assert "見本" in page
    assert "7件に、使える版がありません" in page  # A02 to A08
    Browser(app, home, "OP01").get("/scripts", status=403)
    Browser(app, home, "AU01").get("/scripts", status=403)


def test_a_version_is_shown_with_its_placeholders_and_branches(app: Flask, home: Services) -> None:
    page = Browser(app, home, "CF01").get(f"/scripts/{versions(home)[0].id}")
    assert "<b>〈センター名〉</b>" in page
    assert "結果 11・12・15・16・17・18" in page
    qa = Browser(app, home, "CF01").get(f"/scripts/{versions(home, COMMON)[0].id}")
    assert "もう払いました。" in qa
    assert "札幌市民便利帳" in qa


@pytest.mark.clause("S4-10.2b")
def test_agents_keep_the_old_words_until_the_new_version_is_approved(
    app: Flask, home: Services
) -> None:
    old = live(home)
    assert OLD_WORDS in old[1]
    supervisor, draft = new_draft(app, home)
    assert live(home) == old
    supervisor.post(f"/scripts/{draft}/submit")
    assert live(home) == old
    assert "所管課の承認を待っています" in supervisor.get(f"/scripts/{draft}")
    officer = Browser(app, home, "CF01")
    changes = officer.get(f"/scripts/{draft}/changes")
    assert re.search(r'data-change="removed".*?' + OLD_WORDS, changes, re.DOTALL)
    assert re.search(r'data-change="added".*?' + NEW_WORDS, changes, re.DOTALL)
    assert "消した行 2　足した行 2" in changes
    officer.post(f"/scripts/{draft}/approve", {"document_no": "札財管第118号"})
    version, words = live(home)
    assert (version, NEW_WORDS in words, OLD_WORDS in words) == ("1.1", True, False)
    history = officer.get(f"/scripts/{draft}")
    assert "文書番号 札財管第118号" in history
    states = {one.version: one.state for one in versions(home)}
    assert states == {"1.0": ApprovalState.RETIRED, "1.1": ApprovalState.APPROVED}


@pytest.mark.clause("S4-10.2a")
def test_nothing_comes_into_force_without_the_number_of_the_citys_paper(
    app: Flask, home: Services
) -> None:
    supervisor, draft = new_draft(app, home)
    officer = Browser(app, home, "CF01")
    officer.post(f"/scripts/{draft}/approve", {"document_no": "1"}, status=409)
    supervisor.post(f"/scripts/{draft}/submit")
    supervisor.post(f"/scripts/{draft}/approve", {"document_no": "1"}, status=403)
    officer.post(f"/scripts/{draft}/approve", {"document_no": "   "}, status=422)
    assert "市の承認文書の番号がまだです" in officer.last
    assert live(home)[0] == "1.0"


def test_a_returned_version_keeps_the_remark_and_its_text(app: Flask, home: Services) -> None:
    supervisor, draft = new_draft(app, home)
    supervisor.post(f"/scripts/{draft}/submit")
    officer = Browser(app, home, "CF01")
    officer.post(f"/scripts/{draft}/return", {"remark": ""}, status=422)
    officer.post(f"/scripts/{draft}/return", {"remark": "N2 を前の言い方に戻してください。"})
    page = supervisor.get(f"/scripts/{draft}")
    assert "N2 を前の言い方に戻してください。" in page
    assert f"/scripts/{draft}/edit" not in page
    supervisor.post(f"/scripts/{draft}/edit", {"body": "x: y"}, status=409)
    assert live(home)[0] == "1.0"


def test_faults_of_a_draft_stand_at_their_steps_and_hold_the_submission(
    app: Flask, home: Services
) -> None:
    supervisor, draft = new_draft(app, home)
    body = body_of(supervisor.get(f"/scripts/{draft}/edit"))
    wrong = body.replace(NEW_WORDS, "差押えの前に、三分ほどお時間を", 1)
    supervisor.post(f"/scripts/{draft}/edit", {"body": wrong}, multipart=True)
    page = supervisor.get(f"/scripts/{draft}")
    assert "言ってはいけない言葉があります。（差押" in page
    assert re.search(r"直すところが \d+件あります", page)
    supervisor.post(f"/scripts/{draft}/submit", status=422)
    assert "台本に直すところがあります" in supervisor.last
    assert {one.state for one in versions(home) if one.id == draft} == {ApprovalState.DRAFT}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("steps:", "steps: ["), "読めません"),
        (("start: N0", "start: N0\nstart: N1"), "同じ項目が2回あります"),
        (("stage: greeting", "stage: dinner"), "steps[0].stage：決められた言葉ではありません"),
        (("receivable: A01", "receivable: A02"), "この債権と違います"),
        (('version: "1.1"', 'version: "9.9"'), "この版の番号と違います"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_its_place(
    app: Flask, home: Services, change: tuple[str, str], sentence: str
) -> None:
    supervisor, draft = new_draft(app, home)
    body = body_of(supervisor.get(f"/scripts/{draft}/edit"))
    wrong = body.replace(*change, 1)
    assert wrong != body
    supervisor.post(f"/scripts/{draft}/edit", {"body": wrong}, status=422, multipart=True)
    assert sentence in supervisor.last
    assert body_of(supervisor.last).strip() == wrong.strip(), "what was typed is still there"
    assert body_of(supervisor.get(f"/scripts/{draft}/edit")) == body


def test_a_version_number_stands_once(app: Flask, home: Services) -> None:
    supervisor, _draft = new_draft(app, home)
    page = supervisor.get(f"/scripts/new/A01?of={versions(home)[0].id}")
    assert 'version: "1.2"' in body_of(page)
    again = body_of(page).replace('version: "1.2"', 'version: "1.1"')
    supervisor.post(
        "/scripts/new/A01", {"version": "1.1", "body": again}, status=422, multipart=True
    )
    assert "この版の番号はすでにあります" in supervisor.last
    supervisor.post(
        "/scripts/new/A01", {"version": "いち", "body": again}, status=422, multipart=True
    )
    supervisor.get("/scripts/new/Z99", status=404)


def test_the_officer_edits_nothing(app: Flask, home: Services) -> None:
    _supervisor, draft = new_draft(app, home)
    officer = Browser(app, home, "CF01")
    officer.get(f"/scripts/{draft}/edit", status=403)
    officer.get("/scripts/new/A01", status=403)
    officer.post("/scripts/new/A01", {"version": "1.5", "body": "x"}, status=403)
    officer.post(f"/scripts/{draft}/edit", {"body": "x"}, status=403)
    officer.post(f"/scripts/{draft}/submit", status=403)


def test_either_side_stops_a_text_with_a_reason(app: Flask, home: Services) -> None:
    officer = Browser(app, home, "CF01")
    (script,) = versions(home)
    officer.post(f"/scripts/{script.id}/retire", {"stop_remark": ""}, status=422)
    assert "理由がまだです" in officer.last
    officer.post(f"/scripts/{script.id}/retire", {"stop_remark": "誤りが見つかった。"})
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert live_script(work, "A01") is None
        assert live_qa(work) is not None


@pytest.mark.clause("S4-9.3")
def test_a_forged_approval_changes_nothing(app: Flask, home: Services) -> None:
    supervisor, draft = new_draft(app, home)
    supervisor.post(f"/scripts/{draft}/submit")
    officer = Browser(app, home, "CF01")
    answer = officer.post_without_token(f"/scripts/{draft}/approve", {"document_no": "1"})
    assert answer.status_code == 400
    assert live(home)[0] == "1.0"
