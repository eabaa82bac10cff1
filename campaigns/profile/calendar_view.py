"""The calendar of calling hours as a screen shows it, and the life of dated orders (S4-7.2b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns.errors import OrderDayPast
from campaigns.profile.contract import parse_interval
from campaigns.profile.hours import SEPARATOR, calling_hours
from campaigns.profile.models import DatedOrderRow
from dialer.calendar.holidays import DayKind, business_day, day_kind, load_holidays
from dialer.calendar.windows import Interval
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day: ``kind`` None when the holiday table does not reach its year.

    ``document_no`` names the order that decides the day, None when the usual hours do.
    """

    day: date
    kind: DayKind | None
    holiday: str | None
    intervals: tuple[Interval, ...]
    minutes: int
    document_no: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order of the city; no intervals mean a closed day. Withdrawn ones stay on record."""

    id: UUID
    day: date
    receivable: str | None
    intervals: tuple[Interval, ...]
    document_no: str
    entered_at: datetime
    entered_by: str
    withdrawn_at: datetime | None


def month_hours(work: UnitOfWork, month: date, receivable: str | None = None) -> list[DayHours]:
    """Every day of the month of ``month``, for one receivable or for the contract."""
    hours = calling_hours(work, receivable)
    table = load_holidays()
    days = []
    day = month.replace(day=1)
    while day.month == month.month:
        order = hours.orders.get(day)
        covered = table.covers(day.year)
        days.append(
            DayHours(
                day=day,
                kind=day_kind(day, table) if covered else None,
                holiday=table.name_of(day),
                intervals=tuple(
                    Interval(start.time(), end.time()) for start, end in hours.windows_on(day)
                ),
                minutes=hours.callable_minutes(day),
                document_no=order.document_no if order and covered else None,
            )
        )
        day += ONE_DAY
    return days


def order_history(work: UnitOfWork) -> list[OrderView]:
    """All orders ever entered, newest day first, withdrawn ones included."""
    require(work.actor, Permission.ORDER_HOURS)
    rows = work.session.scalars(
        select(DatedOrderRow).order_by(DatedOrderRow.day.desc(), DatedOrderRow.entered_at.desc())
    )
    return [_view(row) for row in rows]


def _view(row: DatedOrderRow) -> OrderView:
    texts = [text for text in row.intervals.split(SEPARATOR) if text]
    return OrderView(
        row.id,
        row.day,
        row.receivable,
        tuple(parse_interval(text) for text in texts),
        row.document_no,
        row.entered_at,
        row.entered_by,
        row.withdrawn_at,
    )


def withdraw_order(work: UnitOfWork, order_id: UUID) -> date:
    """Takes back an order that was entered; the hours before it hold again from this commit on.

    Returns its day. Raises NotFound, and OrderDayPast: calls were made by what stood that day.
    """
    require(work.actor, Permission.ORDER_HOURS)
    row = work.session.get(DatedOrderRow, order_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise NotFound(kind="dated_order")
    if row.day < business_day(work.now):
        raise OrderDayPast(day=row.day.isoformat())
    row.withdrawn_at = work.now
    work.audit(
        Tag.WINDOW_ORDERED,
        receivable=row.receivable,
        object_kind="dated_order",
        object_id=row.id,
        reason="withdrawn",
    )
    return row.day
