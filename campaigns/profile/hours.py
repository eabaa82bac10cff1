"""The calling hours in force: the profile's hours and the city's dated orders (S4-7.2b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from campaigns.profile.contract import current_profile, parse_interval
from campaigns.profile.models import DatedOrderRow
from dialer.calendar.holidays import load_holidays
from dialer.calendar.windows import CallingHours, DatedOrder, Interval
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

SEPARATOR = ","


def calling_hours(work: UnitOfWork, receivable: str | None = None) -> CallingHours:
    """The hours for one receivable, or for the contract. An order for the receivable wins."""
    profile = current_profile(work)
    rows = work.session.scalars(
        select(DatedOrderRow)
        .where(
            DatedOrderRow.withdrawn_at.is_(None),
            or_(DatedOrderRow.receivable.is_(None), DatedOrderRow.receivable == receivable),
        )
        # Later entries replace earlier ones of the same day; the receivable's own come last.
        .order_by(DatedOrderRow.receivable.is_not(None), DatedOrderRow.entered_at)
    )
    orders = {row.day: _order(row) for row in rows}
    return CallingHours(
        weekday=profile.weekday_hours,
        weekend_or_holiday=profile.weekend_hours,
        holidays=load_holidays(),
        orders=orders,
    )


def _order(row: DatedOrderRow) -> DatedOrder:
    texts = [text for text in row.intervals.split(SEPARATOR) if text]
    return DatedOrder(row.day, tuple(parse_interval(text) for text in texts), row.document_no)


def last_closing(work: UnitOfWork, day: date) -> datetime | None:
    """The end of the last window of a day: the contract's, or a later one that an order gives."""
    ordered = {order.receivable for order in list_orders(work) if order.day == day}
    ends = [calling_hours(work, one).last_closing(day) for one in (None, *(ordered - {None}))]
    return max((end for end in ends if end is not None), default=None)


def interval_text(interval: Interval) -> str:
    """``10:00-12:00``, the stored form."""
    return f"{interval.start:%H:%M}-{interval.end:%H:%M}"


def enter_order(
    work: UnitOfWork,
    day: date,
    intervals: Sequence[Interval],
    document_no: str,
    receivable: str | None = None,
) -> UUID:
    """The city's order for one date; no interval at all closes the day."""
    require(work.actor, Permission.ORDER_HOURS)
    row = DatedOrderRow(
        id=uuid4(),
        day=day,
        receivable=receivable,
        intervals=SEPARATOR.join(interval_text(interval) for interval in intervals),
        document_no=document_no,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(
        Tag.WINDOW_ORDERED, receivable=receivable, object_kind="dated_order", object_id=row.id
    )
    return row.id


def list_orders(work: UnitOfWork) -> list[DatedOrderRow]:
    """All orders that stand, newest day first."""
    return list(
        work.session.scalars(
            select(DatedOrderRow)
            .where(DatedOrderRow.withdrawn_at.is_(None))
            .order_by(DatedOrderRow.day.desc(), DatedOrderRow.entered_at.desc())
        )
    )
