"""Whole lent files: sealed on arrival, their keys destroyed at publication (decision 3)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from campaigns.calling.notice_models import CityNotice
from secure_store.models import FileKind, SealedFile
from secure_store.sealing.vault import FileLabel, vault_of
from secure_store.work import UnitOfWork


def keep_lent_file(
    work: UnitOfWork, receivable: str, campaign_code: str, name: str, content: bytes
) -> UUID:
    """Seals one delivered file under a key of its own."""
    return vault_of(work).put(FileLabel(FileKind.LENT, name, receivable, campaign_code), content)


def read_notice_file(work: UnitOfWork, file_id: UUID) -> bytes:
    """A notice of the city that waits to be applied. Raises NotFound, FileGone."""
    return vault_of(work).get(file_id)


def destroy_notice_file(work: UnitOfWork, file_id: UUID) -> None:
    """Destroys the key of a notice that was applied or given back."""
    vault_of(work).destroy(file_id)


def destroy_lent_files(work: UnitOfWork, campaign_code: str) -> int:
    """Destroys the keys of a campaign's lent files; the rows' boxes hold their bytes now.

    Notices of the city have files of their own, which go when they are applied.
    """
    vault = vault_of(work)
    notices = select(CityNotice.sealed_file_id).where(CityNotice.sealed_file_id.is_not(None))
    files = work.session.scalars(
        select(SealedFile.id).where(
            SealedFile.kind == FileKind.LENT,
            SealedFile.campaign_code == campaign_code,
            SealedFile.key_destroyed_at.is_(None),
            SealedFile.id.not_in(notices),
        )
    ).all()
    for file_id in files:
        vault.destroy(file_id)
    return len(files)
