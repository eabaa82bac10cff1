"""Takes a backup, checks one, brings one back. The key store stays apart from all of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.backups import archive, register
from secure_store.backups.adopting import adopt
from secure_store.backups.backup_errors import (
    BackupUnsound,
    MediumHoldsKeys,
    MediumMissing,
)
from secure_store.backups.database_copy import (
    DatabaseCopy,
    check_dump,
    copied,
    count_sqlite,
    private_folder,
    put_back,
)
from secure_store.backups.labels import bears_label, write_label
from secure_store.backups.media import MediumView, usable_medium
from secure_store.backups.quarantine import note_head, note_tombstones, shut
from secure_store.canonical import JST
from secure_store.database import sqlite_path
from secure_store.models import AuditHead
from secure_store.sealing.installed import installed_of
from secure_store.sealing.passphrase import device_differs
from secure_store.sealing.scopes import DestroyedKey
from secure_store.sealing.sealing_errors import KeyMissing, SealBroken
from secure_store.sealing.streams import file_id_of
from secure_store.work import SecureStore


def label_medium(store: SecureStore, medium: MediumView) -> None:
    """Writes the medium's code onto it, so that another one in its place is noticed.

    Raises MediumMissing, MediumHoldsKeys.
    """
    _require_apart(store, medium.folder)
    write_label(store, medium)


def _require_medium(store: SecureStore, medium: MediumView) -> None:
    if not bears_label(store, medium):
        raise MediumMissing(medium=medium.code)
    _require_apart(store, medium.folder)


def _require_apart(store: SecureStore, folder: Path) -> None:
    """Neither the key store nor the database may lie where the backups do; level C does not ask."""
    installed = installed_of(store)
    if installed.accepts_level_c:
        return
    database = sqlite_path(store.engine)
    others = [installed.keyring.store.path, *([Path(database)] if database else [])]
    if not all(device_differs(folder, place) for place in others):
        raise MediumHoldsKeys


def run_backup(
    store: SecureStore, actor: Actor, medium: str, keep: timedelta
) -> register.BackupView:
    """Takes a backup onto a registered medium while the system runs; it expires after ``keep``.

    Raises MediumUnregistered, MediumMissing, MediumHoldsKeys, BackupFailed.
    """
    with store.work(actor) as work:
        place = usable_medium(work, medium)
        note_tombstones(work)
    _require_medium(store, place)
    adopt(store, actor, place, keep)
    with store.work(actor, readonly=True) as work:
        number = register.next_number(work, place.folder)
    keyring, backup_id = installed_of(store).keyring, uuid4()
    key = keyring.file_key_create(backup_id, store.clock.now())
    try:
        written = _write(store, actor, place, number, backup_id, key)
    except BaseException:
        keyring.destroy_file_key(backup_id, store.clock.now())
        raise
    with store.work(actor) as work:
        view = register.enter(work, written, keep)
    note_head(store)
    return view


def _write(
    store: SecureStore,
    actor: Actor,
    place: MediumView,
    number: str,
    backup_id: UUID,
    key: bytes,
) -> register.Written:
    installed = installed_of(store)
    with store.work(actor, readonly=True) as work:
        taken_at, audit_size = work.now, work.session.scalar(select(AuditHead.size)) or 0
    with copied(store.engine, installed.vault_folder.parent) as copy:
        # After the database: a file whose row is in the copy is there, or its key is gone.
        files = sorted(path for path in installed.vault_folder.iterdir() if path.is_file())
        manifest = archive.Manifest(
            contract=installed.contract,
            number=number,
            taken_at=taken_at.astimezone(JST).isoformat(),
            kind=copy.kind,
            rows=copy.rows,
            audit_size=audit_size,
            files=len(files),
        )
        target = place.folder / f"{number}{register.SUFFIX}"
        stones = installed.keyring.tombstones()
        size, digest = archive.write_sealed(target, key, backup_id, manifest, stones, copy, files)
    rows = sum(copy.rows.values())
    return register.Written(backup_id, number, place.code, size, digest, rows, audit_size)


def verify_backup(store: SecureStore, actor: Actor, number: str) -> register.BackupView:
    """Opens a backup to its last byte and compares it with its manifest; notes the result.

    Raises BackupUnsound after it was noted, MediumMissing.
    """
    with store.work(actor, readonly=True) as work:
        view = register.backup(work, number)
    try:
        with opened_backup(store, view.path, view.sha256):
            pass
    except BackupUnsound:
        with store.work(actor) as work:
            register.record_verified(work, number, False)
        raise
    with store.work(actor) as work:
        register.record_verified(work, number, True)
        return register.backup(work, number)


@contextmanager
def opened_backup(
    store: SecureStore, path: Path, sha256: str | None = None
) -> Iterator[archive.Unpacked]:
    """A backup opened beside the home, as long as the block lasts, found whole.

    Raises MediumMissing, BackupUnsound; KeyDestroyed for an expired or erased one.
    """
    installed = installed_of(store)
    try:
        with path.open("rb") as head:
            backup_id = file_id_of(head)
        key = installed.keyring.file_key(backup_id)
    except OSError:
        raise MediumMissing from None
    except (SealBroken, KeyMissing):
        raise BackupUnsound(part="head") from None
    if sha256 is not None and _digest(path) != sha256:
        raise BackupUnsound(part="digest")
    with private_folder(installed.vault_folder.parent) as folder:
        with path.open("rb") as stream:
            unpacked = archive.unpack(stream, key, backup_id, folder)
        _require_same(store, unpacked)
        yield unpacked


def _require_same(store: SecureStore, unpacked: archive.Unpacked) -> None:
    manifest = unpacked.manifest
    kind = store.engine.dialect.name
    if manifest.contract != installed_of(store).contract or manifest.kind != kind:
        raise BackupUnsound(part="manifest")
    if kind == "sqlite":
        if count_sqlite(unpacked.database) != dict(manifest.rows):
            raise BackupUnsound(part="rows")
    else:
        check_dump(store.engine, unpacked.database)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back. The home is shut until ``release``."""

    number: str
    taken_at: str
    rows: int
    files: int
    tombstones: tuple[DestroyedKey, ...]


def restore(store: SecureStore, path: Path) -> Restored:
    """Puts a backup in the place of the database and of missing sealed files, and shuts the home.

    The home is shut before the first byte changes, in every process. Raises as
    ``opened_backup``: then nothing has changed.
    """
    installed = installed_of(store)
    with opened_backup(store, path) as unpacked:
        manifest = unpacked.manifest
        shut(installed.keyring)
        copy = DatabaseCopy(unpacked.database, manifest.kind, manifest.rows)
        put_back(store.engine, copy)
        for file in unpacked.files:
            target = installed.vault_folder / file.name
            if not target.exists():
                os.replace(file, target)
        rows = sum(manifest.rows.values())
        return Restored(
            manifest.number, manifest.taken_at, rows, len(unpacked.files), unpacked.tombstones
        )


def note_restored(store: SecureStore, actor: Actor, restored: Restored) -> None:
    """Writes into the log of the database that came back which backup it is."""
    with store.work(actor) as work:
        work.audit(Tag.BACKUP_RESTORED, count=restored.rows, ref=restored.number)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
