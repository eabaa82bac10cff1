"""The close of a business day (decision 15): waits for running calls, then nothing of it changes.

A dialled attempt that nobody gave an outcome to is written as 結果未入力, counted, without a
mark, and goes to the supervisor.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from campaigns.calling.day_close import DailyClose, DayState
from campaigns.cases.cases import running_campaigns
from campaigns.errors import DayNotOver, NothingDue
from campaigns.profile.contract import current_profile
from campaigns.profile.hours import last_closing
from campaigns.reports.missing_outcomes import write_missing_outcomes
from dialer.api import end_all_duties, leave_all_seats
from dialer.calendar.due_dates import next_calendar_day_at
from dialer.calendar.holidays import TOKYO, business_day
from secure_store.access import Actor, Permission, require
from secure_store.audit.log import sign_head
from secure_store.audit.tags import Tag
from secure_store.sealing_access import signer_of
from secure_store.work import SecureStore, UnitOfWork


def closes_at(work: UnitOfWork, day: date) -> datetime:
    """From when a day may be closed: a quarter of an hour after its last window."""
    grace = timedelta(minutes=current_profile(work).parameters.close_grace_minutes)
    last = last_closing(work, day)
    midday = datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)
    return (last or midday) + grace


def close_day(store: SecureStore, actor: Actor, day: date) -> DayState:
    """Closes a day; closing it again changes nothing.

    Raises DayNotOver before its last window and the grace are over, NothingDue when no campaign
    runs on it, NotAllowed.
    """
    with store.work(actor) as work:
        require(actor, Permission.CLOSE_DAY)
        closed = work.session.get(DailyClose, day, with_for_update=True)
        if closed is not None:
            return closed.state
        _require_over(work, day)
        if not running_campaigns(work, day):
            raise NothingDue(day=day.isoformat())
        missing = write_missing_outcomes(work, day)
        end_all_duties(work)
        leave_all_seats(work)
        # The head covers everything committed before this close: the city's anchor for the day.
        head = sign_head(work, signer_of(store), "close_of_day")
        due = current_profile(work).parameters.daily_report_due
        work.session.add(
            DailyClose(
                business_day=day,
                state=DayState.CLOSED,
                closed_at=work.now,
                closed_by=actor.code,
                due_at=next_calendar_day_at(day, due),
                audit_size=head.size,
                audit_note=head.note,
            )
        )
        work.audit(Tag.DAILY_CLOSED, count=missing, ref=day.isoformat())
    return DayState.CLOSED


def _require_over(work: UnitOfWork, day: date) -> None:
    if day > business_day(work.now) or work.now < closes_at(work, day):
        raise DayNotOver(closes_at=closes_at(work, day).isoformat())


def mark_late_days(work: UnitOfWork) -> list[date]:
    """Days whose files were not confirmed in time; noted once each (S4-13.1)."""
    rows = work.session.scalars(
        select(DailyClose).where(
            DailyClose.state != DayState.CONFIRMED,
            DailyClose.due_at <= work.now,
            DailyClose.became_late_at.is_(None),
        )
    )
    late = []
    for row in rows:
        row.became_late_at = work.now
        work.audit(Tag.DAILY_LATE, ref=row.business_day.isoformat())
        late.append(row.business_day)
    return late
