"""The order of serving in the database: written for all cases at once, asked again when served."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select, update

from campaigns import api as c
from campaigns.calling.models import CallRecord
from campaigns.calling.ordering import RankReason, explain
from campaigns.cases.models import CallCase, CasePhone, NumberState
from dialer.models import QueueEntry
from secure_store.clock import FixedClock
from tests.integration.campaigns.desk_world import HOUSE, SV, DeskWorld, ready_world
from tests.integration.campaigns.past_attempts import CODE, rows, tried
from webui.services import Services

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock, rows=4)


def order(world: DeskWorld) -> list[int]:
    """Row numbers in the order the queue would serve them."""
    with world.store.work(SV, readonly=True) as work:
        query = (
            select(CallCase.row_number)
            .join(QueueEntry, QueueEntry.case_ref == CallCase.id)
            .order_by(QueueEntry.rank)
        )
        return list(work.session.scalars(query))


def reasons(world: DeskWorld, row: int) -> tuple[RankReason, ...]:
    with world.store.work(SV, readonly=True) as work:
        return explain(work.session.get_one(QueueEntry, rows(world)[row]).rank)


def refresh(world: DeskWorld) -> int:
    return c.refresh_ranks(world.store, HOUSE, CODE)


@pytest.mark.clause("S4-11.2f")
def test_the_order_follows_the_band_of_the_day(world: DeskWorld) -> None:
    tried(world, 1, "H1")
    tried(world, 2, "H3", "H4")
    assert refresh(world) == 4
    assert order(world) == [3, 4, 2, 1]  # at noon: the untried noon, then the fewest attempts
    assert RankReason.BAND_USED in reasons(world, 1)
    world.at("2022-09-15T18:30:00")
    refresh(world)
    assert order(world) == [3, 4, 1, 2]
    assert RankReason.OWED_TRY in reasons(world, 1)
    assert RankReason.OWED_TRY not in reasons(world, 2)


@pytest.mark.clause("S4-11.2f")
def test_a_sixth_attempt_waits_while_somebody_had_no_evening(world: DeskWorld) -> None:
    for row in (2, 3, 4):
        tried(world, row, "H3", "H4")
    tried(world, 1, "H3", "H1", "H5", "H2", "H4")
    refresh(world)
    world.at("2022-09-15T18:30:00")
    with world.store.work(SV) as work:  # only the case with five attempts is ready
        others = select(QueueEntry).where(QueueEntry.case_ref != rows(world)[1])
        for entry in work.session.scalars(others):
            entry.assignee = "OP02"
        work.session.get_one(CallCase, rows(world)[3]).counted_attempts = 1
        late = work.session.scalars(
            select(CallRecord).where(CallRecord.case_id == rows(world)[3], CallRecord.band == "H3")
        )
        for record in late:
            record.band = "H2"
    assert world.take() is None
    tried(world, 3, "H3", "H4")
    world.at("2022-09-16T11:30:00")
    world.promote()
    assert world.served().case_id == rows(world)[1]


@pytest.mark.clause("S4-11.2f")
def test_nobody_waits_for_the_tries_of_a_person_without_a_number(world: DeskWorld) -> None:
    every = rows(world)
    tried(world, 1, "H3", "H1", "H5", "H2", "H4")
    for row in sorted(every)[2:]:
        tried(world, row, "H3", "H4")
    with world.store.work(SV) as work:
        work.session.execute(
            update(CasePhone)
            .where(CasePhone.case_id == every[2])
            .values(state=NumberState.UNUSABLE)
        )
        work.session.execute(
            update(QueueEntry).where(QueueEntry.case_ref != every[1]).values(assignee="OP02")
        )
        work.session.execute(
            update(CallCase).where(CallCase.id != every[1]).values(assignee="OP02")
        )
    assert world.served().case_id == every[1]


@pytest.mark.clause("S4-11.2f")
def test_the_last_attempts_are_kept_and_come_back_in_the_evening(world: DeskWorld) -> None:
    tried(world, 1, "H1", "H2", "H4", "H5")  # one left before the sixth, the evening is owed
    for row in (2, 3, 4):
        with world.store.work(SV) as work:
            c.unassign(work, CODE, [rows(world)[row]])
    assert world.take() is None
    world.at("2022-09-15T18:30:00")
    world.promote()
    assert world.served().case_id == rows(world)[1]


def test_writing_the_order_asks_as_often_for_many_cases_as_for_few(world: DeskWorld) -> None:
    asked: list[str] = []
    engine = world.store.engine
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    world.at("2022-09-15T16:30:00")
    refresh(world)
    assert len(asked) < 40, "one query per case would be many more in a real campaign"


@pytest.mark.clause("S4-11.2f")
def test_a_reason_about_this_hours_band_is_told_only_within_the_hours(world: DeskWorld) -> None:
    about_the_band = {RankReason.BAND_USED, RankReason.NEW_BAND}
    tried(world, 1, "H1")
    refresh(world)
    assert told(world, 1) & about_the_band == {RankReason.BAND_USED}
    assert told(world, 2) & about_the_band == {RankReason.NEW_BAND}
    world.at("2022-09-15T22:00:00")
    refresh(world)
    assert not told(world, 1) & about_the_band
    assert not told(world, 2) & about_the_band


def told(world: DeskWorld, row: int) -> set[RankReason]:
    with world.store.work(SV, readonly=True) as work:
        found = c.case_order(work, rows(world)[row])
        assert found is not None
        return set(found.reasons)
