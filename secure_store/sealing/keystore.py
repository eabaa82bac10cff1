"""The key store: wrapped keys, row salts and tombstones in a small SQLite file of its own.

It lies apart from the database and from every backup of it, so that destroying a key here
erases what it sealed there too (S4-14.10, S4-16.1-2). Several processes may use it: each change
opens the file anew, each look is a transaction of its own that re-reads header and generation.
What is destroyed stays destroyed: its tombstone is looked for in the very transaction that
would bring a key back.

Not covered: whoever holds an old copy of this file (or its journal's blocks on the raw medium)
and the passphrase of that time opens what it held. A changed passphrase does not open older
copies; the copies, the medium and the old passphrase are destroyed by procedure.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from uuid import UUID

from secure_store.sealing import passphrase as phrase
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.aead import KEY_BYTES, SALT_BYTES, unwrap_key, wrap_key
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

KEY_STORE_FILE = "keys.sqlite3"
ROOT_EPOCH = 0
_READ = "BEGIN"
_WRITE = "BEGIN IMMEDIATE"
_SCHEMA = """
CREATE TABLE header (format INTEGER PRIMARY KEY CHECK (format = 1), contract TEXT, salt BLOB,
  memory_kib INTEGER, iterations INTEGER, lanes INTEGER, root_check BLOB,
  epoch INTEGER NOT NULL, generation INTEGER NOT NULL, stamp BLOB NOT NULL) STRICT;
CREATE TABLE wrapped_key (kind TEXT NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL,
  key_id BLOB PRIMARY KEY, created_at INTEGER NOT NULL, kcv BLOB NOT NULL,
  epoch INTEGER NOT NULL, wrapped BLOB NOT NULL, UNIQUE (kind, scope, name)) STRICT;
CREATE UNIQUE INDEX one_key_per_file ON wrapped_key (name) WHERE kind = 'file';
CREATE TABLE row_salt (key_id BLOB NOT NULL REFERENCES wrapped_key ON DELETE CASCADE,
  row_id TEXT NOT NULL, salt BLOB NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, row_id)) STRICT, WITHOUT ROWID;
CREATE TABLE tombstone (kind TEXT NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL,
  key_id BLOB PRIMARY KEY, created_at INTEGER NOT NULL, kcv BLOB NOT NULL,
  destroyed_at INTEGER NOT NULL) STRICT;
CREATE TABLE erased_scope (scope TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO header VALUES (1, NULL, NULL, NULL, NULL, NULL, NULL, 1, 1, x'');
"""
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
_SET_PHRASE = """UPDATE header SET
contract = ?, salt = ?, memory_kib = ?, iterations = ?, lanes = ?, root_check = ?"""
_NEXT_GENERATION = "UPDATE header SET generation = generation + 1, stamp = randomblob(16)"
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

    def set_passphrase_header(self, header: phrase.PassphraseHeader) -> None:
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

    def counts(self) -> tuple[KeyCount, ...]:
        """How many keys and salts of each kind each scope holds."""
        return tuple(KeyCount(KeyKind(kind), scope, n) for kind, scope, n in self._run(_COUNTS))


class KeyStore:
    """An opened key store: where it lies, and the root key that opens it."""

    def __init__(self, path: Path, header: phrase.PassphraseHeader, root_key: bytes) -> None:
        self.path = path
        self._header = header
        self.contract = header.contract
        self.root_key = root_key
        self._opened = phrase.OpenedForLooks(path)

    @classmethod
    def create(
        cls,
        directory: Path,
        passphrase: bytes,
        parameters: phrase.Argon2Parameters,
        contract: str,
        now: datetime,
    ) -> KeyStore:
        """Make the key store of a contract, with its first contract key and its signing key.

        Raises KeyExists when the directory holds one. It appears whole or not at all.
        """
        root_key, header = phrase.new_header(passphrase, contract, parameters)
        path = directory / KEY_STORE_FILE
        with phrase.appearing(path) as unnamed:
            _fill(unnamed, header, root_key, now)
        return cls(path, header, root_key)

    @classmethod
    def open(cls, directory: Path, passphrase: bytes) -> KeyStore:
        """Raises KeyStoreMissing, KeyStoreExposed, KeyStoreDamaged or WrongPassphrase."""
        path = directory / KEY_STORE_FILE
        with _transaction(path, _READ) as table:
            header = table.header()
        return cls(path, header, phrase.root_key_for(header, passphrase))

    @contextmanager
    def read(self) -> Iterator[KeyTable]:
        """One look at the store. Raises WrongPassphrase when the passphrase has changed."""
        with errors.storage_reasons(), self._opened.look() as connection:
            table = KeyTable(connection)
            self._refuse_new_passphrase(table)
            yield table

    @contextmanager
    def write(self) -> Iterator[KeyTable]:
        """One change of the store: all of it is on the medium at the end, or none."""
        with _transaction(self.path, _WRITE) as table:
            self._refuse_new_passphrase(table)
            yield table
        # Without this a power cut could bring back the journal, and with it the key.
        phrase.sync_directory(self.path.parent)

    def _refuse_new_passphrase(self, table: KeyTable) -> None:
        if table.header() != self._header:
            raise errors.WrongPassphrase


@contextmanager
def _transaction(path: Path, begin: str) -> Iterator[KeyTable]:
    with errors.storage_reasons(), closing(phrase.connect_private(path)) as connection:
        connection.execute(begin)
        before = connection.total_changes
        table = KeyTable(connection)
        yield table
        if connection.total_changes != before:
            connection.execute(_NEXT_GENERATION)
        connection.execute("COMMIT")  # when anything failed before, closing rolls back


def _fill(path: Path, header: phrase.PassphraseHeader, root_key: bytes, now: datetime) -> None:
    with errors.storage_reasons(), closing(phrase.connect_private(path)) as connection:
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
        table = KeyTable(connection)
        table.set_passphrase_header(header)
        for kind, name in ((KeyKind.CONTRACT, str(table.epoch)), (KeyKind.SIGNING, "")):
            label, secret = KeyLabel(kind, header.contract, name), secrets.token_bytes(KEY_BYTES)
            table.insert_if_absent(wrap_key(root_key, label, secret, ROOT_EPOCH, now))
        connection.execute(_NEXT_GENERATION)
        connection.execute("COMMIT")
