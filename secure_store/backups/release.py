"""Puts a home right that was brought back from the past, and opens it again (security.md 5.7).

Every tombstone there is, is applied to the key store, to the rows and to the files, before
anything opens. Each step may be done again: a crash anywhere leaves the home shut.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.backups.adopting import adopt_all
from secure_store.backups.models import BackupSet, Destruction
from secure_store.backups.quarantine import (
    Reason,
    known_tombstones,
    lift,
    note_head,
    note_tombstones,
    reason_to_stay_shut,
)
from secure_store.models import SealedFile
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import DestroyedKey, KeyKind
from secure_store.work import SecureStore, UnitOfWork

PurgeRows = Callable[[SecureStore, Actor, Collection[DestroyedKey], bool], int]


@dataclass(frozen=True, slots=True)
class Released:
    """What putting a home right came to. ``reason`` None: there was nothing to put right."""

    reason: Reason | None
    tombstones: int
    keys_destroyed_again: int
    rows_removed: int
    files_removed: int
    backups_adopted: int


def release(
    store: SecureStore,
    actor: Actor,
    purge: PurgeRows,
    keep: timedelta,
    more: Iterable[DestroyedKey] = (),
) -> Released:
    """Applies the tombstones of the key store, of the database and ``more``, then opens the home.

    Backups on the media that the register does not know are entered, to expire after ``keep``.
    ``purge`` removes rows whose keys are gone and says how many; it is told whether the whole
    contract was erased. Raises ForeignContract for tombstones of another contract.
    """
    keyring = installed_of(store).keyring
    reason = reason_to_stay_shut(store.engine, keyring)
    with store.work(actor, readonly=True) as work:
        known = known_tombstones(work)
    again = keyring.apply_tombstones([*known, *more], store.clock.now())
    stones = keyring.tombstones()
    rows = purge(store, actor, stones, keyring.is_erased())
    with store.work(actor) as work:
        note_tombstones(work)
        files = _files_without_key(work, stones)
        work.audit(
            Tag.SYSTEM_QUARANTINED,
            count=len(stones),
            reason=None if reason is None else f"released_{reason.value}",
        )
    adopted = adopt_all(store, actor, keep)
    note_head(store, is_put_right=True)
    lift(keyring, reason, store.clock.now())
    return Released(reason, len(stones), again, rows, files, adopted)


def _files_without_key(work: UnitOfWork, stones: Collection[DestroyedKey]) -> int:
    """Files and backups whose keys are gone are entered as gone, and their bytes removed."""
    gone = {UUID(s.name): s.destroyed_at for s in stones if s.kind is KeyKind.FILE}
    folder, removed = installed_of(work.store).vault_folder, 0
    for row in work.session.scalars(select(SealedFile)):
        if row.id in gone:
            row.key_destroyed_at = row.key_destroyed_at or gone[row.id]
            path = folder / row.path
            removed += path.exists()
            path.unlink(missing_ok=True)
    for backup in work.session.scalars(select(BackupSet).where(BackupSet.destroyed_at.is_(None))):
        if backup.id in gone:
            backup.destroyed_at, backup.destroyed_by = gone[backup.id], work.actor.code
            backup.destroyed_why = Destruction.EXPIRED
    return removed
