"""Table of reporting: the packs made of a closed day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain


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
