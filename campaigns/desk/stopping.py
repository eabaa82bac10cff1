"""A suspension order as it reaches the floor: permits in its scope end at once (S4-14.11c)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.models import DialPermit
from campaigns.calling.permits import revoke_permits
from campaigns.cases.models import CallCase
from secure_store.access import Permission, require
from secure_store.orders import suspension
from secure_store.orders.stopped_work import StoppedWork
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Stopped:
    """The order that stands now, and how many permits it took back."""

    suspension_id: UUID
    permits_ended: int


def stop_calls(
    work: UnitOfWork,
    receivable: str | None,
    document_no: str,
    stopped_work: StoppedWork | None = None,
) -> Stopped:
    """Stops one receivable, or everything, from this commit on. Calls that run may finish.

    An order about another part of the work than calls takes no permit back.
    """
    require(work.actor, Permission.SUSPEND)
    order_id = suspension.order(work, receivable, document_no, stopped_work)
    stops_calls = stopped_work in (None, StoppedWork.CALLS)
    permitted = _permitted(work, receivable) if stops_calls else []
    return Stopped(order_id, sum(revoke_permits(work, case_id) for case_id in permitted))


def permits_in_force(work: UnitOfWork, receivable: str | None = None) -> int:
    """How many permits an order of this scope would end now."""
    require(work.actor, Permission.SUSPEND)
    return len(_permitted(work, receivable))


def _permitted(work: UnitOfWork, receivable: str | None) -> list[UUID]:
    query = (
        select(DialPermit.case_id)
        .join(CallCase, CallCase.id == DialPermit.case_id)
        .where(DialPermit.ended_at.is_(None), DialPermit.expires_at > work.now)
        .distinct()
    )
    if receivable is not None:
        query = query.where(CallCase.receivable == receivable)
    return list(work.session.scalars(query))
