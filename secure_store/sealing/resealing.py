"""Values sealed under a replaced data key are sealed anew under the present one.

Opened values never leave this module; nothing but the sealed bytes of a value changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from secure_store.sealing import aead
from secure_store.sealing.cipher import Box, Cipher, cipher_of_store
from secure_store.sealing.installed import installed_of
from secure_store.sealing.rotation import begin_data_key, former_data_keys, prune_data_key
from secure_store.sealing.scopes import BatchScope, from_micros, to_micros
from secure_store.sealing.sealing_errors import KeyDestroyed, KeyMissing
from secure_store.work import SecureStore

_DONE = "resealed"
_INTEGER = 8


class Sealed(Protocol):
    """One sealed value and the place it was sealed for."""

    @property
    def key_row(self) -> UUID: ...
    @property
    def table(self) -> str: ...
    @property
    def row_id(self) -> UUID: ...
    @property
    def group(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def sealed(self) -> bytes: ...


class Resealing:
    """The replacement of one campaign's data key, from its beginning to its end."""

    def __init__(self, store: SecureStore, receivable: str, campaign_code: str) -> None:
        installed = installed_of(store)
        self._ring = installed.keyring
        self._cipher: Cipher = cipher_of_store(store)
        self._scope = BatchScope(installed.contract, receivable, campaign_code)

    def begin(self, now: datetime, carried: Collection[tuple[str, str]]) -> bytes:
        """As ``rotation.begin_data_key``: the id of the key that is replaced."""
        return begin_data_key(self._ring, self._scope, now, carried)

    def former_keys(self) -> list[bytes]:
        """The ids of replaced keys that are still there."""
        return list(former_data_keys(self._ring, self._scope))

    def anew(self, key_id: bytes, cells: Iterable[Sealed]) -> list[tuple[Sealed, bytes]]:
        """Those of the values that the replaced key sealed, with what takes their place.

        Values whose row was erased meanwhile are left as they are: nothing opens them.
        """
        found = []
        for cell in cells:
            if aead.key_id_in(cell.sealed) != key_id:
                continue
            box = Box(cell.table, cell.row_id, cell.group, cell.version)
            try:
                fields = self._cipher.open(self._scope, cell.key_row, box, cell.sealed)
                found.append((cell, self._cipher.seal(self._scope, cell.key_row, box, fields)))
            except (KeyDestroyed, KeyMissing):
                continue
        return found

    def finished_at(self, key_id: bytes) -> datetime | None:
        """When the last value was sealed anew; None while some may be left."""
        with self._ring.store.read() as table:
            raw = table.note(_name(key_id))
        return None if raw is None else from_micros(int.from_bytes(raw, "big"))

    def finish(self, key_id: bytes, now: datetime) -> None:
        """Notes that nothing in the database needs the replaced key any more."""
        with self._ring.store.write() as table:
            table.set_note(_name(key_id), to_micros(now).to_bytes(_INTEGER, "big"))

    def prune(self, key_id: bytes, in_use: Callable[[], int], now: datetime) -> None:
        """As ``rotation.prune_data_key``. Raises KeyInUse."""
        prune_data_key(self._ring, self._scope, key_id, in_use, now)
        with self._ring.store.write() as table:
            table.set_note(_name(key_id), None)


def _name(key_id: bytes) -> str:
    return f"{_DONE}:{key_id.hex()}"


def sealed_under(key_id: bytes) -> tuple[int, int, bytes]:
    """Where in a sealed value the id of its key stands: first byte from 1, how many, which."""
    return aead.KEY_ID_AT + 1, len(key_id), key_id
