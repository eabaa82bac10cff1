"""The night's work on the database, and what one unit of work remembers."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from campaigns.profile.contract import current_profile, enter_profile, shipped_profile
from dialer.models import QueueEntry, QueueState
from dialer.outbound.queue import Entry, enqueue
from secure_store.access import Actor, Role, system_actor
from secure_store.maintenance import churned_tables, maintain
from secure_store.work import SecureStore

HOUSE = system_actor("scheduler")
ADMIN = Actor("AD01", Role.SYSTEM_ADMIN, rehearsal=True)


def _queued(store: SecureStore) -> dict[UUID, tuple[QueueState, int]]:
    with store.work(HOUSE, readonly=True) as work:
        rows = work.session.scalars(select(QueueEntry))
        return {row.case_ref: (row.state, row.rank) for row in rows}


def test_the_queue_is_among_the_tables_that_are_looked_after() -> None:
    assert QueueEntry.__table__ in churned_tables()


@pytest.mark.both_databases
def test_maintenance_changes_no_row_and_work_goes_on(store: SecureStore) -> None:
    with store.work(HOUSE) as work:
        enqueue(work, [Entry(uuid4(), "A01-202209", rank=rank) for rank in range(3)])
    before = _queued(store)
    done = maintain(store)
    assert done.tables >= len(churned_tables())
    assert _queued(store) == before
    with store.work(HOUSE) as work:
        enqueue(work, [Entry(uuid4(), "A01-202209", rank=4)])
    assert len(_queued(store)) == 4


def test_a_profile_entered_in_a_unit_of_work_is_in_force_in_it(store: SecureStore) -> None:
    with store.work(ADMIN) as work:
        first = current_profile(work)
        entered = enter_profile(work, shipped_profile("004"))
        assert current_profile(work).version == entered.version == first.version + 1
