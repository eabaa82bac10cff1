"""The calling hours in force: the profile's hours and the city's dated orders (S4-7.2b).

An order rules from the later of two instants, the one its document names and the one at which
it was entered, until it is withdrawn. Withdrawn orders are read too: whoever asks about a past
instant hears what held at it, and nothing that happened is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from campaigns.profile.contract import current_profile, parse_interval
from campaigns.profile.models import DatedOrderRow, ProfileVersion
from dialer.calendar.holidays import load_holidays
from dialer.calendar.windows import CallingHours, DatedOrder, Interval
from secure_store.work import UnitOfWork

SEPARATOR = ","
OrderRow = Row[*tuple[Any, ...]]
"""A stored order as a row of its table, without an object."""


_ORDERS = (
    select(*DatedOrderRow.__table__.columns)
    .where(
        or_(DatedOrderRow.receivable.is_(None), DatedOrderRow.receivable == bindparam("receivable"))
    )
    # Later entries replace earlier ones of the same day; the receivable's own come last.
    .order_by(
        DatedOrderRow.receivable.is_not(None),
        DatedOrderRow.entered_at,
        DatedOrderRow.document_no,
        DatedOrderRow.running_no,
    )
)


def calling_hours(work: UnitOfWork, receivable: str | None = None) -> CallingHours:
    """The hours for one receivable, or for the contract. An order for the receivable wins."""
    sources = (ProfileVersion, DatedOrderRow)
    return work.known.once(("hours", receivable), sources, lambda: _hours(work, receivable))


def _hours(work: UnitOfWork, receivable: str | None) -> CallingHours:
    profile = current_profile(work)
    rows = work.run(_ORDERS, {"receivable": receivable})
    return CallingHours(
        weekday=profile.weekday_hours,
        weekend_or_holiday=profile.weekend_hours,
        holidays=load_holidays(),
        orders=_by_day(rows),
    )


def _by_day(rows: Iterable[OrderRow]) -> dict[date, tuple[DatedOrder, ...]]:
    orders: dict[date, tuple[DatedOrder, ...]] = {}
    for row in rows:
        orders[row.day] = (*orders.get(row.day, ()), order_of(row))
    return orders


def order_of(row: DatedOrderRow | OrderRow) -> DatedOrder:
    """A stored order as the rules see it."""
    return DatedOrder(
        row.day,
        intervals_of(row),
        row.document_no,
        starts_at=ruling_from(row),
        ends_at=row.withdrawn_at,
        running_no=row.running_no,
    )


def ruling_from(row: DatedOrderRow | OrderRow) -> datetime:
    """The instant from which an order rules its day: never before it was entered."""
    first: datetime = max(row.effective_at, row.entered_at)
    return first


def intervals_of(row: DatedOrderRow | OrderRow) -> tuple[Interval, ...]:
    """The hours of a stored order; none closes the day."""
    return tuple(parse_interval(text) for text in row.intervals.split(SEPARATOR) if text)


def interval_text(interval: Interval) -> str:
    """``10:00-12:00``, the stored form."""
    return f"{interval.start:%H:%M}-{interval.end:%H:%M}"


def last_closing(work: UnitOfWork, day: date) -> datetime | None:
    """The end of the last window of a day: the contract's, or a later one that an order gives."""
    ends = [calling_hours(work, one).last_closing(day) for one in (None, *_ordered_for(work, day))]
    return max((end for end in ends if end is not None), default=None)


def _ordered_for(work: UnitOfWork, day: date) -> list[str]:
    """Receivables with an order of their own for the day, a withdrawn one included."""
    query = select(DatedOrderRow.receivable).where(
        DatedOrderRow.day == day, DatedOrderRow.receivable.is_not(None)
    )
    return sorted({str(one) for one in work.session.scalars(query)})


def list_orders(work: UnitOfWork) -> list[DatedOrderRow]:
    """All orders that stand, newest day first."""
    return list(
        work.session.scalars(
            select(DatedOrderRow)
            .where(DatedOrderRow.withdrawn_at.is_(None))
            .order_by(DatedOrderRow.day.desc(), DatedOrderRow.entered_at.desc())
        )
    )
