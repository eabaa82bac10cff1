"""No agreed call is lost: restart, lease expiry, gone home, an order afterwards, the day's end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from desk_world import AD, ARRIVAL, DAY, HOUSE, OP, SV, DeskWorld, agent, ready_world
from sqlalchemy import select

from campaigns import api as c
from campaigns.calling.models import FollowUp, FollowUpEvent
from campaigns.errors import OutcomeIncomplete
from dialer.api import AgentActivity, QueueState, place_of, set_activity
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed
from webui.home_settings import HomeSettings
from webui.runtime.wiring import open_home
from webui.services import Services

OTHER = agent("OP02", "A01", "A02")
STRANGER = agent("OP02", "A02")
HALF_PAST_NOON = datetime.fromisoformat("2022-09-15T12:30:00+09:00")
FRIDAY_NOON = datetime.fromisoformat("2022-09-16T12:00:00+09:00")
PAPER = c.CityPaper("市財第21号", "管財課長", DAY)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


def sweep(world: DeskWorld) -> None:
    with world.store.work(HOUSE) as work:
        c.sweep_follow_ups(work)


def agree(world: DeskWorld, at: datetime) -> UUID:
    """OP01 reaches the household and agrees on a time; the follow-up."""
    world.call("31", follow_up_at=at)
    (owed,) = world.follow_ups()
    return owed.id


def life(world: DeskWorld, follow_up_id: UUID) -> c.OwedCallLife:
    with world.store.work(SV, readonly=True) as work:
        return c.owed_call(work, follow_up_id)


def kinds(world: DeskWorld, follow_up_id: UUID) -> list[tuple[c.TurnKind, c.TurnReason]]:
    return [(turn.kind, turn.reason) for turn in life(world, follow_up_id).turns]


def sums(world: DeskWorld, day: date = DAY) -> c.FollowUpSums:
    with world.store.work(SV, readonly=True) as work:
        found = c.follow_up_sums(work, day)
    assert found.difference == 0
    return found


def seat(world: DeskWorld, activity: AgentActivity) -> None:
    with world.store.work(OP) as work:
        set_activity(work, OP.code, activity)


@pytest.mark.both_databases
@pytest.mark.clause("S4-11.3a-2", "S4-7.2b-3")
def test_an_order_that_comes_afterwards_moves_the_call_and_lifting_it_moves_it_back(
    world: DeskWorld,
) -> None:
    owed = agree(world, FRIDAY_NOON)
    with world.store.work(SV) as work:
        closed = c.change_hours(work, c.NewOrder(date(2022, 9, 16), (), PAPER))
    assert closed.moved_calls == 1
    assert life(world, owed).due_at == datetime.fromisoformat("2022-09-17T10:00:00+09:00")
    assert sums(world, date(2022, 9, 16)).moved == 1
    with world.store.work(SV, readonly=True) as work:
        assert c.board(work).calls_moved == 1
    assert c.move_to_new_times(world.store, HOUSE) == 0  # asked again, nothing moves twice
    with world.store.work(SV) as work:
        assert c.change_hours(work, c.WithdrawnOrder(closed.order_id)).moved_calls == 1
    assert life(world, owed).due_at == FRIDAY_NOON
    assert kinds(world, owed) == [
        (c.TurnKind.BOOKED, c.TurnReason.AGREED),
        (c.TurnKind.MOVED, c.TurnReason.HOURS_ORDERED),
        (c.TurnKind.MOVED, c.TurnReason.ORDER_WITHDRAWN),
    ]
    world.clock.set(FRIDAY_NOON)
    world.promote()
    assert world.served().is_follow_up
    assert sums(world, date(2022, 9, 17)).moved == 1


@pytest.mark.both_databases
@pytest.mark.clause("S4-12.1a")
def test_the_call_of_an_agent_on_a_break_is_offered_to_the_others(world: DeskWorld) -> None:
    owed = agree(world, HALF_PAST_NOON)
    seat(world, AgentActivity.ON_BREAK)
    world.clock.set(HALF_PAST_NOON)
    sweep(world)
    assert world.take(OTHER) is None
    world.clock.advance(timedelta(minutes=5))
    sweep(world)
    sweep(world)
    assert kinds(world, owed)[1:] == [(c.TurnKind.REASSIGNED, c.TurnReason.HOLDER_NOT_AT_WORK)]
    assert world.take(STRANGER) is None
    with world.store.work(SV, readonly=True) as work:  # not even touched by who may not see it
        place = place_of(work, life(world, owed).case_id)
    assert place is not None
    assert place[0] is QueueState.READY
    served = world.served(OTHER)
    assert (served.is_follow_up, served.case_id) == (True, life(world, owed).case_id)
    world.dial(served, c.LineResult.NO_ANSWER, OTHER)
    world.record(served.handling_id, "11", OTHER)
    assert life(world, owed).status is c.FollowUpStatus.DONE
    assert sums(world).kept == 1
    assert world.case(served.case_id).assignee == "OP01"


@pytest.mark.both_databases
@pytest.mark.clause("S4-12.1a", "S4-11.3a-2")
def test_a_call_nobody_made_is_late_then_everybodys_then_breached_and_still_owed(
    world: DeskWorld,
) -> None:
    owed = agree(world, HALF_PAST_NOON)
    for time in ("12:45", "13:00", "20:44", "20:45", "21:00"):
        world.at(f"2022-09-15T{time}:00")
        sweep(world)
    assert kinds(world, owed)[1:] == [
        (c.TurnKind.BECAME_LATE, c.TurnReason.NOT_CALLED_IN_TIME),
        (c.TurnKind.REASSIGNED, c.TurnReason.NOT_CALLED_IN_TIME),
        (c.TurnKind.BREACHED, c.TurnReason.NOT_CALLED_THAT_DAY),
        (c.TurnKind.MOVED, c.TurnReason.NOT_CALLED_THAT_DAY),
    ]
    found = life(world, owed)
    assert found.due_at == datetime.fromisoformat("2022-09-16T11:30:00+09:00")
    assert (found.is_released, found.breaches) == (False, 1)
    assert (sums(world).broken, sums(world).promised) == (1, 1)
    world.clock.set(found.due_at)
    world.on_duty()
    served = world.served()
    assert (served.case_id, served.is_follow_up) == (found.case_id, True)
    world.dial(served, c.LineResult.NO_ANSWER)
    world.record(served.handling_id, "11")
    assert (sums(world).broken, sums(world, date(2022, 9, 16)).kept) == (1, 1)


def test_a_call_that_is_being_made_becomes_neither_late_nor_breached(world: DeskWorld) -> None:
    owed = agree(world, datetime.fromisoformat("2022-09-15T20:20:00+09:00"))
    world.at("2022-09-15T20:29:00")
    world.promote()
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.at("2022-09-15T20:50:00")
    sweep(world)
    world.record(served.handling_id, "44")
    assert c.TurnKind.BREACHED not in [kind for kind, _ in kinds(world, owed)]
    assert (sums(world).broken, sums(world).late) == (0, 0)


@pytest.mark.both_databases
def test_a_call_in_a_hand_that_let_go_of_it_is_offered_to_everybody(world: DeskWorld) -> None:
    owed = agree(world, HALF_PAST_NOON)
    world.clock.set(HALF_PAST_NOON)
    served = world.served()
    world.clock.advance(timedelta(minutes=16))
    with world.store.work(HOUSE) as work:
        c.expire_leases(work)
    assert kinds(world, owed)[-1] == (c.TurnKind.REASSIGNED, c.TurnReason.LEASE_EXPIRED)
    again = world.served(OTHER)
    assert again.case_id == served.case_id
    with world.store.work(OTHER) as work:
        c.put_back(work, again.handling_id)
    assert world.served(OP).case_id == served.case_id


@pytest.mark.both_databases
def test_what_is_owed_stands_after_a_restart(world: DeskWorld, home: Services) -> None:
    owed = agree(world, HALF_PAST_NOON)
    path = home.settings.home if isinstance(home.settings, HomeSettings) else None
    assert path is not None
    home.store.engine.dispose()
    reopened = open_home(path)
    try:
        with reopened.store.work(SV, readonly=True) as work:
            assert [one.id for one in c.open_follow_ups(work)] == [owed]
            assert len(c.owed_call(work, owed).turns) == 1
    finally:
        reopened.store.engine.dispose()


def test_a_call_under_a_suspension_waits_and_comes_at_once_when_it_is_lifted(
    world: DeskWorld,
) -> None:
    owed = agree(world, HALF_PAST_NOON)
    with world.store.work(SV) as work:
        stopped = c.stop_calls(work, "A01", "市財第22号")
    world.clock.set(HALF_PAST_NOON)
    sweep(world)
    assert c.move_to_new_times(world.store, HOUSE) == 0
    assert life(world, owed).due_at == datetime.fromisoformat("2022-09-15T16:30:00+09:00")
    world.at("2022-09-15T13:00:00")
    with world.store.work(SV) as work:
        assert c.lift_suspension(work, stopped.suspension_id, "市財第23号", AD) == 1
    assert life(world, owed).due_at == datetime.fromisoformat("2022-09-15T13:00:00+09:00")
    assert sums(world).broken == 0
    world.promote()
    assert world.served().case_id == life(world, owed).case_id


def test_a_supervisor_gives_a_call_to_somebody_and_nobody_else_is_offered_it(
    world: DeskWorld,
) -> None:
    owed = agree(world, HALF_PAST_NOON)
    with pytest.raises(NotAllowed), world.store.work(OP) as work:
        c.reassign_follow_up(work, owed, "OP02")
    with world.store.work(SV) as work:
        assert c.reassign_follow_up(work, owed, "OP02")
        assert not c.reassign_follow_up(work, owed, "OP02")
    assert kinds(world, owed)[-1] == (c.TurnKind.REASSIGNED, c.TurnReason.BY_SUPERVISOR)
    world.clock.set(HALF_PAST_NOON)
    world.promote()
    other = world.take()
    assert other is not None
    assert other.case_id != life(world, owed).case_id
    assert world.served(OTHER).case_id == life(world, owed).case_id


@pytest.mark.clause("S4-11.3a-2", "S4-7.2a-1")
def test_a_time_behind_the_last_legal_one_of_the_period_is_not_agreed(world: DeskWorld) -> None:
    world.at("2022-09-30T12:00:00")
    world.on_duty()
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    with pytest.raises(OutcomeIncomplete) as refused:
        world.record(served.handling_id, "31", follow_up_at=world.clock.now() + timedelta(hours=9))
    assert [fault.kind for fault in refused.value.details["faults"]] == [c.FaultKind.NO_LEGAL_TIME]
    world.record(served.handling_id, "31", follow_up_at=world.clock.now() + timedelta(hours=1))
    assert len(world.follow_ups()) == 1


@pytest.mark.clause("S4-11.3a-2")
def test_a_busy_line_at_the_agreed_time_moves_the_one_promise(world: DeskWorld) -> None:
    owed = agree(world, HALF_PAST_NOON)
    world.clock.set(HALF_PAST_NOON)
    world.call("12")
    assert kinds(world, owed)[-1] == (c.TurnKind.MOVED, c.TurnReason.NOT_GOT_THROUGH)
    with world.store.work(SV, readonly=True) as work:
        rows = work.session.scalars(select(FollowUp)).all()
        events = work.session.scalars(select(FollowUpEvent.number)).all()
    assert len(rows) == 1
    assert sorted(events) == [1, 2]
    world.clock.advance(timedelta(minutes=15))
    world.promote()
    world.call("11")
    assert (sums(world).promised, sums(world).kept) == (1, 1)


def test_a_case_the_city_takes_back_is_told_apart_in_the_sum(world: DeskWorld) -> None:
    owed = agree(world, HALF_PAST_NOON)
    with world.store.work(SV) as work:
        c.withdraw_cases(work, [life(world, owed).case_id], "市財第24号")
    assert kinds(world, owed)[-1] == (c.TurnKind.CANCELLED, c.TurnReason.WITHDRAWN)
    found = sums(world)
    assert (found.promised, found.cancelled) == (0, 1)


@pytest.mark.clause("S4-11.3a-2")
def test_a_time_named_while_identity_stays_open_moves_the_one_promise(world: DeskWorld) -> None:
    with world.store.work(OP) as work:
        (found,) = c.search_by_key(work, "A01", "A01-0000001")
        ringing = c.answer_callback(work, found.case_id)
    inbound = {"direction": c.Direction.INBOUND, "follow_up_at": HALF_PAST_NOON}
    world.record(ringing.handling_id, "82", **inbound)
    (owed,) = world.follow_ups()
    assert owed.kind is c.FollowUpKind.IDENTITY_NOT_CONFIRMED
    world.clock.set(HALF_PAST_NOON)
    world.call("31", follow_up_at=FRIDAY_NOON)
    (again,) = world.follow_ups()
    assert (again.id, again.kind) == (owed.id, owed.kind)
    assert (again.agreed_at, again.due_at) == (FRIDAY_NOON, FRIDAY_NOON)
    assert again.moved_reason is c.TurnReason.AGREED_ANEW
