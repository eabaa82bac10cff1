"""The city's orders for single days: entered, withdrawn, told (S4-7.2b-3).

``change_hours`` is the only way by which the hours of a day change after the contract; what
must follow from a change (calls promised for an hour that is closed now) hangs on its answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.errors import LateInstruction, OrderDayPast
from campaigns.profile.city_papers import CityPaper, check_paper
from campaigns.profile.hours import SEPARATOR, calling_hours, interval_text, ruling_from
from campaigns.profile.models import DatedOrderRow
from dialer.calendar.holidays import TOKYO, business_day
from dialer.calendar.windows import DatedOrder, HoursDefect, Interval, order_rule
from dialer.errors import CallingHoursInvalid
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

ONE_DAY = timedelta(days=1)


class Lateness(StrEnum):
    """How late an order comes; each must be confirmed by whoever enters it."""

    ON_THE_DAY = "on_the_day"  # after the day before, before the first window opens
    DAY_RUNNING = "day_running"  # windows have been open: what happened in them stays


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Hours for one day; no interval closes it. ``receivable`` None: the whole contract.

    ``effective_at``: the instant the document names, None for the beginning of the day.
    """

    day: date
    intervals: tuple[Interval, ...]
    paper: CityPaper
    receivable: str | None = None
    effective_at: datetime | None = None

    @property
    def takes_effect_at(self) -> datetime:
        return self.effective_at or _midnight(self.day)


@dataclass(frozen=True, slots=True)
class WithdrawnOrder:
    """An order is taken back; what stood before it holds again from this moment."""

    order_id: UUID


@dataclass(frozen=True, slots=True)
class HoursChange:
    """What changed: the hours of ``day``, from ``rules_from`` on, for one receivable or all."""

    order_id: UUID
    day: date
    receivable: str | None
    rules_from: datetime


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=TOKYO)


def lateness_of(day: date, now: datetime, first_opening: datetime | None) -> Lateness | None:
    """Pure: how late an order for ``day`` is at ``now``; None up to the end of the day before.

    ``first_opening``: when the day's first window opens as the hours stand, None when closed.
    """
    if business_day(now) < day:
        return None
    running = first_opening is not None and now >= first_opening
    return Lateness.DAY_RUNNING if running else Lateness.ON_THE_DAY


def change_hours(
    work: UnitOfWork, change: NewOrder | WithdrawnOrder, *, confirmed: bool = False
) -> HoursChange:
    """Enters or withdraws an order of the city; it rules from this commit on.

    Raises NotAllowed (also for a receivable that was not granted), OrderDayPast,
    CityPaperInvalid, CallingHoursInvalid, NotFound, and LateInstruction when an order is late
    and ``confirmed`` is not given.
    """
    require(work.actor, Permission.ORDER_HOURS)
    if isinstance(change, WithdrawnOrder):
        return _withdraw(work, change.order_id)
    return _enter(work, change, confirmed)


def order_lateness(work: UnitOfWork, order: NewOrder) -> Lateness | None:
    """How late this order would be now."""
    windows = calling_hours(work, order.receivable).windows_on(order.day)
    return lateness_of(order.day, work.now, windows[0][0] if windows else None)


def _enter(work: UnitOfWork, order: NewOrder, confirmed: bool) -> HoursChange:
    if order.receivable is not None:
        require_receivable(work.actor, order.receivable)
    _check(order, work.now)
    late = order_lateness(work, order)
    if late is not None and not confirmed:
        raise LateInstruction(lateness=late.value)
    row = DatedOrderRow(
        id=uuid4(),
        day=order.day,
        receivable=order.receivable,
        intervals=SEPARATOR.join(interval_text(interval) for interval in order.intervals),
        document_no=order.paper.document_no,
        running_no=_running_no(work, order),
        signer=order.paper.signer,
        received_on=order.paper.received_on,
        effective_at=order.takes_effect_at,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    _note(work, row, late.value if late else None)
    return HoursChange(row.id, row.day, row.receivable, ruling_from(row))


def _check(order: NewOrder, now: datetime) -> None:
    today = business_day(now)
    if order.day < today:
        raise OrderDayPast(day=order.day.isoformat())
    check_paper(order.paper, today)
    if order.takes_effect_at >= _midnight(order.day + ONE_DAY):
        raise CallingHoursInvalid(reason=HoursDefect.EFFECT_AFTER_DAY)
    DatedOrder(order.day, order.intervals, order.paper.document_no)  # refuses what overlaps


def _running_no(work: UnitOfWork, order: NewOrder) -> int:
    """The first number under which the order's name is not taken on its day.

    Names are compared, not numbers: a document may itself end in ``#2``.
    """
    rows = work.session.execute(
        select(DatedOrderRow.document_no, DatedOrderRow.running_no).where(
            DatedOrderRow.day == order.day
        )
    )
    taken = {order_rule(document_no, number) for document_no, number in rows}
    number = 1
    while order_rule(order.paper.document_no, number) in taken:
        number += 1
    return number


def _withdraw(work: UnitOfWork, order_id: UUID) -> HoursChange:
    row = work.session.get(DatedOrderRow, order_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise NotFound(kind="dated_order")
    if row.receivable is not None:
        require_receivable(work.actor, row.receivable)
    if row.day < business_day(work.now):
        raise OrderDayPast(day=row.day.isoformat())
    row.withdrawn_at = work.now
    row.withdrawn_by = work.actor.code
    _note(work, row, "withdrawn")
    return HoursChange(row.id, row.day, row.receivable, work.now)


def _note(work: UnitOfWork, row: DatedOrderRow, reason: str | None) -> None:
    work.audit(
        Tag.WINDOW_ORDERED,
        receivable=row.receivable,
        object_kind="dated_order",
        object_id=row.id,
        reason=reason,
    )
