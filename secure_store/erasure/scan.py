"""The scans before and after an erasure: what opens, and what lies about in the clear.

Before: everything sealed in the scope must open (the positive control), and real values must
not be found outside of the boxes. After: nothing opens any more, with no key there is, and
neither a sealed value nor a check value of a key is left in the database (security.md 5.8).
Opened values never leave this module.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from secure_store.access import Actor
from secure_store.database import Base, sqlite_path
from secure_store.errors import Unavailable
from secure_store.models import SealedFile
from secure_store.sealing.cipher import Box, Cipher, cipher_of_store
from secure_store.sealing.installed import installed_of
from secure_store.sealing.sealing_errors import KeyDestroyed, KeyMissing, SealBroken
from secure_store.sealing.vault import vault_of
from secure_store.work import SecureStore, UnitOfWork

CANARY_TABLE = "erasure"
CANARY_GROUP = "canary"
ENCODINGS = ("UTF-8", "UTF-16LE", "UTF-16BE", "CP932", "EUC-JP", "BASE64", "HEX")
_TEXT_CODECS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp")
# Shorter patterns turn up by chance in encrypted bytes.
MIN_PATTERN = 8
_CHUNK = 4 * 1024 * 1024
_ROWS = 500
# Nonce and commitment: what a sealed value shares with no other.
_FINGERPRINT = slice(11, 39)
_DOES_NOT_OPEN = (KeyDestroyed, KeyMissing, SealBroken)


class ScanBlind(Unavailable):
    """The search did not find what is known to be there, so its result would mean nothing."""

    code = "scan_blind"


@dataclass(frozen=True, slots=True)
class SealedCell:
    """One sealed value and the place it was sealed for. ``key_row`` is the case it belongs to."""

    receivable: str
    batch: str
    key_row: UUID
    table: str
    row_id: UUID
    group: str
    version: int
    sealed: bytes = field(repr=False)

    def fingerprint(self) -> bytes:
        return self.sealed[_FINGERPRINT]

    def to_document(self) -> list[Any]:
        place = [self.receivable, self.batch, str(self.key_row), self.table, str(self.row_id)]
        return [*place, self.group, self.version, base64.b64encode(self.sealed).decode()]

    @classmethod
    def from_document(cls, raw: Sequence[Any]) -> SealedCell:
        receivable, batch, key_row, table, row_id, group, version, sealed = raw
        rows = (UUID(key_row), table, UUID(row_id))
        return cls(receivable, batch, *rows, group, version, base64.b64decode(sealed))


@dataclass(frozen=True, slots=True)
class Search:
    """Where was searched, how many bytes, and how many different patterns were met."""

    sought: int
    hits: int
    bytes_scanned: int
    paths: tuple[str, ...]


def seal_canary(store: SecureStore, receivable: str, batch: str, key_row: UUID) -> SealedCell:
    """A random value sealed under the real key of a case, to be found unreadable later."""
    cipher, row_id = cipher_of_store(store), uuid4()
    box = Box(CANARY_TABLE, row_id, CANARY_GROUP, 1)
    value = (secrets.token_bytes(32),)
    sealed = cipher.seal(cipher.scope(receivable, batch), key_row, box, value)
    return SealedCell(receivable, batch, key_row, CANARY_TABLE, row_id, CANARY_GROUP, 1, sealed)


def opens(store: SecureStore, cells: Iterable[SealedCell]) -> int:
    """How many of the sealed values open with the keys there are now."""
    cipher, opened = cipher_of_store(store), 0
    for _batch, group in groupby(cells, key=lambda cell: (cell.receivable, cell.batch)):
        part = list(group)
        try:
            opened += len(_open_batch(cipher, part))
        except _DOES_NOT_OPEN:  # one is enough to fail them all: each is tried by itself
            opened += sum(_opened_in(cipher, cell) is not None for cell in part)
    return opened


def files_opened(work: UnitOfWork, files: Iterable[SealedFile]) -> int:
    """How many of these whole files give exactly what was sealed."""
    vault, opened = vault_of(work), 0
    for file in files:
        with suppress(SealBroken, KeyDestroyed, OSError):
            opened += hashlib.sha256(vault.get(file.id)).hexdigest() == file.sha256
    return opened


def _open_batch(cipher: Cipher, part: Sequence[SealedCell]) -> list[tuple[bytes, ...]]:
    scope = cipher.scope(part[0].receivable, part[0].batch)
    return cipher.open_many(scope, [(cell.key_row, _box(cell), cell.sealed) for cell in part])


def _box(cell: SealedCell) -> Box:
    return Box(cell.table, cell.row_id, cell.group, cell.version)


def _opened_in(cipher: Cipher, cell: SealedCell) -> tuple[bytes, ...] | None:
    scope = cipher.scope(cell.receivable, cell.batch)
    try:
        return cipher.open(scope, cell.key_row, _box(cell), cell.sealed)
    except _DOES_NOT_OPEN:
        return None


def patterns_of_values(
    store: SecureStore, cells: Sequence[SealedCell], places: Mapping[str, Sequence[int]], codec: str
) -> tuple[int, frozenset[bytes]]:
    """How many real values the cells hold in the named places of their groups, and how these
    would look in the clear, in every encoding. Values too short to be told from chance are left.
    """
    cipher = cipher_of_store(store)
    values: set[str] = set()
    for cell in cells:
        fields = _opened_in(cipher, cell) or ()
        for place in places.get(cell.group, ()):
            if place < len(fields):
                values.add(fields[place].decode(codec).strip('"').replace('""', '"'))
    sought = {value: _patterns(value) for value in values if len(value.encode()) >= MIN_PATTERN}
    return len(sought), frozenset(pattern for found in sought.values() for pattern in found)


def _patterns(value: str) -> Iterator[bytes]:
    plain = value.encode()
    found = [_encoded(value, codec) for codec in _TEXT_CODECS]
    found += [plain.hex().encode(), plain.hex().upper().encode()]
    found += [_base64_inside(plain, shift) for shift in range(3)]
    return (pattern for pattern in found if len(pattern) >= MIN_PATTERN)


def _base64_inside(plain: bytes, shift: int) -> bytes:
    """The characters that show a value in longer text that begins ``shift`` bytes before it."""
    written = base64.b64encode(b"\0" * shift + plain)
    first = (0, 2, 3)[shift]  # the first characters also hold bits of what comes before
    last = (shift + len(plain)) * 8 // 6  # whole characters; the next one holds other bits too
    return written[first:last]


def _encoded(value: str, codec: str) -> bytes:
    try:
        return value.encode(codec)
    except UnicodeEncodeError:
        return b""


def search(store: SecureStore, actor: Actor, patterns: Iterable[bytes], marker: str) -> Search:
    """Searches the database and the folder of sealed files.

    ``marker`` is a text that stands in the database in the clear: a search that does not find
    it has not read what it claims (``ScanBlind``).
    """
    left, wanted = set(patterns), marker.encode()
    sought, scanned, seen = len(left), 0, False
    longest = max((len(pattern) for pattern in left), default=0)
    hits: set[bytes] = set()
    files = _files(store)
    for chunk in _chunks(store, actor, files, max(longest, len(wanted))):
        scanned += len(chunk)
        seen = seen or wanted in chunk
        hits.update(pattern for pattern in left if pattern in chunk)
        left -= hits
    if not seen:
        raise ScanBlind
    return Search(sought, len(hits), scanned, _shown(store, files))


def _files(store: SecureStore) -> list[Path]:
    database = sqlite_path(store.engine)
    beside = [Path(database + tail) for tail in ("", "-wal")] if database else []
    vault = installed_of(store).vault_folder
    return [path for path in (*beside, *sorted(vault.rglob("*"))) if path.is_file()]


def _shown(store: SecureStore, files: Sequence[Path]) -> tuple[str, ...]:
    vault = installed_of(store).vault_folder
    names = [path.name for path in files if vault not in path.parents]
    return (*(names or ["データベースの表"]), f"封印ファイル {len(files) - len(names)}個")


def _chunks(
    store: SecureStore, actor: Actor, files: Sequence[Path], overlap: int
) -> Iterator[bytes]:
    for path in files:
        yield from _file_chunks(path, overlap)
    if sqlite_path(store.engine) is None:
        yield from _table_chunks(store, actor)


def _file_chunks(path: Path, overlap: int) -> Iterator[bytes]:
    tail = b""
    with path.open("rb") as stream:
        while block := stream.read(_CHUNK):
            yield tail + block
            tail = block[-overlap:] if overlap else b""


def _table_chunks(store: SecureStore, actor: Actor) -> Iterator[bytes]:
    """A database server's files are out of reach: every row of every table instead."""
    with store.work(actor, readonly=True) as work:
        for table in Base.metadata.sorted_tables:
            rows = work.session.execute(select(table).execution_options(yield_per=_ROWS))
            for part in rows.partitions(_ROWS):
                yield b"\0".join(_bytes_of(value) for row in part for value in row)


def _bytes_of(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
