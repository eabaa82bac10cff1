"""What the contract fixes for the whole: its term, its receivables, its number, its instructions."""

from __future__ import annotations

import inspect
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from desk_world import ARRIVAL, DAY, MONTH, NOTE, OP, SV, DeskWorld, agent, ready_world

from campaigns import api as c
from campaigns.errors import (
    CampaignDatesInvalid,
    ContractOver,
    OutcomeIncomplete,
    ProfileInvalid,
    RowsRejected,
)
from campaigns.profile.contract import read_profile
from dialer.errors import LineUnavailable
from dialer.line_status import LineEnd
from dialer.lines.base import PhoneLine
from dialer.lines.fake_line import FakeLine
from dialer.lines.manual_line import ManualLine
from scripts_talk.api import approve, documents, draft, live_script, submit
from scripts_talk.api import document as talk_document
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.models import Transfer
from secure_store.people.watching import remember_found
from secure_store.work import SecureStore
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services

RECEIVABLES = [
    ("A01", "保育所等保育料"),
    ("A02", "公立保育所等時間外保育使用料"),
    ("A03", "公立保育所等給食費"),
    ("A04", "児童クラブ利用料"),
    ("A05", "夜間急病センター使用料・手数料"),
    ("A06", "児童扶養手当費返還金"),
    ("A07", "老人福祉施設"),
    ("A08", "高等学校授業料"),
]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


@pytest.mark.clause("S4-6.1a-h")
def test_a_new_home_knows_exactly_the_eight_receivables(store: SecureStore) -> None:
    with store.work(SV, readonly=True) as work:
        profile = c.current_profile(work)
    assert [(one.code, one.name) for one in profile.receivables] == RECEIVABLES


@pytest.mark.clause("S4-2")
def test_the_numbers_of_a_campaign_are_those_of_its_call_records(world: DeskWorld) -> None:
    world.call("11")
    world.call("31", follow_up_at=datetime.fromisoformat("2022-09-15T19:00:00+09:00"))
    world.call("12")
    records = world.records()
    with world.store.work(SV, readonly=True) as work:
        numbers = c.campaign_numbers(work, "A01-202209")
    assert numbers.dials == sum(record.counts_dial for record in records) == 3
    assert numbers.counted_attempts == sum(record.counts_attempt for record in records) == 2
    assert numbers.received == 6
    assert sum(numbers.by_status.values()) == numbers.received


@pytest.mark.clause("S4-4")
def test_after_the_contract_nothing_is_taken_in_and_nobody_is_called(world: DeskWorld) -> None:
    delivery = make_delivery("A01", MONTH, 3, 99, serial=2)
    world.at("2023-06-01T11:30")
    with pytest.raises(ContractOver):
        c.stage_delivery(world.store, SV, "A01-202209", delivery.files)
    world.on_duty()
    world.promote()
    assert world.take() is None
    with world.store.work(SV) as work:
        overdue = [one for one in c.list_campaigns(work) if one.takes_calls_on(date(2023, 6, 1))]
    assert overdue == []


@pytest.mark.clause("S4-7.1")
@pytest.mark.parametrize("first_day", [date(2022, 6, 1), date(2022, 6, 30)])
def test_no_campaign_calls_in_the_preparation_period(world: DeskWorld, first_day: date) -> None:
    plan = c.CampaignPlan("A02", date(2022, 6, 1), first_day, date(2022, 7, 10), date(2022, 7, 20))
    with pytest.raises(CampaignDatesInvalid), world.store.work(SV) as work:
        c.open_campaign(work, plan)


@pytest.mark.clause("S4-8.3a", "S4-8.3b", "S4-11.2a")
def test_a_line_shows_the_dedicated_number_and_refuses_any_other() -> None:
    line = FakeLine(lambda _number: LineEnd.ANSWERED, "0110000000")
    line.place(uuid4(), "09000000001", "0110000000")
    assert line.placed_from == ["0110000000"]
    for other in ("0119999999", "", "anonymous"):
        with pytest.raises(LineUnavailable):
            line.place(uuid4(), "09000000001", other)
    assert line.placed_from == ["0110000000"]


@pytest.mark.clause("S4-8.3b")
@pytest.mark.parametrize("number", ['""', "anonymous", '"0120000000"'])
def test_a_profile_without_a_number_to_show_is_refused(number: str) -> None:
    document = c.shipped_profile("004").replace('"0110000000"', number)
    with pytest.raises(ProfileInvalid):
        read_profile(document)


@pytest.mark.clause("S4-14.8")
def test_no_line_can_speak_to_a_called_person() -> None:
    verbs = {name for name, _member in inspect.getmembers(PhoneLine, inspect.isfunction)}
    assert {name for name in verbs if not name.startswith("_")} == {"place", "hang_up"}
    for line in (ManualLine, FakeLine):
        offered = {name for name, _member in inspect.getmembers(line, inspect.isfunction)}
        assert {name for name in offered if not name.startswith("_")} == {"place", "hang_up"}


@pytest.mark.clause("S4-8.5")
def test_a_received_file_is_registered_with_digest_and_time_and_an_altered_one_refused(
    world: DeskWorld,
) -> None:
    list_id = world.lend("A02")
    with world.store.work(SV) as work:
        published = c.publish(work, list_id)
        transfer = work.session.query(Transfer).filter_by(receivable="A02").one()
    assert (transfer.sha256, transfer.receipt_no) == (published.digest, published.receipt_no)
    assert transfer.at == world.clock.now()
    altered = dict(make_delivery("A02", MONTH, 4, 5, serial=2).files)
    name = next(name for name in altered if "_TAISHO_" in name)
    altered[name] = altered[name].replace("見本".encode("cp932"), "見木".encode("cp932"), 1)
    with pytest.raises(RowsRejected) as refused:
        c.stage_delivery(world.store, SV, "A02-202209", altered)
    codes = {fault["code"] for fault in refused.value.details["report"]["faults"]}
    assert "digest" in codes


@pytest.mark.clause("S4-8.6b", "S4-11.2-1")
def test_each_receivable_is_handled_by_its_own_instruction(world: DeskWorld) -> None:
    world.publish(world.lend("A02"), "A02-202209", ["OP02"])
    other = agent("OP02", "A01", "A02")
    world.served(OP)
    world.served(other)
    first, second = world.view(OP), world.view(other)
    assert (first.receivable.code, second.receivable.code) == ("A01", "A02")
    assert first.script_version != second.script_version
    assert first.receivable.department
    assert first.script.step.id == second.script.step.id


@pytest.mark.clause("S4-11.1c")
def test_without_a_published_list_nobody_is_served(world: DeskWorld) -> None:
    world.lend("A02")  # staged, not published
    other = agent("OP02", "A02")
    assert world.take(other) is None


@pytest.mark.clause("S4-11.2c")
def test_a_record_keeps_the_script_version_that_was_shown(world: DeskWorld) -> None:
    _served, first = world.call("11")
    shown = world.records()[0].script_version
    with world.store.work(SV) as work:
        current = live_script(work, "A01")
        assert current is not None
        assert current.label == shown
        old = next(one for one in documents(work, "A01") if one.id == current.document_id)
        body = talk_document(work, old.id).body.replace('version: "1.0"', 'version: "1.1"')
        body = body.replace("version: '1.0'", "version: '1.1'").replace(
            "version: 1.0", "version: 1.1"
        )
        new = draft(work, old.kind, "A01", body, "1.1")
        submit(work, new.id, c.current_profile(work).self_name)
    _again, _second = world.call("11")
    assert world.records()[1].script_version == shown  # not in force before the city approves
    officer = Actor("CF01", Role.DEPARTMENT_OFFICER, frozenset({"A01", "A02"}))
    with world.store.work(officer) as work:
        approve(work, new.id, "訓練第2号")
    world.call("11")
    assert world.records()[2].script_version == "A01-1.1"
    assert first.record_id != world.records()[2].id


@pytest.mark.clause("S4-11.2d")
def test_a_record_lists_the_answers_that_were_shown(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    with world.store.work(OP) as work:
        entry = c.OutcomeEntry("33", (), c.OutcomeReport(), qa_used=("1", "14"))
        c.record_outcome(work, served.handling_id, entry)
    record = world.records()[0]
    assert record.qa_used.split() == ["1", "14"]
    assert record.qa_version


@pytest.mark.clause("S4-11.3c")
def test_a_callback_is_held_to_the_same_rules_as_a_call_of_ours(world: DeskWorld) -> None:
    case_id = world.served().case_id
    with world.store.work(OP) as work:
        view = c.desk_view(work)
        assert isinstance(view, c.DeskView)
        c.put_back(work, view.handling_id)
    with world.store.work(OP) as work:
        remember_found(work, [case_id])
        callback = c.answer_callback(work, case_id)
    with pytest.raises(OutcomeIncomplete) as refused:
        world.record(callback.handling_id, "51")
    faults = {(fault.field.value, fault.kind.value) for fault in refused.value.details["faults"]}
    assert ("identity", "not_passed") in faults
    assert ("promised_on", "missing") in faults


@pytest.mark.clause("S4-12.1d")
def test_a_complaint_becomes_a_ticket_that_a_supervisor_takes(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.record(served.handling_id, "71", note=NOTE)
    with world.store.work(SV) as work:
        (ticket,) = c.list_tickets(work)
        assert ticket.mark is c.Mark.STAR
        assert c.acknowledge(work, ticket.id).state is c.TicketState.ACKNOWLEDGED
        assert [step.by for step in c.steps_of(work, ticket.id)] == ["OP01", "SV01"]


@pytest.mark.clause("S4-12.1g", "S4-12.2a")
@pytest.mark.parametrize("person", [SV, OP], ids=["supervisor", "agent"])
def test_supervisors_and_agents_call_and_enter_outcomes(world: DeskWorld, person: Actor) -> None:
    with world.store.work(SV) as work:
        lines = c.list_cases(work, "A01-202209", c.ListFilter())
        c.assign(work, "A01-202209", [line.id for line in lines], person.code)
    _served, recorded = world.call("11", person)
    assert recorded.code == "11"
    assert [(one.agent, one.business_day) for one in world.records()] == [(person.code, DAY)]
