"""What one backup holds, in one sealed stream: a manifest, the database, the sealed files.

The key store is in no backup, nor the passphrase (S4-16.1-1): a backup opens only beside the key
store that lives, and what was erased there opens in no backup.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, BinaryIO
from uuid import UUID

from secure_store.backups.backup_errors import BackupFailed, BackupUnsound
from secure_store.backups.database_copy import DatabaseCopy
from secure_store.sealing.scopes import DestroyedKey
from secure_store.sealing.sealing_errors import SealBroken
from secure_store.sealing.streams import OpeningReader, SealingWriter
from secure_store.sealing.tombstone_lines import lines_of, stones_of

FORMAT = 1
PURPOSE = "backup"
PART_BYTES = 8 * 1024 * 1024
_MANIFEST, _STONES = "manifest.json", "tombstones.jsonl"
_DATABASE, _FILES = "database", "sealed"
_MOST_MANIFEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``rows`` by table, ``taken_at`` as ISO text."""

    contract: str
    number: str
    taken_at: str
    kind: str
    rows: Mapping[str, int]
    audit_size: int
    files: int
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup that was read to its end and found whole."""

    manifest: Manifest
    tombstones: tuple[DestroyedKey, ...]
    database: Path
    files: tuple[Path, ...]


def write_sealed(
    target: Path,
    key: bytes,
    backup_id: UUID,
    manifest: Manifest,
    tombstones: Iterable[DestroyedKey],
    copy: DatabaseCopy,
    files: Iterable[Path],
) -> tuple[int, str]:
    """Writes a backup whole or not at all; its size and digest. Raises BackupFailed."""
    partial = target.with_suffix(".partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as stream:
            digesting = _Digesting(stream)
            writer = SealingWriter(digesting, key, backup_id, PURPOSE)
            with tarfile.open(mode="w|", fileobj=writer) as tar:
                _add(tar, _MANIFEST, json.dumps(asdict(manifest), sort_keys=True).encode())
                _add(tar, _STONES, lines_of(tombstones))
                _add_parts(tar, copy.path)
                for path in files:
                    tar.add(path, f"{_FILES}/{path.name}", recursive=False)
            writer.finish()
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, target)
        _sync(target.parent)
    except OSError as fault:
        partial.unlink(missing_ok=True)
        raise BackupFailed(reason=os.strerror(fault.errno or 0)) from None
    return digesting.size, digesting.digest.hexdigest()


class _Digesting(io.RawIOBase):
    """Passes bytes on and digests them: the file is not read a second time."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self.digest.update(content)
        self.size += len(content)
        return self._stream.write(content)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _add_parts(tar: tarfile.TarFile, database: Path) -> None:
    with database.open("rb") as stream:
        number = 0
        while part := stream.read(PART_BYTES):
            _add(tar, f"{_DATABASE}/{number:06d}", part)
            number += 1


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unpack(source: BinaryIO, key: bytes, backup_id: UUID, folder: Path) -> Unpacked:
    """Opens a backup into a private folder. Raises BackupUnsound unless every byte is right."""
    with (
        _unsound(),
        tarfile.open(mode="r|", fileobj=OpeningReader(source, key, backup_id, PURPOSE)) as tar,
    ):
        members = iter(tar)
        manifest = _manifest(_content(tar, next(members), _MANIFEST))
        stones = stones_of(_content(tar, next(members), _STONES))
        database, files = folder / "database", []
        (folder / _FILES).mkdir(mode=0o700)
        with database.open("wb") as stream:
            for entry in members:
                into, name = entry.name.split("/")
                opened = tar.extractfile(entry)
                if opened is None:
                    raise BackupUnsound(part="entry")
                if into == _DATABASE:
                    shutil.copyfileobj(opened, stream)
                elif into == _FILES:
                    files.append(_unpacked(opened, folder / _FILES / Path(name).name))
        if len(files) != manifest.files:
            raise BackupUnsound(part="files")
        return Unpacked(manifest, stones, database, tuple(files))


def read_manifest(source: BinaryIO, key: bytes, backup_id: UUID) -> Manifest:
    """The manifest alone. Raises BackupUnsound."""
    with (
        _unsound(),
        tarfile.open(mode="r|", fileobj=OpeningReader(source, key, backup_id, PURPOSE)) as tar,
    ):
        return _manifest(_content(tar, next(iter(tar)), _MANIFEST))


@contextmanager
def _unsound() -> Iterator[None]:
    try:
        yield
    except (SealBroken, tarfile.TarError, StopIteration, ValueError, TypeError, KeyError):
        raise BackupUnsound(part="stream") from None


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo, name: str) -> bytes:
    opened = tar.extractfile(entry) if entry.name == name else None
    if opened is None or entry.size > _MOST_MANIFEST:
        raise BackupUnsound(part=name)
    return opened.read()


def _manifest(raw: bytes) -> Manifest:
    manifest = Manifest(**json.loads(raw))
    if manifest.format != FORMAT:
        raise BackupUnsound(part="format")
    return manifest


def _unpacked(opened: IO[bytes], target: Path) -> Path:
    with target.open("wb") as stream:
        shutil.copyfileobj(opened, stream)
    target.chmod(0o600)
    return target
