"""Proving who somebody is: passwords, the throttle against guessing, unlocking.

(S4-8.6g, S4-9.3, security.md 7.2)

A try is counted as a failure before the password is looked at, and taken back when it was right:
many tries at once are no way around the count. The hash is made while no database waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, select, update

from secure_store.access import Actor, Permission, Role, require
from secure_store.audit.tags import Result, Tag
from secure_store.models import StaffMember
from secure_store.people import passwords
from secure_store.people.account_seal import is_as_sealed, seal_account
from secure_store.people.login_secret import keyed
from secure_store.people.models import KnownTerminal, LoginFailure
from secure_store.people.passwords import PasswordFault, PasswordRefused
from secure_store.people.second_factor import has_second_factor
from secure_store.people.staff import LoginRefused, bar_of, member_for_change, today_of
from secure_store.people.staff_register import OwnAccount
from secure_store.people.throttle import (
    LOCK_AT_FAILURES,
    REMEMBERED,
    TERMINAL_WINDOW,
    LoginAnswer,
    gate,
    wait_after,
)
from secure_store.work import SecureStore, UnitOfWork

# Whose a failure is once the account was unlocked; no keyed hash is this short.
NOBODYS = "unlocked"


@dataclass(frozen=True, slots=True)
class _Try:
    """One try that was let through to the password."""

    code: str
    account: str
    terminal: str
    is_known: bool
    is_barred: bool  # a role that may not work there, or nobody's code: no password opens it
    stored: str | None


def prove(
    store: SecureStore,
    actor: Actor,
    code: str,
    password: str,
    *,
    logs_in: bool = False,
    only: frozenset[Role] | None = None,
) -> LoginAnswer:
    """Checks a password and keeps the count of failures. Raises PasswordsBusy, nothing counted.

    ``actor.terminal`` says where the try comes from. ``logs_in``: a first password works once.
    ``only``: the roles that may work there; others are refused as if the password were wrong.
    """
    with passwords.slot():
        with store.work(actor) as work:
            begun = _begin(work, code, only)
        if isinstance(begun, LoginAnswer):
            return begun
        is_right = passwords.matches(store, begun.stored, code, password)
        fresh_hash = _fresh_hash(store, begun, password) if is_right else None
    with store.work(actor) as work:
        if not is_right:
            return _note_failure(work, begun)
        return _note_success(work, begun, fresh_hash, logs_in=logs_in)


def _fresh_hash(store: SecureStore, begun: _Try, password: str) -> str | None:
    """A new hash when the parameters have risen since the password was set; inside a slot."""
    if begun.is_barred or begun.stored is None or not passwords.is_outdated(begun.stored):
        return None
    return passwords.hash_in_slot(store, begun.code, password)


def _begin(work: UnitOfWork, code: str, only: frozenset[Role] | None) -> LoginAnswer | _Try:
    member = work.session.get(StaffMember, code, with_for_update=True)
    is_barred = only is not None and (member is None or member.role not in only)
    # What a strange terminal tries is counted apart, or it could keep people out of their own.
    account = keyed(work.store, "barred account" if is_barred else "account", code)
    terminal = keyed(work.store, "terminal", work.actor.terminal)
    is_known = work.session.get(KnownTerminal, (account, terminal)) is not None
    counted = _counted(work, account, terminal, is_known)
    answer = gate(counted, _of_terminal(work, terminal), work.now)
    if member is not None and not is_barred and _is_locked(member, is_known):
        answer = LoginAnswer.LOCKED
    if answer is not None:
        _denied(work, answer.value, member)
        return answer
    work.session.add(LoginFailure(id=uuid4(), at=work.now, account=account, terminal=terminal))
    stored = member.password_hash if member is not None else None
    return _Try(code, account, terminal, is_known, is_barred, stored)


def _is_locked(member: StaffMember, is_known: bool) -> bool:
    return member.is_locked or (member.locked_elsewhere_at is not None and not is_known)


def _counted(work: UnitOfWork, account: str, terminal: str, is_known: bool) -> list[datetime]:
    """Failures that count here: this terminal's own, or those of all strange terminals."""
    known = select(KnownTerminal.terminal).where(KnownTerminal.account == account)
    query = select(LoginFailure.at).where(
        LoginFailure.account == account, LoginFailure.at > work.now - REMEMBERED
    )
    if is_known:
        query = query.where(LoginFailure.terminal == terminal)
    else:
        query = query.where(LoginFailure.terminal.not_in(known))
    return list(work.session.scalars(query.order_by(LoginFailure.at)))


def _of_terminal(work: UnitOfWork, terminal: str) -> int:
    query = select(func.count()).where(
        LoginFailure.terminal == terminal, LoginFailure.at > work.now - TERMINAL_WINDOW
    )
    return work.session.scalar(query) or 0


def _denied(work: UnitOfWork, reason: str, member: StaffMember | None) -> None:
    ref = member.code if member is not None else None
    work.audit(Tag.AUTH_LOGIN_FAILED, result=Result.DENIED, reason=reason, ref=ref)


def _note_failure(work: UnitOfWork, begun: _Try) -> LoginAnswer:
    counted = _counted(work, begun.account, begun.terminal, begun.is_known)
    is_last = len(counted) >= LOCK_AT_FAILURES
    member = work.session.get(StaffMember, begun.code, with_for_update=True)
    if begun.is_barred:
        _denied(work, "strange_terminal", member)
        return LoginAnswer.LOCKED if is_last else LoginAnswer.REFUSED
    if member is not None:
        member.failed_logins += 1
        member.last_failed_at = work.now
        member.wait_until = work.now + wait_after(len(counted))
    if not is_last:
        _denied(work, "password" if member is not None else "unknown", member)
        return LoginAnswer.REFUSED
    if member is not None:
        _lock(work, member, begun)
    return LoginAnswer.LOCKED


def _lock(work: UnitOfWork, member: StaffMember, begun: _Try) -> None:
    """A person with terminals of their own is locked only for the strange ones."""
    own = select(func.count()).where(KnownTerminal.account == begun.account)
    if begun.is_known or not work.session.scalar(own):
        member.is_locked = True
    else:
        member.locked_elsewhere_at = work.now
    work.audit(Tag.AUTH_LOCKED, result=Result.DENIED, reason="failures", ref=member.code)


def _note_success(
    work: UnitOfWork,
    begun: _Try,
    fresh_hash: str | None,
    *,
    logs_in: bool,
) -> LoginAnswer:
    if begun.is_barred:
        return _note_failure(work, begun)  # as if the password were wrong: nobody has come in
    member = work.session.get(StaffMember, begun.code, with_for_update=True)
    if member is None or member.password_hash != begun.stored:
        return LoginAnswer.REFUSED  # changed while the hash was made
    reason = _bar_fault(work, member) or _first_password_fault(work, member, logs_in)
    if reason is not None:
        _denied(work, reason, member)
        return LoginAnswer.REFUSED
    if fresh_hash is not None:
        member.password_hash = fresh_hash
        seal_account(work, member)
    _forget_failures(work, member, begun)
    member.last_login_at = work.now
    if logs_in and member.must_change_password and not work.store.is_rehearsal:
        member.first_password_until = work.now  # it has worked once
    work.audit(Tag.AUTH_LOGIN if logs_in else Tag.AUTH_PROVED, ref=begun.code)
    return LoginAnswer.ACCEPTED


def _bar_fault(work: UnitOfWork, member: StaffMember) -> str | None:
    if not is_as_sealed(work, member):
        return "altered"
    bar = bar_of(member, today_of(work))
    return None if bar is None else bar.value


def _first_password_fault(work: UnitOfWork, member: StaffMember, logs_in: bool) -> str | None:
    """A first password is good for one log-in within a day; rehearsal homes print theirs."""
    if not logs_in or not member.must_change_password or work.store.is_rehearsal:
        return None
    until = member.first_password_until
    return "first_password_over" if until is None or work.now >= until else None


def _forget_failures(work: UnitOfWork, member: StaffMember, begun: _Try) -> None:
    """What was typed wrongly here is forgotten; what strangers tried elsewhere is not."""
    gone = delete(LoginFailure).where(LoginFailure.account == begun.account)
    work.session.execute(gone.where(LoginFailure.terminal == begun.terminal))
    member.failed_logins = 0
    member.wait_until = None
    known = work.session.get(KnownTerminal, (begun.account, begun.terminal))
    if known is None:
        known = KnownTerminal(account=begun.account, terminal=begun.terminal)
        work.session.add(known)
    known.last_at = work.now


def change_password(store: SecureStore, actor: Actor, old: str, new: str) -> LoginAnswer:
    """The person's own change. A wrong old password counts like one at the log-in page.

    Raises LoginRefused, PasswordRefused, PasswordsBusy.
    """
    require(actor, Permission.USE_OWN_ACCOUNT)
    answer = prove(store, actor, actor.code, old)
    if answer is not LoginAnswer.ACCEPTED:
        return answer
    with store.work(actor, readonly=True) as work:
        is_double = has_second_factor(work, actor)
    passwords.check_new(new, actor.code, has_second_factor=is_double)
    if passwords.normal(old) == passwords.normal(new):
        raise PasswordRefused(fault=PasswordFault.SAME_AS_BEFORE.value)
    hashed = passwords.hash_password(store, actor.code, new)
    with store.work(actor) as work:
        member = work.session.get(StaffMember, actor.code, with_for_update=True)
        if member is None:
            raise LoginRefused
        member.password_hash = hashed
        member.must_change_password = False
        member.first_password_until = None
        member.password_set_at = work.now
        seal_account(work, member)
        work.audit(Tag.AUTH_PASSWORD_CHANGED, ref=actor.code)
    return LoginAnswer.ACCEPTED


def unlock(work: UnitOfWork, code: str) -> None:
    """Face to face: the person may try again, from everywhere (S4-9.3). Raises OwnAccount, NotFound.

    The failures stay on the terminals' counts: nobody guesses, unlocks and guesses on without end.
    """
    require(work.actor, Permission.UNLOCK_STAFF)
    if code == work.actor.code:
        raise OwnAccount
    member = member_for_change(work, code)
    member.is_locked = False
    member.locked_elsewhere_at = None
    member.failed_logins = 0
    member.wait_until = None
    account = keyed(work.store, "account", code)
    made = update(LoginFailure).where(LoginFailure.account == account)
    work.session.execute(made.values(account=NOBODYS))
    work.audit(Tag.AUTH_UNLOCKED, ref=code)


def forget_old_failures(work: UnitOfWork) -> None:
    """What counts no more is kept no longer."""
    work.session.execute(delete(LoginFailure).where(LoginFailure.at <= work.now - REMEMBERED))
