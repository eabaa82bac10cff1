"""What happens to a case and to what we owe about it while a call is being made."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from desk_world import ARRIVAL, DAY, HOUSE, OP, SV, DeskWorld, agent, ready_world

from campaigns import api as c
from campaigns.cases.states import CaseStatus
from dialer.models import QueueEntry, QueueState
from secure_store.clock import FixedClock
from secure_store.people.watching import remember_found
from webui.services import Services

OTHER = agent("OP02")
HALF_PAST_NOON = datetime.fromisoformat("2022-09-15T12:30:00+09:00")
PAPER = c.CityPaper("市財第22号", "管財課長", DAY)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


def closes_the_day(world: DeskWorld) -> None:
    with world.store.work(SV) as work:
        c.change_hours(work, c.NewOrder(DAY, (), PAPER), confirmed=True)


def agreed_call_on_the_line(world: DeskWorld) -> tuple[c.Served, UUID]:
    """OP01 dials the call agreed for 12:30; the handling and the follow-up."""
    world.call("31", follow_up_at=HALF_PAST_NOON)
    (owed,) = world.follow_ups()
    world.clock.set(HALF_PAST_NOON)
    world.promote()
    served = world.served()
    assert served.is_follow_up
    world.dial(served, c.LineResult.NO_ANSWER)
    return served, owed.id


def life(world: DeskWorld, follow_up_id: UUID) -> c.OwedCallLife:
    with world.store.work(SV, readonly=True) as work:
        return c.owed_call(work, follow_up_id)


def place(world: DeskWorld, case_id: UUID) -> QueueState:
    with world.store.work(SV, readonly=True) as work:
        return work.session.get_one(QueueEntry, case_id).state


def expire(world: DeskWorld) -> int:
    with world.store.work(HOUSE) as work:
        return c.expire_leases(work)


@pytest.mark.clause("S4-11.3a-2", "S4-7.2b-3")
def test_an_order_does_not_move_the_agreed_call_that_is_being_made(world: DeskWorld) -> None:
    served, owed = agreed_call_on_the_line(world)
    closes_the_day(world)
    world.record(served.handling_id, "11")
    assert life(world, owed).status is c.FollowUpStatus.DONE
    assert world.follow_ups() == []
    assert world.case(served.case_id).status is CaseStatus.WAITING


@pytest.mark.clause("S4-11.2e")
def test_a_moved_call_leaves_a_case_on_the_line_in_its_agents_hand(world: DeskWorld) -> None:
    world.call("31", follow_up_at=datetime.fromisoformat("2022-09-16T12:00:00+09:00"))
    (owed,) = world.follow_ups()
    with world.store.work(OP) as work:
        remember_found(work, [owed.case_id])
        in_hand = c.answer_callback(work, owed.case_id)
    world.clock.advance(timedelta(minutes=20))  # a long talk: the lease is over, the call is not
    with world.store.work(SV) as work:
        c.change_hours(work, c.NewOrder(date(2022, 9, 16), (), PAPER))
    assert place(world, in_hand.case_id) is QueueState.LEASED


@pytest.mark.clause("S4-12.1a")
def test_an_agreed_call_on_the_line_is_not_offered_to_others_when_its_lease_is_over(
    world: DeskWorld,
) -> None:
    _served, owed = agreed_call_on_the_line(world)
    world.clock.advance(timedelta(minutes=20))
    assert expire(world) == 0
    assert not life(world, owed).is_released


@pytest.mark.both_databases
@pytest.mark.clause("S4-12.1c")
def test_an_outcome_does_not_take_the_case_from_who_has_it_since(world: DeskWorld) -> None:
    first = world.served()
    world.dial(first, c.LineResult.NO_ANSWER)
    with world.store.work(SV) as work:
        c.withdraw_cases(work, [first.case_id], "市財第23号")
    with world.store.work(SV) as work:
        c.reopen_case(work, first.case_id, "誤りのため")
        c.assign(work, "A01-202209", [first.case_id], "OP02")
    second = world.served(OTHER)
    assert second.case_id == first.case_id
    world.record(first.handling_id, "11")
    assert place(world, first.case_id) is QueueState.LEASED


@pytest.mark.side_by_side
def test_a_draft_does_not_wait_for_the_page_that_is_being_made(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    with world.store.work(OP) as showing:
        c.desk_view(showing)
        with world.store.work(OP) as keeping:
            assert c.keep_draft(keeping, served.handling_id, c.Draft((("note", "見本"),)))
        c.read_draft(showing, served.handling_id)


@pytest.mark.side_by_side
def test_a_lease_is_not_ended_under_the_hands_of_its_agent(world: DeskWorld) -> None:
    served = world.served()
    world.clock.advance(timedelta(hours=1))
    with world.store.work(OP) as acting:
        c.keep_draft(acting, served.handling_id, c.Draft((("note", "見本"),)))
        with world.store.work(HOUSE) as sweeping:
            assert c.expire_leases(sweeping) == 0
    with world.store.work(HOUSE) as sweeping:
        assert c.expire_leases(sweeping) == 1
