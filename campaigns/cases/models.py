"""Tables of campaigns and cases. A case is one lent row of one receivable in one month's campaign.

No column may join two receivables: there is no person, and every index starts with the campaign.
"""

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
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.cases.encodings import Encoding
from campaigns.cases.states import CaseStatus, CloseReason
from secure_store.database import Base, UTCDateTime, plain, sealed, stored_enum
from secure_store.work import Subject

STAFF_CODE = "staff code"
RECEIVABLE = "receivable code"
CAMPAIGN = "campaign code"


class Campaign(Base):
    """One receivable in one month (S4-7.2a-1): calls and callbacks have their own last days."""

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("receivable", "month"),)

    code: Mapped[str] = plain(String(12), CAMPAIGN, primary_key=True)
    receivable: Mapped[str] = plain(String(3), RECEIVABLE)
    month: Mapped[date] = mapped_column(Date)  # the first day of the month
    calls_from: Mapped[date] = mapped_column(Date)
    calls_until: Mapped[date] = mapped_column(Date)
    callbacks_until: Mapped[date] = mapped_column(Date)
    encoding: Mapped[Encoding | None] = mapped_column(stored_enum(Encoding))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[str] = plain(String(16), STAFF_CODE)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class LentListState(StrEnum):
    STAGING = "staging"  # rows are being written; invisible to lists
    STAGED = "staged"  # waits for a supervisor; invisible to lists
    PUBLISHED = "published"
    DISCARDED = "discarded"


class LentList(Base):
    """One delivery of lent data. received = accepted + excluded, always."""

    __tablename__ = "lent_list"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_code: Mapped[str] = plain(
        String(12), CAMPAIGN, ForeignKey("campaign.code"), index=True
    )
    receivable: Mapped[str] = plain(String(3), RECEIVABLE)
    state: Mapped[LentListState] = mapped_column(stored_enum(LentListState))
    digest: Mapped[str] = plain(String(64), "digest over the delivered files")
    taisho_name: Mapped[str] = plain(String(120), "file name made of codes and dates")
    header: Mapped[bytes] = mapped_column(LargeBinary)  # the TAISHO header as delivered
    encoding: Mapped[Encoding] = mapped_column(stored_enum(Encoding))
    data_as_of: Mapped[date] = mapped_column(Date)
    received: Mapped[int] = mapped_column(Integer)
    accepted: Mapped[int] = mapped_column(Integer)
    excluded: Mapped[int] = mapped_column(Integer)
    written: Mapped[int] = mapped_column(Integer, default=0)
    report: Mapped[str] = plain(String, "counts and codes by row and column as JSON, no values")
    receipt_no: Mapped[str | None] = plain(String(40), "receipt number", nullable=True)
    staged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    staged_by: Mapped[str] = plain(String(16), STAFF_CODE)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class CallCase(Base):
    """One lent row. What it says is sealed in three boxes; what the rules need is derived."""

    __tablename__ = "call_case"
    __table_args__ = (
        UniqueConstraint("campaign_code", "key_index"),
        UniqueConstraint("lent_list_id", "row_number"),
        Index("ix_call_case_listing", "campaign_code", "status", "row_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_code: Mapped[str] = plain(String(12), CAMPAIGN, ForeignKey("campaign.code"))
    receivable: Mapped[str] = plain(String(3), RECEIVABLE)
    lent_list_id: Mapped[UUID] = mapped_column(ForeignKey("lent_list.id"))
    row_number: Mapped[int] = mapped_column(Integer)
    key_index: Mapped[bytes] = mapped_column(LargeBinary(16))  # keyed hash of 整理番号
    contact_sealed: Mapped[bytes] = sealed("g1")
    identity_sealed: Mapped[bytes] = sealed("g2")
    debt_sealed: Mapped[bytes] = sealed("g3")
    row_version: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[CaseStatus] = mapped_column(stored_enum(CaseStatus))
    close_reason: Mapped[CloseReason | None] = mapped_column(stored_enum(CloseReason))
    exclusion: Mapped[str | None] = plain(String(40), "closed vocabulary", nullable=True)
    priority: Mapped[int] = mapped_column(Integer)
    oldest_due_on: Mapped[date] = mapped_column(Date)
    care_code: Mapped[str | None] = plain(String(2), "care code of the layout", nullable=True)
    is_transfer_target: Mapped[bool] = mapped_column(Boolean, default=False)
    assignee: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True, index=True)
    dials: Mapped[int] = mapped_column(Integer, default=0)
    counted_attempts: Mapped[int] = mapped_column(Integer, default=0)
    was_contacted: Mapped[bool] = mapped_column(Boolean, default=False)
    last_outcome: Mapped[str | None] = plain(String(2), "outcome code", nullable=True)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    promise_until: Mapped[date | None] = mapped_column(Date)

    @property
    def subject(self) -> Subject:
        """Whom an event about this case is about; the log writes a pseudonym only."""
        return Subject(self.receivable, self.id)


class NumberState(StrEnum):
    UNTRIED = "untried"
    VALID = "valid"  # somebody or something answered there
    UNUSABLE = "unusable"  # vacant, a fax, nobody who knows the person
    BLOCKED = "blocked"  # another person's or a workplace's: never dialled again


class CasePhone(Base):
    """One number of a case, by its rank only; found by a keyed hash within one campaign."""

    __tablename__ = "case_phone"
    __table_args__ = (Index("ix_case_phone_lookup", "campaign_code", "lookup_index"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True)
    campaign_code: Mapped[str] = plain(String(12), CAMPAIGN)
    kind: Mapped[int] = mapped_column(Integer)  # 1 fixed, 2 mobile, 3 workplace, 9 unknown
    lookup_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    state: Mapped[NumberState] = mapped_column(stored_enum(NumberState))


class CaseMove(Base):
    """Every change of a case's status, for history and for rebuilding a past day's files."""

    __tablename__ = "case_move"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)
    origin: Mapped[CaseStatus] = mapped_column(stored_enum(CaseStatus, "origin"))
    target: Mapped[CaseStatus] = mapped_column(stored_enum(CaseStatus, "target"))
    close_reason: Mapped[CloseReason | None] = mapped_column(stored_enum(CloseReason))
    why: Mapped[str] = plain(String(60), "closed vocabulary or document number")


class Assignment(Base):
    """Who works on a case, from when to when (S4-12.1c). Days, where a lease is minutes."""

    __tablename__ = "assignment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"), index=True)
    assignee: Mapped[str] = plain(String(16), STAFF_CODE)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    began_by: Mapped[str] = plain(String(16), STAFF_CODE)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AgentGroup(Base):
    """People who share the cases of one receivable (S4-12.1c). Retired, never deleted.

    The code stands where a staff code may stand, as the one to whom a case is assigned.
    """

    __tablename__ = "agent_group"

    code: Mapped[str] = plain(String(16), "group code", primary_key=True)
    name: Mapped[str] = plain(String(40), "name of a group of staff")
    receivable: Mapped[str] = plain(String(3), RECEIVABLE, index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = plain(String(16), STAFF_CODE)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class AgentGroupMember(Base):
    """Who belonged to a group from when to when, and who decided it."""

    __tablename__ = "agent_group_member"
    __table_args__ = (
        Index(
            "uq_agent_group_member_current",
            "group_code",
            "staff_code",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    group_code: Mapped[str] = plain(String(16), "group code", ForeignKey("agent_group.code"))
    staff_code: Mapped[str] = plain(String(16), STAFF_CODE, index=True)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    joined_by: Mapped[str] = plain(String(16), STAFF_CODE)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
