"""Files on a registered medium that the register does not know: entered, or taken away.

A restored database knows nothing of the backups taken after it, and a crash may come between
the file and its entry. None of them may be forgotten: an erasure counts every copy. What the key
store has never heard of may be somebody's only copy, and stays: unknown is not gone.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.backups.archive import Manifest, read_manifest
from secure_store.backups.backup_errors import BackupUnsound
from secure_store.backups.labels import bears_label
from secure_store.backups.media import MediumView, media
from secure_store.backups.models import BackupSet
from secure_store.backups.register import SUFFIX, Written
from secure_store.sealing.installed import installed_of
from secure_store.sealing.sealing_errors import KeyDestroyed, KeyMissing, SealBroken
from secure_store.sealing.streams import file_id_of
from secure_store.work import SecureStore, UnitOfWork


def adopt_all(store: SecureStore, actor: Actor, keep: timedelta) -> int:
    """Looks at every medium at hand; how many backups were entered that were not known."""
    with store.work(actor, readonly=True) as work:
        known = [medium for medium in media(work) if medium.retired_at is None]
    places = [medium for medium in known if bears_label(store, medium)]
    return sum(adopt(store, actor, place, keep) for place in places)


def adopt(store: SecureStore, actor: Actor, place: MediumView, keep: timedelta) -> int:
    """Enters what opens, and removes what was destroyed or never finished."""
    with store.work(actor, readonly=True) as work:
        known = set(work.session.scalars(select(BackupSet.number)))
    for partial in place.folder.glob("*.partial"):
        _remove(store, partial)
    found = 0
    for path in sorted(place.folder.glob(f"*{SUFFIX}")):
        if path.name.removesuffix(SUFFIX) in known:
            continue
        try:
            written, manifest = _read(store, place, path)
        except KeyDestroyed:
            path.unlink(missing_ok=True)
            continue
        except (BackupUnsound, KeyMissing, SealBroken):
            continue
        with store.work(actor) as work:
            _enter(work, written, manifest, keep)
        found += 1
    return found


def _read(store: SecureStore, place: MediumView, path: Path) -> tuple[Written, Manifest]:
    with path.open("rb") as stream:
        backup_id = file_id_of(stream)
        key = installed_of(store).keyring.file_key(backup_id)
        stream.seek(0)
        manifest = read_manifest(stream, key, backup_id)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    rows = sum(manifest.rows.values())
    size = path.stat().st_size
    number = path.name.removesuffix(SUFFIX)
    if number != manifest.number:
        raise BackupUnsound(part="number")
    written = Written(backup_id, number, place.code, size, digest, rows, manifest.audit_size)
    return written, manifest


def _enter(work: UnitOfWork, written: Written, manifest: Manifest, keep: timedelta) -> None:
    taken_at = datetime.fromisoformat(manifest.taken_at)
    work.session.add(
        BackupSet(
            id=written.id,
            number=written.number,
            medium=written.medium,
            taken_at=taken_at,
            taken_by=work.actor.code,
            size=written.size,
            sha256=written.sha256,
            rows=written.rows,
            audit_size=written.audit_size,
            expires_at=taken_at + keep,
        )
    )
    work.audit(
        Tag.BACKUP_RUN,
        object_kind="backup",
        object_id=written.id,
        count=written.rows,
        ref=written.number,
        reason="adopted",
    )


def _remove(store: SecureStore, path: Path) -> None:
    with suppress(SealBroken, KeyMissing), path.open("rb") as stream:
        installed_of(store).keyring.destroy_file_key(file_id_of(stream), store.clock.now())
    path.unlink(missing_ok=True)
