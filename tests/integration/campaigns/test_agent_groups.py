"""Cases held by a group: who is served from them, and what assigning does to a running call."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from desk_world import ARRIVAL, HOUSE, NOTE, SV, DeskWorld, agent, ready_world, work_in_threads
from sqlalchemy import select, update

from campaigns import api as c
from campaigns.cases.models import CallCase
from campaigns.errors import AgentNotEligible, AssignmentMoved, GroupExists, GroupRetired
from dialer.models import QueueEntry
from secure_store.clock import FixedClock
from webui.runtime.rehearsal_clock import set_clock
from webui.services import Services

pytestmark = pytest.mark.both_databases

CODE = "A01-202209"
OP01, OP02 = agent("OP01"), agent("OP02")
ELSEWHERE = agent("OP02", "A02")


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    """Eight cases of OP01; the group G01 of OP01 and OP02 holds none yet."""
    world = ready_world(home, clock, rows=8)
    with world.store.work(SV) as work:
        c.make_group(work, "G01", "夜間の班", "A01")
        for code in ("OP01", "OP02"):
            c.add_member(work, "G01", code)
    return world


def cases(world: DeskWorld) -> list[CallCase]:
    with world.store.work(SV, readonly=True) as work:
        return list(work.session.scalars(select(CallCase).order_by(CallCase.row_number)))


def to_group(world: DeskWorld, first: int) -> set[str]:
    """All but the first few cases become the group's; returns those that stayed."""
    rows = cases(world)
    with world.store.work(SV) as work:
        c.assign(work, CODE, [row.id for row in rows[first:]], "G01")
    return {str(row.id) for row in rows[:first]}


@pytest.mark.clause("S4-12.1c")
def test_own_cases_are_served_first_then_the_groups_and_never_twice(world: DeskWorld) -> None:
    own = to_group(world, 3)
    first = [str(world.call("11", OP01, note=NOTE)[0].case_id) for _ in range(3)]
    assert set(first) == own
    rest: list[str] = []
    for person in (OP01, OP02, OP02, OP01, OP02):
        served, _ = world.call("11", person, note=NOTE)
        rest.append(str(served.case_id))
    assert Counter(first + rest) == Counter(str(row.id) for row in cases(world))
    assert world.take(OP02) is None


@pytest.mark.clause("S4-12.1c")
def test_two_agents_who_ask_at_once_never_get_the_same_case_of_their_group(
    world: DeskWorld,
) -> None:
    to_group(world, 0)
    set_clock(world.services.settings, world.clock.now() + timedelta(minutes=1))
    served: list[tuple[str, str, str]] = []
    work_in_threads(world.services.settings.home, ["OP01", "OP02"], "11", served)
    assert Counter(case for _agent, case, _handling in served) == Counter(
        str(row.id) for row in cases(world)
    )


@pytest.mark.clause("S4-12.1c")
def test_a_group_serves_only_its_members_and_only_their_own_receivables(world: DeskWorld) -> None:
    to_group(world, 0)
    assert world.take(ELSEWHERE) is None
    with world.store.work(SV) as work:
        assert c.remove_member(work, "G01", "OP02")
    assert world.take(OP02) is None
    assert world.take(OP01) is not None


@pytest.mark.clause("S4-12.1c")
def test_assigning_the_case_in_hand_leaves_the_running_call_alone(world: DeskWorld) -> None:
    served = world.served(OP01)
    with world.store.work(SV) as work:
        assert c.assign(work, CODE, [served.case_id], "OP02") == 1
    assert world.dial(served, c.LineResult.NO_ANSWER, OP01)
    world.record(served.handling_id, "11", OP01, note=NOTE)
    with world.store.work(SV, readonly=True) as work:
        story = c.case_story(work, served.case_id)
    assert story.line.assignee == "OP02"
    assert [one.assignee for one in story.assignments] == ["OP01", "OP02"]


@pytest.mark.clause("S4-12.1c")
def test_evening_out_moves_neither_the_case_in_hand_nor_an_agreed_call(world: DeskWorld) -> None:
    world.call("31", OP01, note=NOTE, follow_up_at=world.clock.now() + timedelta(hours=6))
    in_hand = world.served(OP01)
    with world.store.work(SV) as work:
        shown = c.plan_rebalance(work, CODE, ["OP01", "OP02"])
        with pytest.raises(AssignmentMoved):
            c.rebalance(work, CODE, ["OP01", "OP02"], expected=shown.moving + 1)
    with world.store.work(SV) as work:
        done = c.rebalance(work, CODE, ["OP01", "OP02"], expected=shown.moving)
    assert done == shown
    after = cases(world)
    assert Counter(row.assignee for row in after) == {"OP01": 4, "OP02": 4}
    fixed = [row for row in after if row.id == in_hand.case_id or row.status in _AGREED]
    assert len(fixed) == 2
    assert {row.assignee for row in fixed} == {"OP01"}
    world.dial(in_hand, c.LineResult.NO_ANSWER, OP01)


_AGREED = (c.CaseStatus.FOLLOW_UP_BOOKED, c.CaseStatus.PROMISED)


def test_a_retired_group_leaves_its_cases_to_nobody_and_its_code_unused(world: DeskWorld) -> None:
    to_group(world, 2)
    with world.store.work(SV) as work:
        assert c.retire_group(work, "G01") == 6
    assert Counter(row.assignee for row in cases(world)) == {"OP01": 2, None: 6}
    assert world.take(OP02) is None
    with world.store.work(SV) as work:
        assert [one.left_at is None for one in c.memberships(work, "G01")] == [False, False]
        with pytest.raises(GroupExists):
            c.make_group(work, "G01", "別の班", "A01")
        with pytest.raises(GroupRetired):
            c.add_member(work, "G01", "OP01")
        with pytest.raises(AgentNotEligible):
            c.assign(work, CODE, [], "G01")


def test_what_the_supervisor_was_shown_must_still_hold_when_cases_are_dealt(
    world: DeskWorld,
) -> None:
    wanted = c.CaseSelection(holder="OP01", attempts_until=0)
    with world.store.work(SV, readonly=True) as work:
        shown = c.count_selected(work, CODE, wanted)
    world.call("11", OP01, note=NOTE)
    with world.store.work(SV) as work, pytest.raises(AssignmentMoved):
        c.deal(work, CODE, wanted, ["OP02", "G01"], expected=shown)
    with world.store.work(SV) as work:
        assert c.deal(work, CODE, wanted, ["OP02", "G01"], expected=7) == {"OP02": 4, "G01": 3}
        assert c.take_back(work, CODE, c.CaseSelection(holder="G01")) == 3
    assert Counter(row.assignee for row in cases(world)) == {"OP01": 1, "OP02": 4, None: 3}


@pytest.mark.clause("S4-12.1c")
def test_a_case_of_a_receivable_taken_from_its_agent_does_not_stop_the_others(
    world: DeskWorld,
) -> None:
    world.publish(world.lend("A02", rows=2), "A02-202209", ["OP01"])
    only_a02 = agent("OP01", "A02")
    with world.store.work(HOUSE) as work:  # the others come first in the order
        work.session.execute(update(QueueEntry).where(QueueEntry.list_ref == CODE).values(rank=0))
    served = world.take(only_a02)
    assert served is not None
    assert world.case(served.case_id).receivable == "A02"
