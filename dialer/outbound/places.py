"""Where the cases of a list stand in the queue, for reports over the whole list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dialer.models import QueueEntry, QueueState
from secure_store.work import UnitOfWork

SLICE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """``due_at``: from when a parked case may be served; ``holder``: in whose hand it is now."""

    state: QueueState
    due_at: datetime | None
    holder: str | None


def places(
    work: UnitOfWork, list_ref: str, case_refs: Collection[UUID] | None = None
) -> dict[UUID, Place]:
    """The places of a list's cases, or of some; what is not in the queue is missing.

    A lease whose time is over has no holder any more.
    """
    query = select(
        QueueEntry.case_ref,
        QueueEntry.state,
        QueueEntry.due_at,
        QueueEntry.lease_holder,
        QueueEntry.lease_expires_at,
    ).where(QueueEntry.list_ref == list_ref)
    refs = sorted(case_refs) if case_refs is not None else None
    rows = (
        list(work.session.execute(query))
        if refs is None
        else [
            row
            for start in range(0, len(refs), SLICE)
            for row in work.session.execute(
                query.where(QueueEntry.case_ref.in_(refs[start : start + SLICE]))
            )
        ]
    )
    return {
        case_ref: Place(state, due_at, holder if expires and expires > work.now else None)
        for case_ref, state, due_at, holder, expires in rows
    }
