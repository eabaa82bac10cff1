"""The media that backups may lie on: no backup is written anywhere else (S4-16.1-1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from secure_store.audit.tags import Tag
from secure_store.backups.backup_errors import (
    MediumExists,
    MediumInUse,
    MediumInvalid,
    MediumUnregistered,
)
from secure_store.backups.models import BackupMedium, BackupSet
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/:#-]{0,59}")
_LONGEST_FOLDER = 300


@dataclass(frozen=True, slots=True)
class MediumView:
    """A registered medium. ``live`` backups lie on it."""

    code: str
    serial: str
    folder: Path
    registered_at: datetime
    registered_by: str
    retired_at: datetime | None
    live: int


def register_medium(work: UnitOfWork, code: str, serial: str, folder: Path) -> MediumView:
    """Enters a medium. Raises MediumExists, and MediumInvalid naming the unusable fields."""
    place = str(folder)
    wrong = [
        name
        for name, fits in (
            ("code", _CODE.fullmatch(code)),
            ("serial", _SERIAL.fullmatch(serial)),
            ("folder", folder.is_absolute() and len(place) <= _LONGEST_FOLDER),
        )
        if not fits
    ]
    if wrong:
        raise MediumInvalid(fields=",".join(wrong))
    if work.session.get(BackupMedium, code) is not None:
        raise MediumExists(medium=code)
    row = BackupMedium(
        code=code,
        serial=serial,
        folder=place,
        registered_at=work.now,
        registered_by=work.actor.code,
    )
    work.session.add(row)
    work.audit(Tag.MEDIUM_REGISTERED, object_kind="backup_medium", ref=code)
    return _medium_view(row, 0)


def retire_medium(work: UnitOfWork, code: str) -> None:
    """No backup is written to it any more. Raises NotFound, MediumInUse while backups live."""
    row = _medium_row(work, code)
    live = _live(work).get(code, 0)
    if live:
        raise MediumInUse(medium=code, live=live)
    if row.retired_at is None:
        row.retired_at, row.retired_by = work.now, work.actor.code
        work.audit(Tag.MEDIUM_WIPED, object_kind="backup_medium", ref=code)


def media(work: UnitOfWork) -> list[MediumView]:
    """All media, those in use first."""
    live = _live(work)
    rows = work.session.scalars(select(BackupMedium).order_by(BackupMedium.code))
    found = [_medium_view(row, live.get(row.code, 0)) for row in rows]
    return sorted(found, key=lambda view: view.retired_at is not None)


def usable_medium(work: UnitOfWork, code: str) -> MediumView:
    """A medium that may be written to. Raises MediumUnregistered, also for a retired one."""
    row = work.session.get(BackupMedium, code)
    if row is None or row.retired_at is not None:
        raise MediumUnregistered(medium=code)
    return _medium_view(row, 0)


def medium_of(work: UnitOfWork, code: str) -> MediumView:
    """A medium of the register, also a retired one. Raises NotFound."""
    return _medium_view(_medium_row(work, code), 0)


def _medium_row(work: UnitOfWork, code: str) -> BackupMedium:
    row = work.session.get(BackupMedium, code)
    if row is None:
        raise NotFound(kind="backup_medium")
    return row


def _medium_view(row: BackupMedium, live: int) -> MediumView:
    return MediumView(
        row.code,
        row.serial,
        Path(row.folder),
        row.registered_at,
        row.registered_by,
        row.retired_at,
        live,
    )


def _live(work: UnitOfWork) -> dict[str, int]:
    standing = BackupSet.destroyed_at.is_(None)
    query = select(BackupSet.medium, func.count()).where(standing).group_by(BackupSet.medium)
    return {row[0]: row[1] for row in work.session.execute(query)}
