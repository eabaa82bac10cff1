"""Logging in: passwords, the throttle against guessing, unlocking (S4-9.3, security.md 7.2)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from secure_store import passwords
from secure_store.access import Permission, require
from secure_store.audit.tags import Result, Tag
from secure_store.models import StaffMember
from secure_store.passwords import PasswordFault, PasswordRefused
from secure_store.staff import LoginRefused, bar_of, member_for_change, today_of
from secure_store.work import UnitOfWork

WAIT_FROM_FAILURE = 5
WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 900
LOCK_AT_FAILURES = 10


def wait_after(failures: int) -> timedelta:
    """From the fifth failure the pause doubles, up to fifteen minutes."""
    if failures < WAIT_FROM_FAILURE:
        return timedelta(0)
    doubled = WAIT_SECONDS * 2 ** (failures - WAIT_FROM_FAILURE)
    return timedelta(seconds=min(doubled, LONGEST_WAIT_SECONDS))


class LoginAnswer(StrEnum):
    """What a try to log in came to. The caller commits, then tells the person."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    MUST_WAIT = "must_wait"
    LOCKED = "locked"


def try_login(work: UnitOfWork, code: str, password: str) -> LoginAnswer:
    """Checks a password and keeps the count of failures. Commits either way: no exception."""
    member = work.session.get(StaffMember, code, with_for_update=True)
    if member is None:
        passwords.spend_the_same_time(password)
        work.audit(Tag.AUTH_LOGIN_FAILED, result=Result.DENIED, reason="unknown")
        return LoginAnswer.REFUSED
    answer = _check(work, member, password)
    if answer is not LoginAnswer.ACCEPTED:
        return answer
    bar = bar_of(member, today_of(work))
    if bar is not None:
        work.audit(Tag.AUTH_LOGIN_FAILED, result=Result.DENIED, reason=bar.value, ref=code)
        return LoginAnswer.REFUSED
    _forget_failures(member)
    work.audit(Tag.AUTH_LOGIN, ref=code)
    return LoginAnswer.ACCEPTED


def _check(work: UnitOfWork, member: StaffMember, password: str) -> LoginAnswer:
    code = member.code
    if member.is_locked:
        work.audit(Tag.AUTH_LOGIN_FAILED, result=Result.DENIED, reason="locked", ref=code)
        return LoginAnswer.LOCKED
    if member.wait_until is not None and work.now < member.wait_until:
        work.audit(Tag.AUTH_LOGIN_FAILED, result=Result.DENIED, reason="must_wait", ref=code)
        return LoginAnswer.MUST_WAIT
    if not passwords.matches(member.password_hash, password):
        return _note_failure(work, member)
    return LoginAnswer.ACCEPTED


def _forget_failures(member: StaffMember) -> None:
    member.failed_logins = 0
    member.wait_until = None


def _note_failure(work: UnitOfWork, member: StaffMember) -> LoginAnswer:
    member.failed_logins += 1
    member.last_failed_at = work.now
    member.wait_until = work.now + wait_after(member.failed_logins)
    if member.failed_logins >= LOCK_AT_FAILURES:
        member.is_locked = True
        work.audit(Tag.AUTH_LOCKED, result=Result.DENIED, reason="failures", ref=member.code)
        return LoginAnswer.LOCKED
    work.audit(Tag.AUTH_LOGIN_FAILED, result=Result.DENIED, reason="password", ref=member.code)
    return LoginAnswer.REFUSED


def change_password(work: UnitOfWork, code: str, old: str, new: str) -> LoginAnswer:
    """The person's own change. A wrong old password counts like one at the log-in page.

    Commits either way, so that the count stands. Raises LoginRefused, PasswordRefused.
    """
    require(work.actor, Permission.USE_OWN_ACCOUNT)
    member = work.session.get(StaffMember, code, with_for_update=True)
    if member is None:
        raise LoginRefused
    answer = _check(work, member, old)
    if answer is not LoginAnswer.ACCEPTED:
        return answer
    passwords.check_new(new, code)
    if passwords.matches(member.password_hash, new):
        raise PasswordRefused(fault=PasswordFault.SAME_AS_BEFORE.value)
    _forget_failures(member)
    member.password_hash = passwords.hash_password(new)
    member.must_change_password = False
    work.audit(Tag.AUTH_PASSWORD_CHANGED, ref=code)
    return LoginAnswer.ACCEPTED


def unlock(work: UnitOfWork, code: str) -> None:
    """Face to face: the person may try again (S4-9.3)."""
    require(work.actor, Permission.UNLOCK_STAFF)
    member = member_for_change(work, code)
    member.is_locked = False
    _forget_failures(member)
    work.audit(Tag.AUTH_UNLOCKED, ref=code)
