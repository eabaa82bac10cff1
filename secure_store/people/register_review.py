"""The monthly look through the accounts: unused ones are listed, and closed after thirty days.

(S4-9.4-1: accounts for the fewest persons; security.md 7.6)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from secure_store.access import Permission, Role, require
from secure_store.audit.tags import Tag
from secure_store.models import AuditEvent, StaffMember
from secure_store.people.account_seal import seal_account
from secure_store.people.sessions import end_all
from secure_store.work import UnitOfWork

UNUSED_AFTER = timedelta(days=30)
# Somebody has to be left who can open an account again, and somebody who confirms it.
NEVER_EMPTY = frozenset({Role.SYSTEM_ADMIN, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Unused:
    """An open account that nobody has used. ``last_login_at`` None: never."""

    code: str
    role: Role
    last_login_at: datetime | None
    created_at: datetime


def unused_accounts(work: UnitOfWork) -> tuple[Unused, ...]:
    """Open accounts without a log-in for thirty days, in the order of their codes."""
    require(work.actor, Permission.SEE_STAFF)
    return tuple(_unused(row) for row in _rows(work))


def _unused(row: StaffMember) -> Unused:
    return Unused(row.code, row.role, row.last_login_at, row.created_at)


def _rows(work: UnitOfWork) -> list[StaffMember]:
    used = func.coalesce(StaffMember.last_login_at, StaffMember.created_at)
    query = select(StaffMember).where(StaffMember.is_active, used <= work.now - UNUSED_AFTER)
    return list(work.session.scalars(query.order_by(StaffMember.code)))


def close_unused(work: UnitOfWork) -> tuple[Unused, ...]:
    """Closes them; of administrators and supervisors the one used last stays. The scheduler's."""
    staying = {_used_last(work, role) for role in NEVER_EMPTY}
    rows = [row for row in _rows(work) if row.code not in staying]
    for row in rows:
        row.is_active = False
        seal_account(work, row)
        end_all(work, row.code, "unused")
        work.audit(Tag.STAFF_DISABLED, reason="unused", ref=row.code)
    return tuple(_unused(row) for row in rows)


def _used_last(work: UnitOfWork, role: Role) -> str | None:
    used = func.coalesce(StaffMember.last_login_at, StaffMember.created_at)
    query = select(StaffMember.code).where(StaffMember.role == role, StaffMember.is_active)
    return work.session.scalar(query.order_by(used.desc(), StaffMember.code).limit(1))


def note_review(work: UnitOfWork) -> None:
    """Somebody has gone through the whole register (S4-9.4-2)."""
    require(work.actor, Permission.SEE_STAFF)
    count = work.session.scalar(select(func.count()).select_from(StaffMember)) or 0
    work.audit(Tag.STAFF_LISTED, reason="review", count=count)


def last_review(work: UnitOfWork) -> datetime | None:
    """When the register was gone through last."""
    require(work.actor, Permission.SEE_STAFF)
    query = select(func.max(AuditEvent.at)).where(AuditEvent.tag == Tag.STAFF_LISTED.value)
    return work.session.scalar(query)
