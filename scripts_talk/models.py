"""Tables of what agents may say: versions and their approvals. Texts are ours, not about anybody."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain, stored_enum

STAFF_CODE = "staff code"


class DocumentKind(StrEnum):
    SCRIPT = "script"
    QA = "qa"


class ApprovalState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    RETIRED = "retired"


class TalkDocument(Base):
    """One version of a script or of the Q&A collection (S4-10.2). Approved text never changes."""

    __tablename__ = "talk_document"
    __table_args__ = (UniqueConstraint("kind", "receivable", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(stored_enum(DocumentKind))
    receivable: Mapped[str] = plain(String(3), "receivable code, or ALL for the Q&A collection")
    version: Mapped[str] = plain(String(12), "version label")
    state: Mapped[ApprovalState] = mapped_column(stored_enum(ApprovalState))
    body: Mapped[str] = plain(Text, "script or Q&A text written for everybody")
    sha256: Mapped[str] = plain(String(64), "digest of the text")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = plain(String(16), STAFF_CODE)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ApprovalStep(Base):
    """Who moved a document to which state, on which paper of the city."""

    __tablename__ = "approval_step"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("talk_document.id"), index=True)
    state: Mapped[ApprovalState] = mapped_column(stored_enum(ApprovalState))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)
    document_no: Mapped[str | None] = plain(
        String(60), "number of the city's approval", nullable=True
    )
    remark: Mapped[str | None] = plain(
        String(400), "remark on the text, not on a person", nullable=True
    )
