"""The seal over an account's row: role, gates, password, receivables and keys as we set them.

Whoever can write the database but has no key store cannot make himself a supervisor: an account
whose seal does not fit is refused everywhere. An older row put back as it was is not noticed
here; the audit trail tells what the account was.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from secure_store.models import StaffMember, StaffReceivable
from secure_store.people.login_secret import keyed, matches_keyed
from secure_store.people.models import SecurityKey
from secure_store.work import UnitOfWork

_PURPOSE = "account row"


def seal_account(work: UnitOfWork, member: StaffMember) -> None:
    """Seals the row as it is now; to be called after every change of it."""
    work.session.flush()
    member.seal = keyed(work.store, _PURPOSE, *_parts(work, member))


def is_as_sealed(work: UnitOfWork, member: StaffMember) -> bool:
    """True when the row is as this program left it."""
    return matches_keyed(work.store, member.seal or "", _PURPOSE, *_parts(work, member))


def _parts(work: UnitOfWork, member: StaffMember) -> tuple[str | None, ...]:
    granted = work.session.scalars(
        select(StaffReceivable.receivable)
        .where(StaffReceivable.staff_code == member.code)
        .order_by(StaffReceivable.receivable)
    )
    return (
        member.code,
        member.role.value,
        member.password_hash,
        str(member.must_change_password),
        str(member.is_active),
        str(member.is_on_chart),
        _text(member.pledge_on),
        _text(member.training_on),
        _text(member.reported_on),
        _text(member.valid_from),
        _text(member.valid_until),
        ",".join(granted),
        ",".join(_keys(work, member.code)),
    )


def _keys(work: UnitOfWork, code: str) -> list[str]:
    """Which keys there are, so that none is taken away to make room for a registration."""
    return sorted(
        work.session.scalars(
            select(SecurityKey.credential).where(
                SecurityKey.staff_code == code, SecurityKey.revoked_at.is_(None)
            )
        )
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
