"""How a key of one contract is found, unwrapped and made; what is done with it stands in the ring.

An unwrapped key is used again only at the generation it was read under; salts never are.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from secure_store.sealing import aead, epochs
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.key_table import KeyTable
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.scopes import (
    BatchScope,
    Generation,
    KeyKind,
    KeyLabel,
    ReceivableScope,
    WrappedKey,
)

Cached = tuple[WrappedKey, bytes]
Scope = ReceivableScope | BatchScope | None  # None: the contract itself


def carried_name(table: str, column: str) -> str:
    """The name of an index key that outlives the data key it came from."""
    return f"{table}.{column}"


class KeyAccess:
    """The key store of one contract, and the keys this process has unwrapped."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._contract = store.contract
        self._cache: tuple[Generation | None, dict[KeyLabel, Cached]] = (None, {})

    @property
    def store(self) -> KeyStore:
        """The key store behind the ring, for rotation and for the state of the home."""
        return self._store

    def label(self, kind: KeyKind, scope: Scope, name: str = "") -> KeyLabel:
        """The label of a key of this contract. Raises ForeignContract."""
        if scope is None:
            return KeyLabel(kind, self._contract, name)
        if scope.contract != self._contract:
            raise errors.ForeignContract
        return KeyLabel(kind, scope.text(), name)

    def _generation(self, table: KeyTable, scope: BatchScope, key_id: bytes | None) -> Cached:
        """The present data key, or the replaced one of this id if it is still there."""
        present = self.label(KeyKind.DATA, scope)
        if key_id is not None:
            former = KeyLabel(KeyKind.DATA, present.scope, key_id.hex())
            if table.find(former) is not None:
                return self._secret(table, former)
        return self._secret(table, present)

    def _secret(self, table: KeyTable, label: KeyLabel) -> Cached:
        """A key and its 32 bytes, remembered. Not in a change: it may be undone, the key with it."""
        generation, known = self._cache
        if generation != table.generation:
            known = {}
            self._cache = (table.generation, known)
        if label not in known:
            known[label] = self._unwrapped(table, label)
        return known[label]

    def _unwrapped(self, table: KeyTable, label: KeyLabel) -> Cached:
        return epochs.unwrapped(table, self._contract, self._store.root_key, label)

    def _made(self, table: KeyTable, label: KeyLabel, now: datetime) -> Cached:
        if table.find(label) is None:
            secret = secrets.token_bytes(aead.KEY_BYTES)
            epochs.insert_new(table, self._contract, self._store.root_key, label, secret, now)
        return self._unwrapped(table, label)

    def _begin_epoch(self, table: KeyTable, now: datetime, after: int = 0) -> None:
        epochs.begin_epoch(table, self._contract, self._store.root_key, now, after=after)
