"""Registered terminals: a secret in the browser, the addresses it comes from, what it is for.

(S4-8.6c, S4-14.3, decision 18)
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from secure_store.access import Permission, TerminalKind, require
from secure_store.audit.tags import Tag
from secure_store.errors import Conflict, Invalid, NotFound
from secure_store.people.login_secret import keyed
from secure_store.people.models import RegisteredTerminal
from secure_store.work import UnitOfWork

SECRET_BYTES = 32
LABEL_LONGEST = 40
_CODE = re.compile(r"[A-Z][A-Z0-9-]{0,15}")


class TerminalInvalid(Invalid):
    """The code, the place or the addresses of a terminal are not usable."""

    code = "terminal_invalid"


class TerminalExists(Conflict):
    """There is, or was, a terminal with this code."""

    code = "terminal_exists"


@dataclass(frozen=True, slots=True)
class Terminal:
    """A registered terminal as screens show it."""

    code: str
    label: str
    kind: TerminalKind
    addresses: tuple[str, ...]
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None


def _terminal(row: RegisteredTerminal) -> Terminal:
    return Terminal(
        row.code,
        row.label,
        row.kind,
        tuple(row.addresses.split()),
        row.enrolled_at,
        row.enrolled_by,
        row.revoked_at,
    )


def enrol_terminal(
    work: UnitOfWork, code: str, label: str, kind: TerminalKind, addresses: str
) -> str:
    """Registers a terminal; returns the secret its browser is to keep, told once.

    ``addresses``: single ones or networks, parted by spaces. Raises TerminalInvalid,
    TerminalExists.
    """
    require(work.actor, Permission.MANAGE_TERMINALS)
    networks = _networks(addresses)
    if not _CODE.fullmatch(code) or not 0 < len(label.strip()) <= LABEL_LONGEST:
        raise TerminalInvalid
    if work.session.get(RegisteredTerminal, code) is not None:
        raise TerminalExists
    secret = secrets.token_urlsafe(SECRET_BYTES)
    work.session.add(
        RegisteredTerminal(
            code=code,
            label=label.strip(),
            kind=kind,
            secret_hash=_mark(work, secret, kind, networks),
            addresses=networks,
            enrolled_at=work.now,
            enrolled_by=work.actor.code,
        )
    )
    work.audit(Tag.TERMINAL_ENROLLED, reason=kind.value, ref=code)
    # The kind stands in the secret: it cannot be changed in the database without losing the mark.
    return f"{code}.{secret}"


def _mark(work: UnitOfWork, secret: str, kind: TerminalKind, addresses: str) -> str:
    return keyed(work.store, "registered terminal", secret, kind.value, addresses)


def _networks(addresses: str) -> str:
    """The addresses in their usual form. Raises TerminalInvalid."""
    try:
        found = [str(ipaddress.ip_network(one)) for one in addresses.split()]
    except ValueError:
        raise TerminalInvalid from None
    if not found:
        raise TerminalInvalid
    return " ".join(found)


def terminal_of(work: UnitOfWork, told: str | None, address: str | None) -> Terminal | None:
    """The terminal whose secret a browser tells, if it is in use and comes from its addresses."""
    code, _, secret = (told or "").partition(".")
    row = work.session.get(RegisteredTerminal, code) if secret else None
    if row is None or row.revoked_at is not None:
        return None
    fits = secrets.compare_digest(row.secret_hash, _mark(work, secret, row.kind, row.addresses))
    return _terminal(row) if fits and _comes_from(row.addresses, address) else None


def _comes_from(addresses: str, address: str | None) -> bool:
    try:
        there = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(there in ipaddress.ip_network(one) for one in addresses.split())


def revoke_terminal(work: UnitOfWork, code: str) -> None:
    """The terminal is no longer one of ours; sessions on it end. Raises NotFound."""
    require(work.actor, Permission.MANAGE_TERMINALS)
    row = work.session.get(RegisteredTerminal, code, with_for_update=True)
    if row is None or row.revoked_at is not None:
        raise NotFound(kind="terminal")
    row.revoked_at = work.now
    row.revoked_by = work.actor.code
    work.audit(Tag.TERMINAL_REVOKED, ref=code)


def terminals(work: UnitOfWork) -> tuple[Terminal, ...]:
    """All terminals that were ever registered, in the order of their codes."""
    require(work.actor, Permission.SEE_STAFF)
    rows = work.session.scalars(select(RegisteredTerminal).order_by(RegisteredTerminal.code))
    return tuple(_terminal(row) for row in rows)


def has_terminals(work: UnitOfWork) -> bool:
    """True when at least one terminal is in use: from then on others are strangers."""
    query = select(func.count()).where(RegisteredTerminal.revoked_at.is_(None))
    return bool(work.session.scalar(query))
