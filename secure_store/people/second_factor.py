"""Who needs a second factor, and who has one (security.md 7.2, decision 18).

Supervisors and above prove themselves with a FIDO2 key besides the password; for agents, who may
bring no telephone into the room, the registered terminal is the second factor. Rehearsal homes
ask for none.
"""

from __future__ import annotations

from sqlalchemy import func, select, update

from secure_store.access import Actor, Role
from secure_store.models import StaffMember
from secure_store.people.account_seal import seal_account
from secure_store.people.models import SecurityKey
from secure_store.work import UnitOfWork

NEEDS_KEY = frozenset({Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.AUDITOR, Role.VERIFIER})


def needs_key(work: UnitOfWork, role: Role) -> bool:
    """True when a person of this role logs in with a key, too."""
    return role in NEEDS_KEY and not work.store.is_rehearsal


def keys_of(work: UnitOfWork, code: str) -> int:
    """How many keys the person may use now."""
    query = select(func.count()).where(
        SecurityKey.staff_code == code, SecurityKey.revoked_at.is_(None)
    )
    return work.session.scalar(query) or 0


def revoke_keys(work: UnitOfWork, code: str) -> None:
    """All keys of a person are worth nothing from now on."""
    work.session.execute(
        update(SecurityKey)
        .where(SecurityKey.staff_code == code, SecurityKey.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )
    seal_anew(work, code)


def seal_anew(work: UnitOfWork, code: str) -> None:
    """The account's seal says which keys there are."""
    member = work.session.get(StaffMember, code, with_for_update=True)
    if member is not None:
        seal_account(work, member)


def has_second_factor(work: UnitOfWork, actor: Actor) -> bool:
    """True when the password is not all that keeps this account closed."""
    if needs_key(work, actor.role):
        return keys_of(work, actor.code) > 0
    return actor.role is Role.AGENT and actor.terminal_kind is not None
