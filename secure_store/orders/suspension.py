"""Suspension orders (S4-14.11c): asked before serving, dialling, importing and exporting.

An order stops everything or one receivable, the whole work or one function of it. It is lifted by
two persons, one supervisor and one administrator, with the number of the city's permission.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from secure_store.access import Actor, Permission, Role, require
from secure_store.audit.tags import Tag
from secure_store.errors import Conflict, Invalid, NotAllowed, NotFound
from secure_store.models import Suspension
from secure_store.orders.stopped_work import StoppedWork
from secure_store.work import UnitOfWork

MAX_NUMBER = 60
RELEASING = frozenset({Role.SUPERVISOR, Role.SYSTEM_ADMIN})


class WorkSuspended(Conflict):
    """A suspension order stands; nothing may be done in its scope until it is lifted."""

    code = "work_suspended"


class ReleaseNeedsTwo(NotAllowed):
    """An order is lifted by one supervisor and one administrator together."""

    code = "release_needs_two"


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """One order that stands. ``receivable`` None stops the whole contract, ``work`` None all work."""

    id: UUID
    receivable: str | None
    document_no: str
    began_at: datetime
    began_by: str
    stopped_work: StoppedWork | None = None


def order(
    work: UnitOfWork,
    receivable: str | None,
    document_no: str,
    stopped_work: StoppedWork | None = None,
) -> UUID:
    """Stops one receivable, or everything, from the next request on. Raises Invalid."""
    require(work.actor, Permission.SUSPEND)
    row = Suspension(
        id=uuid4(),
        receivable=receivable,
        stopped_work=stopped_work,
        document_no=_number(document_no, "document_no"),
        began_at=work.now,
        began_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(
        Tag.SUSPENSION_ORDERED,
        receivable=receivable,
        object_kind="suspension",
        object_id=row.id,
        reason=stopped_work.value if stopped_work else None,
    )
    return row.id


def _number(text: str, field: str) -> str:
    number = text.strip()
    if not 1 <= len(number) <= MAX_NUMBER:
        raise Invalid(field=field)
    return number


def lift(work: UnitOfWork, suspension_id: UUID, release_document_no: str, second: Actor) -> None:
    """Goes on only with the number of the city's permission and two persons.

    ``second`` has proven at this screen who it is. Raises ReleaseNeedsTwo, Invalid, NotFound.
    """
    require(work.actor, Permission.SUSPEND)
    require(second, Permission.SUSPEND)
    if work.actor.code == second.code or {work.actor.role, second.role} != RELEASING:
        raise ReleaseNeedsTwo
    row = work.session.get(Suspension, suspension_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound(kind="suspension")
    row.release_document_no = _number(release_document_no, "release_no")
    row.ended_at = work.now
    row.ended_by = work.actor.code
    row.ended_with = second.code
    work.audit(
        Tag.SUSPENSION_LIFTED,
        receivable=row.receivable,
        object_kind="suspension",
        object_id=row.id,
        ref=second.code,
    )


def standing(work: UnitOfWork) -> list[SuspensionView]:
    """All orders that stand."""
    rows = work.session.scalars(
        select(Suspension).where(Suspension.ended_at.is_(None)).order_by(Suspension.began_at)
    )
    return [
        SuspensionView(
            row.id,
            row.receivable,
            row.document_no,
            row.began_at,
            row.began_by,
            row.stopped_work,
        )
        for row in rows
    ]


def is_suspended(
    work: UnitOfWork, receivable: str, wanted: StoppedWork | None = StoppedWork.CALLS
) -> bool:
    """True while an order stops this work on this receivable, or all of either.

    ``wanted`` None asks whether everything stands still: only such an order locks what is read.
    """
    query = select(Suspension.id).where(
        Suspension.ended_at.is_(None),
        or_(Suspension.receivable.is_(None), Suspension.receivable == receivable),
        or_(Suspension.stopped_work.is_(None), Suspension.stopped_work == wanted),
    )
    return work.session.scalar(query.limit(1)) is not None


def require_intake(work: UnitOfWork, receivable: str) -> None:
    """Raises WorkSuspended while nothing lent may be taken in or published."""
    require_not_suspended(work, receivable, StoppedWork.INTAKE)


def require_not_suspended(
    work: UnitOfWork, receivable: str, wanted: StoppedWork | None = None
) -> None:
    """Raises WorkSuspended while an order stands over this work, or over all of it."""
    if is_suspended(work, receivable, wanted):
        raise WorkSuspended(receivable=receivable)
