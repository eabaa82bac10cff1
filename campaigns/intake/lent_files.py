"""Whole lent files: sealed on arrival, their keys destroyed at publication (decision 3)."""

from __future__ import annotations

from sqlalchemy import select

from secure_store.models import FileKind, SealedFile
from secure_store.sealing.vault import FileLabel, vault_of
from secure_store.work import UnitOfWork


def keep_lent_file(
    work: UnitOfWork, receivable: str, campaign_code: str, name: str, content: bytes
) -> None:
    """Seals one delivered file under a key of its own."""
    vault_of(work).put(FileLabel(FileKind.LENT, name, receivable, campaign_code), content)


def destroy_lent_files(work: UnitOfWork, campaign_code: str) -> int:
    """Destroys the keys of a campaign's lent files; the rows' boxes hold their bytes now."""
    vault = vault_of(work)
    files = work.session.scalars(
        select(SealedFile.id).where(
            SealedFile.kind == FileKind.LENT,
            SealedFile.campaign_code == campaign_code,
            SealedFile.key_destroyed_at.is_(None),
        )
    ).all()
    for file_id in files:
        vault.destroy(file_id)
    return len(files)
