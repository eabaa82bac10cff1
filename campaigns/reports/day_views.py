"""The closed days as screens and the command line show them: state, due time, files, hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from campaigns.calling.day_close import DailyClose, DayState
from campaigns.errors import DayNotClosed
from campaigns.reports.pack_store import PackFileView, pack_files
from secure_store.access import Permission, require
from secure_store.models import Transfer, TransferDirection
from secure_store.work import UnitOfWork

UNSIGNED = (DayState.CLOSED, DayState.BUILT)


@dataclass(frozen=True, slots=True)
class DayView:
    """One business day's delivery."""

    business_day: date
    state: DayState
    closed_at: datetime
    closed_by: str
    due_at: datetime
    is_late: bool
    signed_at: datetime | None
    signed_by: str | None
    placed_at: datetime | None
    placed_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    receipt_no: str | None
    files: tuple[PackFileView, ...]


def day_row(work: UnitOfWork, day: date) -> DailyClose:
    """The row of a closed day, locked when the work writes. Raises DayNotClosed."""
    # A reading unit of work may not lock rows, and need not.
    row = work.session.get(DailyClose, day, with_for_update=not work.readonly or None)
    if row is None:
        raise DayNotClosed(day=day.isoformat())
    return row


def view_of_day(work: UnitOfWork, row: DailyClose) -> DayView:
    """The day as this person may see it: files of receivables not granted are left out."""
    late_now = row.confirmed_at is None and work.now > row.due_at
    late_then = row.confirmed_at is not None and row.confirmed_at > row.due_at
    return DayView(
        business_day=row.business_day,
        state=row.state,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        due_at=row.due_at,
        is_late=late_now or late_then,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        placed_at=row.placed_at,
        placed_by=_placed_by(work, row),
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        receipt_no=row.receipt_no,
        files=tuple(
            file
            for file in pack_files(work, row.business_day)
            if file.receivable is None or work.actor.sees(file.receivable)
        ),
    )


def _placed_by(work: UnitOfWork, row: DailyClose) -> str | None:
    if row.placed_at is None:
        return None
    return work.session.scalar(
        select(Transfer.by)
        .where(
            Transfer.direction == TransferDirection.PLACED,
            Transfer.name == f"{row.business_day:%Y%m%d}",
        )
        .order_by(Transfer.at.desc())
        .limit(1)
    )


def list_days(
    work: UnitOfWork, limit: int = 60, until: date | None = None, sent: bool = False
) -> list[DayView]:
    """The closed days, newest first; files only of this person's receivables.

    ``until``: the newest day wanted; ``sent``: only days whose pack was signed.
    """
    require(work.actor, Permission.READ_DAILY_FILES)
    query = select(DailyClose).order_by(DailyClose.business_day.desc()).limit(limit)
    if until is not None:
        query = query.where(DailyClose.business_day <= until)
    if sent:
        query = query.where(DailyClose.state.not_in(UNSIGNED))
    return [view_of_day(work, row) for row in work.session.scalars(query)]


def get_day(work: UnitOfWork, day: date) -> DayView:
    """One closed day. Raises DayNotClosed."""
    require(work.actor, Permission.READ_DAILY_FILES)
    return view_of_day(work, day_row(work, day))


def closed_days(work: UnitOfWork, since: date) -> frozenset[date]:
    """The days from this one on that are closed."""
    require(work.actor, Permission.READ_DAILY_FILES)
    query = select(DailyClose.business_day).where(DailyClose.business_day >= since)
    return frozenset(work.session.scalars(query))
