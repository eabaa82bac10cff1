"""The order of the queue, read and written for many cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select, update

from dialer.models import QueueEntry, QueueState
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewRank:
    """``was``: the rank it takes the place of; a case that moved meanwhile keeps its own."""

    case_ref: UUID
    was: int
    rank: int


def ready_ranks(work: UnitOfWork, list_ref: str, after: UUID, limit: int) -> dict[UUID, int]:
    """Ready cases of a list with their ranks, in the order of their references."""
    rows = work.session.execute(
        select(QueueEntry.case_ref, QueueEntry.rank)
        .where(
            QueueEntry.list_ref == list_ref,
            QueueEntry.state == QueueState.READY,
            QueueEntry.case_ref > after,
        )
        .order_by(QueueEntry.case_ref)
        .limit(limit)
    )
    return {row[0]: row[1] for row in rows}


def write_ranks(work: UnitOfWork, ranks: Sequence[NewRank]) -> None:
    """Moves ready cases to their new places. One statement for all of them."""
    if not ranks:
        return
    table = QueueEntry.__table__
    statement = (
        update(QueueEntry)
        .where(
            table.c.case_ref == bindparam("this_case"),
            table.c.state == QueueState.READY,
            table.c.rank == bindparam("old_rank"),
        )
        .values(rank=bindparam("new_rank"))
    )
    work.session.connection().execute(
        statement,
        [{"this_case": one.case_ref, "old_rank": one.was, "new_rank": one.rank} for one in ranks],
    )


def place_of(work: UnitOfWork, case_ref: UUID) -> tuple[QueueState, int] | None:
    """Where one case stands: its state in the queue and its rank; None when it is not in it."""
    row = work.session.execute(
        select(QueueEntry.state, QueueEntry.rank).where(QueueEntry.case_ref == case_ref)
    ).one_or_none()
    return (row[0], row[1]) if row else None
