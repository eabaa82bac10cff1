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

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from secure_store.sealing import passphrase as phrase
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.aead import KEY_BYTES, wrap_key
from secure_store.sealing.key_table import ROOT, ROOT_EPOCH, KeyTable
from secure_store.sealing.root import GivenSource, NewRoot, RootSource, source_of
from secure_store.sealing.scopes import KeyKind, KeyLabel

KEY_STORE_FILE = "keys.sqlite3"
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
# Key stores of the first format have no notes; they get the table when they are opened.
_NOTES = """CREATE TABLE IF NOT EXISTS note
(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID"""
_NEXT_GENERATION = "UPDATE header SET generation = generation + 1, stamp = randomblob(16)"


class KeyStore:
    """An opened key store: where it lies, and the root key that opens it."""

    def __init__(
        self,
        path: Path,
        header: phrase.PassphraseHeader,
        root_key: bytes,
        source: Callable[[], RootSource],
    ) -> None:
        self.path = path
        self.contract = header.contract
        self._unlocked = (header, root_key)
        self._source = source
        self._opened = phrase.OpenedForLooks(path)

    @classmethod
    def create(
        cls,
        directory: Path,
        given: GivenSource,
        parameters: phrase.Argon2Parameters,
        contract: str,
        now: datetime,
    ) -> KeyStore:
        """Make the key store of a contract, with its first contract key and its signing key.

        Raises KeyExists when the directory holds one. It appears whole or not at all.
        """
        source = source_of(given)
        root = source().fresh(contract, parameters)
        path = directory / KEY_STORE_FILE
        with phrase.appearing(path) as unnamed:
            _fill(unnamed, root, now)
        return cls(path, root.header, root.root_key, source)

    @classmethod
    def open(cls, directory: Path, given: GivenSource) -> KeyStore:
        """A function given as source is asked again when the root key was rotated meanwhile.

        Raises KeyStoreMissing, KeyStoreExposed, KeyStoreDamaged, WrongPassphrase, KeyFileUnusable.
        """
        path, source = directory / KEY_STORE_FILE, source_of(given)
        with _transaction(path, _READ) as table:
            header, has_notes = table.header(), table.has_notes()
            note = table.note(ROOT) if has_notes else None
        if not has_notes:
            _add_notes(path)
        return cls(path, header, source().root_key(header, note), source)

    @property
    def root_key(self) -> bytes:
        """The root key this process has unlocked."""
        return self._unlocked[1]

    def follow(self, source: Callable[[], RootSource]) -> None:
        """From here on this is read when the root was rotated."""
        self._source = source

    def adopt(self, root: NewRoot) -> None:
        """This process goes on under the root key it has just put in."""
        self._unlocked = (root.header, root.root_key)

    @contextmanager
    def read(self) -> Iterator[KeyTable]:
        """One look at the store. Raises WrongPassphrase when a new root cannot be unlocked."""
        with errors.storage_reasons(), self._opened.look() as connection:
            table = KeyTable(connection)
            self._follow_root(table)
            yield table

    @contextmanager
    def write(self) -> Iterator[KeyTable]:
        """One change of the store: all of it is on the medium at the end, or none."""
        with _transaction(self.path, _WRITE) as table:
            self._follow_root(table)
            yield table
        # Without this a power cut could bring back the journal, and with it the key.
        phrase.sync_directory(self.path.parent)

    def _follow_root(self, table: KeyTable) -> None:
        """Another process may have rotated the root: what we were given is read anew."""
        header = table.header()
        if header != self._unlocked[0]:
            self._unlocked = (header, self._source().root_key(header, table.note(ROOT)))


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


def _add_notes(path: Path) -> None:
    with errors.storage_reasons(), closing(phrase.connect_private(path)) as connection:
        connection.execute(_NOTES)


def _fill(path: Path, root: NewRoot, now: datetime) -> None:
    with errors.storage_reasons(), closing(phrase.connect_private(path)) as connection:
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {_NOTES}")
        table = KeyTable(connection)
        table.set_root(root.header, root.note)
        for kind, name in ((KeyKind.CONTRACT, str(table.epoch)), (KeyKind.SIGNING, "")):
            label, secret = (
                KeyLabel(kind, root.header.contract, name),
                secrets.token_bytes(KEY_BYTES),
            )
            table.insert_if_absent(wrap_key(root.root_key, label, secret, ROOT_EPOCH, now))
        connection.execute(_NEXT_GENERATION)
        connection.execute("COMMIT")
