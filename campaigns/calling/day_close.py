"""The close of a business day, and the day under which a call is reported (decision 15).

What is recorded after a day was closed cannot enter its files any more; it is reported with the
next day, so that every call stands in some file.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Date, Integer, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from dialer.calendar.holidays import business_day
from secure_store.database import Base, UTCDateTime, plain, stored_enum
from secure_store.work import UnitOfWork

STAFF_CODE = "staff code"


class DayState(StrEnum):
    CLOSED = "closed"
    BUILT = "built"
    SIGNED = "signed"
    PLACED = "placed"
    CONFIRMED = "confirmed"


class DailyClose(Base):
    """The close of one business day; the clock stops at the confirmed upload (S4-13.1)."""

    __tablename__ = "daily_close"

    business_day: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[DayState] = mapped_column(stored_enum(DayState))
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = plain(String(16), STAFF_CODE)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    audit_size: Mapped[int] = mapped_column(Integer)
    audit_note: Mapped[str] = plain(Text, "signed head of the audit log at the close")
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    placed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    became_late_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    receipt_no: Mapped[str | None] = plain(String(60), "receipt number", nullable=True)


_CLOSED = select(DailyClose.business_day).where(DailyClose.business_day == bindparam("day"))


def reporting_day(work: UnitOfWork, began_at: datetime) -> date:
    """The first day not closed yet, from the day of the call on."""
    day = business_day(began_at)
    while work.run(_CLOSED, {"day": day}).first() is not None:
        day += timedelta(days=1)
    return day
