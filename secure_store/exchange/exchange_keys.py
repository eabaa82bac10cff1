"""The exchange key: the age identity to which the city encrypts what it lends (S4-8.5).

It is a key of the key store like that of a sealed file, so rotation wraps it anew and the end of
the contract destroys it. The city is given its public half and the fingerprint on paper.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pyrage
from sqlalchemy import select

from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.exchange.exchange_errors import RecipientInvalid
from secure_store.exchange.models import ExchangeKey
from secure_store.sealing.installed import installed_of
from secure_store.sealing.sealing_errors import KeyDestroyed
from secure_store.work import UnitOfWork

_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SECRET_PREFIX = "age-secret-key-"  # noqa: S105 - how age begins every identity


@dataclass(frozen=True, slots=True)
class ExchangeKeyView:
    """One exchange key as a page shows it; ``ended_at`` None is the one in force."""

    id: UUID
    public_key: str
    fingerprint: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None


def fingerprint_of(public_key: str) -> str:
    """SHA-256 of the text of a public key, in groups of four to be read out and compared."""
    digest = hashlib.sha256(public_key.encode()).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def checked_public_key(text: str) -> str:
    """The key without spaces around it. Raises RecipientInvalid for anything but an age key."""
    key = text.strip()
    try:
        return str(pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError:
        raise RecipientInvalid(length=len(key)) from None


def make_exchange_key(work: UnitOfWork) -> ExchangeKeyView:
    """A new key; the one before stays able to open what the city still sends to it."""
    require(work.actor, Permission.MANAGE_EXCHANGE)
    for former in work.session.scalars(select(ExchangeKey).where(ExchangeKey.ended_at.is_(None))):
        former.ended_at = work.now
    key_id = uuid4()
    secret = installed_of(work.store).keyring.file_key_create(key_id, work.now)
    public = str(pyrage.x25519.Identity.from_str(_identity_text(secret)).to_public())
    row = ExchangeKey(id=key_id, public_key=public, made_at=work.now, made_by=work.actor.code)
    work.session.add(row)
    work.session.flush()
    work.audit(Tag.KEY_CREATED, object_kind="exchange_key", object_id=key_id)
    return _view(row)


def exchange_keys(work: UnitOfWork) -> list[ExchangeKeyView]:
    """All keys, the one in force first."""
    rows = work.session.scalars(select(ExchangeKey).order_by(ExchangeKey.made_at.desc()))
    return [_view(row) for row in rows]


def _view(row: ExchangeKey) -> ExchangeKeyView:
    printed = fingerprint_of(row.public_key)
    return ExchangeKeyView(row.id, row.public_key, printed, row.made_at, row.made_by, row.ended_at)


def identities_of(work: UnitOfWork) -> tuple[str, ...]:
    """The age identities of this home, in memory only; destroyed ones are left out."""
    keyring = installed_of(work.store).keyring
    found = []
    for key_id in work.session.scalars(select(ExchangeKey.id)):
        try:
            found.append(_identity_text(keyring.file_key(key_id)))
        except KeyDestroyed:
            continue
    return tuple(found)


def _identity_text(secret: bytes) -> str:
    """A 32-byte secret as age writes an identity (Bech32, BIP 173)."""
    number, groups = int.from_bytes(secret, "big") << 4, []  # 256 bits, filled up to 52 groups
    for _ in range(52):
        groups.append(number & 31)
        number >>= 5
    groups.reverse()
    spread = [ord(sign) >> 5 for sign in _SECRET_PREFIX]
    spread += [0, *(ord(sign) & 31 for sign in _SECRET_PREFIX)]
    check = _polymod([*spread, *groups, *[0] * 6]) ^ 1
    groups += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return f"{_SECRET_PREFIX}1{''.join(_SIGNS[group] for group in groups)}".upper()


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            check ^= generator if (top >> place) & 1 else 0
    return check
