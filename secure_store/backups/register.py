"""The register of backups (S4-16.1-1): on which media they may lie, which live, which are gone.

Every backup holds the whole contract, so every erasure counts all that were taken before it.
Destroying a backup takes its key away first; the file goes when its medium is at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from secure_store.audit.tags import Tag
from secure_store.backups.labels import bears_label
from secure_store.backups.media import medium_of
from secure_store.backups.models import BackupMedium, BackupSet, Destruction
from secure_store.canonical import JST
from secure_store.errors import NotFound
from secure_store.sealing.installed import installed_of
from secure_store.sealing.sealing_errors import KeyMissing
from secure_store.work import UnitOfWork

SUFFIX = ".dialer-backup"
_ALL_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BackupView:
    """One backup as screens and other rooms see it; ``sha256`` is that of the sealed file.

    ``is_sound`` is None until it was verified. ``destroyed_why``: expired, erasure, unusable.
    """

    id: UUID
    number: str
    medium: str
    serial: str
    path: Path
    taken_at: datetime
    taken_by: str
    size: int
    sha256: str
    rows: int
    audit_size: int
    expires_at: datetime
    verified_at: datetime | None
    is_sound: bool | None
    destroyed_at: datetime | None
    destroyed_why: Destruction | None
    is_file_removed: bool


def next_number(work: UnitOfWork, folder: Path) -> str:
    """``B-20220915-001``: the next number of the day in Tokyo.

    Files in the folder that the register does not know keep their names.
    """
    prefix = f"B-{work.now.astimezone(JST):%Y%m%d}-"
    known = work.session.scalars(
        select(BackupSet.number).where(BackupSet.number.startswith(prefix))
    )
    lying = (path.name.removesuffix(SUFFIX) for path in folder.glob(f"{prefix}[0-9]*{SUFFIX}"))
    used = [*known, *(number for number in lying if number.removeprefix(prefix).isdigit())]
    newest = max((int(number.removeprefix(prefix)) for number in used), default=0)
    return f"{prefix}{newest + 1:03d}"


@dataclass(frozen=True, slots=True)
class Written:
    """A backup file that lies complete on its medium. ``rows``: of all tables together."""

    id: UUID
    number: str
    medium: str
    size: int
    sha256: str
    rows: int
    audit_size: int


def enter(work: UnitOfWork, written: Written, keep: timedelta) -> BackupView:
    """Enters a backup that was written; it expires after ``keep``."""
    row = BackupSet(
        id=written.id,
        number=written.number,
        medium=written.medium,
        taken_at=work.now,
        taken_by=work.actor.code,
        size=written.size,
        sha256=written.sha256,
        rows=written.rows,
        audit_size=written.audit_size,
        expires_at=work.now + keep,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(
        Tag.BACKUP_RUN,
        object_kind="backup",
        object_id=row.id,
        count=row.rows,
        ref=row.number,
    )
    return backup(work, row.number)


def live_backups(work: UnitOfWork, taken_before: datetime | None = None) -> list[BackupView]:
    """The backups whose keys still stand, oldest first; all of them hold the whole contract."""
    query = select(BackupSet).where(BackupSet.destroyed_at.is_(None))
    if taken_before is not None:
        query = query.where(BackupSet.taken_at <= taken_before)
    return _views(work, list(work.session.scalars(query.order_by(BackupSet.number))))


def all_backups(work: UnitOfWork, most: int = 200) -> list[BackupView]:
    """The newest backups of the register, also those that are gone."""
    query = select(BackupSet).order_by(BackupSet.taken_at.desc(), BackupSet.number.desc())
    return _views(work, list(work.session.scalars(query.limit(most))))


def backup(work: UnitOfWork, number: str) -> BackupView:
    """One backup by its number. Raises NotFound."""
    row = work.session.scalar(select(BackupSet).where(BackupSet.number == number))
    if row is None:
        raise NotFound(kind="backup")
    return _views(work, [row])[0]


def _views(work: UnitOfWork, rows: Sequence[BackupSet]) -> list[BackupView]:
    known = {row.code: row for row in work.session.scalars(select(BackupMedium))}
    return [_view(row, known[row.medium]) for row in rows]


def _view(row: BackupSet, medium: BackupMedium) -> BackupView:
    return BackupView(
        row.id,
        row.number,
        row.medium,
        medium.serial,
        Path(medium.folder) / f"{row.number}{SUFFIX}",
        row.taken_at,
        row.taken_by,
        row.size,
        row.sha256,
        row.rows,
        row.audit_size,
        row.expires_at,
        row.verified_at,
        row.is_sound,
        row.destroyed_at,
        row.destroyed_why,
        row.is_file_removed,
    )


def record_verified(work: UnitOfWork, number: str, is_sound: bool) -> None:
    """Writes down what a verification found."""
    row = _locked(work, backup(work, number).id)
    row.verified_at, row.is_sound = work.now, is_sound
    work.audit(
        Tag.BACKUP_VERIFIED,
        object_kind="backup",
        object_id=row.id,
        ref=row.number,
        reason=None if is_sound else "not_sound",
    )


def record_destroyed(work: UnitOfWork, backup_id: UUID, why: Destruction) -> BackupView:
    """Destroys a backup: its key first, then its file if the medium is at hand.

    Doing it again changes nothing but takes a file away that could not be reached before.
    Raises NotFound.
    """
    row = _locked(work, backup_id)
    view = backup(work, row.number)
    if row.destroyed_at is None:
        with suppress(KeyMissing):  # an older key store was restored: it opens no more either
            installed_of(work.store).keyring.destroy_file_key(row.id, work.now)
        row.destroyed_at, row.destroyed_by = work.now, work.actor.code
        row.destroyed_why = why
        work.audit(
            Tag.BACKUP_EXPIRED,
            object_kind="backup",
            object_id=row.id,
            ref=row.number,
            reason=why.value,
        )
    # An empty mount point is no medium: what was not seen to go is not gone.
    if not row.is_file_removed and bears_label(work.store, medium_of(work, row.medium)):
        view.path.unlink(missing_ok=True)
        row.is_file_removed = True
    work.session.flush()
    return backup(work, row.number)


def expire(work: UnitOfWork) -> int:
    """Destroys the backups whose days are over; how many. Files left behind are tried again.

    Of the days before the last 24 hours only the last set of each day is kept.
    """
    live = live_backups(work)
    over = [
        view for view in live if view.expires_at <= work.now or view in _thinned(live, work.now)
    ]
    left = work.session.scalars(
        select(BackupSet).where(
            BackupSet.destroyed_at.is_not(None), BackupSet.is_file_removed.is_(False)
        )
    )
    again = [(row.id, row.destroyed_why or Destruction.EXPIRED) for row in left]
    for backup_id, why in [*((view.id, Destruction.EXPIRED) for view in over), *again]:
        record_destroyed(work, backup_id, why)
    return len(over)


def _thinned(live: Sequence[BackupView], now: datetime) -> list[BackupView]:
    older = [view for view in live if now - view.taken_at > _ALL_KEPT]
    last = {view.taken_at.astimezone(JST).date(): view for view in older}  # oldest first
    return [view for view in older if last[view.taken_at.astimezone(JST).date()] is not view]


def _locked(work: UnitOfWork, backup_id: UUID) -> BackupSet:
    row = work.session.get(BackupSet, backup_id, with_for_update=True)
    if row is None:
        raise NotFound(kind="backup")
    return row
