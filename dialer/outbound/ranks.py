"""The order of the queue, read and written for many cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

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


_ONE_BY_ONE = "UPDATE queue_entry SET rank = ? WHERE case_ref = ? AND state = 'ready' AND rank = ?"
_AT_ONCE = text(
    "UPDATE queue_entry SET rank = new.rank "
    "FROM unnest(CAST(:cases AS uuid[]), CAST(:was AS bigint[]), CAST(:ranks AS bigint[])) "
    "AS new(case_ref, was, rank) "
    "WHERE queue_entry.case_ref = new.case_ref AND queue_entry.state = 'ready' "
    "AND queue_entry.rank = new.was"
)


def write_ranks(work: UnitOfWork, ranks: Sequence[NewRank]) -> None:
    """Moves ready cases to their new places; each database in the way it does so fastest."""
    if not ranks:
        return
    connection = work.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            _ONE_BY_ONE, [(one.rank, one.case_ref.hex, one.was) for one in ranks]
        )
        return
    connection.execute(
        _AT_ONCE,
        {
            "cases": [one.case_ref for one in ranks],
            "was": [one.was for one in ranks],
            "ranks": [one.rank for one in ranks],
        },
    )


def place_of(work: UnitOfWork, case_ref: UUID) -> tuple[QueueState, int] | None:
    """Where one case stands: its state in the queue and its rank; None when it is not in it."""
    row = work.session.execute(
        select(QueueEntry.state, QueueEntry.rank).where(QueueEntry.case_ref == case_ref)
    ).one_or_none()
    return (row[0], row[1]) if row else None
