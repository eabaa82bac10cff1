"""Destroys the keys of a scope, and what is left of their files; counts both from the key store.

Keys go first: they are the erasure. Bytes, rows and free pages afterwards are hygiene
(security.md 5.7). Everything here may be done again after a crash and then changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from secure_store.database import sqlite_path
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.errors import Unavailable
from secure_store.exchange.manifest import LOCKED_SUFFIXES
from secure_store.models import SealedFile
from secure_store.sealing.installed import installed_of
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.scopes import BatchScope, DestroyedKey, KeyKind, ReceivableScope
from secure_store.sealing.sealing_errors import KeyDestroyed, KeyMissing
from secure_store.sealing.vault import vault_of
from secure_store.work import SecureStore, UnitOfWork
from secure_store.write_turn import WriteTurn

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
INBOUND, OUTBOUND = "inbound", "outbound"
SEALED_SUFFIX = ".sealed"  # as the outbound folder holds them


class DatabaseBusy(Unavailable):
    """Another process reads the database; the freed pages cannot be given back now."""

    code = "database_busy"


@dataclass(frozen=True, slots=True)
class KeyCensus:
    """The keys of a scope: how many stand, and the ids of those destroyed so far."""

    alive: int
    buried: frozenset[str]


def census(store: SecureStore, scope: ErasureScope, files: Collection[UUID]) -> KeyCensus:
    """Counts the keys of a scope and of its files, in the key store's own words."""
    keyring = installed_of(store).keyring
    stones = tombstones(store, scope, files)
    buried = frozenset(stone.key_id for stone in stones)
    if scope.kind is ScopeKind.CONTRACT:
        return KeyCensus(_standing(keyring, ""), buried)
    gone = {stone.name for stone in stones if stone.kind is KeyKind.FILE}
    standing_files = sum(file_id.hex not in gone for file_id in files)
    if scope.kind is ScopeKind.RECORDING:
        return KeyCensus(standing_files, buried)
    if scope.kind is ScopeKind.CASE:
        return KeyCensus(standing_files + still_opens(store, scope), buried)
    return KeyCensus(standing_files + _standing(keyring, _key_scope(store, scope)), buried)


def _standing(keyring: KeyRing, at: str) -> int:
    """Keys at or below a scope; below the contract, files are counted by their names instead."""
    uncounted = {KeyKind.SIGNING, KeyKind.RECORD, *((KeyKind.FILE,) if at else ())}
    counts = (count for count in keyring.inventory() if count.kind not in uncounted)
    return sum(c.count for c in counts if not at or c.scope == at or c.scope.startswith(f"{at}/"))


def tombstones(
    store: SecureStore, scope: ErasureScope, files: Collection[UUID]
) -> tuple[DestroyedKey, ...]:
    """The tombstones of a scope and of its files, oldest first."""
    stones = installed_of(store).keyring.tombstones()
    if scope.kind is ScopeKind.CONTRACT:
        return stones
    names = {file_id.hex for file_id in files}
    return tuple(
        stone
        for stone in stones
        if (stone.kind is KeyKind.FILE and stone.name in names) or _inside(store, scope, stone)
    )


def _inside(store: SecureStore, scope: ErasureScope, stone: DestroyedKey) -> bool:
    at = _key_scope(store, scope)
    if scope.kind is ScopeKind.RECORDING:
        return False
    if scope.kind is ScopeKind.CASE:
        case = scope.case_id.hex if scope.case_id else ""
        return stone.kind is KeyKind.RECORD and (stone.scope, stone.name) == (at, case)
    return stone.scope == at or stone.scope.startswith(f"{at}/")


def _key_scope(store: SecureStore, scope: ErasureScope) -> str:
    parts = (installed_of(store).contract, scope.receivable, scope.campaign_code)
    return "/".join(part for part in parts if part)


def _scope_in_keyring(
    store: SecureStore, scope: ErasureScope
) -> ReceivableScope | BatchScope | None:
    contract = installed_of(store).contract
    if scope.receivable and scope.campaign_code:
        return BatchScope(contract, scope.receivable, scope.campaign_code)
    return ReceivableScope(contract, scope.receivable) if scope.receivable else None


def still_opens(store: SecureStore, scope: ErasureScope) -> bool:
    """Whether any key of the scope unwraps under any key there is."""
    keyring = installed_of(store).keyring
    if scope.file_id is not None:
        return file_opens(store, scope.file_id)
    return keyring.still_opens(_scope_in_keyring(store, scope), scope.case_id)


def file_opens(store: SecureStore, file_id: UUID) -> bool:
    """Whether the key of a whole sealed file can still be had."""
    try:
        installed_of(store).keyring.file_key(file_id)
    except (KeyDestroyed, KeyMissing):
        return False
    return True


def destroy_keys(store: SecureStore, scope: ErasureScope) -> None:
    """Takes the keys of the scope away for good (S4-14.10, S4-16.1-2).

    The keys of whole files of a case or recording go with ``destroy_files``.
    """
    if scope.kind is ScopeKind.RECORDING:
        return
    keyring, now = installed_of(store).keyring, store.clock.now()
    found = _scope_in_keyring(store, scope)
    if found is None:
        keyring.destroy_contract(now)
    elif isinstance(found, ReceivableScope):
        keyring.destroy_receivable(found, now)
    elif scope.case_id is not None:
        keyring.destroy_record(found, scope.case_id, now)
    else:
        keyring.destroy_batch(found, now)


def destroy_files(work: UnitOfWork, files: Iterable[UUID]) -> None:
    """Destroys the keys of whole sealed files, then their bytes; digests stay (decision 3)."""
    vault = vault_of(work)
    for file_id in files:
        vault.destroy(file_id)


def bytes_left(store: SecureStore, rows: Iterable[SealedFile]) -> int:
    """How many of these sealed files still have bytes in the folder."""
    folder = installed_of(store).vault_folder
    return sum((folder / row.path).exists() for row in rows)


def exchange_copies(store: SecureStore, side: str, names: Collection[str]) -> list[Path]:
    """Files of these names, clear, sealed or locked for the city, in an exchange folder."""
    folder = installed_of(store).exchange_folder / side
    suffixes = ("", SEALED_SUFFIX, *LOCKED_SUFFIXES)
    wanted = {name + suffix for name in names for suffix in suffixes}
    return sorted(path for path in folder.rglob("*") if path.name in wanted and path.is_file())


def boot_id() -> str | None:
    """Which start of this computer this is; processes of before held keys in memory."""
    with suppress(OSError):
        return BOOT_ID.read_text("ascii").strip()
    return None


def remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def compact(store: SecureStore, tables: Iterable[str]) -> None:
    """Gives the pages of deleted rows back, so that no remnant stays in the files.

    SQLite: checkpoint, VACUUM, checkpoint (measured in security.md 5.7). PostgreSQL: VACUUM
    FULL of the named tables. Raises DatabaseBusy when a reader stands in the way.
    """
    path = sqlite_path(store.engine)
    if path is not None:
        with WriteTurn(path).taken():
            _compact_sqlite(store)
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for table in tables:
            quoted = connection.dialect.identifier_preparer.quote(table)
            connection.execute(text(f"VACUUM FULL {quoted}"))
        connection.execute(text("RESET statement_timeout"))


def _compact_sqlite(store: SecureStore) -> None:
    with closing(store.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        for statement in ("checkpoint", "VACUUM", "checkpoint"):
            if statement == "VACUUM":
                cursor.execute("VACUUM")
                continue
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise DatabaseBusy
