"""折返し: found inside one receivable, identified from nothing, owed until the person is reached."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from desk_world import (
    ARRIVAL,
    NOON,
    OP,
    SV,
    DeskWorld,
    agent,
    ready_world,
)
from sqlalchemy import delete, select

from campaigns import api as c
from campaigns.calling.collected import RECORDS
from campaigns.cases.models import CallCase, CasePhone
from campaigns.cases.personal_data import CollectedPlace, open_collected
from campaigns.errors import (
    CallbackPeriodOver,
    CaseInOtherHands,
    OutcomeIncomplete,
)
from dialer.models import QueueEntry
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed
from secure_store.people.watching import remember_found
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import BatchScope
from secure_store.sealing.sealing_errors import SealBroken
from webui.rehearsal.simulated_people import people_of
from webui.services import Services

pytestmark = pytest.mark.both_databases

BOTH = agent("OP01", "A01", "A02")
OTHER = agent("OP02", "A01", "A02")
IN_AN_HOUR = datetime.fromisoformat("2022-09-15T12:30:00+09:00")


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    """A01 is OP01's and A02 is OP02's; the same people stand in both."""
    world = ready_world(home, clock)
    clock.set(ARRIVAL)
    world.publish(world.lend("A02"), "A02-202209", ["OP02"])
    clock.set(NOON)
    return world


def number_of(world: DeskWorld) -> str:
    """A number of the first person of A01."""
    return people_of("A01", world.deliveries["A01"])[0].numbers[0]


def find(world: DeskWorld, receivable: str = "A01") -> list[c.FoundCase]:
    with world.store.work(BOTH) as work:
        return c.search_by_number(work, receivable, number_of(world))


def answer(world: DeskWorld, found: c.FoundCase) -> c.Served:
    with world.store.work(BOTH) as work:
        return c.answer_callback(work, found.case_id)


@pytest.mark.clause("S4-11.3a-1")
def test_a_caller_hears_nothing_of_the_debt_before_the_check(world: DeskWorld) -> None:
    (found,) = find(world)
    served = answer(world, found)
    assert world.view(BOTH).debt is None
    with world.store.work(BOTH) as work:
        c.go_to_step(work, served.handling_id, "K1")
    view = world.view(BOTH)
    assert (view.debt, view.direction) == (None, c.Direction.INBOUND)
    with pytest.raises(OutcomeIncomplete):
        world.record(served.handling_id, "57", BOTH, direction=c.Direction.INBOUND)
    world.identify(served.handling_id, BOTH)
    debt = world.view(BOTH).debt
    assert debt is not None
    assert debt.total_yen > 0


@pytest.mark.clause("S4-11.3a-2")
def test_a_failed_check_leaves_a_call_to_the_registered_number_until_identity_is_known(
    world: DeskWorld,
) -> None:
    (found,) = find(world)
    served = answer(world, found)
    assert world.identify(served.handling_id, BOTH, refused=True, results={}) is (
        c.IdentityResult.REFUSED
    )
    recorded = world.record(
        served.handling_id, "82", BOTH, direction=c.Direction.INBOUND, follow_up_at=IN_AN_HOUR
    )
    assert recorded.status is c.CaseStatus.FOLLOW_UP_BOOKED
    (owed,) = world.follow_ups()
    assert (owed.case_id, owed.kind) == (found.case_id, c.FollowUpKind.IDENTITY_NOT_CONFIRMED)
    world.clock.set(IN_AN_HOUR)
    due = world.served()
    assert (due.case_id, due.is_follow_up) == (found.case_id, True)
    world.dial(due, c.LineResult.NO_ANSWER)
    world.record(due.handling_id, "11")
    (owed,) = world.follow_ups()  # nobody answered: the call is still owed
    assert (owed.kind, owed.due_at > IN_AN_HOUR) == (c.FollowUpKind.IDENTITY_NOT_CONFIRMED, True)
    world.clock.set(owed.due_at)
    world.promote()
    second = world.served()
    assert second.case_id == found.case_id
    world.dial(second, c.LineResult.CONNECTED)
    world.identify(second.handling_id)
    world.record(second.handling_id, "51", **world.promise())
    assert world.follow_ups() == []


def test_an_owed_call_of_a_promised_case_is_not_repeated_without_end(world: DeskWorld) -> None:
    (found,) = find(world)
    first = answer(world, found)
    world.identify(first.handling_id, BOTH)
    promise = world.promise(BOTH)
    world.record(first.handling_id, "51", BOTH, direction=c.Direction.INBOUND, **promise)
    again = answer(world, found)
    world.record(
        again.handling_id, "82", BOTH, direction=c.Direction.INBOUND, follow_up_at=IN_AN_HOUR
    )
    world.clock.set(IN_AN_HOUR)
    due = world.served()
    assert due.case_id == found.case_id
    world.dial(due, c.LineResult.NO_ANSWER)
    recorded = world.record(due.handling_id, "11")
    assert (recorded.status, world.follow_ups()) == (c.CaseStatus.PROMISED, [])
    while (other := world.take()) is not None:
        assert other.case_id != found.case_id
        world.dial(other, c.LineResult.NO_ANSWER)
        world.record(other.handling_id, "11")


def test_a_person_who_rings_first_is_not_called_at_the_agreed_time(world: DeskWorld) -> None:
    served, _recorded = world.call("31", follow_up_at=IN_AN_HOUR)
    with world.store.work(BOTH) as work:
        remember_found(work, [served.case_id])
        ringing = c.answer_callback(work, served.case_id)
    world.identify(ringing.handling_id, BOTH)
    promise = world.promise(BOTH)
    world.record(ringing.handling_id, "51", BOTH, direction=c.Direction.INBOUND, **promise)
    assert world.follow_ups() == []
    world.clock.set(IN_AN_HOUR)
    world.promote()
    assert world.case(served.case_id).status is c.CaseStatus.PROMISED
    assert world.served().case_id != served.case_id


def test_a_household_that_rings_does_not_cancel_the_agreed_call(world: DeskWorld) -> None:
    served, _recorded = world.call("31", follow_up_at=IN_AN_HOUR)
    with world.store.work(BOTH) as work:
        remember_found(work, [served.case_id])
        ringing = c.answer_callback(work, served.case_id)
    world.record(ringing.handling_id, "32", BOTH, direction=c.Direction.INBOUND)
    assert [one.due_at for one in world.follow_ups()] == [IN_AN_HOUR]


@pytest.mark.clause("S4-14.4-2")
def test_one_number_in_two_receivables_is_found_only_in_the_chosen_one(world: DeskWorld) -> None:
    (first,) = find(world, "A01")
    (second,) = find(world, "A02")
    assert first.case_id != second.case_id
    assert first.kana == second.kana
    assert (first.campaign_code, second.campaign_code) == ("A01-202209", "A02-202209")
    with pytest.raises(NotAllowed), world.store.work(OP) as work:
        c.search_by_number(work, "A02", number_of(world))
    with world.store.work(SV, readonly=True) as work:
        indexes = [
            bytes(index)
            for index in work.session.scalars(
                select(CasePhone.lookup_index).where(
                    CasePhone.case_id.in_([first.case_id, second.case_id]), CasePhone.rank == 1
                )
            )
        ]
    assert len(set(indexes)) == 2
    installed = installed_of(world.store)
    keys = [
        installed.keyring.ensure_data_key(
            BatchScope(installed.contract, receivable, f"{receivable}-202209"), ARRIVAL
        )
        for receivable in ("A01", "A02")
    ]
    assert keys[0] != keys[1]


@pytest.mark.clause("S4-14.5-2")
def test_what_is_said_in_one_case_stays_out_of_the_other_of_the_same_number(
    world: DeskWorld,
) -> None:
    (first,) = find(world, "A01")
    (second,) = find(world, "A02")
    served = answer(world, first)
    world.identify(served.handling_id, BOTH)
    note = "見本：携帯電話の番号が変わったとの申出"
    world.record(served.handling_id, "79", BOTH, direction=c.Direction.INBOUND, note=note)
    (record,) = world.records(first.case_id)
    assert world.records(second.case_id) == []
    answer(world, second)
    assert world.view(BOTH).past_calls == ()
    assert record.collected_sealed is not None
    place = CollectedPlace(RECORDS, record.id)
    with world.store.work(SV) as work:
        own = work.session.get_one(CallCase, first.case_id)
        (packed,) = open_collected(work, own, place, record.collected_sealed)
        assert note in packed.decode()
    with world.store.work(SV) as work:
        foreign = work.session.get_one(CallCase, second.case_id)
        with pytest.raises(SealBroken) as refused:
            open_collected(work, foreign, place, record.collected_sealed)
    assert note not in str(refused.value)


def test_a_person_without_a_usable_number_may_ring_us(home: Services, clock: FixedClock) -> None:
    world = ready_world(home, clock, rows=1)
    with world.store.work(SV) as work:
        (line,) = c.list_cases(work, "A01-202209", c.ListFilter())
        case = work.session.get_one(CallCase, line.id)
        case.status, case.close_reason = c.CaseStatus.CLOSED, c.CloseReason.NOT_CALLABLE
        work.session.execute(delete(QueueEntry).where(QueueEntry.case_ref == line.id))
    with world.store.work(OP) as work:
        (found,) = c.search_by_key(work, "A01", "A01-0000001")
        served = c.answer_callback(work, found.case_id)
    world.identify(served.handling_id)
    recorded = world.record(served.handling_id, "57", direction=c.Direction.INBOUND)
    assert recorded.status is c.CaseStatus.CLOSED
    assert world.take() is None


def test_a_case_in_other_hands_is_not_answered_twice(world: DeskWorld) -> None:
    served = world.served()
    with world.store.work(OTHER) as work:
        remember_found(work, [served.case_id])
    with pytest.raises(CaseInOtherHands), world.store.work(OTHER) as work:
        c.answer_callback(work, served.case_id)


@pytest.mark.clause("S4-7.2a-1", "S4-5.2d")
def test_callers_are_answered_until_the_callback_period_ends(world: DeskWorld) -> None:
    world.at("2022-10-07T12:00:00")
    (found,) = find(world)
    served = answer(world, found)
    assert world.view(BOTH).script.step.paragraphs
    world.record(served.handling_id, "32", BOTH, direction=c.Direction.INBOUND)
    assert world.take() is None  # outbound calls ended a week before
    world.at("2022-10-08T12:00:00")
    assert find(world) == []
    with world.store.work(BOTH) as work:
        remember_found(work, [found.case_id])
    with pytest.raises(CallbackPeriodOver):
        answer(world, found)


@pytest.mark.clause("S4-11.3b-1")
def test_an_unknown_caller_is_counted_and_only_outcomes_without_a_case_are_offered(
    world: DeskWorld,
) -> None:
    with world.store.work(OP) as work:
        handling = c.answer_unknown_caller(work)
    with world.store.work(OP) as work:
        view = c.desk_view(work)
    assert isinstance(view, c.UnknownCallerView)
    assert [row.code for row in view.outcomes] == ["81", "83", "84", "85"]
    for code in ("51", "56", "70", "82", "31"):
        with pytest.raises(OutcomeIncomplete):
            world.record(handling, code, direction=c.Direction.INBOUND)
    with pytest.raises(OutcomeIncomplete):  # it must be said whether an answer is wanted
        world.record(handling, "85", direction=c.Direction.INBOUND)
    world.record(handling, "85", direction=c.Direction.INBOUND, answer_wanted=False)
    (record,) = world.records()
    assert (record.case_id, record.campaign_code, record.outcome_code) == (None, None, "85")
    assert record.collected_sealed is None
