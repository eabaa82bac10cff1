"""Assignment: lists without personal data, acts in bulk, withdrawal, the story of a case."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from campaigns import api as campaigns
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.work import UnitOfWork
from tests.web.calls_to_tickets import (
    AGENT,
    CAMPAIGN,
    SUPERVISOR,
    call_with,
    lent_values,
    open_a01,
)
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

OTHERS = ("OP01", "CF01", "AD01", "AU01", "VF01")
LIST = f"/assignments?campaign={CAMPAIGN}"
SECOND = Actor(code="OP02", role=Role.AGENT, receivables=frozenset({"A01"}), rehearsal=True)


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP02", *OTHERS)
    open_a01(home)
    return make_app(home)


def next_case(work: UnitOfWork) -> campaigns.Served:
    """What an agent is served; there is something to serve."""
    served = campaigns.take_next_case(work)
    assert served is not None
    return served


def lines_of(home: Services, **wanted: object) -> tuple[campaigns.CaseLine, ...]:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        query = campaigns.CaseQuery(**wanted)  # type: ignore[arg-type]
        return campaigns.case_page(work, CAMPAIGN, query).lines


def line_of(home: Services, case_id: UUID) -> campaigns.CaseLine:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        return campaigns.case_story(work, case_id).line


def test_only_a_supervisor_assigns(app: Flask, home: Services) -> None:
    case = lines_of(home)[0].id
    acts = (CAMPAIGN, f"{CAMPAIGN}/share", f"{CAMPAIGN}/withdraw", f"cases/{case}/reopen")
    for code in OTHERS:
        browser = Browser(app, home, code)
        browser.get(LIST, 403)
        browser.get(f"/assignments/cases/{case}", 403)
        for path in acts:
            browser.post(f"/assignments/{path}", {"case": str(case), "document_no": "第1号"}, 403)
    assert line_of(home, case).assignee == "OP01"


def test_without_a_campaign_the_page_says_what_to_do(home: Services) -> None:
    enrol(home, "SV01")
    page = Browser(make_app(home), home, "SV01").get("/assignments")
    assert "架電期間がまだ開かれていません" in page


def test_no_page_of_the_list_shows_a_person(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    shown = browser.get(LIST)
    shown += browser.get(f"/assignments/cases/{lines_of(home)[0].id}")
    cases = [str(line.id) for line in lines_of(home)]
    browser.post(f"/assignments/{CAMPAIGN}", {"act": "withdraw", "case": cases}, 200)
    shown += browser.last
    values = lent_values()
    assert len(values) > 20
    assert [value for value in values if value in shown] == []


@pytest.mark.clause("S4-12.1c")
def test_an_agent_is_served_what_the_supervisor_assigned_and_no_longer_what_moved(
    app: Flask, home: Services
) -> None:
    browser = Browser(app, home, "SV01")
    everything = [str(line.id) for line in lines_of(home, assignee="OP01")]
    given, kept = everything[:2], everything[2:]
    browser.post(f"/assignments/{CAMPAIGN}", {"act": "assign", "agent": "OP02", "case": given})
    assert {str(line.id) for line in lines_of(home, assignee="OP02")} == set(given)
    with home.store.work(SECOND) as work:
        assert str(next_case(work).case_id) in given
    with home.store.work(AGENT) as work:
        assert str(next_case(work).case_id) in kept
    browser.post(f"/assignments/{CAMPAIGN}", {"act": "unassign", "case": given})
    assert lines_of(home, assignee="OP02") == ()
    with home.store.work(SUPERVISOR, readonly=True) as work:
        story = campaigns.case_story(work, UUID(given[0]))
    assert [one.assignee for one in story.assignments] == ["OP01", "OP02"]
    assert all(one.ended_at is not None for one in story.assignments)


def test_unassigned_cases_are_shared_evenly(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    everything = [str(line.id) for line in lines_of(home, assignee="OP01")]
    browser.post(f"/assignments/{CAMPAIGN}", {"act": "unassign", "case": everything})
    browser.post(f"/assignments/{CAMPAIGN}/share", {"agents": ["OP01", "OP02"]})
    shares = [len(lines_of(home, assignee=code)) for code in ("OP01", "OP02")]
    assert sum(shares) == len(everything)
    assert abs(shares[0] - shares[1]) <= 1
    assert f"担当なしの {len(everything)}件を 2人に分けました" in browser.get(LIST)


def test_an_act_on_nothing_or_nobody_is_refused_in_place(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    table: tuple[tuple[str, dict[str, str], str], ...] = (
        ("", {"act": "assign", "agent": "OP02"}, "一つ以上選んでください"),
        ("", {"act": "assign", "agent": "OP02", "case": "x"}, "一覧から選んでください"),
        ("/share", {}, "一つ以上選んでください"),
        ("/share", {"agents": "CF01"}, "一覧から選んでください"),
        ("/withdraw", {"document_no": "第1号"}, "一つ以上選んでください"),
    )
    for path, data, words in table:
        browser.post(f"/assignments/{CAMPAIGN}{path}", data, 422)
        assert words in browser.last


def test_cases_are_given_only_to_people_of_the_receivable(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    case = lines_of(home)[0]
    for agent in ("CF01", "AD01", "nobody", ""):
        data = {"act": "assign", "agent": agent, "case": str(case.id)}
        browser.post(f"/assignments/{CAMPAIGN}", data, 422)
        assert "割り当てる人を選んでください" in browser.last
    assert line_of(home, case.id).assignee == case.assignee


def test_a_withdrawn_case_is_called_no_more_and_keeps_the_document(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    with home.store.work(AGENT) as work:
        served = next_case(work)
        campaigns.ask_permit(work, served.handling_id)
    browser = Browser(app, home, "SV01")
    case = str(served.case_id)
    browser.post(f"/assignments/{CAMPAIGN}", {"act": "withdraw", "case": case}, 200)
    assert "1件を引き抜く" in browser.last
    assert line_of(home, served.case_id).status is campaigns.CaseStatus.WAITING
    browser.post(f"/assignments/{CAMPAIGN}/withdraw", {"case": case, "document_no": ""}, 422)
    assert "市の文書の番号を入れてください" in browser.last
    document = {"case": case, "document_no": "札子企第44号"}
    browser.post(f"/assignments/{CAMPAIGN}/withdraw", document)
    assert line_of(home, served.case_id).close_reason is campaigns.CloseReason.WITHDRAWN
    assert "札子企第44号" in browser.get(f"/assignments/cases/{case}")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert campaigns.permits_in_force(work) == 0
    clock.advance(timedelta(hours=1))
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert campaigns.open_follow_ups(work) == []


def test_a_case_of_another_campaign_is_not_withdrawn_along(app: Flask, home: Services) -> None:
    data = {"case": str(uuid4()), "document_no": "第1号"}
    Browser(app, home, "SV01").post(f"/assignments/{CAMPAIGN}/withdraw", data, 404)


def test_a_closed_case_is_reopened_for_a_listed_reason_only(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    case = lines_of(home)[0].id
    document = {"case": str(case), "document_no": "第1号"}
    browser.post(f"/assignments/{CAMPAIGN}/withdraw", document)
    for reason in ("", "本人の氏名"):
        browser.post(f"/assignments/cases/{case}/reopen", {"reason": reason}, 422)
    browser.post(f"/assignments/cases/{case}/reopen", {"reason": "reopen_instruction"})
    assert line_of(home, case).status is campaigns.CaseStatus.WAITING
    assert "所管課の指示で再開" in browser.get(f"/assignments/cases/{case}")
    browser.post(f"/assignments/cases/{case}/reopen", {"reason": "reopen_instruction"}, 409)


@pytest.mark.clause("S4-6.2")
def test_every_case_names_its_file_and_row_and_none_is_made_by_hand(
    app: Flask, home: Services
) -> None:
    browser = Browser(app, home, "SV01")
    for line in lines_of(home):
        page = browser.get(f"/assignments/cases/{line.id}")
        assert "A01_202209_TAISHO" in page
        assert f"データ行 {line.row_number}行目" in page
        assert "子ども未来局" in page
    data = {"整理番号": "A01-9999999", "債務者氏名": "見本　花子"}
    for path, status in (("/assignments", 405), ("/assignments/cases", 404), ("/cases", 404)):
        answer = browser.client.post(path, data={**data, "csrf_token": browser.token()})
        assert answer.status_code in {status, 404, 405}
    before = len(lines_of(home))
    browser.post(f"/assignments/{CAMPAIGN}", {"act": "create", "agent": "OP02", **data}, 422)
    assert len(lines_of(home)) == before


def test_the_story_tells_calls_moves_and_hands(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    call_with(home, clock, "61", "分けて納めたい。平日の夕方に連絡してほしい。")
    case = lines_of(home, status=campaigns.CaseStatus.WITH_DEPARTMENT)[0].id
    page = Browser(app, home, "SV01").get(f"/assignments/cases/{case}")
    assert "所管課の回答待ち" in page
    assert "通話の結果 61" in page
    assert "いまの担当" in page
    assert "分けて納めたい" not in page


def test_unknown_campaigns_and_cases_are_not_found(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    browser.get("/assignments?campaign=A09-202209", 404)
    browser.get(f"/assignments/cases/{uuid4()}", 404)
    browser.post("/assignments/A09-202209", {"act": "assign"}, 404)


def test_what_narrows_the_list_is_counted_and_kept(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    page = browser.get(f"{LIST}&status=promised")
    assert "この条件に合う案件はありません" in page
    assert "この条件" not in browser.get(f"{LIST}&status=waiting&assignee=OP01")
    assert "0件" in browser.get(f"{LIST}&assignee=-")
    browser.get(f"{LIST}&status=nonsense&after=nonsense")
    case = str(lines_of(home)[0].id)
    answer = browser.post(
        f"/assignments/{CAMPAIGN}",
        {"act": "unassign", "case": case, "status": "waiting", "assignee": "OP01"},
    )
    assert re.search(r"status=waiting.*assignee=OP01", answer.location or "")
