"""Tables of incidents and of the log's retained part. None holds a word about a callee."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain, stored_enum
from secure_store.models import STAFF_CODE
from secure_store.orders.incident_facts import (
    Circumstance,
    IncidentKind,
    IncidentPlace,
    IncidentStage,
    ReportStep,
)


class Incident(Base):
    """事故・事案 (S4-14.11a, S3-B2-16.1): closed words and counts only, readable without a key."""

    __tablename__ = "incident"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = plain(String(24), "code made by the system", unique=True)
    receivable: Mapped[str | None] = plain(String(3), "receivable code", nullable=True)
    kind: Mapped[IncidentKind] = mapped_column(stored_enum(IncidentKind))
    known_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[str] = plain(String(16), STAFF_CODE)
    groups: Mapped[int] = mapped_column(Integer)
    persons: Mapped[int | None] = mapped_column(Integer)
    place: Mapped[IncidentPlace | None] = mapped_column(stored_enum(IncidentPlace))
    circumstance: Mapped[Circumstance | None] = mapped_column(stored_enum(Circumstance))
    is_wrongful: Mapped[bool] = mapped_column(Boolean)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class IncidentReport(Base):
    """One report to the city: its number, when it was made, and what it said then."""

    __tablename__ = "incident_report"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    step: Mapped[ReportStep] = mapped_column(stored_enum(ReportStep))
    document_no: Mapped[str] = plain(String(60), "number of the report's paper")
    reported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reported_by: Mapped[str] = plain(String(16), STAFF_CODE)
    persons: Mapped[int] = mapped_column(Integer)
    groups: Mapped[int] = mapped_column(Integer)


class IncidentMeasure(Base):
    """One of the five stages of the emergency plan: who answers for it, until when, when done."""

    __tablename__ = "incident_measure"
    __table_args__ = (UniqueConstraint("incident_id", "stage"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"))
    stage: Mapped[IncidentStage] = mapped_column(stored_enum(IncidentStage))
    owner: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    due_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class AuditBoundary(Base):
    """Where the kept part of the log begins after old months were taken out (S3-B1-5.6-2)."""

    __tablename__ = "audit_boundary"

    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last_hash: Mapped[bytes] = mapped_column(LargeBinary)
    peaks: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = plain(Text, "signed head: size, root, signature")
    until: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)
