"""Whole files, each sealed under a key of its own (decision 3). Clear bytes never touch the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.models import FileKind, SealedFile
from secure_store.sealing import aead
from secure_store.sealing.installed import installed_of
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.scopes import BatchScope, Context
from secure_store.work import UnitOfWork

SUFFIX = ".sealed"


@dataclass(frozen=True, slots=True)
class FileLabel:
    """What a sealed file is: kind, name made of codes, and which campaign it belongs to.

    ``subject_id``: the one row it is about (a recording of a call), and with which it is erased.
    """

    kind: FileKind
    name: str
    receivable: str | None = None
    campaign_code: str | None = None
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What may be known of a sealed file without opening it."""

    size: int
    sha256: str
    receivable: str | None
    is_readable: bool


class FileGone(NotFound):
    """The file's key was destroyed; its digest stays, its content does not."""

    code = "file_gone"


def _context(contract: str, file_id: UUID, kind: FileKind) -> Context:
    return Context(BatchScope(contract, "ALL", "files"), "sealed_file", file_id, kind.value, 1)


def _write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """Whole or not at all, on the medium when it returns (I6)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.writelines(pieces)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(partial, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Vault:
    """Puts, gets and destroys sealed files inside one unit of work."""

    def __init__(self, work: UnitOfWork, keyring: KeyRing, contract: str, folder: Path) -> None:
        self._work = work
        self._keyring = keyring
        self._contract = contract
        self._folder = folder

    def put(self, label: FileLabel, content: bytes) -> UUID:
        """Seals a file. The key is written before the file, the file before its row."""
        file_id = uuid4()
        # Bound to its campaign: erasing the campaign or its receivable reaches this key too.
        scope = None
        if label.receivable and label.campaign_code:
            scope = BatchScope(self._contract, label.receivable, label.campaign_code)
        key = self._keyring.file_key_create(file_id, self._work.now, scope)
        context = _context(self._contract, file_id, label.kind)
        name = f"{file_id}{SUFFIX}"
        pieces = aead.seal_pieces(key, aead.key_id_of(key), context, content)
        _write_new(self._folder / name, pieces)
        self._work.session.add(
            SealedFile(
                id=file_id,
                kind=label.kind,
                name=label.name,
                receivable=label.receivable,
                campaign_code=label.campaign_code,
                subject_id=label.subject_id,
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                path=name,
                created_at=self._work.now,
            )
        )
        self._work.session.flush()
        return file_id

    def get(self, file_id: UUID) -> bytes:
        """The clear content, in memory only. Raises NotFound, FileGone."""
        row = self._row(file_id)
        if row.key_destroyed_at is not None:
            raise FileGone
        key = self._keyring.file_key(file_id)
        sealed = (self._folder / row.path).read_bytes()
        context = _context(self._contract, file_id, row.kind)
        return aead.open_sealed(key, aead.key_id_of(key), context, sealed)

    def sealed_bytes(self, file_id: UUID) -> bytes:
        """The sealed bytes as they lie on the disk, for the outbound folder."""
        row = self._row(file_id)
        if row.key_destroyed_at is not None:
            raise FileGone
        return (self._folder / row.path).read_bytes()

    def facts(self, file_id: UUID) -> FileFacts:
        """Size, digest and whether the key still lives. Raises NotFound."""
        row = self._row(file_id)
        return FileFacts(row.size, row.sha256, row.receivable, row.key_destroyed_at is None)

    def missing(self) -> NotFound:
        """The refusal for a file that is not in a list of sealed files."""
        return NotFound(kind="sealed_file")

    def destroy(self, file_id: UUID) -> None:
        """Destroys the key first, then removes the bytes; the digest stays."""
        row = self._row(file_id)
        if row.key_destroyed_at is None:
            self._keyring.destroy_file_key(file_id, self._work.now)
            row.key_destroyed_at = self._work.now
            self._work.audit(
                Tag.KEY_DESTROYED,
                receivable=row.receivable,
                object_kind="sealed_file",
                object_id=file_id,
            )
        (self._folder / row.path).unlink(missing_ok=True)

    def _row(self, file_id: UUID) -> SealedFile:
        row = self._work.session.get(SealedFile, file_id)
        if row is None:
            raise NotFound(kind="sealed_file")
        return row


def vault_of(work: UnitOfWork) -> Vault:
    """The vault of the home this unit of work belongs to."""
    installed = installed_of(work.store)
    return Vault(work, installed.keyring, installed.contract, installed.vault_folder)
