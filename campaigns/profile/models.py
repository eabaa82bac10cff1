"""Tables of what the client decides: the contract profile and dated orders."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain


class ProfileVersion(Base):
    """One version of the contract profile; the newest is in force."""

    __tablename__ = "profile_version"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[str] = plain(Text, "contract profile as YAML; names bodies, not callees")
    sha256: Mapped[str] = plain(String(64), "digest")
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), "staff code")


class DatedOrderRow(Base):
    """The city's order for one date: other hours, or none at all (S4-7.2b-3).

    A row is never changed but for its withdrawal: what it allowed or forbade can be told again.
    """

    __tablename__ = "dated_order"
    __table_args__ = (UniqueConstraint("day", "document_no", "running_no"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    receivable: Mapped[str | None] = plain(String(3), "receivable code", nullable=True)
    intervals: Mapped[str] = plain(String(120), "times of day")
    document_no: Mapped[str] = plain(String(60), "number of the city's order")
    running_no: Mapped[int] = mapped_column(Integer, default=1)
    signer: Mapped[str] = plain(String(30), "a post of the city, never a person's name")
    received_on: Mapped[date] = mapped_column(Date)
    effective_at: Mapped[datetime] = mapped_column(UTCDateTime)  # as the document says
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), "staff code")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[str | None] = plain(String(16), "staff code", nullable=True)
