"""Who handles lent documents, media and made data: named supervisors on the chart (S3-B1-5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from secure_store.access import Permission, Role, require
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.exchange.exchange_errors import NotAHandler
from secure_store.exchange.models import DataHandler
from secure_store.models import StaffMember
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HandlerView:
    """One named handler, now or formerly."""

    staff_code: str
    named_at: datetime
    named_by: str
    ended_at: datetime | None


def require_handler(work: UnitOfWork) -> None:
    """Raises NotAHandler unless this person may handle lent data and media (S4-14.2a).

    A role is not enough: the account stands on the staffing chart that was submitted, and once
    handlers are named, on their list too. While nobody is named, the chart is the list.
    """
    member = work.session.get(StaffMember, work.actor.code)
    on_chart = member is not None and member.role is Role.SUPERVISOR and member.is_on_chart
    named = set(
        work.session.scalars(select(DataHandler.staff_code).where(DataHandler.ended_at.is_(None)))
    )
    if not on_chart or (named and work.actor.code not in named):
        raise NotAHandler(reason="not_named" if on_chart else "not_on_chart")


def name_handler(work: UnitOfWork, staff_code: str) -> None:
    """Names a supervisor of the chart; naming somebody again changes nothing. Raises NotFound."""
    require(work.actor, Permission.MANAGE_STAFF)
    member = work.session.get(StaffMember, staff_code)
    if member is None or member.role is not Role.SUPERVISOR:
        raise NotFound(kind="staff")
    if _standing(work, staff_code) is not None:
        return
    work.session.add(
        DataHandler(id=uuid4(), staff_code=staff_code, named_at=work.now, named_by=work.actor.code)
    )
    work.session.flush()
    work.audit(Tag.STAFF_HANDLER_NAMED, object_kind="staff", ref=staff_code)


def end_handler(work: UnitOfWork, staff_code: str) -> None:
    """Takes somebody off the list. Raises NotFound."""
    require(work.actor, Permission.MANAGE_STAFF)
    row = _standing(work, staff_code)
    if row is None:
        raise NotFound(kind="staff")
    row.ended_at = work.now
    work.audit(Tag.STAFF_HANDLER_ENDED, object_kind="staff", ref=staff_code)


def _standing(work: UnitOfWork, staff_code: str) -> DataHandler | None:
    return work.session.scalar(
        select(DataHandler).where(
            DataHandler.staff_code == staff_code, DataHandler.ended_at.is_(None)
        )
    )


def handlers(work: UnitOfWork) -> list[HandlerView]:
    """Everybody who was ever named, newest first."""
    rows = work.session.scalars(select(DataHandler).order_by(DataHandler.named_at.desc()))
    return [HandlerView(row.staff_code, row.named_at, row.named_by, row.ended_at) for row in rows]
