"""Table of the desk: one row for each time an agent has a case in hand."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.calling.outcomes import Direction
from campaigns.cases.states import IdentityResult, Stage
from secure_store.database import Base, UTCDateTime, plain, sealed, stored_enum

STAFF_CODE = "staff code"
CAMPAIGN = "campaign code"


class HandlingEnd(StrEnum):
    OUTCOME = "outcome"
    PUT_BACK = "put_back"
    EXPIRED = "expired"
    MISSING_OUTCOME = "missing_outcome"


class CaseHandling(Base):
    """One time an agent has a case in hand: from being served, or rung back, to the outcome."""

    __tablename__ = "case_handling"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("call_case.id"), index=True)
    campaign_code: Mapped[str | None] = plain(String(12), CAMPAIGN, nullable=True)
    agent: Mapped[str] = plain(String(16), STAFF_CODE, index=True)
    direction: Mapped[Direction] = mapped_column(stored_enum(Direction))
    lease_id: Mapped[UUID | None] = mapped_column(unique=True)
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("dial_attempt.id"))
    script_id: Mapped[UUID | None] = mapped_column(ForeignKey("talk_document.id"))
    qa_id: Mapped[UUID | None] = mapped_column(ForeignKey("talk_document.id"))
    script_version: Mapped[str | None] = plain(String(12), "version label", nullable=True)
    qa_version: Mapped[str | None] = plain(String(12), "version label", nullable=True)
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
