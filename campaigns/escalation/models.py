"""Tables of escalation: tickets for what only the owning department may decide."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.calling.outcomes import Mark
from secure_store.database import Base, UTCDateTime, plain, sealed, stored_enum

STAFF_CODE = "staff code"


class TicketState(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    ANSWERED = "answered"
    CLOSED = "closed"


class EscalationTicket(Base):
    """One case waiting for its owning department (S4-12.1i, 12.2c)."""

    __tablename__ = "escalation_ticket"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = plain(String(24), "ticket number", unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"), index=True)
    campaign_code: Mapped[str] = plain(String(12), "campaign code", index=True)
    receivable: Mapped[str] = plain(String(3), "receivable code")
    call_record_id: Mapped[UUID] = mapped_column(ForeignKey("call_record.id"))
    business_day: Mapped[date] = mapped_column(Date)
    mark: Mapped[Mark] = mapped_column(stored_enum(Mark))
    is_urgent: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[TicketState] = mapped_column(stored_enum(TicketState))
    reply_due_on: Mapped[date] = mapped_column(Date)
    contacted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[int | None] = mapped_column(Integer)  # 1 to 6 of the escalation list
    resume_calls: Mapped[bool | None] = mapped_column(Boolean)
    details_sealed: Mapped[bytes | None] = sealed("g4", nullable=True)
    details_version: Mapped[int] = mapped_column(Integer, default=0)


class TicketMove(Base):
    """When a ticket reached a state, and by whom."""

    __tablename__ = "ticket_move"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("escalation_ticket.id"), index=True)
    state: Mapped[TicketState] = mapped_column(stored_enum(TicketState))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)
