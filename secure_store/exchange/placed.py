"""What went out: daily packs placed and confirmed, as the log of transfers shows them (S4-8.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from secure_store.access import Permission, require
from secure_store.models import Transfer, TransferDirection
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TransferView:
    """One line of the log."""

    direction: TransferDirection
    receivable: str | None
    name: str
    receipt_no: str | None
    at: datetime
    by: str


def list_placed(work: UnitOfWork) -> list[TransferView]:
    """What was placed for the city and confirmed by it, newest first."""
    require(work.actor, Permission.SEE_TRANSFERS)
    rows = work.session.scalars(
        select(Transfer)
        .where(Transfer.direction != TransferDirection.RECEIVED)
        .order_by(Transfer.at.desc())
    )
    return [
        TransferView(row.direction, row.receivable, row.name, row.receipt_no, row.at, row.by)
        for row in rows
    ]
