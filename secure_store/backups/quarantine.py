"""Notices what was brought back from the past, and keeps the home shut until it is put right.

The key store and the database watch each other. The key store notes up to which event it has
seen the audit log: a database that ends before it, or tells another event there, is an older
one. The database notes every tombstone: a key store that lacks one is an older one. A restore
shuts the home by itself. Not noticed: both of them brought back together, as they were at one
moment; then the newest tombstones on a backup medium, or the city's audit heads, tell.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from secure_store.access import Actor
from secure_store.backups.backup_errors import HomeQuarantined
from secure_store.backups.models import KeyTombstone
from secure_store.models import AuditEvent, AuditHead
from secure_store.sealing.installed import installed_of
from secure_store.sealing.key_table import KeyTable
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.scopes import DestroyedKey, from_micros, to_micros
from secure_store.work import SecureStore, UnitOfWork

SHUT = "quarantine"
SEEN = "audit_seen"
RESTORED_AT = "restored_at"
_SIZE_BYTES = 8


class Reason(StrEnum):
    """Why a home is shut."""

    RESTORED = "restored"
    DATABASE_OLDER = "database_older"
    KEY_STORE_OLDER = "key_store_older"


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of the audit log: how many there are, and its hash."""

    size: int
    last_hash: bytes

    def to_bytes(self) -> bytes:
        return self.size.to_bytes(_SIZE_BYTES, "big") + self.last_hash

    @classmethod
    def from_bytes(cls, raw: bytes) -> Head:
        return cls(int.from_bytes(raw[:_SIZE_BYTES], "big"), raw[_SIZE_BYTES:])


def shut(keyring: KeyRing, reason: Reason = Reason.RESTORED) -> None:
    """Nothing opens from here on, in no process, until the quarantine is lifted."""
    with keyring.store.write() as table:
        table.set_note(SHUT, reason.value.encode())


def lift(keyring: KeyRing, reason: Reason | None, now: datetime) -> None:
    """Opens the home again, and remembers when data of before was brought back."""
    with keyring.store.write() as table:
        table.set_note(SHUT, None)
        if reason is not None:
            table.set_note(RESTORED_AT, to_micros(now).to_bytes(_SIZE_BYTES, "big"))


def last_restored(table: KeyTable) -> datetime | None:
    """When data of before was last brought back and put right."""
    raw = table.note(RESTORED_AT)
    return None if raw is None else from_micros(int.from_bytes(raw, "big"))


def reason_to_stay_shut(engine: Engine, keyring: KeyRing) -> Reason | None:
    """Why the home must not open now; None when it may."""
    with keyring.store.read() as table:
        marked, seen = table.note(SHUT), table.note(SEEN)
        buried = table.buried_ids()
    if marked is not None:
        return Reason(marked.decode())
    if not inspect(engine).has_table(KeyTombstone.__tablename__):
        # Nothing was seen yet: an older home, before ``dialer upgrade``.
        return None if seen is None else Reason.DATABASE_OLDER
    with Session(engine) as session:
        if seen is not None and _is_older(session, Head.from_bytes(seen)):
            return Reason.DATABASE_OLDER
        known = session.scalars(select(KeyTombstone.key_id))
        return Reason.KEY_STORE_OLDER if set(known) - buried else None


def _is_older(session: Session, seen: Head) -> bool:
    size = session.scalar(select(AuditHead.size)) or 0
    if size < seen.size:
        return True
    told = session.scalar(select(AuditEvent.hash).where(AuditEvent.seq == seen.size))
    # A pruned log no longer has the event; its head stays.
    return told is not None and bytes(told) != seen.last_hash


def guard(keyring: KeyRing, database: Path | None) -> Callable[[], None]:
    """What every unit of work asks first: whether this home was shut, or a part of it replaced.

    The whole comparison is made at the opening of the home; this one is cheap. A key store that
    falls back to an earlier generation is an older one, whatever it holds: it shuts the home for
    every process, and for good until it is put right.
    """
    opened = _file(database)
    looked_at: os.stat_result | None = None
    newest = 0

    def ask() -> None:
        nonlocal looked_at, newest
        if _file(database) != opened:
            raise HomeQuarantined(reason=Reason.DATABASE_OLDER.value)
        now = keyring.store.path.stat()
        if looked_at is None or _changed(looked_at, now):
            with keyring.store.read() as table:
                marked, generation = table.note(SHUT), table.generation.number
            if marked is None and generation < newest:
                shut(keyring, Reason.KEY_STORE_OLDER)
                raise HomeQuarantined(reason=Reason.KEY_STORE_OLDER.value)
            if marked is not None:
                raise HomeQuarantined(reason=marked.decode())
            looked_at, newest = now, generation

    return ask


def _changed(before: os.stat_result, now: os.stat_result) -> bool:
    return (before.st_ino, before.st_mtime_ns) != (now.st_ino, now.st_mtime_ns)


def _file(database: Path | None) -> tuple[int, int] | None:
    if database is None:
        return None
    try:
        found = database.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def refuse_quarantined(engine: Engine, keyring: KeyRing) -> None:
    """Raises HomeQuarantined with the reason."""
    reason = reason_to_stay_shut(engine, keyring)
    if reason is not None:
        raise HomeQuarantined(reason=reason.value)


def note_tombstones(work: UnitOfWork) -> int:
    """Writes into the database which keys are gone; how many were new. Done often, costs little."""
    stones = installed_of(work.store).keyring.tombstones()
    known = set(work.session.scalars(select(KeyTombstone.key_id)))
    new = [stone for stone in stones if stone.key_id not in known]
    work.session.add_all(_row(stone) for stone in new)
    work.session.flush()
    return len(new)


def _row(stone: DestroyedKey) -> KeyTombstone:
    return KeyTombstone(
        key_id=stone.key_id,
        kind=stone.kind,
        scope=stone.scope,
        name=stone.name,
        kcv=stone.kcv,
        created_at=stone.created_at,
        destroyed_at=stone.destroyed_at,
    )


def known_tombstones(work: UnitOfWork) -> tuple[DestroyedKey, ...]:
    """The tombstones the database knows."""
    return tuple(
        DestroyedKey(
            row.key_id, row.kind, row.scope, row.name, row.created_at, row.destroyed_at, row.kcv
        )
        for row in work.session.scalars(select(KeyTombstone))
    )


def keep_watch(store: SecureStore, actor: Actor) -> None:
    """Database and key store tell each other how far they have come."""
    with store.work(actor) as work:
        note_tombstones(work)
    note_head(store)


def note_head(store: SecureStore, *, is_put_right: bool = False) -> None:
    """Tells the key store up to which event the log has come.

    A log that ends before what was seen is an older one, put back under a running home: it shuts
    the home, unless it was just put right. Raises HomeQuarantined.
    """
    keyring = installed_of(store).keyring
    with keyring.store.read() as table:
        known = table.note(SEEN)
    with Session(store.engine) as session:
        size, last_hash = session.execute(select(AuditHead.size, AuditHead.last_hash)).one()
        if not is_put_right and known is not None and _is_older(session, Head.from_bytes(known)):
            shut(keyring, Reason.DATABASE_OLDER)
            raise HomeQuarantined(reason=Reason.DATABASE_OLDER.value)
    seen = Head(size, bytes(last_hash)).to_bytes()
    if known != seen:
        with keyring.store.write() as table:
            table.set_note(SEEN, seen)
