"""Seals and opens fields of rows (decision 4). Imported by `campaigns.cases.personal_data` only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from secure_store.sealing import aead
from secure_store.sealing.boxes import pack_fields, unpack_fields
from secure_store.sealing.installed import installed_of
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.scopes import BatchScope, Context
from secure_store.work import SecureStore, UnitOfWork

INDEX_BYTES = 16


@dataclass(frozen=True, slots=True)
class Box:
    """Where a sealed value stands: table, row, group and the version of the row."""

    table: str
    row_id: UUID
    group: str
    version: int


class Cipher:
    """Seals and opens for one batch at a time; every call names its scope."""

    def __init__(self, keyring: KeyRing, contract: str) -> None:
        self._keyring = keyring
        self._contract = contract

    def scope(self, receivable: str, campaign_code: str) -> BatchScope:
        """The scope of one campaign of this contract."""
        return BatchScope(self._contract, receivable, campaign_code)

    def make_key(self, scope: BatchScope, now: datetime) -> None:
        """The data key of a batch, before any row of it exists."""
        self._keyring.ensure_data_key(scope, now)

    def add_rows(self, scope: BatchScope, rows: Collection[UUID], now: datetime) -> None:
        """The row salts of new rows, before the rows are written."""
        self._keyring.add_records(scope, rows, now)

    def sweep_all_but(self, scope: BatchScope, existing: Collection[UUID], now: datetime) -> int:
        """Removes salts that belong to no row. Returns how many."""
        orphans = self._keyring.orphans(scope, existing)
        if orphans:
            self._keyring.sweep(scope, orphans, now)
        return len(orphans)

    def seal(self, scope: BatchScope, key_row: UUID, box: Box, fields: Sequence[bytes]) -> bytes:
        """Seals fields under the record key of ``key_row`` (the case the value belongs to)."""
        key = self._keyring.record_key(scope, key_row)
        return aead.seal(key.key, key.key_id, _context(scope, box), pack_fields(fields))

    def open(self, scope: BatchScope, key_row: UUID, box: Box, sealed: bytes) -> tuple[bytes, ...]:
        """Opens what ``seal`` made. Raises SealBroken, KeyDestroyed."""
        key = self._keyring.record_keys(scope, (key_row,), aead.key_id_in(sealed))[key_row]
        return unpack_fields(aead.open_sealed(key.key, key.key_id, _context(scope, box), sealed))

    def seal_many(
        self, scope: BatchScope, items: Sequence[tuple[UUID, Box, Sequence[bytes]]]
    ) -> list[bytes]:
        """Seals for many rows with one visit to the key store."""
        keys = self._keyring.record_keys(scope, {row for row, _box, _fields in items})
        return [
            aead.seal(keys[row].key, keys[row].key_id, _context(scope, box), pack_fields(fields))
            for row, box, fields in items
        ]

    def open_many(
        self, scope: BatchScope, items: Sequence[tuple[UUID, Box, bytes]]
    ) -> list[tuple[bytes, ...]]:
        """Opens for many rows with one visit to the key store per generation of the data key."""
        rows: dict[bytes, set[UUID]] = {}
        for row, _box, sealed in items:
            rows.setdefault(aead.key_id_in(sealed), set()).add(row)
        keys = {kid: self._keyring.record_keys(scope, each, kid) for kid, each in rows.items()}
        opened = []
        for row, box, sealed in items:
            key = keys[aead.key_id_in(sealed)][row]
            content = aead.open_sealed(key.key, key.key_id, _context(scope, box), sealed)
            opened.append(unpack_fields(content))
        return opened

    def index(
        self, scope: BatchScope, table: str, column: str, values: Iterable[str]
    ) -> list[bytes]:
        """Keyed hashes to be stored; equal values give equal hashes inside one batch only."""
        key = self._keyring.blind_index_key(scope, table, column)
        return [
            hmac.new(key, value.encode(), hashlib.sha256).digest()[:INDEX_BYTES] for value in values
        ]


def _context(scope: BatchScope, box: Box) -> Context:
    return Context(scope, box.table, box.row_id, box.group, box.version)


def cipher_of(work: UnitOfWork) -> Cipher:
    """The cipher of the home this unit of work belongs to."""
    return cipher_of_store(work.store)


def cipher_of_store(store: SecureStore) -> Cipher:
    """The same for slow work between transactions (import, daily files)."""
    installed = installed_of(store)
    return Cipher(installed.keyring, installed.contract)
