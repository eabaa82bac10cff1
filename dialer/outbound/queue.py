"""The call queue: put in, park, promote, withdraw, count. Opaque references only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, insert, or_, select, update

from dialer.models import QueueEntry, QueueState
from secure_store.work import UnitOfWork

SLICE = 500

_GIVE_BACK = (
    update(QueueEntry)
    .where(
        QueueEntry.case_ref == bindparam("wanted"),
        or_(
            QueueEntry.state != QueueState.LEASED,
            QueueEntry.lease_holder == bindparam("giver"),
            QueueEntry.lease_expires_at <= bindparam("now"),
        ),
    )
    .values(
        state=bindparam("new_state"),
        rank=bindparam("new_rank"),
        due_at=bindparam("new_due"),
        lease_id=None,
        lease_holder=None,
        lease_expires_at=None,
    )
)
_DUE = (
    select(QueueEntry.case_ref)
    .where(QueueEntry.is_in(QueueState.PARKED), QueueEntry.due_at <= bindparam("now"))
    .order_by(QueueEntry.due_at)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A case to be queued: its reference, its list, its rank, and from when it may be served."""

    case_ref: UUID
    list_ref: str
    rank: int
    assignee: str | None = None
    due_at: datetime | None = None


def enqueue(work: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Puts new cases into the queue; the references must not be in it yet."""
    rows = [
        {
            "case_ref": entry.case_ref,
            "list_ref": entry.list_ref,
            "state": QueueState.READY if entry.due_at is None else QueueState.PARKED,
            "assignee": entry.assignee,
            "rank": entry.rank,
            "due_at": entry.due_at,
            "fence": 0,
        }
        for entry in entries
    ]
    for start in range(0, len(rows), SLICE):
        work.session.execute(insert(QueueEntry), rows[start : start + SLICE])


def requeue(work: UnitOfWork, case_ref: UUID, *, rank: int, due_at: datetime | None) -> None:
    """Gives a case back to the queue: ready at once, or parked until it is due.

    A live lease of somebody else stays: whoever holds it gives the case back.
    """
    ready = due_at is None or due_at <= work.now
    work.session.flush()  # the statement goes past the session's objects
    work.session.connection().execute(
        _GIVE_BACK,
        {
            "wanted": case_ref,
            "giver": work.actor.code,
            "now": work.now,
            "new_state": QueueState.READY if ready else QueueState.PARKED,
            "new_rank": rank,
            "new_due": None if ready else due_at,
        },
    )


def take_out(work: UnitOfWork, case_refs: Iterable[UUID]) -> None:
    """Cases that must not be served again (closed, withdrawn, waiting for the department)."""
    refs = list(case_refs)
    for start in range(0, len(refs), SLICE):
        work.session.execute(
            update(QueueEntry)
            .where(QueueEntry.case_ref.in_(refs[start : start + SLICE]))
            .values(
                state=QueueState.DONE,
                due_at=None,
                lease_id=None,
                lease_holder=None,
                lease_expires_at=None,
            )
        )


def set_assignee(work: UnitOfWork, case_refs: Sequence[UUID], assignee: str | None) -> None:
    """Whose cases they are; a lease that runs is not touched."""
    for start in range(0, len(case_refs), SLICE):
        work.session.execute(
            update(QueueEntry)
            .where(QueueEntry.case_ref.in_(case_refs[start : start + SLICE]))
            .values(assignee=assignee)
        )


def promote_due(work: UnitOfWork, limit: int = 5000) -> int:
    """Parked cases whose time has come become ready. Returns how many."""
    refs = list(work.session.scalars(_DUE, {"now": work.now, "most": limit}))
    for start in range(0, len(refs), SLICE):
        work.session.execute(
            update(QueueEntry)
            .where(
                QueueEntry.case_ref.in_(refs[start : start + SLICE]),
                QueueEntry.state == QueueState.PARKED,
            )
            .values(state=QueueState.READY, due_at=None)
        )
    return len(refs)


def counts(work: UnitOfWork, list_ref: str) -> dict[QueueState, int]:
    """How many cases of one list are in which state; missing states count 0."""
    rows = work.session.execute(
        select(QueueEntry.state, func.count())
        .where(QueueEntry.list_ref == list_ref)
        .group_by(QueueEntry.state)
    )
    found: dict[QueueState, int] = dict.fromkeys(QueueState, 0)
    for state, number in rows:
        found[state] = number
    return found


def ready_for(work: UnitOfWork, assignee: str) -> int:
    """How many cases wait ready for one agent."""
    return (
        work.session.scalar(
            select(func.count())
            .select_from(QueueEntry)
            .where(QueueEntry.is_in(QueueState.READY), QueueEntry.assignee == assignee)
        )
        or 0
    )


def missing_from(work: UnitOfWork, case_refs: Sequence[UUID]) -> set[UUID]:
    """Which of these references are not in the queue at all."""
    known = set(
        work.session.scalars(
            select(QueueEntry.case_ref).where(QueueEntry.case_ref.in_(list(case_refs)))
        )
    )
    return set(case_refs) - known
