"""Leases: one case in one agent's hand for some minutes, never in two.

The database decides. `FOR UPDATE SKIP LOCKED` keeps takers apart on PostgreSQL; on SQLite writers
come one by one. The same statement then compares and sets, so the promise does not rest on the
lock clause alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Executable, bindparam, literal_column, select, update

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


def _leasing(*where: ColumnElement[bool]) -> Executable:
    """Takes an entry and returns its lease, in one statement that is made once.

    A taker of SKIP LOCKED pays for every round trip while it holds a row.
    """
    return (
        update(QueueEntry)
        .where(*where)
        .values(
            state=QueueState.LEASED,
            lease_id=bindparam("new_lease"),
            lease_holder=bindparam("new_holder"),
            lease_expires_at=bindparam("new_end"),
            fence=QueueEntry.fence + 1,
        )
        .returning(
            QueueEntry.lease_id,
            QueueEntry.case_ref,
            QueueEntry.list_ref,
            QueueEntry.lease_holder,
            QueueEntry.lease_expires_at,
            QueueEntry.fence,
        )
    )


_FIRST_READY = (
    QueueEntry.is_in(QueueState.READY),
    QueueEntry.assignee == bindparam("first_of"),
)
_LEASE_FIRST = _leasing(
    QueueEntry.case_ref
    == select(QueueEntry.case_ref)
    .where(*_FIRST_READY)
    .order_by(QueueEntry.rank, QueueEntry.case_ref)
    .limit(literal_column("1"))
    .with_for_update(skip_locked=True)
    .scalar_subquery(),
    *_FIRST_READY,
)
_LEASE_THIS = _leasing(
    QueueEntry.case_ref == bindparam("wanted"),
    QueueEntry.state.in_((QueueState.READY, QueueState.PARKED, QueueState.DONE)),
)


def _taken(
    work: UnitOfWork, leasing: Executable, holder: str, minutes: int, **values: object
) -> Lease | None:
    work.session.flush()  # the statement goes past the session's objects
    until = work.now + timedelta(minutes=minutes)
    given = {"new_lease": uuid4(), "new_holder": holder, "new_end": until, **values}
    row: Sequence[Any] | None = work.session.connection().execute(leasing, given).one_or_none()
    return None if row is None else Lease(*row)


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


def lease_next(
    work: UnitOfWork, assignee: str, minutes: int, holder: str | None = None
) -> Lease | None:
    """The assignee's first ready case by rank, leased; None when there is none.

    ``holder``: who takes it, where cases are assigned to a group; by default the assignee. One
    assignee per question, because one range of the index then holds the answer in its order: a
    question for several would have to sort all their ready cases.
    """
    return _taken(work, _LEASE_FIRST, holder or assignee, minutes, first_of=assignee)


def lease_case(work: UnitOfWork, case_ref: UUID, holder: str, minutes: int) -> Lease | None:
    """One named case (a follow-up that is due, or somebody who rings back); None when not free."""
    return _taken(work, _LEASE_THIS, holder, minutes, wanted=case_ref)


def held_lease(work: UnitOfWork, lease_id: UUID, holder: str) -> Lease:
    """The live lease with this id. Raises LeaseLost when it ended or is another's."""
    entry = work.session.scalar(
        select(QueueEntry)
        .where(QueueEntry.lease_id == lease_id)
        .with_for_update()
        .execution_options(populate_existing=True)
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
        .where(QueueEntry.is_in(QueueState.LEASED), QueueEntry.lease_expires_at <= work.now)
        .order_by(QueueEntry.lease_expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_lease_of(entry) for entry in rows]


def live_leases(work: UnitOfWork, list_refs: tuple[str, ...] | None = None) -> list[Lease]:
    """All leases that run now, of some lists or of all."""
    query = select(QueueEntry).where(
        QueueEntry.is_in(QueueState.LEASED), QueueEntry.lease_expires_at > work.now
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
