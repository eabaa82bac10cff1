"""Whether the backups are as fresh as they must be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from secure_store.backups.media import media
from secure_store.backups.register import BackupView, live_backups
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class BackupHealth:
    """``is_late``: media are registered, and the newest backup is older than it may be.

    ``is_missing``: no medium is registered, so nothing is backed up at all.
    """

    newest: BackupView | None
    last_verified_at: datetime | None
    is_late: bool
    is_missing: bool


def newest_backup(work: UnitOfWork) -> BackupView | None:
    """The newest backup whose key stands, or None."""
    return max(live_backups(work), key=lambda view: view.taken_at, default=None)


def backup_health(work: UnitOfWork, longest: timedelta) -> BackupHealth:
    """The state of the backups now; ``longest`` is the oldest the newest one may be."""
    newest, usable = newest_backup(work), [m for m in media(work) if m.retired_at is None]
    verified = [view.verified_at for view in live_backups(work) if view.is_sound]
    too_old = newest is None or work.now - newest.taken_at > longest
    return BackupHealth(
        newest,
        max((at for at in verified if at is not None), default=None),
        is_late=bool(usable) and too_old,
        is_missing=not usable,
    )
