"""The register of accounts: gates with their dates, and the changes an administrator makes to them.

(S4-8.12, S4-9.4-1, S4-9.4-2, S4-14.2a, S4-16.3b-1)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from secure_store.access import Actor, Permission, Role, require
from secure_store.audit.tags import Tag
from secure_store.errors import Conflict, NotFound
from secure_store.models import StaffMember, StaffReceivable
from secure_store.people.account_seal import seal_account
from secure_store.people.second_factor import revoke_keys
from secure_store.people.sessions import end_all
from secure_store.people.staff import (
    SEES_ALL,
    AccountBar,
    FirstPassword,
    bar_of,
    give_first_password,
    grant_receivables,
    member_for_change,
    set_active,
    today_of,
)
from secure_store.people.two_persons import approver
from secure_store.work import UnitOfWork


class OwnAccount(Conflict):
    """Nobody switches off the account with which this very act is done."""

    code = "own_account"


@dataclass(frozen=True, slots=True)
class GateDates:
    """The three dates without which an account of the contractor stays closed."""

    pledge_on: date | None
    training_on: date | None
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One account. ``receivables`` None means all of the contract, by role."""

    code: str
    display_name: str
    role: Role
    receivables: tuple[str, ...] | None
    dates: GateDates
    is_active: bool
    is_on_chart: bool
    bar: AccountBar | None
    is_locked: bool
    must_change_password: bool
    failed_logins: int
    last_failed_at: datetime | None
    created_at: datetime
    made_by: str | None
    approved_by: str | None
    password_set_at: datetime | None
    last_login_at: datetime | None


def staff_register(work: UnitOfWork) -> tuple[RegisterEntry, ...]:
    """All accounts in the order of their codes (S4-9.4-2)."""
    require(work.actor, Permission.SEE_STAFF)
    granted: dict[str, list[str]] = {}
    rows = work.session.scalars(select(StaffReceivable).order_by(StaffReceivable.receivable))
    for row in rows:
        granted.setdefault(row.staff_code, []).append(row.receivable)
    members = work.session.scalars(select(StaffMember).order_by(StaffMember.code))
    today = today_of(work)
    return tuple(_entry(member, granted.get(member.code, []), today) for member in members)


def register_entry(work: UnitOfWork, code: str) -> RegisterEntry:
    """One account. Raises NotFound."""
    require(work.actor, Permission.SEE_STAFF)
    member = work.session.get(StaffMember, code)
    if member is None:
        raise NotFound(kind="staff")
    rows = work.session.scalars(
        select(StaffReceivable.receivable)
        .where(StaffReceivable.staff_code == code)
        .order_by(StaffReceivable.receivable)
    )
    return _entry(member, list(rows), today_of(work))


def _entry(member: StaffMember, granted: list[str], today: date) -> RegisterEntry:
    return RegisterEntry(
        code=member.code,
        display_name=member.display_name,
        role=member.role,
        receivables=None if member.role in SEES_ALL else tuple(granted),
        dates=GateDates(member.pledge_on, member.training_on, member.reported_on),
        is_active=member.is_active,
        is_on_chart=member.is_on_chart,
        bar=bar_of(member, today),
        is_locked=member.is_locked or member.locked_elsewhere_at is not None,
        must_change_password=member.must_change_password,
        failed_logins=member.failed_logins,
        last_failed_at=member.last_failed_at,
        created_at=member.created_at,
        made_by=member.made_by,
        approved_by=member.approved_by,
        password_set_at=member.password_set_at,
        last_login_at=member.last_login_at,
    )


def change_receivables(work: UnitOfWork, code: str, receivables: Iterable[str]) -> None:
    """Replaces what a person was granted, and notes it (S4-14.4-1). Raises NotFound."""
    require(work.actor, Permission.MANAGE_STAFF)
    member_for_change(work, code)
    chosen = sorted(set(receivables))
    grant_receivables(work, code, chosen)
    work.audit(Tag.STAFF_ROLE_CHANGED, count=len(chosen), reason="receivables", ref=code)


def record_dates(work: UnitOfWork, code: str, dates: GateDates) -> None:
    """Enters pledge, training and report to the city; each change is an event. Raises NotFound."""
    require(work.actor, Permission.MANAGE_STAFF)
    member = member_for_change(work, code)
    if member.pledge_on != dates.pledge_on:
        member.pledge_on = dates.pledge_on
        work.audit(Tag.STAFF_PLEDGE_RECORDED, ref=code)
    if member.training_on != dates.training_on:
        member.training_on = dates.training_on
        work.audit(Tag.STAFF_TRAINING_RECORDED, ref=code)
    if member.reported_on != dates.reported_on:
        member.reported_on = dates.reported_on
        work.audit(Tag.STAFF_REPORTED, ref=code)
    seal_account(work, member)


def switch_off(work: UnitOfWork, code: str) -> None:
    """Closes an account at once; one person is enough. Raises OwnAccount, NotFound."""
    require(work.actor, Permission.MANAGE_STAFF)
    if code == work.actor.code:
        raise OwnAccount
    set_active(work, code, active=False)


def switch_on(work: UnitOfWork, code: str, second: Actor) -> None:
    """Opens a closed account again. Raises SecondPersonNeeded, NotFound."""
    set_active(work, code, active=True, second=second)


def change_role(work: UnitOfWork, code: str, role: Role, second: Actor) -> None:
    """Gives a person another role; the sessions under the old one end.

    Raises SecondPersonNeeded, OwnAccount, NotFound.
    """
    approved_by = approver(work, second)
    if code == work.actor.code:
        raise OwnAccount
    member = member_for_change(work, code)
    member.role = role
    if role is not Role.SUPERVISOR:
        member.is_on_chart = False
    seal_account(work, member)
    end_all(work, code, "role_changed")
    work.audit(Tag.STAFF_ROLE_CHANGED, reason=approved_by, ref=code)


def renew_first_password(
    work: UnitOfWork, code: str, password: FirstPassword, second: Actor
) -> None:
    """For a person who has forgotten the password or lost the keys: nobody chooses for them.

    Sessions and keys of the account end. Raises SecondPersonNeeded, OwnAccount, NotFound.
    """
    approved_by = approver(work, second)
    if code == work.actor.code:
        raise OwnAccount
    member = member_for_change(work, code)
    give_first_password(work, member, password.hashed)
    seal_account(work, member)
    end_all(work, code, "password_renewed")
    revoke_keys(work, code)
    work.audit(Tag.STAFF_PASSWORD_RENEWED, reason=approved_by, ref=code)
