"""The contract key of an epoch wraps all keys below it; every destruction begins a new epoch."""

from __future__ import annotations

import secrets
from datetime import datetime

from secure_store.sealing import aead
from secure_store.sealing.key_table import ROOT_EPOCH, KeyTable
from secure_store.sealing.scopes import KeyKind, KeyLabel, WrappedKey


def contract_label(contract: str, epoch: int) -> KeyLabel:
    """The label of the contract key of an epoch."""
    return KeyLabel(KeyKind.CONTRACT, contract, str(epoch))


def unwrapped(
    table: KeyTable, contract: str, root_key: bytes, label: KeyLabel
) -> tuple[WrappedKey, bytes]:
    """A key and its 32 bytes. Raises KeyDestroyed, KeyMissing, KeyStoreDamaged."""
    key = table.require(label)
    wrapping = root_key
    if key.epoch != ROOT_EPOCH:
        above = table.require(contract_label(contract, key.epoch))
        wrapping = aead.unwrap_key(root_key, above)
    return key, aead.unwrap_key(wrapping, key)


def wrapping_key(table: KeyTable, contract: str, root_key: bytes) -> bytes:
    """The 32 bytes of the contract key of the present epoch."""
    return unwrapped(table, contract, root_key, contract_label(contract, table.epoch))[1]


def read_back(table: KeyTable, contract: str, root_key: bytes) -> int:
    """Unwraps every key there is; how many. Raises KeyStoreDamaged for one that does not."""
    keys = [*table.keys_under(contract), table.require(KeyLabel(KeyKind.SIGNING, contract))]
    below = any(key.epoch != ROOT_EPOCH for key in keys)
    above = wrapping_key(table, contract, root_key) if below else root_key
    for key in keys:
        aead.unwrap_key(root_key if key.epoch == ROOT_EPOCH else above, key)
    return len(keys)


def insert_new(
    table: KeyTable, contract: str, root_key: bytes, label: KeyLabel, secret: bytes, now: datetime
) -> None:
    """Puts a new key under the contract key of the present epoch, unless one stands there."""
    wrapping = wrapping_key(table, contract, root_key)
    table.insert_if_absent(aead.wrap_key(wrapping, label, secret, table.epoch, now))


def begin_epoch(
    table: KeyTable,
    contract: str,
    root_key: bytes,
    now: datetime,
    *,
    new_root_key: bytes | None = None,
    after: int = 0,
) -> None:
    """A new contract key for all that remains; the one before is destroyed.

    ``new_root_key`` wraps the new contract key when the root is changed with it.
    """
    former_epoch, former = table.epoch, table.find(contract_label(contract, table.epoch))
    if former is None:  # the contract is erased; there is nothing left to wrap
        return
    former_secret = aead.unwrap_key(root_key, former)
    epoch, secret = max(former_epoch, after) + 1, secrets.token_bytes(aead.KEY_BYTES)
    label = contract_label(contract, epoch)
    above = root_key if new_root_key is None else new_root_key
    table.insert_if_absent(aead.wrap_key(above, label, secret, ROOT_EPOCH, now))
    table.begin_epoch(epoch)
    for key in table.keys_under(contract):
        if key.epoch == former_epoch:
            table.rewrap(key, former_secret, secret, epoch)
    table.destroy(former, now)
