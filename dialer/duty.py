"""Supervisors on duty: agents are served and may dial only while one is (S4-12.2d, decision 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from dialer.errors import NoSupervisorOnDuty
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.models import Duty
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty since when."""

    staff_code: str
    since: datetime


def begin_duty(work: UnitOfWork) -> None:
    """業務開始 of the acting supervisor; a second time changes nothing."""
    require(work.actor, Permission.BE_ON_DUTY)
    if any(one.staff_code == work.actor.code for one in on_duty(work)):
        return
    work.session.add(Duty(id=uuid4(), staff_code=work.actor.code, began_at=work.now))
    work.session.flush()
    work.audit(Tag.DUTY_BEGAN)


def end_duty(work: UnitOfWork) -> None:
    """業務終了 of the acting supervisor."""
    require(work.actor, Permission.BE_ON_DUTY)
    rows = work.session.scalars(
        select(Duty).where(Duty.staff_code == work.actor.code, Duty.ended_at.is_(None))
    )
    for row in rows:
        row.ended_at = work.now
        work.audit(Tag.DUTY_ENDED)


def end_all_duties(work: UnitOfWork) -> int:
    """The close of day ends every duty that was left open."""
    rows = list(work.session.scalars(select(Duty).where(Duty.ended_at.is_(None))))
    for row in rows:
        row.ended_at = work.now
        work.audit(Tag.DUTY_ENDED, ref=row.staff_code, reason="close_of_day")
    return len(rows)


def on_duty(work: UnitOfWork) -> list[OnDuty]:
    """The supervisors on duty now."""
    rows = work.session.scalars(select(Duty).where(Duty.ended_at.is_(None)).order_by(Duty.began_at))
    return [OnDuty(row.staff_code, row.began_at) for row in rows]


def require_supervisor_on_duty(work: UnitOfWork) -> None:
    """Raises NoSupervisorOnDuty."""
    if not on_duty(work):
        raise NoSupervisorOnDuty
