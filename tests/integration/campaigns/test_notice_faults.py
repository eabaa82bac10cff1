"""A notice whose last commit failed is applied when it is tried again, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns import api as c
from campaigns.notice_errors import NoticeApplied
from secure_store.clock import FixedClock
from tests.integration.campaigns.desk_world import ARRIVAL, SV, DeskWorld, ready_world
from tests.integration.campaigns.notice_world import CAMPAIGN, all_cases, withdrawal
from webui.services import Services


class DiskFull(Exception):
    """Stands for whatever keeps a unit of work from its commit."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


@pytest.mark.both_databases
def test_a_commit_that_fails_at_the_end_of_a_notice_loses_neither_its_file_nor_its_rows(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_ids = all_cases(world)[:2]
    notice_id = c.check_notice(world.store, SV, CAMPAIGN, withdrawal(world, *case_ids))
    write = world.store._audit_writer

    def full(*_given: object) -> None:
        raise DiskFull

    monkeypatch.setattr(world.store, "_audit_writer", full)
    with pytest.raises(DiskFull):
        c.apply_notice(world.store, SV, notice_id)
    monkeypatch.setattr(world.store, "_audit_writer", write)
    whole = c.apply_notice(world.store, SV, notice_id)
    assert (whole.state, whole.ended) == (c.NoticeState.APPLIED, 2)
    with pytest.raises(NoticeApplied):
        c.apply_notice(world.store, SV, notice_id)
