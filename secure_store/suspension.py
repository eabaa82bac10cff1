"""Suspension orders (S4-14.11c): asked before serving, dialling, importing and exporting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.errors import Conflict, NotFound
from secure_store.models import Suspension
from secure_store.work import UnitOfWork


class WorkSuspended(Conflict):
    """A suspension order stands; nothing may be done in its scope until it is lifted."""

    code = "work_suspended"


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """One order that stands. ``receivable`` None stops the whole contract."""

    id: UUID
    receivable: str | None
    document_no: str
    began_at: datetime
    began_by: str


def order(work: UnitOfWork, receivable: str | None, document_no: str) -> UUID:
    """Stops one receivable, or everything, from the next request on."""
    require(work.actor, Permission.SUSPEND)
    row = Suspension(
        id=uuid4(),
        receivable=receivable,
        document_no=document_no,
        began_at=work.now,
        began_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(
        Tag.SUSPENSION_ORDERED, receivable=receivable, object_kind="suspension", object_id=row.id
    )
    return row.id


def lift(work: UnitOfWork, suspension_id: UUID, release_document_no: str) -> None:
    """Goes on only with the number of the city's permission."""
    require(work.actor, Permission.SUSPEND)
    row = work.session.get(Suspension, suspension_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound(kind="suspension")
    row.ended_at = work.now
    row.ended_by = work.actor.code
    row.release_document_no = release_document_no
    work.audit(
        Tag.SUSPENSION_LIFTED,
        receivable=row.receivable,
        object_kind="suspension",
        object_id=row.id,
    )


def standing(work: UnitOfWork) -> list[SuspensionView]:
    """All orders that stand."""
    rows = work.session.scalars(
        select(Suspension).where(Suspension.ended_at.is_(None)).order_by(Suspension.began_at)
    )
    return [
        SuspensionView(row.id, row.receivable, row.document_no, row.began_at, row.began_by)
        for row in rows
    ]


def is_suspended(work: UnitOfWork, receivable: str) -> bool:
    """True while an order stops this receivable or the whole contract."""
    query = select(Suspension.id).where(
        Suspension.ended_at.is_(None),
        or_(Suspension.receivable.is_(None), Suspension.receivable == receivable),
    )
    return work.session.scalar(query.limit(1)) is not None


def require_not_suspended(work: UnitOfWork, receivable: str) -> None:
    """Raises WorkSuspended while an order stands."""
    if is_suspended(work, receivable):
        raise WorkSuspended(receivable=receivable)
