"""Tables of calling: the outcome table, permits, handlings, call records, promises, follow-ups."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.calling.follow_up_turns import TurnKind, TurnReason
from campaigns.calling.outcomes import Direction, Mark, Speaker
from campaigns.calling.payment_facts import PromiseStatus
from campaigns.cases.states import IdentityResult, Stage
from secure_store.database import Base, UTCDateTime, plain, sealed, stored_enum

STAFF_CODE = "staff code"
OUTCOME = "outcome code"
CAMPAIGN = "campaign code"


class OutcomeTableVersion(Base):
    """An imported outcome classification table; the version of the day counts (S4-11.2e)."""

    __tablename__ = "outcome_table"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[str] = plain(String(60), "name of the table")
    is_sample: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = plain(Text, "the table as CSV")
    sha256: Mapped[str] = plain(String(64), "digest")
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    imported_by: Mapped[str] = plain(String(16), STAFF_CODE)


class HandlingEnd(StrEnum):
    OUTCOME = "outcome"
    PUT_BACK = "put_back"
    EXPIRED = "expired"
    MISSING_OUTCOME = "missing_outcome"


class CaseHandling(Base):
    """One time an agent has a case in hand: from being served, or rung back, to the outcome."""

    __tablename__ = "case_handling"
    __table_args__ = (Index("ix_case_handling_open", "agent", "closed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("call_case.id"), index=True)
    campaign_code: Mapped[str | None] = plain(String(12), CAMPAIGN, nullable=True)
    agent: Mapped[str] = plain(String(16), STAFF_CODE)
    direction: Mapped[Direction] = mapped_column(stored_enum(Direction))
    lease_id: Mapped[UUID | None] = mapped_column(unique=True)
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("dial_attempt.id"))
    script_id: Mapped[UUID | None] = mapped_column(ForeignKey("talk_document.id"))
    qa_id: Mapped[UUID | None] = mapped_column(ForeignKey("talk_document.id"))
    script_version: Mapped[str | None] = plain(String(12), "version label", nullable=True)
    qa_version: Mapped[str | None] = plain(String(12), "version label", nullable=True)
    # The rules this call began under; they hold until its outcome (S4-11.2f).
    profile_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    instruction_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    stage: Mapped[Stage] = mapped_column(stored_enum(Stage))
    script_step: Mapped[str | None] = plain(String(12), "step of the script", nullable=True)
    identity_began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    identity_result: Mapped[IdentityResult] = mapped_column(stored_enum(IdentityResult))
    identity_items: Mapped[str] = plain(
        String(200), "which items matched, never what was said", default=""
    )
    identity_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    draft_sealed: Mapped[bytes | None] = sealed("g4", nullable=True)
    draft_version: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end: Mapped[HandlingEnd | None] = mapped_column(stored_enum(HandlingEnd))


class PermitEnd(StrEnum):
    LINE_RESULT = "line_result"
    EXPIRED = "expired"
    REVOKED = "revoked"


class DialPermit(Base):
    """発信許可: this agent may dial this number now, for a short time (decision 6)."""

    __tablename__ = "dial_permit"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = plain(String(20), "permit number", unique=True)
    handling_id: Mapped[UUID] = mapped_column(ForeignKey("case_handling.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"))
    agent: Mapped[str] = plain(String(16), STAFF_CODE)
    phone_rank: Mapped[int] = mapped_column(Integer)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    renewals: Mapped[int] = mapped_column(Integer, default=0)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # 番号照合済
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end: Mapped[PermitEnd | None] = mapped_column(stored_enum(PermitEnd))
    rule: Mapped[str] = plain(String(80), "name of the window rule that allowed it")


class Revision(StrEnum):
    ORIGINAL = "original"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"


class CallRecord(Base):
    """One call and what came of it; never changed, only superseded (domain 1.4-5)."""

    __tablename__ = "call_record"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    handling_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_handling.id"), index=True)
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("dial_attempt.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("call_case.id"), index=True)
    campaign_code: Mapped[str | None] = plain(String(12), CAMPAIGN, nullable=True, index=True)
    revision: Mapped[Revision] = mapped_column(stored_enum(Revision))
    supersedes: Mapped[UUID | None] = mapped_column(ForeignKey("call_record.id"), unique=True)
    correction_reason: Mapped[str | None] = plain(String(40), "closed vocabulary", nullable=True)
    direction: Mapped[Direction] = mapped_column(stored_enum(Direction))
    business_day: Mapped[date] = mapped_column(Date, index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    agent: Mapped[str] = plain(String(16), STAFF_CODE, index=True)
    band: Mapped[str | None] = plain(String(2), "band H1 to H5", nullable=True)
    phone_rank: Mapped[int | None] = mapped_column(Integer)
    outcome_code: Mapped[str] = plain(String(2), OUTCOME)
    secondary_codes: Mapped[str] = plain(String(12), "outcome codes", default="")
    outcome_version: Mapped[int] = mapped_column(Integer)
    identity_result: Mapped[IdentityResult] = mapped_column(stored_enum(IdentityResult))
    speaker: Mapped[Speaker] = mapped_column(stored_enum(Speaker))
    counts_dial: Mapped[bool] = mapped_column(Boolean)
    counts_attempt: Mapped[bool] = mapped_column(Boolean)
    is_contact_wide: Mapped[bool] = mapped_column(Boolean)
    is_contact_person: Mapped[bool] = mapped_column(Boolean)
    mark: Mapped[Mark] = mapped_column(stored_enum(Mark))
    is_urgent: Mapped[bool] = mapped_column(Boolean)
    follow_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    promised_on: Mapped[date | None] = mapped_column(Date)
    payment_method: Mapped[int | None] = mapped_column(Integer)
    transfer_notice: Mapped[int | None] = mapped_column(Integer)  # 口座振替案内 0–3
    script_version: Mapped[str | None] = plain(String(12), "version label", nullable=True)
    qa_version: Mapped[str | None] = plain(String(12), "version label", nullable=True)
    qa_used: Mapped[str] = plain(String(120), "ids of Q&A entries shown", default="")
    collected_sealed: Mapped[bytes | None] = sealed("g4", nullable=True)
    source: Mapped[str] = plain(String(10), "screen, simulation or paper")
    rule: Mapped[str] = plain(String(80), "name of the window rule that allowed it")


class PaymentPromise(Base):
    """納付約束: the date is clear for the rules, the amount is in the call record's box."""

    __tablename__ = "payment_promise"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"), index=True)
    call_record_id: Mapped[UUID] = mapped_column(ForeignKey("call_record.id"))
    promised_on: Mapped[date] = mapped_column(Date)
    wait_until: Mapped[date] = mapped_column(Date)
    status: Mapped[PromiseStatus] = mapped_column(stored_enum(PromiseStatus))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FollowUpKind(StrEnum):
    AGREED = "agreed"
    IDENTITY_NOT_CONFIRMED = "identity_not_confirmed"


class FollowUpStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class FollowUp(Base):
    """再架電: a call we owe, at a legal time; one open for a case, never deleted.

    ``wanted_at``: the time it stands for if the hours allow it; ``due_at`` the legal time that
    came of it. ``released_at``: since when every agent of the receivable is offered it.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(
            "uq_follow_up_open",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_follow_up_due", "status", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"), index=True)
    call_record_id: Mapped[UUID] = mapped_column(ForeignKey("call_record.id"))
    kind: Mapped[FollowUpKind] = mapped_column(stored_enum(FollowUpKind))
    agreed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    moved_reason: Mapped[str | None] = plain(String(40), "closed vocabulary", nullable=True)
    status: Mapped[FollowUpStatus] = mapped_column(stored_enum(FollowUpStatus))
    became_late_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    breaches: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    turns: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    done_by_call: Mapped[UUID | None] = mapped_column(ForeignKey("call_record.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FollowUpEvent(Base):
    """One turn in the life of a call we owe; added, never changed."""

    __tablename__ = "follow_up_event"
    __table_args__ = (UniqueConstraint("follow_up_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"))
    number: Mapped[int] = mapped_column(Integer)  # from 1, in the order of the turns
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)
    kind: Mapped[TurnKind] = mapped_column(stored_enum(TurnKind))
    reason: Mapped[TurnReason] = mapped_column(stored_enum(TurnReason))
    from_due: Mapped[datetime | None] = mapped_column(UTCDateTime)
    to_due: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
