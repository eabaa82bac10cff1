"""The rows of the key store: wrapped keys, row salts, tombstones and notes, in one transaction.

What is destroyed stays destroyed: its tombstone is looked for in the very transaction that
would bring a key back, and a key is put only where exactly the one stands that was read.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from secure_store.sealing import passphrase as phrase
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.aead import SALT_BYTES, unwrap_key, wrap_key
from secure_store.sealing.scopes import (
    DestroyedKey,
    Generation,
    KeyCount,
    KeyKind,
    KeyLabel,
    WrappedKey,
    from_micros,
    to_micros,
)

ROOT_EPOCH = 0
ROOT = "root"  # the note that says where the root key comes from
_DROP_BURIED = """DELETE FROM row_salt
WHERE (key_id, row_id) IN (SELECT data.key_id, gone.name FROM tombstone AS gone
JOIN wrapped_key AS data ON data.kind = 'data' AND data.scope = gone.scope
WHERE gone.kind = 'record');
DELETE FROM wrapped_key
WHERE kind <> 'contract' AND key_id IN (SELECT key_id FROM tombstone)"""
_UNDER = "(scope = :scope OR substr(scope, 1, length(:scope) + 1) = :scope || '/')"
_FIND = "SELECT * FROM wrapped_key WHERE kind = ? AND name = ? AND (scope = ? OR kind = 'file')"
_KEYS_UNDER = "SELECT * FROM wrapped_key WHERE kind <> 'signing' AND " + _UNDER  # noqa: S608
_BURIED_UNDER = "SELECT * FROM tombstone WHERE (:name IS NULL OR name = :name) AND " + _UNDER  # noqa: S608
_ERASED = "SELECT count(*) FROM erased_scope WHERE scope IN (SELECT value FROM json_each(?))"
_REPLACE = "UPDATE wrapped_key SET epoch = ?, wrapped = ? WHERE key_id = ? AND wrapped = ?"
_RENAME = """UPDATE wrapped_key SET name = ?, epoch = ?, wrapped = ?
WHERE key_id = ? AND wrapped = ?"""
_SET_PHRASE = """UPDATE header SET
contract = ?, salt = ?, memory_kib = ?, iterations = ?, lanes = ?, root_check = ?"""
# CROSS keeps the order of the join: one look-up per wanted row, never all against all.
_SALTS = """SELECT row_id, salt FROM json_each(?)
CROSS JOIN row_salt ON row_salt.key_id = ? AND row_salt.row_id = json_each.value"""
_SALTED = "SELECT row_id, created_at FROM row_salt WHERE key_id = ?"
_COUNTS = """
SELECT kind, scope, count(*) FROM wrapped_key GROUP BY kind, scope
UNION ALL SELECT 'record', scope, count(*) FROM row_salt JOIN wrapped_key USING (key_id)
GROUP BY scope ORDER BY 1, 2
"""


class KeyTable:
    """The rows of the key store, as one open transaction sees them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany
        row = self._run("SELECT * FROM header").fetchone()
        if row is None:
            raise errors.KeyStoreDamaged(part="header")
        self._header, self.epoch = row[1:7], int(row[7])
        self.generation = Generation(row[8], row[9])

    def header(self) -> phrase.PassphraseHeader:
        """What the store says of its passphrase. Raises KeyStoreDamaged for nonsense."""
        contract, salt, *numbers, check = self._header
        return phrase.PassphraseHeader(contract, phrase.Argon2Parameters(*numbers), salt, check)

    def keys_of(self, kind: KeyKind, scope: str) -> tuple[WrappedKey, ...]:
        """All keys of a kind in exactly this scope: a batch's data keys, of each generation."""
        rows = self._run("SELECT * FROM wrapped_key WHERE kind = ? AND scope = ?", (kind, scope))
        return tuple(WrappedKey.from_row(row) for row in rows)

    def rename(self, key: WrappedKey, after: WrappedKey) -> None:
        """Puts the same key, wrapped anew, under another label; its salts stay with it."""
        self._refuse_past(after)
        values = (after.label.name, after.epoch, after.wrapped, key.key_id, key.wrapped)
        if self._run(_RENAME, values).rowcount != 1:
            raise errors.KeyStoreDamaged(key_id=key.key_id.hex())

    def find(self, label: KeyLabel) -> WrappedKey | None:
        """The key of this label. A file's key is found by its name alone."""
        row = self._run(_FIND, (label.kind, label.name, label.scope)).fetchone()
        return None if row is None else WrappedKey.from_row(row)

    def require(self, label: KeyLabel) -> WrappedKey:
        """As `find`. Raises KeyDestroyed or, when there never was such a key, KeyMissing."""
        key = self.find(label)
        if key is None:
            self.refuse_erased(label)
            raise errors.KeyMissing(kind=label.kind.value)
        return key

    def keys_under(self, scope: str) -> tuple[WrappedKey, ...]:
        """The keys at or below a scope; the signing key belongs to none."""
        return tuple(WrappedKey.from_row(row) for row in self._run(_KEYS_UNDER, {"scope": scope}))

    def refuse_erased(self, *labels: KeyLabel) -> None:
        """Raises KeyDestroyed when one of the labels, or anything above it, was erased."""
        texts = {text for label in labels for text in label.with_parents()}
        erased = self._run(_ERASED, (json.dumps(sorted(texts)),)).fetchone()[0]
        if erased:
            raise errors.KeyDestroyed(kind=labels[0].kind.value, count=erased)

    def is_closed(self, text: str) -> bool:
        """Whether exactly this scope was erased."""
        return bool(self._run(_ERASED, (json.dumps([text]),)).fetchone()[0])

    def insert_if_absent(self, key: WrappedKey) -> WrappedKey:
        """Insert a key, or return the one that stands.

        Raises KeyDestroyed for an erased scope and for a key wrapped in a past epoch.
        """
        standing = self.find(key.label)
        if standing is not None:
            return standing
        self.refuse_erased(key.label)
        self._refuse_past(key)
        self._run("INSERT INTO wrapped_key VALUES (?,?,?,?,?,?,?,?)", key.row())
        return key

    def replace(self, current: WrappedKey, after: WrappedKey) -> bool:
        """Put `after` where exactly `current` stands; False when it no longer does."""
        self._refuse_past(after)
        values = (after.epoch, after.wrapped, after.key_id, current.wrapped)
        return self._run(_REPLACE, values).rowcount == 1

    def rewrap(self, key: WrappedKey, former: bytes, after: bytes, epoch: int) -> None:
        """Wrap a key anew. Raises KeyStoreDamaged when it cannot: nothing may get lost here."""
        secret = unwrap_key(former, key)
        if not self.replace(key, wrap_key(after, key.label, secret, epoch, key.created_at)):
            raise errors.KeyStoreDamaged(key_id=key.key_id.hex())

    def _refuse_past(self, key: WrappedKey) -> None:
        if key.epoch not in (ROOT_EPOCH, self.epoch):
            raise errors.KeyDestroyed(epoch=key.epoch)

    def begin_epoch(self, epoch: int) -> None:
        """From here on keys are wrapped by the contract key of this epoch."""
        self._run("UPDATE header SET epoch = ?", (epoch,))
        self.epoch = epoch

    def set_root(self, header: phrase.PassphraseHeader, note: bytes) -> None:
        """What the store says of its root key from here on."""
        self.set_note(ROOT, note)
        numbers = astuple(header.parameters)
        self._run(_SET_PHRASE, (header.contract, header.salt, *numbers, header.check))

    def destroy(self, key: WrappedKey, now: datetime) -> DestroyedKey:
        """Delete a key, with the salts of its rows, and leave its tombstone."""
        self._run("DELETE FROM wrapped_key WHERE key_id = ?", (key.key_id,))
        return self.bury(key.destroyed(now))

    def bury(self, key: DestroyedKey) -> DestroyedKey:
        """Write a tombstone and close its label for ever; an older tombstone stays."""
        self._run("INSERT OR IGNORE INTO tombstone VALUES (?,?,?,?,?,?,?)", key.row())
        self.close_scope(key.label().text())
        return key

    def drop_buried(self) -> int:
        """Take away the keys and salts that have a tombstone; how many there were."""
        return sum(self._run(sql).rowcount for sql in _DROP_BURIED.split(";"))

    def close_scope(self, text: str) -> None:
        """Nothing at or below this scope can be made again."""
        self._run("INSERT OR IGNORE INTO erased_scope VALUES (?)", (text,))

    def tombstones(self, scope: str, name: str | None = None) -> tuple[DestroyedKey, ...]:
        """The tombstones at or below a scope, or of one name in it, oldest first."""
        rows = self._run(_BURIED_UNDER, {"scope": scope, "name": name})
        found = (DestroyedKey.from_row(row) for row in rows)
        return tuple(sorted(found, key=lambda key: (key.destroyed_at, key.scope, key.key_id)))

    def add_salts(self, data_key: WrappedKey, row_ids: Collection[UUID], now: datetime) -> None:
        """A salt for each row that has none yet. Raises KeyDestroyed when one was erased."""
        key_id, scope, at = data_key.key_id, data_key.label.scope, to_micros(now)
        self.require(data_key.label)
        self.refuse_erased(*(KeyLabel(KeyKind.RECORD, scope, row.hex) for row in row_ids))
        made = ((key_id, row.hex, secrets.token_bytes(SALT_BYTES), at) for row in sorted(row_ids))
        self._run_many("INSERT OR IGNORE INTO row_salt VALUES (?,?,?,?)", made)

    def salts_for(self, data_key: WrappedKey, row_ids: Collection[UUID]) -> dict[UUID, bytes]:
        """The salts of those rows that have one, in one query."""
        wanted = json.dumps([row.hex for row in row_ids])
        return {UUID(row): salt for row, salt in self._run(_SALTS, (wanted, data_key.key_id))}

    def salted_rows(self, data_key: WrappedKey) -> dict[UUID, datetime]:
        """Every row of the batch that has a salt, and since when."""
        rows = self._run(_SALTED, (data_key.key_id,))
        return {UUID(row): from_micros(at) for row, at in rows}

    def destroy_salts(self, data_key: WrappedKey, row_ids: Collection[UUID]) -> None:
        rows = ((data_key.key_id, row.hex) for row in row_ids)
        self._run_many("DELETE FROM row_salt WHERE key_id = ? AND row_id = ?", rows)

    def has_notes(self) -> bool:
        """Key stores made before there were notes have no table for them."""
        return self._run("SELECT 1 FROM sqlite_master WHERE name = 'note'").fetchone() is not None

    def note(self, name: str) -> bytes | None:
        """What is noted under a name: the root's source, what the database was last seen with."""
        row = self._run("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def set_note(self, name: str, value: bytes | None) -> None:
        """Writes a note, or takes it away."""
        self._run("DELETE FROM note WHERE name = ?", (name,))
        if value is not None:
            self._run("INSERT INTO note VALUES (?,?)", (name, value))

    def buried_ids(self) -> frozenset[str]:
        """The ids of all destroyed keys."""
        return frozenset(row[0].hex() for row in self._run("SELECT key_id FROM tombstone"))

    def counts(self) -> tuple[KeyCount, ...]:
        """How many keys and salts of each kind each scope holds."""
        return tuple(KeyCount(KeyKind(kind), scope, n) for kind, scope, n in self._run(_COUNTS))
