"""Stage 4 of the desk: fields, effects in words, faults at their fields, drafts, dates (S4-11.2e)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns import api as campaigns
from campaigns.calling.models import CaseHandling
from campaigns.cases.models import CallCase
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import AGENT, open_a01_to_every_hour
from tests.web.desk_driver import Desk
from tests.web.pages import enrol, make_app
from webui.services import Services


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "CF01", "AD01", "AU01", "VF01")
    open_a01_to_every_hour(home)
    return make_app(home)


@pytest.fixture
def desk(app: Flask, home: Services, clock: FixedClock) -> Desk:
    return Desk(app, home, clock)


@pytest.mark.both_databases
def test_a_promise_is_entered_told_and_kept_and_the_next_case_comes(desk: Desk) -> None:
    desk.identify()
    case = desk.case()
    fragment = desk.part("outcome/fields", outcome="51", promised_on="来週金")
    assert "9月30日まで、この案件に電話しません。" in fragment
    assert "<b>9月23日</b>までに" in fragment
    desk.clock.advance(timedelta(seconds=60))
    with desk.home.store.work(AGENT) as work:
        view = campaigns.desk_view(work)
        assert isinstance(view, campaigns.DeskView)
        assert view.debt is not None
        months = [period.month for period in view.debt.periods]
        total = view.debt.total_yen
    desk.browser.post(
        "/desk/outcome",
        {
            "handling": str(view.handling_id),
            "outcome": "51",
            "promised_on": "来週金",
            "promised_yen": f"{total:,}",
            "payment_method": "1",
            "periods_shown": "1",
            "promised_periods": months,
            "note": "見本：月末に納付書で納める。",
        },
    )
    with desk.home.store.work(AGENT, readonly=True) as work:
        kept = work.session.get_one(CallCase, case.id)
        assert kept.status is campaigns.CaseStatus.PROMISED
        assert kept.promise_until is not None
        assert kept.promise_until.isoformat() == "2022-09-30"
    assert desk.case().id != case.id


def test_faults_stand_at_their_fields_and_nothing_is_recorded(desk: Desk) -> None:
    desk.identify()
    text = desk.send(
        "outcome", 422, outcome="51", promised_on="9/31", promised_yen="多い", note="見本🙂です"
    )
    assert "9月は30日までです。" in text
    assert "金額を数字で入れてください" in text
    text = desk.send(
        "outcome", 422, outcome="61", note="見本の人が🙂と言いました。相談を希望しています。"
    )
    assert "6文字目「🙂」は、提出ファイルの文字コードにありません。" in text
    assert desk.records() == []


def test_the_same_form_twice_is_one_record(desk: Desk) -> None:
    desk.dial()
    desk.send("line", line="", line_code="12")
    with desk.home.store.work(AGENT, readonly=True) as work:
        held = campaigns.in_hand(work)
    assert held is not None
    form = {"handling": str(held.handling_id), "outcome": "12"}
    desk.browser.post("/desk/outcome", form)
    desk.browser.post("/desk/outcome", form)
    assert len(desk.records()) == 1
    assert "結果はすでに保存されています" in desk.page()


def test_secondary_codes_are_added_and_taken_away(desk: Desk) -> None:
    desk.identify()
    text = desk.send("outcome", outcome="61", second="63", add_second="1")
    assert 'name="second_code" value="63"' in text
    text = desk.send("outcome", outcome="61", second_code="63", remove_code="63")
    assert 'name="second_code"' not in text
    assert desk.records() == []


def test_a_draft_is_sealed_and_comes_back(desk: Desk) -> None:
    desk.identify()
    note = "見本：来月に納めるとの話"
    answer = json.loads(desk.part("draft", outcome="57", note=note))
    assert answer["text"].startswith("下書きを保存しました")
    with desk.home.store.work(AGENT, readonly=True) as work:
        sealed = work.session.scalar(select(CaseHandling.draft_sealed))
    assert sealed
    assert note.encode() not in sealed
    assert "来月".encode() not in sealed
    assert note in desk.page("outcome")


ANSWERS = (
    ("promise", "来週金", {"iso": "2022-09-23", "note": "8日後", "reason": ""}),
    ("promise", "9/30", {"iso": "2022-09-30", "reason": "約束は 9月29日（木） まで"}),
    ("promise", "いつか", {"iso": "", "reason": "日として読めません"}),
    ("follow_up", "日", {"iso": "2022-09-18", "note": "3日後　実施時間 10:00–16:00"}),
    ("follow_up", "10/3", {"reason": "架電期間は 9月28日（水） までです。"}),
    ("paid", "9/10", {"iso": "2022-09-10", "text": "2022年9月10日（土）", "reason": ""}),
)


def test_a_date_field_answers_while_it_is_typed(desk: Desk) -> None:
    desk.connect()
    for kind, text, wanted in ANSWERS:
        answer = json.loads(desk.part(f"dates/{kind}/51", text=text))
        for name, start in wanted.items():
            assert answer[name].startswith(start), (kind, text)
            assert bool(answer[name]) is bool(start), (kind, text)


def test_a_follow_up_outside_the_hours_is_moved_and_said_so(desk: Desk) -> None:
    desk.connect()
    fields = {"outcome": "31", "follow_up_day": "あす", "follow_up_time": "14:00"}
    fragment = desk.part("outcome/effects", **fields)
    assert (
        "9月16日（金）14:00 は実施時間の外なので、9月16日（金）16:30 に再架電します。" in fragment
    )
    desk.send("outcome", **fields)
    text = desk.browser.get("/desk/follow-ups")
    assert "16:30" in text
    assert "9月16日（金）14:00" in text
    assert "実施時間の外だったため" in text


def test_a_late_follow_up_is_marked(desk: Desk) -> None:
    desk.connect()
    desk.send("outcome", outcome="31", follow_up_day="今日", follow_up_time="17:00")
    assert "遅れ" not in desk.browser.get("/desk/follow-ups")
    desk.at("2022-09-15T17:16:00")
    assert "遅れ" in desk.browser.get("/desk/follow-ups")


def test_only_an_entry_of_the_collection_is_noted_as_opened(desk: Desk) -> None:
    desk.dial()
    for text in ("見本：来月納める", "Q999", ""):
        desk.send("qa/used", 422, entry=text)
    desk.send("qa/used", 204, entry="Q01")
    assert 'name="qa_used" value="Q01"' in desk.page("outcome")


def test_words_in_place_of_an_entry_record_nothing(desk: Desk) -> None:
    desk.dial()
    desk.send("line", line="", line_code="12")
    desk.send("outcome", outcome="12", qa_used="見本：来月納める")
    assert desk.records() == []
    desk.send("outcome", outcome="12", qa_used="Q01")
    assert [record.qa_used for record in desk.records()] == ["Q01"]
