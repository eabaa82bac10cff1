"""Tables of the schedule: the city's changes of period, notices of volume, planned volumes.

Rows are added and never changed, but for the confirmation of a notice: the newest row holds,
the older ones are the history.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.cases.models import CAMPAIGN, RECEIVABLE, STAFF_CODE
from secure_store.database import Base, UTCDateTime, plain

DOCUMENT = "number of the city's document"
POST = "a post of the city, never a person's name"


class PeriodChange(Base):
    """The city moved the dates of a campaign (S4-7.2a-2)."""

    __tablename__ = "period_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_code: Mapped[str] = plain(
        String(12), CAMPAIGN, ForeignKey("campaign.code"), index=True
    )
    received_on: Mapped[date] = mapped_column(Date)
    document_no: Mapped[str] = plain(String(60), DOCUMENT)
    signer: Mapped[str] = plain(String(30), POST)
    old_calls_from: Mapped[date] = mapped_column(Date)
    old_calls_until: Mapped[date] = mapped_column(Date)
    old_callbacks_until: Mapped[date] = mapped_column(Date)
    new_calls_from: Mapped[date] = mapped_column(Date)
    new_calls_until: Mapped[date] = mapped_column(Date)
    new_callbacks_until: Mapped[date] = mapped_column(Date)
    is_late: Mapped[bool] = mapped_column(Boolean)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), STAFF_CODE)


class VolumeNotice(Base):
    """The approximate number that a department notified for one month (S4-11.1a)."""

    __tablename__ = "volume_notice"
    __table_args__ = (Index("ix_volume_notice_month", "receivable", "month"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receivable: Mapped[str] = plain(String(3), RECEIVABLE)
    month: Mapped[date] = mapped_column(Date)  # the first day of the month
    cases: Mapped[int] = mapped_column(Integer)
    received_on: Mapped[date] = mapped_column(Date)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), STAFF_CODE)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class PlannedVolume(Base):
    """委託予定件数: what the contract expects for one receivable and month (S4-6.3)."""

    __tablename__ = "planned_volume"
    __table_args__ = (Index("ix_planned_volume_month", "receivable", "month"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receivable: Mapped[str] = plain(String(3), RECEIVABLE)
    month: Mapped[date] = mapped_column(Date)  # the first day of the month
    calls: Mapped[int] = mapped_column(Integer)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), STAFF_CODE)
