"""The key tree: root ▸ contract epoch ▸ data key per receivable and batch ▸ record key.

Destroying is the erasure (S4-14.10, S4-16.1-2): one transaction takes the keys away, writes
their tombstones, closes the scope for ever and wraps what remains under a new contract key.
Nothing is half done after a crash, and doing it again returns the same tombstones: every
`destroy_…` returns all tombstones of its scope, also those of earlier orders.

An unwrapped key is used again only at the generation it was read under; salts never are.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from secure_store.sealing import aead
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.keystore import ROOT_EPOCH, KeyStore, KeyTable
from secure_store.sealing.passphrase import Argon2Parameters, new_header
from secure_store.sealing.scopes import (
    BatchScope,
    DestroyedKey,
    Generation,
    KeyCount,
    KeyKind,
    KeyLabel,
    ReceivableScope,
    WrappedKey,
)

_PSEUDONYM_BYTES = 16
_Cached = tuple[WrappedKey, bytes]
_Destroyed = tuple[DestroyedKey, ...]
_Scope = ReceivableScope | BatchScope | None  # None: the contract itself


class KeyRing:
    """Makes, fetches and destroys the keys of one contract."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._contract = store.contract
        self._cache: tuple[Generation | None, dict[KeyLabel, _Cached]] = (None, {})

    def ensure_data_key(self, scope: BatchScope, now: datetime) -> bytes:
        """The id of the batch's data key, made if need be, with the receivable's audit key.

        Raises KeyDestroyed when the batch, its receivable or the contract was erased.
        """
        label = self._label(KeyKind.DATA, scope)
        with self._store.read() as table:
            standing = table.find(label)
        if standing is not None:
            return standing.key_id
        with self._store.write() as table:
            self._made(table, self._label(KeyKind.PSEUDONYM, scope.of_receivable()), now)
            return self._made(table, label, now)[0].key_id

    def add_records(self, scope: BatchScope, row_ids: Collection[UUID], now: datetime) -> None:
        """A salt for each row without one, before the rows exist; one transaction for all.

        Raises KeyMissing without a data key, KeyDestroyed when a row was erased: then none.
        """
        with self._store.write() as table:
            table.add_salts(table.require(self._label(KeyKind.DATA, scope)), row_ids, now)

    def record_key(self, scope: BatchScope, row_id: UUID) -> aead.RecordKey:
        """The key of one row. Raises KeyDestroyed when it is erased, KeyMissing if it never was."""
        return self.record_keys(scope, (row_id,))[row_id]

    def record_keys(
        self, scope: BatchScope, row_ids: Collection[UUID]
    ) -> dict[UUID, aead.RecordKey]:
        """The keys of all these rows, or none of them: raises as `record_key`."""
        with self._store.read() as table:
            data, secret = self._secret(table, self._label(KeyKind.DATA, scope))
            salts = table.salts_for(data, row_ids)
            absent = [row for row in row_ids if row not in salts]
            if absent:
                labels = (KeyLabel(KeyKind.RECORD, scope.text(), row.hex) for row in absent)
                table.refuse_erased(*labels)
                raise errors.KeyMissing(kind=KeyKind.RECORD.value, count=len(absent))
        derived = ((row, aead.derive_record_key(secret, salts[row], row)) for row in salts)
        return {row: aead.RecordKey(key, data.key_id) for row, key in derived}

    def blind_index_key(self, scope: BatchScope, table: str, column: str) -> bytes:
        """The 32-byte key of a column's look-up values in one batch; dies with the data key."""
        with self._store.read() as rows:
            secret = self._secret(rows, self._label(KeyKind.DATA, scope))[1]
        return aead.derive_index_key(secret, table, column)

    def orphans(self, scope: BatchScope, existing: Collection[UUID]) -> tuple[UUID, ...]:
        """Rows with a salt that are not among the existing ones; no import may be running."""
        with self._store.read() as table:
            data = table.find(self._label(KeyKind.DATA, scope))
            salted = () if data is None else table.salted_rows(data)
        return tuple(sorted(set(salted) - set(existing)))

    def sweep(self, scope: BatchScope, row_ids: Collection[UUID], now: datetime) -> None:
        """Destroy the salts of rows that were never published; they leave no tombstones."""
        with self._store.write() as table:
            table.destroy_salts(table.require(self._label(KeyKind.DATA, scope)), row_ids)
            self._begin_epoch(table, self._store.root_key, now)

    def pseudonym(self, scope: ReceivableScope, row_id: UUID) -> str:
        """32 hex characters that stand for a row in the audit log.

        Raises KeyDestroyed once the receivable is erased: the log then names nobody.
        """
        with self._store.read() as table:
            secret = self._secret(table, self._label(KeyKind.PSEUDONYM, scope))[1]
        return hmac.digest(secret, row_id.bytes, "sha256")[:_PSEUDONYM_BYTES].hex()

    def file_key_create(self, file_id: UUID, now: datetime, scope: _Scope = None) -> bytes:
        """A new 32-byte key for one whole file, erased with the scope it belongs to.

        Without a scope that is the contract. Raises KeyExists, KeyDestroyed.
        """
        label = self._label(KeyKind.FILE, scope, file_id.hex)
        with self._store.write() as table:
            if table.find(label) is not None:
                raise errors.KeyExists(kind=KeyKind.FILE.value)
            return self._made(table, label, now)[1]

    def file_key(self, file_id: UUID) -> bytes:
        """The key of a file. Raises KeyDestroyed, KeyMissing."""
        with self._store.read() as table:
            return self._secret(table, self._label(KeyKind.FILE, None, file_id.hex))[1]

    def destroy_file_key(self, file_id: UUID, now: datetime) -> _Destroyed:
        """Erase one file (decision 3). Raises KeyMissing when there never was such a key."""
        label = self._label(KeyKind.FILE, None, file_id.hex)
        with self._store.write() as table:
            key = table.find(label)
            self._destroy(table, () if key is None else (key,), now)
            buried = table.tombstones(self._contract, file_id.hex)
        if not buried:
            raise errors.KeyMissing(kind=KeyKind.FILE.value)
        return buried

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
        label = self._label(KeyKind.RECORD, scope, row_id.hex)
        with self._store.write() as table:
            data = table.find(self._label(KeyKind.DATA, scope))
            salt = {} if data is None else table.salts_for(data, (row_id,))
            if data is not None and salt:
                secret = self._unwrapped(table, data.label)[1]
                key = aead.derive_record_key(secret, salt[row_id], row_id)
                table.bury(aead.tombstone_of(label, key, table.salted_rows(data)[row_id], now))
                table.destroy_salts(data, (row_id,))
                self._begin_epoch(table, self._store.root_key, now)
            table.close_scope(label.text())
            return table.tombstones(scope.text(), row_id.hex)

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
                self._begin_epoch(table, self._store.root_key, now, past)
        return raised

    def inventory(self) -> tuple[KeyCount, ...]:
        """How many keys of each kind each scope holds."""
        with self._store.read() as table:
            return table.counts()

    def tombstones(self) -> _Destroyed:
        """Every key ever destroyed, with the contract keys of past epochs."""
        with self._store.read() as table:
            return table.tombstones(self._contract)

    def still_opens(self, scope: _Scope = None, row_id: UUID | None = None) -> bool:
        """Whether a key at or below the scope unwraps under any key there is (S4-14.10).

        With a row and its batch: whether that row's key can still be derived.
        """
        text = self._label(KeyKind.DATA, scope).scope
        with self._store.read() as table:
            root, all_keys = (self._store.root_key,), table.keys_under(self._contract)
            tried = (*root, *(k for key in all_keys for k in aead.unwrap_with_any(root, key)))
            keys = [k for k in table.keys_under(text) if aead.unwrap_with_any(tried, k)]
            return any(row_id is None or table.salts_for(key, (row_id,)) for key in keys)

    def change_passphrase(self, new: bytes, numbers: Argon2Parameters, now: datetime) -> KeyRing:
        """The key ring under a new passphrase and epoch; every ring opened before refuses.

        Copies of the key store made before still open under the old passphrase.
        """
        root_key, header = new_header(new, self._contract, numbers)
        with self._store.write() as table:
            signing = table.require(KeyLabel(KeyKind.SIGNING, self._contract))
            table.rewrap(signing, self._store.root_key, root_key, ROOT_EPOCH)
            self._begin_epoch(table, root_key, now)
            table.set_passphrase_header(header)
        return KeyRing(KeyStore(self._store.path, header, root_key))

    def _label(self, kind: KeyKind, scope: _Scope, name: str = "") -> KeyLabel:
        if scope is None:
            return KeyLabel(kind, self._contract, name)
        if scope.contract != self._contract:
            raise errors.ForeignContract
        return KeyLabel(kind, scope.text(), name)

    def _secret(self, table: KeyTable, label: KeyLabel) -> _Cached:
        """A key and its 32 bytes, remembered. Not in a change: it may be undone, the key with it."""
        generation, known = self._cache
        if generation != table.generation:
            known = {}
            self._cache = (table.generation, known)
        if label not in known:
            known[label] = self._unwrapped(table, label)
        return known[label]

    def _unwrapped(self, table: KeyTable, label: KeyLabel) -> _Cached:
        key = table.require(label)
        wrapping = self._store.root_key
        if key.epoch != ROOT_EPOCH:
            wrapping = aead.unwrap_key(wrapping, table.require(self._contract_label(key.epoch)))
        return key, aead.unwrap_key(wrapping, key)

    def _contract_label(self, epoch: int) -> KeyLabel:
        return KeyLabel(KeyKind.CONTRACT, self._contract, str(epoch))

    def _made(self, table: KeyTable, label: KeyLabel, now: datetime) -> _Cached:
        if table.find(label) is None:
            wrapping = self._unwrapped(table, self._contract_label(table.epoch))[1]
            secret = secrets.token_bytes(aead.KEY_BYTES)
            table.insert_if_absent(aead.wrap_key(wrapping, label, secret, table.epoch, now))
        return self._unwrapped(table, label)

    def _begin_epoch(self, table: KeyTable, root_key: bytes, now: datetime, after: int = 0) -> None:
        """A new contract key for all that remains; the one before is destroyed."""
        former_epoch, former = table.epoch, table.find(self._contract_label(table.epoch))
        if former is None:  # the contract is erased; there is nothing left to wrap
            return
        former_secret = aead.unwrap_key(self._store.root_key, former)
        epoch, secret = max(former_epoch, after) + 1, secrets.token_bytes(aead.KEY_BYTES)
        label = self._contract_label(epoch)
        table.insert_if_absent(aead.wrap_key(root_key, label, secret, ROOT_EPOCH, now))
        table.begin_epoch(epoch)
        for key in table.keys_under(self._contract):
            if key.epoch == former_epoch:
                table.rewrap(key, former_secret, secret, epoch)
        table.destroy(former, now)

    def _destroy_branch(self, scope: _Scope, now: datetime) -> _Destroyed:
        text = self._label(KeyKind.DATA, scope).scope
        with self._store.write() as table:
            self._destroy(table, table.keys_under(text), now)
            table.close_scope(text)
            return table.tombstones(text)

    def _destroy(self, table: KeyTable, keys: Collection[WrappedKey], now: datetime) -> None:
        for key in keys:
            table.destroy(key, now)
        if keys:
            self._begin_epoch(table, self._store.root_key, now)

    def _signing_seed(self) -> bytes:
        with self._store.read() as table:
            return self._secret(table, KeyLabel(KeyKind.SIGNING, self._contract))[1]
