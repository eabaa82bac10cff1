"""The key tree: root ▸ contract epoch ▸ data key per receivable and batch ▸ record key.

Destroying is the erasure (S4-14.10, S4-16.1-2): one transaction takes the keys away, writes
their tombstones, closes the scope for ever and wraps what remains under a new contract key.
Nothing is half done after a crash, and doing it again returns the same tombstones: every
`destroy_…` returns all tombstones of its scope, also those of earlier orders.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from secure_store.sealing import aead
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.key_access import KeyAccess, Scope, carried_name
from secure_store.sealing.key_table import KeyTable
from secure_store.sealing.scopes import (
    BatchScope,
    DestroyedKey,
    KeyCount,
    KeyKind,
    KeyLabel,
    ReceivableScope,
    WrappedKey,
)

_PSEUDONYM_BYTES = 16
_Destroyed = tuple[DestroyedKey, ...]


class KeyRing(KeyAccess):
    """Makes, fetches and destroys the keys of one contract."""

    def ensure_data_key(self, scope: BatchScope, now: datetime) -> bytes:
        """The id of the batch's data key, made if need be, with the receivable's audit key.

        Raises KeyDestroyed when the batch, its receivable or the contract was erased.
        """
        label = self.label(KeyKind.DATA, scope)
        with self._store.read() as table:
            standing = table.find(label)
        if standing is not None:
            return standing.key_id
        with self._store.write() as table:
            self._made(table, self.label(KeyKind.PSEUDONYM, scope.of_receivable()), now)
            return self._made(table, label, now)[0].key_id

    def add_records(self, scope: BatchScope, row_ids: Collection[UUID], now: datetime) -> None:
        """A salt for each row without one, before the rows exist; one transaction for all.

        Raises KeyMissing without a data key, KeyDestroyed when a row was erased: then none.
        """
        with self._store.write() as table:
            table.add_salts(table.require(self.label(KeyKind.DATA, scope)), row_ids, now)

    def record_key(self, scope: BatchScope, row_id: UUID) -> aead.RecordKey:
        """The key of one row. Raises KeyDestroyed when it is erased, KeyMissing if it never was."""
        return self.record_keys(scope, (row_id,))[row_id]

    def record_keys(
        self, scope: BatchScope, row_ids: Collection[UUID], key_id: bytes | None = None
    ) -> dict[UUID, aead.RecordKey]:
        """The keys of all these rows, or none of them: raises as `record_key`.

        ``key_id`` asks for the keys under a data key that was replaced and is not pruned yet.
        """
        with self._store.read() as table:
            data, secret = self._generation(table, scope, key_id)
            salts = table.salts_for(data, row_ids)
            absent = [row for row in row_ids if row not in salts]
            if absent:
                labels = (KeyLabel(KeyKind.RECORD, scope.text(), row.hex) for row in absent)
                table.refuse_erased(*labels)
                raise errors.KeyMissing(kind=KeyKind.RECORD.value, count=len(absent))
        derived = ((row, aead.derive_record_key(secret, salts[row], row)) for row in salts)
        return {row: aead.RecordKey(key, data.key_id) for row, key in derived}

    def blind_index_key(self, scope: BatchScope, table: str, column: str) -> bytes:
        """The 32-byte key of a column's look-up values in one batch; dies with the batch's keys.

        It is derived from the data key, or was carried over when that was replaced.
        """
        carried = self.label(KeyKind.PSEUDONYM, scope, carried_name(table, column))
        with self._store.read() as rows:
            if rows.find(carried) is not None:
                return self._secret(rows, carried)[1]
            secret = self._secret(rows, self.label(KeyKind.DATA, scope))[1]
        return aead.derive_index_key(secret, table, column)

    def orphans(self, scope: BatchScope, existing: Collection[UUID]) -> tuple[UUID, ...]:
        """Rows with a salt that are not among the existing ones; no import may be running."""
        with self._store.read() as table:
            keys = table.keys_of(KeyKind.DATA, self.label(KeyKind.DATA, scope).scope)
            salted = {row for key in keys for row in table.salted_rows(key)}
        return tuple(sorted(salted - set(existing)))

    def sweep(self, scope: BatchScope, row_ids: Collection[UUID], now: datetime) -> None:
        """Destroy the salts of rows that were never published; they leave no tombstones."""
        with self._store.write() as table:
            label = self.label(KeyKind.DATA, scope)
            table.require(label)
            for key in table.keys_of(KeyKind.DATA, label.scope):
                table.destroy_salts(key, row_ids)
            self._begin_epoch(table, now)

    def pseudonym(self, scope: ReceivableScope, row_id: UUID) -> str:
        """32 hex characters that stand for a row in the audit log.

        Raises KeyDestroyed once the receivable is erased: the log then names nobody.
        """
        with self._store.read() as table:
            secret = self._secret(table, self.label(KeyKind.PSEUDONYM, scope))[1]
        return hmac.digest(secret, row_id.bytes, "sha256")[:_PSEUDONYM_BYTES].hex()

    def file_key_create(self, file_id: UUID, now: datetime, scope: Scope = None) -> bytes:
        """A new 32-byte key for one whole file, erased with the scope it belongs to.

        Without a scope that is the contract. Raises KeyExists, KeyDestroyed.
        """
        label = self.label(KeyKind.FILE, scope, file_id.hex)
        with self._store.write() as table:
            if table.find(label) is not None:
                raise errors.KeyExists(kind=KeyKind.FILE.value)
            return self._made(table, label, now)[1]

    def file_key(self, file_id: UUID) -> bytes:
        """The key of a file. Raises KeyDestroyed, KeyMissing."""
        with self._store.read() as table:
            return self._secret(table, self.label(KeyKind.FILE, None, file_id.hex))[1]

    def destroy_file_key(self, file_id: UUID, now: datetime) -> _Destroyed:
        """Erase one file (decision 3). Raises KeyMissing when there never was such a key."""
        label = self.label(KeyKind.FILE, None, file_id.hex)
        with self._store.write() as table:
            key = table.find(label)
            self._destroy(table, () if key is None else (key,), now)
            buried = table.tombstones(self._contract, file_id.hex)
        if not buried:
            raise errors.KeyMissing(kind=KeyKind.FILE.value)
        return buried

    def destroy_file_keys(self, file_ids: Collection[UUID], now: datetime) -> None:
        """Erase several files with one new epoch; files without a key are passed over."""
        with self._store.write() as table:
            labels = [self.label(KeyKind.FILE, None, file_id.hex) for file_id in file_ids]
            found = (table.find(label) for label in labels)
            self._destroy(table, [key for key in found if key is not None], now)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature. The signing key survives every erasure."""
        return aead.signature_of(self._signing_seed(), message)

    def public_key(self) -> bytes:
        """The 32 raw bytes by which signatures are checked."""
        return aead.public_key_of(self._signing_seed(), Encoding.Raw, PublicFormat.Raw)

    def public_key_pem(self) -> str:
        """The same as a PEM text, as given to the commissioner at the contract's start."""
        form = PublicFormat.SubjectPublicKeyInfo
        return aead.public_key_of(self._signing_seed(), Encoding.PEM, form).decode()

    def destroy_record(self, scope: BatchScope, row_id: UUID, now: datetime) -> _Destroyed:
        """Erase one entry (S4-16.1-2). A row without a key is closed and leaves no tombstone."""
        label = self.label(KeyKind.RECORD, scope, row_id.hex)
        with self._store.write() as table:
            buried = [
                self._bury_record(table, data, label, row_id, now)
                for data in table.keys_of(KeyKind.DATA, scope.text())
            ]
            if any(buried):
                self._begin_epoch(table, now)
            table.close_scope(label.text())
            return table.tombstones(scope.text(), row_id.hex)

    def _bury_record(
        self, table: KeyTable, data: WrappedKey, label: KeyLabel, row_id: UUID, now: datetime
    ) -> bool:
        salt = table.salts_for(data, (row_id,))
        if salt:
            key = aead.derive_record_key(
                self._unwrapped(table, data.label)[1], salt[row_id], row_id
            )
            table.bury(aead.tombstone_of(label, key, table.salted_rows(data)[row_id], now))
            table.destroy_salts(data, (row_id,))
        return bool(salt)

    def destroy_batch(self, scope: BatchScope, now: datetime) -> _Destroyed:
        """Erase one lent batch, with the keys of its files."""
        return self._destroy_branch(scope, now)

    def destroy_receivable(self, scope: ReceivableScope, now: datetime) -> _Destroyed:
        """Erase a receivable: all batches, files, and the key of its pseudonyms."""
        return self._destroy_branch(scope, now)

    def destroy_contract(self, now: datetime) -> _Destroyed:
        """Erase everything of the contract (S4-14.10). Only the signing key remains."""
        return self._destroy_branch(None, now)

    def apply_tombstones(self, stones: Collection[DestroyedKey], now: datetime) -> int:
        """Destroy again what a restored older key store brought back; how many keys."""
        if any(stone.scope.split("/")[0] != self._contract for stone in stones):
            raise errors.ForeignContract
        past = max((int(s.name) for s in stones if s.kind is KeyKind.CONTRACT), default=0)
        with self._store.write() as table:
            for stone in stones:
                table.bury(stone)
            raised = table.drop_buried()
            if raised or past >= table.epoch:
                self._begin_epoch(table, now, past)
        return raised

    def inventory(self) -> tuple[KeyCount, ...]:
        """How many keys of each kind each scope holds."""
        with self._store.read() as table:
            return table.counts()

    def tombstones(self) -> _Destroyed:
        """Every key ever destroyed, with the contract keys of past epochs."""
        with self._store.read() as table:
            return table.tombstones(self._contract)

    def is_erased(self) -> bool:
        """Whether the whole contract was erased."""
        with self._store.read() as table:
            return table.is_closed(self._contract)

    def still_opens(self, scope: Scope = None, row_id: UUID | None = None) -> bool:
        """Whether a key at or below the scope unwraps under any key there is (S4-14.10).

        With a row and its batch: whether that row's key can still be derived.
        """
        text = self.label(KeyKind.DATA, scope).scope
        with self._store.read() as table:
            root, all_keys = (self._store.root_key,), table.keys_under(self._contract)
            tried = (*root, *(k for key in all_keys for k in aead.unwrap_with_any(root, key)))
            keys = [k for k in table.keys_under(text) if aead.unwrap_with_any(tried, k)]
            return any(row_id is None or table.salts_for(key, (row_id,)) for key in keys)

    def _destroy_branch(self, scope: Scope, now: datetime) -> _Destroyed:
        text = self.label(KeyKind.DATA, scope).scope
        with self._store.write() as table:
            self._destroy(table, table.keys_under(text), now)
            table.close_scope(text)
            return table.tombstones(text)

    def _destroy(self, table: KeyTable, keys: Collection[WrappedKey], now: datetime) -> None:
        for key in keys:
            table.destroy(key, now)
        if keys:
            self._begin_epoch(table, now)

    def _signing_seed(self) -> bytes:
        with self._store.read() as table:
            return self._secret(table, KeyLabel(KeyKind.SIGNING, self._contract))[1]
