"""Server-side sessions: found by the hash of their token, ended and locked by the server.

Hash and seal are made with the login secret, which is not in the database: whoever can write
there can neither put in a session nor give one to another person.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update

from secure_store.audit.tags import Tag
from secure_store.models import LoginSession
from secure_store.people.login_secret import keyed, matches_keyed
from secure_store.work import UnitOfWork

TOKEN_BYTES = 32
ABSOLUTE = timedelta(hours=10)
IDLE_LOCK = timedelta(minutes=5)
IDLE_LOCK_TALKING = timedelta(minutes=10)  # whoever listens touches no key
IDLE_END = timedelta(minutes=30)
ANONYMOUS_LIFE = timedelta(hours=1)
FRESH = timedelta(minutes=5)


class Proof(StrEnum):
    """What a new token stands for."""

    NEW = "new"  # password, and key where one is needed, were given just now
    KEPT = "kept"  # the session goes on with the proof it had
    HALF = "half"  # only the password was given, and a key is needed


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A session that lives; ``is_locked`` also when it has been idle for too long.

    ``is_fresh``: the person proved who it is within the last five minutes (log-in, unlocking,
    step-up); exports and acts with keys ask for it. ``is_half``: the key is still awaited, and
    nothing else may be done.
    """

    token_hash: str
    staff_code: str | None
    state: str
    is_locked: bool
    created_at: datetime
    last_active_at: datetime
    is_fresh: bool
    is_half: bool


def _hash(work: UnitOfWork, token: str) -> str:
    return keyed(work.store, "session", token)


def _sealed(row: LoginSession) -> tuple[str | None, ...]:
    """What must not be changed behind our back: whose session, since when, on which terminal."""
    proved = _text_of(row.authenticated_at) if row.authenticated_at else None
    return (row.token_hash, row.staff_code, _text_of(row.created_at), proved, row.terminal)


def _text_of(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _nobody_talks(_work: UnitOfWork, _staff_code: str) -> bool:
    return False


def find(
    work: UnitOfWork,
    token: str,
    terminal: str | None = None,
    is_talking: Callable[[UnitOfWork, str], bool] = _nobody_talks,
) -> FoundSession | None:
    """The living session of a token, or None.

    ``terminal``: the registered terminal the request comes from. A session begun on a registered
    terminal lives on that terminal only. ``is_talking``: whether this person has somebody on the
    line; only then does the screen stay open for ten minutes instead of five.
    """
    row = work.session.get(LoginSession, _hash(work, token))
    if row is None or row.ended_at is not None:
        return None
    if not matches_keyed(work.store, row.seal or "", "session row", *_sealed(row)):
        return None
    if row.terminal is not None and row.terminal != terminal:
        return None
    if row.staff_code is not None and _has_run_out(work, row):
        return None
    return FoundSession(
        row.token_hash,
        row.staff_code,
        row.state,
        row.is_locked or _is_idle(work, row, is_talking),
        row.created_at,
        row.last_active_at,
        row.authenticated_at is not None and work.now - row.authenticated_at < FRESH,
        row.staff_code is not None and row.authenticated_at is None,
    )


def _has_run_out(work: UnitOfWork, row: LoginSession) -> bool:
    too_old = work.now - row.created_at >= ABSOLUTE
    return too_old or work.now - row.last_active_at >= IDLE_END


def _is_idle(
    work: UnitOfWork, row: LoginSession, is_talking: Callable[[UnitOfWork, str], bool]
) -> bool:
    still = work.now - row.last_active_at
    if row.staff_code is None or still < IDLE_LOCK:
        return False
    return still >= IDLE_LOCK_TALKING or not is_talking(work, row.staff_code)


def save(
    work: UnitOfWork,
    token: str | None,
    *,
    staff_code: str | None,
    state: str,
    renew: bool,
    terminal: str | None = None,
    goes_on: bool = False,
    proof: Proof = Proof.NEW,
) -> str:
    """Stores a session; a log-in (``renew``) gets a new token and the old one dies with it.

    Only whoever has just checked the person's password may ask for ``renew``: it makes fresh.
    ``goes_on``: unlocking and step-up do not begin the ten hours anew.
    """
    row = work.session.get(LoginSession, _hash(work, token)) if token else None
    if row is not None and not renew:
        row.state = state
        if row.staff_code != staff_code:
            row.staff_code = staff_code
            row.seal = keyed(work.store, "session row", *_sealed(row))
        return token or ""
    if row is not None:
        row.ended_at = work.now
        row.end_reason = "renewed"
    fresh = secrets.token_urlsafe(TOKEN_BYTES)
    made = LoginSession(
        token_hash=_hash(work, fresh),
        staff_code=staff_code,
        created_at=row.created_at if row is not None and goes_on else work.now,
        last_active_at=work.now,
        authenticated_at=_proved_at(work, row, proof) if staff_code else None,
        terminal=terminal,
        is_locked=False,
        state=state,
    )
    made.seal = keyed(work.store, "session row", *_sealed(made))
    work.session.add(made)
    return fresh


def _proved_at(work: UnitOfWork, former: LoginSession | None, proof: Proof) -> datetime | None:
    if proof is Proof.KEPT:
        return former.authenticated_at if former is not None else None
    return work.now if proof is Proof.NEW else None


def has_proved_lately(work: UnitOfWork, staff_code: str) -> bool:
    """True when a living session of this person is fresh, on whichever terminal."""
    rows = work.session.scalars(
        select(LoginSession).where(
            LoginSession.staff_code == staff_code,
            LoginSession.ended_at.is_(None),
            LoginSession.authenticated_at > work.now - FRESH,
        )
    )
    return any(
        matches_keyed(work.store, row.seal or "", "session row", *_sealed(row)) for row in rows
    )


def logged_off(work: UnitOfWork) -> frozenset[str]:
    """Staff codes that had a session of late and have none that lives now."""
    rows = work.session.execute(
        select(LoginSession.staff_code, LoginSession.ended_at, LoginSession.last_active_at).where(
            LoginSession.staff_code.is_not(None)
        )
    ).all()
    living = {
        code for code, ended, active in rows if ended is None and work.now - active < IDLE_END
    }
    return frozenset(code for code, _ended, _active in rows if code and code not in living)


def touch(work: UnitOfWork, token_hash: str) -> None:
    """The person did something."""
    work.session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash)
        .values(last_active_at=work.now)
    )


def set_locked(work: UnitOfWork, token_hash: str, *, locked: bool) -> None:
    """Locks a session, or opens it after the password was given."""
    values: dict[str, object] = {"is_locked": locked}
    if not locked:
        values["last_active_at"] = work.now
    work.session.execute(
        update(LoginSession).where(LoginSession.token_hash == token_hash).values(**values)
    )
    work.audit(Tag.AUTH_IDLE_LOCKED if locked else Tag.AUTH_RESUMED)


def end(work: UnitOfWork, token_hash: str, reason: str) -> None:
    """Ends one session."""
    work.session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash, LoginSession.ended_at.is_(None))
        .values(ended_at=work.now, end_reason=reason)
    )


def end_others(work: UnitOfWork, staff_code: str, reason: str, keep: int) -> int:
    """Ends a person's older sessions beyond ``keep``. Returns how many of them still lived."""
    rows = list(
        work.session.scalars(
            select(LoginSession)
            .where(LoginSession.staff_code == staff_code, LoginSession.ended_at.is_(None))
            .order_by(LoginSession.created_at.desc())
        )
    )
    living = 0
    for row in rows[keep:]:
        lives = not _has_run_out(work, row)
        row.ended_at = work.now
        row.end_reason = reason if lives else "expired"
        living += lives
    return living


def end_all(work: UnitOfWork, staff_code: str, reason: str, *, but: str | None = None) -> None:
    """Ends every session of a person, for instance after a change of password; ``but`` stays."""
    query = update(LoginSession).where(
        LoginSession.staff_code == staff_code, LoginSession.ended_at.is_(None)
    )
    if but is not None:
        query = query.where(LoginSession.token_hash != but)
    work.session.execute(query.values(ended_at=work.now, end_reason=reason))


def prune(work: UnitOfWork) -> int:
    """Removes sessions that ended a day ago and anonymous ones nobody used."""
    gone = work.session.execute(
        delete(LoginSession).where(
            (LoginSession.ended_at < work.now - timedelta(days=1))
            | (
                LoginSession.staff_code.is_(None)
                & (LoginSession.last_active_at < work.now - ANONYMOUS_LIFE)
            )
        )
    )
    return int(getattr(gone, "rowcount", 0))
