"""What keeps an agent from being served or from dialling, asked at both moments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_world import (
    AD,
    ALL_MATCH,
    ARRIVAL,
    NOON,
    OP,
    SV,
    DeskWorld,
    agent,
    bare_world,
    ready_world,
)

from campaigns import api as c
from campaigns.errors import CaseNotCallable, NotYourCase
from dialer.api import AgentActivity, end_duty, seats, set_activity
from dialer.errors import (
    NoSupervisorOnDuty,
    OutsideCallingHours,
    PermitExpired,
    PermitMissing,
    Suspended,
)
from scripts_talk.api import COMMON, ApprovalState, documents, retire
from secure_store.clock import FixedClock
from secure_store.orders import suspension
from webui.services import Services

pytestmark = pytest.mark.both_databases

OTHER = agent("OP02", "A01", "A02")
BOTH = agent("OP01", "A01", "A02")


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


@pytest.mark.clause("S4-12.2d")
def test_nothing_is_served_while_no_supervisor_is_on_duty(
    home: Services, clock: FixedClock
) -> None:
    world = bare_world(home, clock)
    world.publish(world.lend(), "A01-202209", ["OP01"])
    world.approve("A01")
    clock.set(NOON)
    with pytest.raises(NoSupervisorOnDuty):
        world.take()
    world.on_duty()
    assert world.take() is not None


@pytest.mark.clause("S4-12.2d")
def test_nothing_is_dialled_once_the_supervisor_has_left(world: DeskWorld) -> None:
    served = world.served()
    with world.store.work(SV) as work:
        end_duty(work)
    with pytest.raises(NoSupervisorOnDuty):
        world.permit(served)
    assert world.view().number is None


@pytest.mark.clause("S4-5.2a", "S4-10.1")
def test_nothing_is_served_without_approved_texts(home: Services, clock: FixedClock) -> None:
    world = bare_world(home, clock)
    world.publish(world.lend(), "A01-202209", ["OP01"])
    clock.set(NOON)
    world.on_duty()
    assert world.take() is None
    world.approve("A01")
    clock.advance(timedelta(minutes=11))  # the cases are asked about again after a pause
    world.promote()
    assert world.take() is not None


@pytest.mark.clause("S4-10.1")
@pytest.mark.parametrize("receivable", ["A01", COMMON])
def test_a_text_that_is_retired_stops_the_case_already_in_hand(
    world: DeskWorld, receivable: str
) -> None:
    served = world.served()
    with world.store.work(SV) as work:
        (live,) = [
            one
            for one in documents(work)
            if one.receivable == receivable and one.state is ApprovalState.APPROVED
        ]
        retire(work, live.id, "見本：差し替えのため")
    with pytest.raises(CaseNotCallable):
        world.permit(served)


@pytest.mark.clause("S4-5.2c", "S4-7.2b-1")
@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2022-09-15T11:29:59", False),
        ("2022-09-15T11:30:00", True),
        ("2022-09-15T13:29:59", True),
        ("2022-09-15T13:30:00", False),
        ("2022-09-15T16:29:59", False),
        ("2022-09-15T16:30:00", True),
        ("2022-09-15T20:29:59", True),
        ("2022-09-15T20:30:00", False),
    ],
)
def test_cases_are_served_inside_the_windows_only(
    world: DeskWorld, instant: str, is_open: bool
) -> None:
    world.at(instant)
    if is_open:
        assert world.take() is not None
        return
    with pytest.raises(OutsideCallingHours):
        world.take()


@pytest.mark.clause("S4-5.2c", "S4-7.2b-1")
def test_a_window_that_closes_stops_the_case_already_in_hand(world: DeskWorld) -> None:
    world.at("2022-09-15T13:29:30")
    served = world.served()
    world.permit(served)
    assert world.view().number
    world.at("2022-09-15T13:30:00")
    with pytest.raises(OutsideCallingHours):
        world.compare(served)
    with pytest.raises(OutsideCallingHours):
        world.permit(served)
    with world.store.work(OP) as work:
        c.put_back(work, served.handling_id)
    assert world.case(served.case_id).dials == 0
    world.at("2022-09-15T16:30:00")
    world.promote()
    assert world.take() is not None


@pytest.mark.clause("S4-5.2c", "S4-7.2a-1")
@pytest.mark.parametrize("day", ["2022-09-14", "2022-10-01"])
def test_nothing_is_served_outside_the_campaign_period(world: DeskWorld, day: str) -> None:
    world.at(f"{day}T12:00:00")
    assert world.take() is None


def test_a_permit_that_ran_out_dials_nothing(world: DeskWorld) -> None:
    served = world.served()
    permit = world.permit(served)
    world.clock.set(permit.expires_at)
    assert world.view().number is None
    with pytest.raises(PermitExpired):
        world.compare(served)
    assert world.view().attempt is None
    world.permit(served)
    assert world.compare(served)


@pytest.mark.clause("S4-12.1c")
def test_an_agent_is_served_own_cases_only_and_reassigning_moves_them(world: DeskWorld) -> None:
    assert world.take(OTHER) is None
    with world.store.work(SV) as work:
        lines = c.list_cases(work, "A01-202209", c.ListFilter(assignee="OP01"))
        moved = {line.id for line in lines[:2]}
        assert c.assign(work, "A01-202209", sorted(moved), "OP02") == 2
    assert _all_served(world, OTHER) == moved
    assert _all_served(world, OP) == {line.id for line in lines} - moved


def _all_served(world: DeskWorld, actor: object) -> set[object]:
    found = set()
    while (served := world.take(actor)) is not None:  # type: ignore[arg-type]
        found.add(served.case_id)
        world.dial(served, c.LineResult.NO_ANSWER, actor)  # type: ignore[arg-type]
        world.record(served.handling_id, "11", actor)  # type: ignore[arg-type]
    return found


@pytest.mark.clause("S4-12.1c")
def test_nobody_acts_on_a_case_in_another_agents_hands(world: DeskWorld) -> None:
    served = world.served()
    for act in (c.ask_permit, c.number_compared, c.put_back, c.begin_identity):
        with pytest.raises(NotYourCase), world.store.work(OTHER) as work:
            act(work, served.handling_id)
    with pytest.raises(NotYourCase):
        world.record(served.handling_id, "11", OTHER)
    with world.store.work(OTHER) as work:
        assert c.desk_view(work) is None


@pytest.mark.clause("S4-14.11c")
def test_a_suspension_stops_its_receivable_and_no_other(world: DeskWorld) -> None:
    world.clock.set(ARRIVAL)
    world.publish(world.lend("A02", rows=3), "A02-202209", ["OP02"])
    world.clock.set(NOON)
    served = world.served()
    with world.store.work(SV) as work:
        order = suspension.order(work, "A01", "市財第10号")
    with pytest.raises(Suspended):
        world.permit(served)
    with world.store.work(OP) as work:
        c.put_back(work, served.handling_id)
    assert world.take() is None
    other = world.served(OTHER)
    world.dial(other, c.LineResult.NO_ANSWER, OTHER)
    world.record(other.handling_id, "11", OTHER)
    with pytest.raises(suspension.WorkSuspended):
        c.stage_delivery(world.store, SV, "A01-202209", world.deliveries["A01"].files)
    with world.store.work(SV) as work:
        suspension.lift(work, order, "市財第11号", AD)
    world.clock.advance(timedelta(minutes=11))
    world.promote()
    assert world.take() is not None


@pytest.mark.clause("S4-14.11c")
def test_a_suspension_stops_a_number_that_is_already_on_the_screen(world: DeskWorld) -> None:
    served = world.served()
    world.permit(served)
    with world.store.work(SV) as work:
        suspension.order(work, None, "市財第12号")
    with pytest.raises(CaseNotCallable):
        world.compare(served)
    assert world.case(served.case_id).dials == 0
    assert world.records() == []


def test_a_withdrawn_case_is_dialled_by_nobody(world: DeskWorld) -> None:
    served = world.served()
    world.permit(served)
    with world.store.work(SV) as work:
        assert c.withdraw_cases(work, [served.case_id], "document_3") == 1
    with pytest.raises(CaseNotCallable):
        world.compare(served)
    with world.store.work(OP) as work:
        c.put_back(work, served.handling_id)
    assert served.case_id not in _all_served(world, OP)


@pytest.mark.clause("S4-11.3a-1")
def test_nothing_is_compared_once_the_call_has_ended(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    with world.store.work(OP) as work:
        c.start_comparing(work, served.handling_id)
    with world.store.work(OP) as work:
        c.note_line(work, served.handling_id, c.LineResult.HUNG_UP)
    for act in (c.begin_identity, c.all_match, c.finish_comparing):
        with pytest.raises(PermitMissing), world.store.work(OP) as work:
            act(work, served.handling_id)
    with pytest.raises(PermitMissing), world.store.work(OP) as work:
        c.note_comparison(work, served.handling_id, ALL_MATCH)
    assert world.view().debt is None


def test_the_second_press_of_compared_is_the_same_attempt(world: DeskWorld) -> None:
    served = world.served()
    world.permit(served)
    assert world.compare(served) == world.compare(served)
    assert world.case(served.case_id).dials == 0


def test_who_asks_for_a_case_is_back_from_the_break(world: DeskWorld) -> None:
    with world.store.work(OP) as work:
        set_activity(work, OP.code, AgentActivity.ON_BREAK)
    world.served()
    with world.store.work(OP, readonly=True) as work:
        assert [one.activity for one in seats(work)] == [AgentActivity.READY]
