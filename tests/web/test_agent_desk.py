"""The agent's desk: permit, line, identity gate, guidance, result, own lists (S4-11.2, 11.3, 12.2)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns import api as campaigns
from campaigns.calling.models import CallRecord
from campaigns.cases.models import CallCase
from dialer import api as dialer
from secure_store.clock import FixedClock
from secure_store.people import sessions
from tests.web.calls_to_tickets import AGENT, SUPERVISOR, lent_values, open_a01_to_every_hour
from tests.web.desk_driver import Desk
from tests.web.pages import Browser, enrol, make_app
from webui.services import Services

READ = ("/desk", "/desk/follow-ups", "/desk/results", "/desk/qa")
ACTS = (
    "next", "permit", "permit/renew", "compared", "line", "put-back", "hung-up", "step", "identity",
    "identity/items", "identity/spare", "identity/finish", "to-outcome", "outcome",
    "outcome/fields", "outcome/effects", "outcome/slots", "draft", "dates/promise/51", "seat",
    "help", "alive", "qa", "qa/found", "qa/used",
)  # fmt: skip
NUMBER = re.compile(r'class="permit__number unpicked">([0-9-]+)<')


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AD01", "AU01", "VF01")
    open_a01_to_every_hour(home)
    return make_app(home)


@pytest.fixture
def desk(app: Flask, home: Services, clock: FixedClock) -> Desk:
    return Desk(app, home, clock)


def test_only_who_calls_may_open_the_desk(app: Flask, home: Services) -> None:
    for code in ("CF01", "AD01", "AU01", "VF01"):
        browser = Browser(app, home, code)
        for path in READ:
            browser.get(path, 403)
        for path in ACTS:
            browser.post(f"/desk/{path}", {}, 403)


def test_an_act_without_the_token_of_the_page_does_nothing(desk: Desk) -> None:
    for path in ACTS:
        assert desk.browser.post_without_token(f"/desk/{path}").status_code == 400
    assert not desk.is_in_hand()


@pytest.mark.both_databases
def test_the_waiting_page_counts_what_waits_and_has_one_live_act(desk: Desk) -> None:
    text = desk.page()
    with desk.home.store.work(AGENT, readonly=True) as work:
        ready = dialer.ready_for(work, "OP01")
    assert f"{ready}件が待っています" in text
    assert 'action="/desk/next"' in text
    assert 'data-key="F2"' in text
    assert text.count("button--solid") == 1


def test_an_agent_without_cases_is_told_who_gives_them(app: Flask, home: Services) -> None:
    enrol(home, "OP02")
    text = Browser(app, home, "OP02").get("/desk")
    assert "担当の案件がまだありません。" in text
    assert "いま、かけられる案件はありません" in text


@pytest.mark.clause("S4-12.2d")
def test_without_a_supervisor_on_duty_nothing_is_served_and_nothing_dialled(desk: Desk) -> None:
    desk.next()
    with desk.home.store.work(SUPERVISOR) as work:
        dialer.end_duty(work)
    text = desk.send("permit")
    assert "業務中の業務管理者がいません" in text
    assert not NUMBER.search(text)
    desk.send("put-back")
    text = desk.next()
    assert "業務中の業務管理者がいません" in text
    assert not desk.is_in_hand()


@pytest.mark.clause("S4-7.2b-1")
def test_a_case_comes_and_a_number_is_shown_within_the_hours_only(desk: Desk) -> None:
    edges = {
        "11:29:59": False,
        "11:30:00": True,
        "13:29:59": True,
        "13:30:00": False,
        "16:29:59": False,
        "16:30:00": True,
        "20:29:59": True,
        "20:30:00": False,
    }
    for clock, is_open in edges.items():
        desk.at(f"2022-09-15T{clock}")
        text = desk.next()
        assert desk.is_in_hand() is is_open, clock
        if is_open:
            assert NUMBER.search(desk.send("permit")), clock
            desk.send("put-back")
        else:
            assert "いまは実施時間の外です。" in text, clock


@pytest.mark.clause("S4-7.2b-1")
def test_the_hours_are_asked_again_for_the_permit_and_for_dialling(desk: Desk) -> None:
    desk.at("2022-09-15T13:29:00")
    desk.next()
    assert NUMBER.search(desk.send("permit"))
    desk.at("2022-09-15T13:30:00")
    text = desk.send("compared")
    assert "回線の結果" in text
    assert desk.records() == []
    with desk.home.store.work(AGENT) as work:
        view = campaigns.desk_view(work)
    assert isinstance(view, campaigns.DeskView)
    assert view.attempt is None
    desk.send("put-back")
    desk.at("2022-09-15T16:30:00")
    desk.next()
    desk.at("2022-09-15T20:30:00")
    assert not NUMBER.search(desk.send("permit"))


def test_the_number_is_shown_under_a_permit_and_gone_with_the_lines_word(desk: Desk) -> None:
    assert not NUMBER.search(desk.next())
    shown = NUMBER.search(desk.send("permit"))
    assert shown
    assert shown[1] in desk.send("compared")
    assert shown[1] not in desk.send("line", line="connected", line_code="")
    assert shown[1] not in desk.page("outcome")


def test_a_permit_that_ran_out_dials_nothing(desk: Desk, clock: FixedClock) -> None:
    desk.next()
    desk.send("permit")
    clock.advance(timedelta(seconds=91))
    text = desk.send("compared")
    assert "許可の時間を過ぎた" in text
    assert not NUMBER.search(text)
    assert NUMBER.search(desk.send("permit"))


@pytest.mark.clause("S4-11.2e")
def test_after_dialling_only_a_result_brings_the_next_case(desk: Desk) -> None:
    desk.dial()
    before = desk.case().id
    assert "先に結果を保存してください" in desk.next()
    desk.send("put-back")
    assert desk.case().id == before
    assert desk.records() == []
    desk.send("line", line="", line_code="11")
    assert "先に結果を保存してください" in desk.next()
    desk.send("outcome", outcome="11")
    assert [record.outcome_code for record in desk.records()] == ["11"]
    assert desk.case().id != before


def test_a_line_code_with_ctrl_enter_is_recorded_at_once(desk: Desk) -> None:
    desk.dial()
    text = desk.send("line", line="connected", line_code="11", at_once="1")
    assert [record.outcome_code for record in desk.records()] == ["11"]
    assert "発信許可を受ける" in text
    assert "11 を保存しました" in text


def test_a_line_code_that_needs_more_asks_for_it(desk: Desk) -> None:
    desk.dial()
    desk.send("line", line="", line_code="22")
    text = desk.send("outcome", 422, outcome="22")
    assert "要旨がまだです" in text
    assert desk.records() == []


def test_a_code_of_talk_is_no_result_of_the_line(desk: Desk) -> None:
    desk.dial()
    text = desk.send("line", line="", line_code="51")
    assert "回線の結果では使えません" in text
    assert NUMBER.search(text)


@pytest.mark.clause("S4-11.3a-1")
def test_what_a_stage_does_not_permit_is_not_in_the_source(desk: Desk) -> None:
    text = desk.connect()
    address, total = desk.secrets()
    assert address not in text
    assert total not in text
    assert "未納" not in _without_forbidden(text)
    text = desk.send("identity")
    assert address in text
    assert total not in text
    desk.compare_all()
    text = desk.send("identity/finish")
    assert total in text
    assert "本人確認済" in text


def _without_forbidden(text: str) -> str:
    return re.sub(r'<div class="never">.*?</div>', "", text, flags=re.DOTALL)


@pytest.mark.clause("S4-11.3a-1")
def test_no_form_opens_the_debt_before_the_check_is_passed(desk: Desk) -> None:
    desk.connect()
    _, total = desk.secrets()
    assert total not in desk.send("identity/finish")
    desk.send("identity")
    for path in ("identity/finish", "to-outcome"):
        assert total not in desk.send(path)
    assert total not in desk.part("outcome/fields", outcome="51")
    text = desk.send("outcome", 422, outcome="51", promised_on="来週金", promised_yen="1")
    assert "本人確認が済んでいない" in text
    assert total not in text


def test_nothing_is_compared_before_somebody_is_on_the_line(desk: Desk) -> None:
    desk.dial()
    address, _ = desk.secrets()
    assert address not in desk.send("identity", 403)
    assert address not in desk.page()


def test_the_spare_item_comes_after_one_slip_and_two_end_the_check(desk: Desk) -> None:
    desk.connect()
    text = desk.send("identity")
    assert "verdict-child_name" not in text
    text = desk.send(
        "identity/items",
        **{"verdict-name": "match", "verdict-birth_date": "differs", "verdict-address": "match"},
    )
    assert "verdict-child_name" in text
    assert "あと1項目" in text
    text = desk.send("identity/items", **{"verdict-child_name": "differs"})
    assert "不一致として結果へ進む" in text
    text = desk.send("identity/finish")
    assert "42 本人確認不一致" in text
    assert 'name="outcome" value="42"' in text


def test_an_item_that_was_not_lent_matches_nothing(desk: Desk) -> None:
    desk.connect()
    case = desk.case()
    with desk.home.store.work(AGENT) as work:
        _blank_birth_date(work, case)
    text = desk.send("identity")
    assert "登録がありません" in text
    assert "verdict-child_name" in text
    items = ("verdict-name", "verdict-birth_date", "verdict-address")
    text = desk.send("identity/items", **dict.fromkeys(items, "match"))
    assert "あと1項目" in text
    desk.send("identity/items", **{"verdict-child_name": "match"})
    assert "本人確認済" in desk.send("identity/finish")


def _blank_birth_date(work: object, case: CallCase) -> None:
    """Seals the identity box again without a date of birth, as some rows are lent."""
    from campaigns.cases.groups import Group
    from campaigns.cases.personal_data import RowToSeal, open_group, seal_rows

    boxes = {group: open_group(work, case, group) for group in (Group.G1, Group.G2, Group.G3)}
    with_date = boxes[Group.G2]
    boxes[Group.G2] = tuple(
        b"" if re.fullmatch(rb'"?\d{4}-\d{2}-\d{2}"?', cell) else cell for cell in with_date
    )
    assert boxes[Group.G2] != with_date
    row = RowToSeal(case.id, case.row_version, boxes, "1", ("0110000000",))
    (sealed,) = seal_rows(work.store, case.receivable, case.campaign_code, [row])  # type: ignore[attr-defined]
    work.session.get_one(CallCase, case.id).identity_sealed = sealed.boxes[Group.G2]  # type: ignore[attr-defined]


def test_all_match_is_one_key_and_still_needs_the_agents_word(desk: Desk) -> None:
    desk.connect()
    desk.send("identity")
    text = desk.send("step", answer="1")
    assert "本人確認済みにする" in text
    assert 'data-stage="identity"' in text
    assert 'data-stage="guidance"' in desk.send("identity/finish")


def test_the_spare_answer_of_the_script_wants_the_slip_named_first(desk: Desk) -> None:
    desk.connect()
    desk.send("identity")
    desk.send("step", answer="2")
    assert "どの項目が違ったかを" in desk.send("step", answer="1")


def test_answers_lead_through_the_script_and_suggest_a_code(desk: Desk) -> None:
    desk.connect()
    assert "T1 家族等" in desk.send("step", answer="2")
    desk.send("step", answer="4")
    assert 'name="outcome" value="33"' in desk.page("outcome")


@pytest.mark.clause("S4-8.10c")
def test_an_agent_is_given_nothing_to_take_away(app: Flask, desk: Desk) -> None:
    desk.dial()
    desk.send("line", line="", line_code="11", at_once="1")
    names = lent_values()
    for path in ("/desk/results", "/desk/follow-ups"):
        text = desk.browser.get(path)
        assert not [name for name in names if name in text]
    assert "11 不在（応答なし）" in desk.browser.get("/desk/results")
    open_to_agents = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        answer = desk.browser.client.get(rule.rule)
        assert "Content-Disposition" not in answer.headers, rule.rule
        assert answer.status_code != 200 or answer.mimetype in ("text/html", "application/json")
        open_to_agents += answer.status_code == 200
    assert open_to_agents >= len(READ)
    assert desk.browser.client.get("/imports").status_code == 403
    assert desk.browser.client.get("/reports/delivered").status_code in (403, 404)


def test_breaks_are_taken_with_empty_hands_only(desk: Desk) -> None:
    desk.browser.post("/desk/seat", {"seat": "break"})
    assert "業務に戻る" in desk.page()
    desk.browser.post("/desk/seat", {"seat": "ready"})
    desk.next()
    desk.browser.post("/desk/seat", {"seat": "break"})
    assert _activity(desk) is dialer.AgentActivity.READY


def test_a_call_for_help_reaches_the_board(desk: Desk) -> None:
    desk.connect()
    desk.browser.post("/desk/help")
    assert _activity(desk) is dialer.AgentActivity.HELP_WANTED


def _activity(desk: Desk) -> dialer.AgentActivity:
    with desk.home.store.work(SUPERVISOR, readonly=True) as work:
        return next(seat.activity for seat in dialer.seats(work) if seat.staff_code == "OP01")


@pytest.mark.both_databases
def test_the_open_desk_keeps_its_case_without_being_activity(desk: Desk, clock: FixedClock) -> None:
    desk.next()
    lease = _lease_end(desk)
    token = desk.browser.token()
    active = _last_active(desk)
    clock.advance(timedelta(minutes=4))
    answer = desk.browser.client.post(
        "/desk/alive", headers={"X-CSRFToken": token, "X-Background": "1"}
    )
    assert answer.status_code == 204
    assert _lease_end(desk) > lease
    assert _last_active(desk) == active


def _lease_end(desk: Desk) -> datetime:
    with desk.home.store.work(AGENT, readonly=True) as work:
        (lease,) = dialer.live_leases(work)
    return lease.expires_at


def _last_active(desk: Desk) -> datetime:
    with desk.home.store.work(AGENT, readonly=True) as work:
        return max(work.session.scalars(select(sessions.LoginSession.last_active_at)))


def test_q_and_a_beside_the_call_waits_with_details_for_the_check(desk: Desk) -> None:
    desk.connect()
    text = desk.part("qa/found", text="スマホ")
    assert "どこで払えますか" in text
    text = desk.part("qa/found", text="在籍")
    assert "本人確認のあと" in text
    assert "在籍されていた月" not in text


def test_q_and_a_is_searched_by_post_only_and_keeps_nothing(desk: Desk) -> None:
    answer = desk.browser.post("/desk/qa", {"receivable": "A01", "text": "分割"}, 200)
    text = answer.get_data(as_text=True)
    assert "分割で払えますか" in text
    assert "本当に札幌市" not in text
    assert "本当に札幌市" in desk.browser.get("/desk/qa?text=分割")


def test_a_record_is_written_for_every_call_with_a_code_of_the_table(desk: Desk) -> None:
    for code in ("11", "12", "21"):
        desk.dial()
        desk.send("line", line="", line_code=code, at_once="1")
        desk.send("put-back")
    records: list[CallRecord] = desk.records()
    assert [record.outcome_code for record in records] == ["11", "12", "21"]
    assert {record.source for record in records} == {"screen"}
