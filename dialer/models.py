"""Tables of the calling engine: references in, attempts out. No name, no number, no amount."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from dialer.line_status import LineEnd, LineStatus
from secure_store.database import CHURNED, Base, UTCDateTime, plain, stored_enum

STAFF_CODE = "staff code"


class QueueState(StrEnum):
    READY = "ready"  # may be served as far as the queue knows
    PARKED = "parked"  # not before due_at; promoted when it is due
    LEASED = "leased"  # in one agent's hand until the lease ends
    DONE = "done"  # not to be served again unless it is enqueued anew


class QueueEntry(Base):
    """One case waiting to be served. A lease is minutes, an assignment is days."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        Index(
            "ix_queue_entry_ready",
            "assignee",
            "rank",
            "case_ref",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index(
            "ix_queue_entry_parked",
            "due_at",
            sqlite_where=text("state = 'parked'"),
            postgresql_where=text("state = 'parked'"),
        ),
        Index(
            "ix_queue_entry_leased",
            "lease_expires_at",
            sqlite_where=text("state = 'leased'"),
            postgresql_where=text("state = 'leased'"),
        ),
        {"info": CHURNED},
    )

    case_ref: Mapped[UUID] = mapped_column(primary_key=True)
    list_ref: Mapped[str] = plain(String(12), "campaign code", index=True)
    state: Mapped[QueueState] = mapped_column(stored_enum(QueueState))
    assignee: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    rank: Mapped[int] = mapped_column(BigInteger, default=0)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_id: Mapped[UUID | None] = mapped_column(unique=True)
    lease_holder: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    lease_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fence: Mapped[int] = mapped_column(Integer, default=0)

    @classmethod
    def is_in(cls, state: QueueState) -> ColumnElement[bool]:
        """The state as a literal: with a parameter no partial index would be seen to fit."""
        return cls.state == literal_column(f"'{state.value}'")


class DialAttempt(Base):
    """One dialling of one number, or one incoming call; the line's own story of it."""

    __tablename__ = "dial_attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_ref: Mapped[UUID | None] = mapped_column(index=True)
    list_ref: Mapped[str | None] = plain(String(12), "campaign code", nullable=True)
    permit_ref: Mapped[UUID | None] = mapped_column(unique=True)
    agent: Mapped[str] = plain(String(16), STAFF_CODE)
    direction: Mapped[str] = plain(String(10), "outbound or inbound")
    number_rank: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[LineStatus] = mapped_column(stored_enum(LineStatus))
    end: Mapped[LineEnd | None] = mapped_column(stored_enum(LineEnd))
    business_day: Mapped[date] = mapped_column(Date, index=True)
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rule: Mapped[str] = plain(String(80), "name of the window rule that allowed it")
    outcome_closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AgentActivity(StrEnum):
    READY = "ready"
    CALLING = "calling"
    TALKING = "talking"
    AFTER_CALL_WORK = "after_call_work"
    ON_BREAK = "on_break"
    AWAY = "away"
    HELP_WANTED = "help_wanted"


class AgentState(Base):
    """What an agent is doing now, for the board (S4-12.1a)."""

    __tablename__ = "agent_state"

    staff_code: Mapped[str] = plain(String(16), STAFF_CODE, primary_key=True)
    activity: Mapped[AgentActivity] = mapped_column(stored_enum(AgentActivity))
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class WaitingState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    ABANDONED = "abandoned"


class WaitingCall(Base):
    """Somebody rings back and waits; first in, first out, before the next outbound case."""

    __tablename__ = "waiting_call"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[WaitingState] = mapped_column(stored_enum(WaitingState))
    message: Mapped[str | None] = plain(String(20), "kind of guidance message", nullable=True)
    taken_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempt_ref: Mapped[UUID | None] = mapped_column(ForeignKey("dial_attempt.id"))
