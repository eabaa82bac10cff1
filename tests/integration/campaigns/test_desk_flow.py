"""A case on the desk, from being served to the outcome, and what the outcome leads to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from desk_world import ALL_MATCH, ARRIVAL, DAY, NOTE, OP, SV, DeskWorld, ready_world
from sqlalchemy import func, select

from campaigns import api as c
from campaigns.calling.models import CallRecord
from campaigns.cases.models import NumberState
from campaigns.errors import HandlingOpen, OutcomeIncomplete, TicketStepRefused
from dialer.errors import PermitMissing
from secure_store.clock import FixedClock
from webui.services import Services

pytestmark = pytest.mark.both_databases

EVENING = datetime.fromisoformat("2022-09-15T19:00:00+09:00")


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


@pytest.mark.clause("S4-11.2e")
def test_an_unanswered_call_comes_back_in_another_band_on_another_day(world: DeskWorld) -> None:
    served, recorded = world.call("11")
    assert recorded.status is c.CaseStatus.WAITING
    case = world.case(served.case_id)
    assert (case.dials, case.counted_attempts, case.last_outcome) == (1, 1, "11")
    assert case.not_before == datetime.fromisoformat("2022-09-16T18:30:00+09:00")
    other = world.served()
    assert other.case_id != served.case_id


@pytest.mark.clause("S4-11.2e")
def test_no_other_case_is_served_before_the_outcome(world: DeskWorld) -> None:
    served = world.served()
    with pytest.raises(HandlingOpen):
        world.take()
    world.dial(served, c.LineResult.NO_ANSWER)
    with pytest.raises(HandlingOpen):
        world.take()
    with pytest.raises(HandlingOpen), world.store.work(OP) as work:
        c.put_back(work, served.handling_id)
    world.record(served.handling_id, "11")
    assert world.take() is not None


def test_an_outcome_without_a_dialled_call_is_refused(world: DeskWorld) -> None:
    served = world.served()
    world.permit(served)
    with pytest.raises(PermitMissing):
        world.record(served.handling_id, "11")
    assert world.records() == []


def test_a_wrong_number_is_blocked_and_never_dialled_again(world: DeskWorld) -> None:
    tried: set[str] = set()
    served, recorded = None, None
    for _call in range(3):
        served = world.served()
        if len(world.phones(served.case_id)) > 1:
            break
        world.dial(served, c.LineResult.NO_ANSWER)
        world.record(served.handling_id, "11")
    assert served is not None
    tried.add(world.dial(served, c.LineResult.CONNECTED))
    recorded = world.record(served.handling_id, "23")
    assert recorded.action is not None
    assert recorded.action.mark is c.Mark.WHITE_STAR
    assert sorted(phone.state for phone in world.phones(served.case_id)).count("blocked") == 1
    again = world.served()
    assert again.case_id == served.case_id  # at once, on its next number
    second = world.dial(again, c.LineResult.CONNECTED)
    assert second not in tried
    last = world.record(again.handling_id, "23")
    assert (last.status, world.case(served.case_id).close_reason) == (
        c.CaseStatus.CLOSED,
        c.CloseReason.NUMBERS_UNUSABLE,
    )
    with world.store.work(SV) as work:
        c.reopen_case(work, served.case_id, "document_1")
    assert {phone.state for phone in world.phones(served.case_id)} == {NumberState.BLOCKED}
    served_now = set()
    while (served_next := world.take()) is not None:
        served_now.add(served_next.case_id)
        world.dial(served_next, c.LineResult.NO_ANSWER)
        world.record(served_next.handling_id, "11")
    assert served.case_id not in served_now


@pytest.mark.clause("S4-11.2f")
def test_a_household_that_names_a_time_is_called_at_that_time(world: DeskWorld) -> None:
    served, recorded = world.call("31", follow_up_at=EVENING)
    assert recorded.status is c.CaseStatus.FOLLOW_UP_BOOKED
    assert [one.due_at for one in world.follow_ups()] == [EVENING]
    while (other := world.take()) is not None:
        assert other.case_id != served.case_id
        world.dial(other, c.LineResult.NO_ANSWER)
        world.record(other.handling_id, "11")
    world.at("2022-09-15T18:59:59")
    assert world.take() is None
    world.at("2022-09-15T19:00:00")
    due = world.served()
    assert (due.case_id, due.is_follow_up) == (served.case_id, True)
    world.dial(due, c.LineResult.NO_ANSWER)
    world.record(due.handling_id, "11")
    assert world.follow_ups() == []


@pytest.mark.clause("S4-11.2e")
def test_a_promise_is_taken_only_behind_the_identity_check(world: DeskWorld) -> None:
    served = world.served()
    view = world.view()
    assert (view.stage, view.debt, view.identity_lines, view.number) == (
        c.Stage.GREETING,
        None,
        (),
        None,
    )
    world.dial(served, c.LineResult.CONNECTED)
    assert world.view().number is None
    with pytest.raises(OutcomeIncomplete):
        world.record(
            served.handling_id,
            "51",
            promised_on=date(2022, 9, 20),
            promised_yen=1_000,
            promised_periods=("2022-08",),
            payment_method=c.PaymentMethod.SLIP,
        )
    with world.store.work(OP) as work:
        c.begin_identity(work, served.handling_id)
    comparing = world.view()
    assert [line.item for line in comparing.identity_lines] == list(ALL_MATCH)
    assert comparing.debt is None
    assert world.identify(served.handling_id) is c.IdentityResult.PASSED
    recorded = world.record(served.handling_id, "51", **world.promise())
    assert recorded.status is c.CaseStatus.PROMISED
    case = world.case(served.case_id)
    assert case.promise_until == date(2022, 9, 27)
    assert case.was_contacted
    (record,) = world.records(served.case_id)
    assert record.identity_result is c.IdentityResult.PASSED
    assert (record.script_version, record.qa_version) != (None, None)
    with world.store.work(OP) as work:
        assert c.desk_view(work) is None


def test_two_slips_close_the_items_again_and_open_nothing(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    wrong = {**ALL_MATCH, c.IdentityItem.BIRTH_DATE: c.ItemResult.MISMATCH}
    assert world.identify(served.handling_id, results=wrong) is c.IdentityResult.PENDING
    wrong[c.IdentityItem.CHILD_NAME] = c.ItemResult.MISMATCH
    assert world.identify(served.handling_id, results=wrong) is c.IdentityResult.MISMATCHED
    view = world.view()
    assert (view.stage, view.identity_lines, view.debt) == (c.Stage.GREETING, (), None)
    recorded = world.record(served.handling_id, "42")
    assert recorded.status is c.CaseStatus.WITH_DEPARTMENT


@pytest.mark.clause("S4-12.1i", "S4-12.2c")
def test_an_enquiry_goes_to_the_department_by_way_of_the_supervisor(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.identify(served.handling_id)
    recorded = world.record(served.handling_id, "63", note=NOTE)
    assert recorded.status is c.CaseStatus.WITH_DEPARTMENT
    with world.store.work(SV) as work:
        (ticket,) = c.list_tickets(work)
    assert ticket.outcome_record == recorded.record_id
    steps = (
        lambda work: c.note_contact(work, ticket.id, "見本係 見本"),
        lambda work: c.enter_answer(work, ticket.id, 4, True, NOTE),
        lambda work: c.finish(work, ticket.id),
    )
    for step in steps:  # none of them before the supervisor has read it
        with pytest.raises(TicketStepRefused), world.store.work(SV) as work:
            step(work)
    with world.store.work(SV) as work:
        c.acknowledge(work, ticket.id)
    for step in steps:
        with world.store.work(SV) as work:
            step(work)
    assert world.case(served.case_id).status is c.CaseStatus.WAITING


def test_the_same_submission_twice_gives_one_record_and_one_ticket(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    first = world.record(served.handling_id, "23")
    again = world.record(served.handling_id, "23")
    other = world.record(served.handling_id, "11")  # a stale form cannot change what stands
    assert {first.record_id, again.record_id, other.record_id} == {first.record_id}
    assert (again.action, other.code) == (None, "23")
    with world.store.work(SV) as work:
        assert work.session.scalar(select(func.count()).select_from(CallRecord)) == 1
        assert len(c.list_tickets(work)) == 1
    assert world.case(served.case_id).dials == 1


def test_what_a_form_says_of_the_direction_does_not_escape_the_limits(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.record(served.handling_id, "32", direction=c.Direction.INBOUND)
    (record,) = world.records(served.case_id)
    assert record.direction is c.Direction.OUTBOUND
    assert world.case(served.case_id).counted_attempts == 1


@pytest.mark.clause("S4-11.2f")
def test_three_busy_calls_on_one_day_are_one_attempt(world: DeskWorld) -> None:
    served, recorded = world.call("12")
    case_id = served.case_id
    counted = [world.case(case_id).counted_attempts]
    for _busy in range(2):
        assert recorded.action is not None
        assert recorded.action.not_before is not None
        while (other := world.take()) is not None:
            assert other.case_id != case_id, "before the pause is over"
            world.dial(other, c.LineResult.NO_ANSWER)
            world.record(other.handling_id, "11")
        world.clock.set(recorded.action.not_before)
        world.promote()
        served, recorded = world.call("12")
        assert served.case_id == case_id
        counted.append(world.case(case_id).counted_attempts)
    assert counted == [0, 0, 1]
    assert world.case(case_id).dials == 3
    assert recorded.action is not None
    assert recorded.action.not_before is not None
    assert recorded.action.not_before.date() > DAY


@pytest.mark.clause("S4-11.2f")
def test_a_seventh_attempt_is_not_served(home: Services, clock: FixedClock) -> None:
    world = ready_world(home, clock, rows=1)
    for attempt in range(1, 7):
        served, recorded = world.call("11")
        case = world.case(served.case_id)
        assert (case.counted_attempts, recorded.action is not None) == (attempt, True)
        if recorded.status is c.CaseStatus.WAITING:
            assert case.not_before is not None
            assert case.not_before.date() <= date(2022, 9, 30)
            world.clock.set(case.not_before)
            world.promote()
    assert case.close_reason is c.CloseReason.ATTEMPTS_USED_UP
    world.clock.set(datetime.fromisoformat("2022-09-27T16:30:00+09:00"))
    with world.store.work(SV) as work:
        c.reopen_case(work, case.id, "document_2")
    world.promote()
    assert world.take() is None
    assert len(world.records(case.id)) == 6


def test_who_may_be_called_on_weekday_evenings_only_is_called_then(
    home: Services, clock: FixedClock
) -> None:
    world = ready_world(home, clock, rows=1)
    with world.store.work(SV) as work:
        (line,) = c.list_cases(work, "A01-202209", c.ListFilter())
    with world.store.work(SV) as work:
        work.session.get_one(type(world.case(line.id)), line.id).care_code = "03"
    assert world.take() is None
    for instant in ("2022-09-15T16:30:00", "2022-09-15T18:29:59"):
        world.at(instant)
        world.promote()
        assert world.take() is None
    world.at("2022-09-15T18:30:00")
    world.promote()
    assert world.served().case_id == line.id
