"""Accounts are made and given powers by two persons: an administrator and a supervisor.

One administrator alone could otherwise make a supervisor and a verifier and be all three persons
of an erasure (S4-9.4-1, decision 17). Only the very first persons of a home come without: the
administrator whom whoever opens the home adds, and the first supervisor.
"""

from __future__ import annotations

from sqlalchemy import func, select

from secure_store.access import Actor, Permission, Role, require
from secure_store.errors import NotAllowed
from secure_store.models import StaffMember
from secure_store.work import UnitOfWork

FOUNDER_CODE = "init"


class SecondPersonNeeded(NotAllowed):
    """This act on an account is confirmed by a supervisor."""

    code = "second_person_needed"


def approver(work: UnitOfWork, second: Actor | None, role: Role | None = None) -> str | None:
    """The code of the second person, None while the home is being founded.

    ``role``: what a new account is to be. Raises SecondPersonNeeded, NotAllowed.
    """
    require(work.actor, Permission.MANAGE_STAFF)
    if second is None:
        if _is_founding(work, role):
            return None
        raise SecondPersonNeeded
    require(second, Permission.APPROVE_STAFF)
    if second.code == work.actor.code:
        raise SecondPersonNeeded(reason="same_person")
    return second.code


def _is_founding(work: UnitOfWork, role: Role | None) -> bool:
    if work.actor.code == FOUNDER_CODE:
        return work.store.is_rehearsal or not _accounts(work)
    return role is Role.SUPERVISOR and not has_supervisor(work)


def has_supervisor(work: UnitOfWork) -> bool:
    """True when there is an account that could confirm; before, nothing but one can be made."""
    return bool(_accounts(work, Role.SUPERVISOR))


def _accounts(work: UnitOfWork, role: Role | None = None) -> int:
    query = select(func.count()).select_from(StaffMember)
    if role is not None:
        query = query.where(StaffMember.role == role)
    return work.session.scalar(query) or 0
