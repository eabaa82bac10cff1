"""The table of work instructions (個別業務指示書), one row per receivable and version."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain


class WorkInstruction(Base):
    """One version of a receivable's work instruction (個別業務指示書); a draft until approved."""

    __tablename__ = "work_instruction"

    receivable: Mapped[str] = plain(String(3), "receivable code", primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[str] = plain(Text, "rules as YAML; closed vocabulary and numbers of rules")
    sha256: Mapped[str] = plain(String(64), "digest")
    effective_from: Mapped[date] = mapped_column(Date)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), "staff code")
    document_no: Mapped[str | None] = plain(
        String(60), "number of the city's document", nullable=True
    )
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by: Mapped[str | None] = plain(String(16), "staff code", nullable=True)
