"""Leases: one case in one agent's hand for some minutes, never in two.

The database decides. `FOR UPDATE SKIP LOCKED` keeps takers apart on PostgreSQL; on SQLite writers
come one by one. Both then pass the same compare-and-set, so the promise does not rest on the
lock clause alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, select, update

from dialer.errors import LeaseLost
from dialer.models import QueueEntry, QueueState
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a case until ``expires_at``; ``fence`` grows with every lease."""

    id: UUID
    case_ref: UUID
    list_ref: str
    holder: str
    expires_at: datetime
    fence: int


def _lease_of(entry: QueueEntry) -> Lease:
    if entry.lease_id is None or entry.lease_holder is None or entry.lease_expires_at is None:
        raise LeaseLost
    return Lease(
        entry.lease_id,
        entry.case_ref,
        entry.list_ref,
        entry.lease_holder,
        entry.lease_expires_at,
        entry.fence,
    )


def lease_next(work: UnitOfWork, assignee: str, minutes: int) -> Lease | None:
    """The assignee's first ready case by rank, leased; None when there is none."""
    candidate = (
        select(QueueEntry.case_ref)
        .where(QueueEntry.state == QueueState.READY, QueueEntry.assignee == assignee)
        .order_by(QueueEntry.rank, QueueEntry.case_ref)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (case_ref := work.session.scalar(candidate)) is not None:
        lease = _try_lease(work, case_ref, assignee, minutes)
        if lease is not None:
            return lease
    return None


def lease_case(work: UnitOfWork, case_ref: UUID, holder: str, minutes: int) -> Lease | None:
    """One named case (a follow-up that is due, or somebody who rings back); None when not free."""
    return _try_lease(work, case_ref, holder, minutes, also_parked=True)


def _try_lease(
    work: UnitOfWork, case_ref: UUID, holder: str, minutes: int, *, also_parked: bool = False
) -> Lease | None:
    free = (
        [QueueState.READY, QueueState.PARKED, QueueState.DONE]
        if also_parked
        else [QueueState.READY]
    )
    result = work.session.execute(
        update(QueueEntry)
        .where(QueueEntry.case_ref == case_ref, QueueEntry.state.in_(free))
        .values(
            state=QueueState.LEASED,
            lease_id=uuid4(),
            lease_holder=holder,
            lease_expires_at=work.now + timedelta(minutes=minutes),
            fence=QueueEntry.fence + 1,
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - narrows the type for rowcount
    if result.rowcount != 1:
        return None
    entry = work.session.get(QueueEntry, case_ref, populate_existing=True)
    if entry is None:
        raise LeaseLost
    return _lease_of(entry)


def held_lease(work: UnitOfWork, lease_id: UUID, holder: str) -> Lease:
    """The live lease with this id. Raises LeaseLost when it ended or is another's."""
    entry = work.session.scalar(
        select(QueueEntry).where(QueueEntry.lease_id == lease_id).with_for_update()
    )
    if entry is None or entry.lease_holder != holder or entry.state is not QueueState.LEASED:
        raise LeaseLost
    lease = _lease_of(entry)
    if lease.expires_at <= work.now:
        raise LeaseLost
    return lease


def renew(work: UnitOfWork, lease_id: UUID, holder: str, minutes: int) -> Lease:
    """Extends a live lease from now. Raises LeaseLost."""
    lease = held_lease(work, lease_id, holder)
    entry = work.session.get_one(QueueEntry, lease.case_ref)
    entry.lease_expires_at = work.now + timedelta(minutes=minutes)
    return _lease_of(entry)


def expired(work: UnitOfWork, limit: int = 500) -> list[Lease]:
    """Leases whose time is over and that nobody gave back."""
    rows = work.session.scalars(
        select(QueueEntry)
        .where(QueueEntry.state == QueueState.LEASED, QueueEntry.lease_expires_at <= work.now)
        .order_by(QueueEntry.lease_expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_lease_of(entry) for entry in rows]


def live_leases(work: UnitOfWork, list_refs: tuple[str, ...] | None = None) -> list[Lease]:
    """All leases that run now, of some lists or of all."""
    query = select(QueueEntry).where(
        QueueEntry.state == QueueState.LEASED, QueueEntry.lease_expires_at > work.now
    )
    if list_refs is not None:
        query = query.where(QueueEntry.list_ref.in_(list_refs))
    return [_lease_of(entry) for entry in work.session.scalars(query)]


def lease_on(work: UnitOfWork, case_ref: UUID) -> Lease | None:
    """The live lease on one case, if any."""
    entry = work.session.get(QueueEntry, case_ref, populate_existing=True)
    if entry is None or entry.state is not QueueState.LEASED:
        return None
    lease = _lease_of(entry)
    return lease if lease.expires_at > work.now else None
