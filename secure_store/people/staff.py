"""Accounts: who may log in, in which role, and what each may see (S4-8.6g, S4-9.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from secure_store.access import Actor, Permission, Role, require
from secure_store.audit.tags import Tag
from secure_store.errors import Conflict, NotAllowed, NotFound
from secure_store.models import StaffMember, StaffReceivable
from secure_store.people import passwords
from secure_store.people.account_seal import is_as_sealed, seal_account
from secure_store.people.sessions import end_all
from secure_store.people.two_persons import approver
from secure_store.work import SecureStore, UnitOfWork

_TOKYO = ZoneInfo("Asia/Tokyo")
FIRST_PASSWORD_LASTS = timedelta(hours=24)

# The contract covers all receivables for these roles; agents and officers are granted some.
SEES_ALL = frozenset({Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.AUDITOR, Role.VERIFIER, Role.SYSTEM})


class AccountBar(StrEnum):
    """Why an account cannot be used now (S4-8.12, S4-14.2a, S4-16.3b-1)."""

    INACTIVE = "inactive"
    NOT_YET_VALID = "not_yet_valid"
    NO_LONGER_VALID = "no_longer_valid"
    NO_PLEDGE = "no_pledge"
    NO_TRAINING = "no_training"
    NOT_REPORTED = "not_reported"
    NOT_ON_CHART = "not_on_chart"


class LoginRefused(NotAllowed):
    """The code or the password is wrong, or the account cannot be used."""

    code = "login_refused"


class StaffExists(Conflict):
    """There is an account with this code."""

    code = "staff_exists"


@dataclass(frozen=True, slots=True)
class StaffView:
    """An account as screens and the command line show it."""

    code: str
    display_name: str
    role: Role
    receivables: tuple[str, ...]
    bar: AccountBar | None
    is_locked: bool
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class NewStaff:
    """What a new account needs. The three dates and the chart are gates, not decoration."""

    code: str
    display_name: str
    role: Role
    receivables: tuple[str, ...] = ()
    pledge_on: date | None = None
    training_on: date | None = None
    reported_on: date | None = None
    is_on_chart: bool = False


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """A first password with its hash, made while no database waits."""

    text: str = field(repr=False)
    hashed: str = field(repr=False)


def first_password(store: SecureStore, code: str) -> FirstPassword:
    """A random one. It must be changed at the first log-in, within a day (security.md 7.2)."""
    text = passwords.first_password()
    return FirstPassword(text, passwords.hash_password(store, code, text))


def bar_of(member: StaffMember, today: date) -> AccountBar | None:
    """The first reason why this account cannot be used, or None."""
    needs_chart = member.role is Role.SUPERVISOR
    tests = (
        (not member.is_active, AccountBar.INACTIVE),
        (member.valid_from is not None and today < member.valid_from, AccountBar.NOT_YET_VALID),
        (
            member.valid_until is not None and today > member.valid_until,
            AccountBar.NO_LONGER_VALID,
        ),
        (_is_ours(member.role) and member.pledge_on is None, AccountBar.NO_PLEDGE),
        (_is_ours(member.role) and member.training_on is None, AccountBar.NO_TRAINING),
        (_is_ours(member.role) and member.reported_on is None, AccountBar.NOT_REPORTED),
        (needs_chart and not member.is_on_chart, AccountBar.NOT_ON_CHART),
    )
    return next((bar for applies, bar in tests if applies), None)


def _is_ours(role: Role) -> bool:
    return role in {Role.AGENT, Role.SUPERVISOR, Role.SYSTEM_ADMIN}


def _granted(work: UnitOfWork, code: str) -> tuple[str, ...]:
    rows = work.session.scalars(
        select(StaffReceivable.receivable)
        .where(StaffReceivable.staff_code == code)
        .order_by(StaffReceivable.receivable)
    )
    return tuple(rows)


def today_of(work: UnitOfWork) -> date:
    """The date in Japan at this unit's instant."""
    return work.now.astimezone(_TOKYO).date()


def _view(work: UnitOfWork, member: StaffMember) -> StaffView:
    return StaffView(
        member.code,
        member.display_name,
        member.role,
        _granted(work, member.code),
        bar_of(member, today_of(work)),
        member.is_locked,
        member.must_change_password,
    )


def add_staff(
    work: UnitOfWork, new: NewStaff, password: FirstPassword | str, second: Actor | None = None
) -> StaffView:
    """Makes an account; the first password must be changed.

    ``second``: the supervisor who confirms. A password given as text is hashed here, while the
    database waits: for rehearsals only. Raises SecondPersonNeeded, StaffExists, PasswordRefused.
    """
    approved_by = approver(work, second, new.role)
    if work.session.get(StaffMember, new.code) is not None:
        raise StaffExists
    member = StaffMember(
        code=new.code,
        display_name=new.display_name,
        role=new.role,
        is_active=True,
        is_on_chart=new.is_on_chart,
        pledge_on=new.pledge_on,
        training_on=new.training_on,
        reported_on=new.reported_on,
        created_at=work.now,
        made_by=work.actor.code,
        approved_by=approved_by,
        failed_logins=0,
        is_locked=False,
    )
    give_first_password(work, member, _hash_of(work, new.code, password))
    work.session.add(member)
    work.session.flush()
    grant_receivables(work, new.code, new.receivables)
    work.audit(Tag.STAFF_CREATED, object_kind="staff", reason=approved_by, ref=new.code)
    return _view(work, member)


def give_first_password(work: UnitOfWork, member: StaffMember, hashed: str) -> None:
    """A password for one log-in within a day; the person chooses the next."""
    member.password_hash = hashed
    member.must_change_password = True
    member.password_set_at = work.now
    member.first_password_until = work.now + FIRST_PASSWORD_LASTS


def _hash_of(work: UnitOfWork, code: str, password: FirstPassword | str) -> str:
    if isinstance(password, FirstPassword):
        return password.hashed
    passwords.check_new(password, code)
    return passwords.hash_password(work.store, code, password)


def grant_receivables(work: UnitOfWork, code: str, receivables: Iterable[str]) -> None:
    """Replaces the receivables a person may work on."""
    require(work.actor, Permission.MANAGE_STAFF)
    work.session.execute(delete(StaffReceivable).where(StaffReceivable.staff_code == code))
    for receivable in sorted(set(receivables)):
        work.session.add(StaffReceivable(staff_code=code, receivable=receivable))
    seal_account(work, member_for_change(work, code))


def list_staff(work: UnitOfWork) -> list[StaffView]:
    """All accounts in the order of their codes."""
    require(work.actor, Permission.SEE_STAFF)
    members = work.session.scalars(select(StaffMember).order_by(StaffMember.code))
    return [_view(work, member) for member in members]


def rehearsal_staff(work: UnitOfWork) -> list[StaffView]:
    """The ready persons of a rehearsal home, for its log-in page. Raises NotAllowed elsewhere."""
    if not work.store.is_rehearsal:
        raise NotAllowed(permission=Permission.SEE_STAFF.value)
    members = work.session.scalars(select(StaffMember).order_by(StaffMember.code))
    return [_view(work, member) for member in members]


def must_change_password(work: UnitOfWork, code: str) -> bool:
    """True until the person has replaced the first password."""
    member = work.session.get(StaffMember, code)
    return member is not None and member.must_change_password


def agents_of(work: UnitOfWork, receivable: str) -> list[StaffView]:
    """The agents and supervisors who may be given cases of a receivable."""
    members = work.session.scalars(
        select(StaffMember)
        .where(StaffMember.role.in_([Role.AGENT, Role.SUPERVISOR]), StaffMember.is_active)
        .order_by(StaffMember.code)
    )
    views = [_view(work, member) for member in members]
    return [
        view
        for view in views
        if view.bar is None and (view.role in SEES_ALL or receivable in view.receivables)
    ]


def actor_of(
    work: UnitOfWork,
    code: str,
    *,
    session_ref: str | None = None,
    request_id: str | None = None,
    rehearsal: bool = False,
) -> Actor:
    """The actor for an account that may be used now. Raises LoginRefused."""
    member = work.session.get(StaffMember, code)
    if member is None or bar_of(member, today_of(work)) is not None:
        raise LoginRefused
    if not is_as_sealed(work, member):
        raise LoginRefused(reason="altered")
    seen = None if member.role in SEES_ALL else frozenset(_granted(work, code))
    return Actor(
        code=member.code,
        role=member.role,
        receivables=seen,
        session_ref=session_ref,
        request_id=request_id,
        rehearsal=rehearsal,
    )


def display_name(work: UnitOfWork, code: str) -> str:
    """The staff member's own name. Raises NotFound."""
    member = work.session.get(StaffMember, code)
    if member is None:
        raise NotFound(kind="staff")
    return member.display_name


def set_active(work: UnitOfWork, code: str, *, active: bool, second: Actor | None = None) -> None:
    """Switches an account off, its sessions end with it; on again only with a second person."""
    require(work.actor, Permission.MANAGE_STAFF)
    approved_by = approver(work, second) if active else None
    member = member_for_change(work, code)
    member.is_active = active
    seal_account(work, member)
    if not active:
        end_all(work, code, "disabled")
    tag = Tag.STAFF_ENABLED if active else Tag.STAFF_DISABLED
    work.audit(tag, reason=approved_by, ref=code)


def set_on_chart(work: UnitOfWork, code: str, *, on_chart: bool) -> None:
    """The submitted staffing chart names this supervisor, or no longer does (S4-14.3)."""
    require(work.actor, Permission.MANAGE_STAFF)
    member = member_for_change(work, code)
    member.is_on_chart = on_chart
    seal_account(work, member)
    work.audit(Tag.STAFF_CHART_CHANGED, reason="on_chart" if on_chart else "off_chart", ref=code)


def member_for_change(work: UnitOfWork, code: str) -> StaffMember:
    """The account's row, locked for a change. Raises NotFound."""
    member = work.session.get(StaffMember, code, with_for_update=True)
    if member is None:
        raise NotFound(kind="staff")
    return member
