"""The calendar of calling hours as a screen and the command line show it (S4-7.2b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours, intervals_of, order_of, ruling_from
from campaigns.profile.models import DatedOrderRow
from dialer.calendar.holidays import DayKind, HolidayTable, day_kind, load_holidays
from dialer.calendar.windows import ORDER, CallingHours, Interval, RuleSpan
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

ONE_DAY = timedelta(days=1)
VERSIONS_MARK = "@"
"""In an attempt's label the versions of profile and instruction follow the rule of the hours."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """One day: ``kind`` None when the holiday table does not reach its year.

    ``windows`` are aware instants; ``rules`` what decides the day from midnight to midnight,
    more than one when an order took effect during it; ``document_no`` names the last order
    that holds on the day, None when the usual hours do.
    """

    day: date
    kind: DayKind | None
    holiday: str | None
    windows: tuple[tuple[datetime, datetime], ...]
    minutes: int
    rules: tuple[RuleSpan, ...]
    document_no: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order of the city; no intervals mean a closed day. Withdrawn ones stay on record.

    ``rule``: the name by which attempts remember it; ``rules_from``: the later of the instant
    the document names and the one of entry.
    """

    id: UUID
    day: date
    receivable: str | None
    intervals: tuple[Interval, ...]
    document_no: str
    rule: str
    signer: str
    received_on: date
    effective_at: datetime
    rules_from: datetime
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
        days.append(_day(hours, table, day))
        day += ONE_DAY
    return days


def _day(hours: CallingHours, table: HolidayTable, day: date) -> DayHours:
    rules = hours.rules_on(day)
    named = {order.rule: order.document_no for order in hours.orders.get(day, ())}
    documents = [named[span.rule] for span in rules if span.rule in named]
    return DayHours(
        day=day,
        kind=day_kind(day, table) if table.covers(day.year) else None,
        holiday=table.name_of(day),
        windows=hours.windows_on(day),
        minutes=hours.callable_minutes(day),
        rules=rules,
        document_no=documents[-1] if documents else None,
    )


def receivables_apart(work: UnitOfWork, month: date) -> list[str]:
    """The receivables with an order of their own in the month, withdrawn ones included."""
    first = month.replace(day=1)
    query = select(DatedOrderRow.receivable).where(
        DatedOrderRow.receivable.is_not(None),
        DatedOrderRow.day >= first,
        DatedOrderRow.day < (first + 31 * ONE_DAY + ONE_DAY).replace(day=1),
    )
    return sorted({str(one) for one in work.session.scalars(query)})


def years_missing(work: UnitOfWork, today: date) -> tuple[int, ...]:
    """This year and the next, as far as the calendar lacks them and the contract still runs.

    A year that is missing is closed: nobody may be called in it (S4-7.2b).
    """
    until = current_profile(work).contract_until
    return missing_years(load_holidays(), today, until)


def missing_years(table: HolidayTable, today: date, until: date) -> tuple[int, ...]:
    """Pure: of this year and the next, those the table lacks; none after the contract's end."""
    years = (today.year, today.year + 1)
    return tuple(year for year in years if year <= until.year and not table.covers(year))


def order_history(work: UnitOfWork) -> list[OrderView]:
    """All orders ever entered, newest day first, withdrawn ones included."""
    require(work.actor, Permission.ORDER_HOURS)
    rows = work.session.scalars(
        select(DatedOrderRow).order_by(DatedOrderRow.day.desc(), DatedOrderRow.entered_at.desc())
    )
    return [_view(row) for row in rows]


def order_behind(
    work: UnitOfWork, label: str, day: date, receivable: str | None
) -> OrderView | None:
    """The order that allowed a call: from the label kept with the attempt, its day and receivable.

    None when the usual hours allowed it. Orders of one day never share a name.
    """
    rule = label.rpartition(VERSIONS_MARK)[0] or label
    if not rule.startswith(ORDER):
        return None
    rows = work.session.scalars(
        select(DatedOrderRow).where(
            DatedOrderRow.day == day,
            or_(DatedOrderRow.receivable.is_(None), DatedOrderRow.receivable == receivable),
        )
    )
    return next((view for view in map(_view, rows) if view.rule == rule), None)


def _view(row: DatedOrderRow) -> OrderView:
    return OrderView(
        id=row.id,
        day=row.day,
        receivable=row.receivable,
        intervals=intervals_of(row),
        document_no=row.document_no,
        rule=order_of(row).rule,
        signer=row.signer,
        received_on=row.received_on,
        effective_at=row.effective_at,
        rules_from=ruling_from(row),
        entered_at=row.entered_at,
        entered_by=row.entered_by,
        withdrawn_at=row.withdrawn_at,
    )
