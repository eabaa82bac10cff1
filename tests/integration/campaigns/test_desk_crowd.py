"""Several agents at once, in several processes: no case in two hands, none lost."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from desk_world import ARRIVAL, NOON, SV, DeskWorld, bare_world, work_in_threads
from sqlalchemy import func, select

from campaigns import api as c
from campaigns.calling.models import CallRecord
from secure_store.clock import FixedClock
from webui.runtime.rehearsal_clock import set_clock
from webui.services import Services

pytestmark = pytest.mark.both_databases

CODE = "A01-202209"
EIGHT = [f"OP{number:02d}" for number in range(1, 9)]
A_WHILE = 120


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


def crowd(home: Services, clock: FixedClock, rows: int, agents: Sequence[str]) -> DeskWorld:
    """A list shared out between agents, the window just open in every process."""
    world = bare_world(home, clock, agents=8)
    world.publish(world.lend(rows=rows), CODE, agents)
    world.approve("A01")
    clock.set(NOON)
    world.on_duty()
    set_clock(home.settings, NOON + timedelta(minutes=1))
    return world


def run_processes(
    world: DeskWorld, teams: Sequence[Sequence[str]], outcome: str
) -> list[tuple[str, str, str]]:
    """Each team is one process with a thread per agent; returns (agent, case, handling)."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        served = manager.list()
        processes = [
            context.Process(
                target=work_in_threads, args=(world.services.settings.home, team, outcome, served)
            )
            for team in teams
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join(A_WHILE)
        assert [process.exitcode for process in processes] == [0] * len(teams)
        return list(served)


@pytest.mark.clause("S4-12.1c")
def test_eight_agents_in_two_processes_never_share_a_case(
    home: Services, clock: FixedClock
) -> None:
    world = crowd(home, clock, 32, EIGHT)
    with world.store.work(SV, readonly=True) as work:
        owners = {str(line.id): line.assignee for line in c.list_cases(work, CODE, c.ListFilter())}
    served = run_processes(world, (EIGHT[:4], EIGHT[4:]), "22")
    assert Counter(case for _agent, case, _handling in served) == Counter(list(owners))
    assert all(owners[case] == agent for agent, case, _handling in served)
    _each_recorded_once(world, len(owners))
    with world.store.work(SV, readonly=True) as work:
        numbers = [ticket.number for ticket in c.list_tickets(work)]
    assert sorted(numbers) == [f"E-A01-20220915-{turn:03d}" for turn in range(1, 33)]


@pytest.mark.clause("S4-11.2e")
def test_one_agent_on_eight_screens_has_one_case_in_hand(home: Services, clock: FixedClock) -> None:
    world = crowd(home, clock, 16, ["OP01"])
    served = run_processes(world, (["OP01"] * 4, ["OP01"] * 4), "11")
    assert len({case for _agent, case, _handling in served}) == len(served) == 16
    _each_recorded_once(world, 16)


def _each_recorded_once(world: DeskWorld, cases: int) -> None:
    with world.store.work(SV, readonly=True) as work:
        query = select(CallRecord.case_id, func.count()).group_by(CallRecord.case_id)
        numbers = [count for _case, count in work.session.execute(query)]
    assert numbers == [1] * cases
