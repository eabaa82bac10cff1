"""The built files of a day: sealed each under a key of its own, listed with their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import func, select

from campaigns.reports.models import DailyPackFile
from secure_store.audit.tags import Tag
from secure_store.models import FileKind
from secure_store.sealing.vault import FileLabel, vault_of
from secure_store.work import UnitOfWork

NIPPO = "NIPPO"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file in memory, before it is sealed. ``rows`` without header."""

    kind: str
    name: str
    content: bytes = field(repr=False)
    rows: int
    receivable: str | None = None
    campaign_code: str | None = None

    @property
    def sha256(self) -> str:
        """Digest of the clear content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class PackFileView:
    """One file of a pack, without its content."""

    kind: str
    name: str
    sha256: str
    rows: int
    size: int
    receivable: str | None
    campaign_code: str | None
    built_at: datetime
    is_readable: bool


def seal_pack(work: UnitOfWork, day: date, revision: int, files: Sequence[BuiltFile]) -> None:
    """Puts every file into the vault and lists it."""
    vault = vault_of(work)
    for file in files:
        label = FileLabel(FileKind.DAILY_PACK, file.name, file.receivable, file.campaign_code)
        sealed_id = vault.put(label, file.content)
        work.session.add(
            DailyPackFile(
                id=uuid4(),
                business_day=day,
                revision=revision,
                kind=file.kind,
                campaign_code=file.campaign_code,
                name=file.name,
                sha256=file.sha256,
                rows=file.rows,
                sealed_file_id=sealed_id,
                built_at=work.now,
            )
        )
        work.audit(
            Tag.DAILY_BUILT,
            receivable=file.receivable,
            batch=file.campaign_code,
            object_kind="pack_file",
            object_id=sealed_id,
            count=file.rows,
            ref=file.sha256,
        )
    work.session.flush()


def newest_revision(work: UnitOfWork, day: date) -> int:
    """The number of the newest pack of a day, 0 when none was built."""
    return (
        work.session.scalar(
            select(func.max(DailyPackFile.revision)).where(DailyPackFile.business_day == day)
        )
        or 0
    )


def _rows(work: UnitOfWork, day: date) -> list[DailyPackFile]:
    revision = newest_revision(work, day)
    return list(
        work.session.scalars(
            select(DailyPackFile)
            .where(DailyPackFile.business_day == day, DailyPackFile.revision == revision)
            .order_by(DailyPackFile.name)
        )
    )


def pack_files(work: UnitOfWork, day: date) -> list[PackFileView]:
    """The files of a day's newest pack."""
    vault = vault_of(work)
    views = []
    for row in _rows(work, day):
        facts = vault.facts(row.sealed_file_id)
        views.append(
            PackFileView(
                row.kind,
                row.name,
                row.sha256,
                row.rows,
                facts.size,
                facts.receivable,
                row.campaign_code,
                row.built_at,
                facts.is_readable,
            )
        )
    return views


def clear_contents(work: UnitOfWork, day: date) -> dict[str, bytes]:
    """The clear files of a pack, in memory only. Raises FileGone once a key is destroyed."""
    vault = vault_of(work)
    return {row.name: vault.get(row.sealed_file_id) for row in _rows(work, day)}


def clear_content(work: UnitOfWork, day: date, name: str) -> tuple[PackFileView, bytes]:
    """One file of a pack. Raises NotFound, FileGone."""
    vault = vault_of(work)
    for row, view in zip(_rows(work, day), pack_files(work, day), strict=True):
        if row.name == name:
            return view, vault.get(row.sealed_file_id)
    raise vault.missing()


def sealed_contents(work: UnitOfWork, day: date) -> dict[str, bytes]:
    """The same files as they lie sealed, for the exchange folder."""
    vault = vault_of(work)
    return {row.name: vault.sealed_bytes(row.sealed_file_id) for row in _rows(work, day)}


def destroy_pack(work: UnitOfWork, day: date) -> int:
    """Destroys the keys of a confirmed pack; names and digests stay (decision 3)."""
    vault = vault_of(work)
    rows = list(
        work.session.scalars(select(DailyPackFile).where(DailyPackFile.business_day == day))
    )
    for row in rows:
        vault.destroy(row.sealed_file_id)
    return len(rows)
