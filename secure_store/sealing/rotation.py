"""New keys for old ones while the system works (security.md 5.6).

Root and contract epoch: everything below is wrapped anew in one transaction of the key store.
Data key: the new one stands beside the old one; both open until no row needs the old one.
Whatever is destroyed meanwhile is destroyed in every generation.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from secure_store.sealing import aead, epochs
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.key_access import carried_name
from secure_store.sealing.key_table import ROOT, ROOT_EPOCH
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.passphrase import Argon2Parameters
from secure_store.sealing.root import RootSource, kind_of
from secure_store.sealing.root_kinds import RootChange, note_of_change
from secure_store.sealing.scopes import BatchScope, KeyKind, KeyLabel


def _nothing() -> None:
    """What is done between two steps when nobody asks for anything."""


def rotate_root(ring: KeyRing, source: RootSource, numbers: Argon2Parameters, now: datetime) -> int:
    """A new root key from this source, and a new epoch below it; how many keys were read back.

    Processes that are running follow if they are given the new source. Copies of the key store
    made before still open under what they were made with, as long as that can be had: a module's
    key is destroyed here, a medium by procedure.
    """
    store = ring.store
    root = source.fresh(store.contract, numbers)
    with store.read() as table:
        header, former = table.header(), table.note(ROOT)
    is_new = not source.opens(header, former)  # slow on purpose: nobody waits for it
    with store.write() as table:
        is_new = is_new and table.header() == header  # of another root nothing is known
        former = table.note(ROOT)
        change = RootChange(now, kind_of(former), is_former_gone=False, is_source_new=is_new)
        signing = table.require(KeyLabel(KeyKind.SIGNING, store.contract))
        table.rewrap(signing, store.root_key, root.root_key, ROOT_EPOCH)
        epochs.begin_epoch(table, store.contract, store.root_key, now, new_root_key=root.root_key)
        table.set_root(root.header, note_of_change(root.note, change))
        # Read back before anything of the old root may go: nothing is lost here.
        read_back = epochs.read_back(table, store.contract, root.root_key)
    store.adopt(root)
    # The new root has opened every key there is: now, and not before, the old one may go.
    if source.forget(former):
        gone = replace(change, is_former_gone=True)
        with store.write() as table:
            # Only about this root: another rotation may have come in between.
            if table.header() == root.header:
                table.set_note(ROOT, note_of_change(root.note, gone))
    return read_back


def rotate_epoch(ring: KeyRing, now: datetime) -> int:
    """A new contract key for everything below it; how many keys were read back.

    Raises KeyDestroyed when the contract was erased.
    """
    store = ring.store
    with store.write() as table:
        table.refuse_erased(KeyLabel(KeyKind.CONTRACT, store.contract))
        epochs.begin_epoch(table, store.contract, store.root_key, now)
        return epochs.read_back(table, store.contract, store.root_key)


def begin_data_key(
    ring: KeyRing, scope: BatchScope, now: datetime, carried: Collection[tuple[str, str]] = ()
) -> bytes:
    """Puts a new data key, with new salts, beside the old one; the id of the old one.

    ``carried`` names the look-up columns (table, column) of the batch: their values stay, so their
    index keys are kept as keys of their own, which die with the batch. Done before and not finished: returns the same old key. Raises KeyMissing, KeyDestroyed.
    """
    store = ring.store
    current = ring.label(KeyKind.DATA, scope)
    with store.write() as table:
        former = [k for k in table.keys_of(KeyKind.DATA, current.scope) if k.label.name]
        if former:
            return former[0].key_id
        old = table.require(current)
        _key, secret = epochs.unwrapped(table, store.contract, store.root_key, current)
        rows = table.salted_rows(old)
        for place in carried:
            kept = KeyLabel(KeyKind.PSEUDONYM, current.scope, carried_name(*place))
            index_key = aead.derive_index_key(secret, *place)
            epochs.insert_new(table, store.contract, store.root_key, kept, index_key, now)
        former_label = KeyLabel(KeyKind.DATA, current.scope, old.key_id.hex())
        wrapping = epochs.wrapping_key(table, store.contract, store.root_key)
        renamed = aead.wrap_key(wrapping, former_label, secret, table.epoch, old.created_at)
        table.rename(old, renamed)
        fresh = secrets.token_bytes(aead.KEY_BYTES)
        new = table.insert_if_absent(aead.wrap_key(wrapping, current, fresh, table.epoch, now))
        table.add_salts(new, list(rows), now)
        return old.key_id


def former_data_keys(ring: KeyRing, scope: BatchScope) -> dict[bytes, datetime]:
    """The ids of data keys that a newer one has replaced, and since when the newer one is there."""
    current = ring.label(KeyKind.DATA, scope)
    with ring.store.read() as table:
        keys = table.keys_of(KeyKind.DATA, current.scope)
    since = {key.created_at for key in keys if not key.label.name}
    return {key.key_id: min(since) for key in keys if key.label.name and since}


def prune_data_key(
    ring: KeyRing,
    scope: BatchScope,
    key_id: bytes,
    in_use: Callable[[], int],
    now: datetime,
    between: Callable[[], None] = _nothing,
) -> None:
    """Destroys a replaced data key that nothing needs any more.

    ``in_use`` counts rows and unexpired backups that need it; an unknown is never "none". It is
    asked twice, the second time while nobody else can change the key store. Raises KeyInUse.
    """
    if in_use():
        raise errors.KeyInUse(key_id=key_id.hex())
    between()
    label = KeyLabel(KeyKind.DATA, ring.label(KeyKind.DATA, scope).scope, key_id.hex())
    store = ring.store
    with store.write() as table:
        key = table.find(label)
        if key is None:
            return
        if in_use():
            raise errors.KeyInUse(key_id=key_id.hex())
        table.destroy(key, now)
        epochs.begin_epoch(table, store.contract, store.root_key, now)
