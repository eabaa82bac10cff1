"""Tables of reporting: the close of a day and the packs made of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain, stored_enum

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


class DailyPackFile(Base):
    """One file of a day's pack, sealed; its digest stays after the key is gone."""

    __tablename__ = "daily_pack_file"
    __table_args__ = (UniqueConstraint("business_day", "revision", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_day: Mapped[date] = mapped_column(Date, index=True)
    revision: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = plain(String(16), "closed vocabulary")
    campaign_code: Mapped[str | None] = plain(String(12), "campaign code", nullable=True)
    name: Mapped[str] = plain(String(120), "file name made of codes and dates")
    sha256: Mapped[str] = plain(String(64), "digest of the clear content")
    rows: Mapped[int] = mapped_column(Integer)
    sealed_file_id: Mapped[UUID] = mapped_column(ForeignKey("sealed_file.id"))
    built_at: Mapped[datetime] = mapped_column(UTCDateTime)
