"""Tables of the record store. None of them holds personal data of a callee in clear."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
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

from secure_store.access import Role
from secure_store.database import Base, UTCDateTime, plain, stored_enum
from secure_store.erasure.states import ErasureState
from secure_store.orders.stopped_work import StoppedWork

STAFF_CODE = "staff code"
IDENTIFIER = "code made by the system"


class StaffMember(Base):
    """An account. Names are the staff's own, kept for the register of accounts (S4-9.4-2)."""

    __tablename__ = "staff_member"

    code: Mapped[str] = plain(String(16), STAFF_CODE, primary_key=True)
    display_name: Mapped[str] = plain(String(60), "the staff member's own name")
    role: Mapped[Role] = mapped_column(stored_enum(Role))
    password_hash: Mapped[str] = plain(String(255), "Argon2id hash")
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    is_on_chart: Mapped[bool] = mapped_column(Boolean, default=False)
    pledge_on: Mapped[date | None] = mapped_column(Date)
    training_on: Mapped[date | None] = mapped_column(Date)
    reported_on: Mapped[date | None] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    failed_logins: Mapped[int] = mapped_column(Integer, default=0)
    last_failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wait_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_locked: Mapped[bool] = mapped_column(Boolean, default=False)
    # From terminals where this person never logged in; the own ones stay open (S4-9.3).
    locked_elsewhere_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    password_set_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_password_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    approved_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    seal: Mapped[str | None] = plain(String(64), "keyed hash over the account", nullable=True)


class StaffReceivable(Base):
    """Which receivables a person was granted; no row for a person means none."""

    __tablename__ = "staff_receivable"

    staff_code: Mapped[str] = plain(String(16), STAFF_CODE, primary_key=True)
    receivable: Mapped[str] = plain(String(3), "receivable code", primary_key=True)


class LoginSession(Base):
    """A server-side session; the browser holds the token, we its hash (decision 18)."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = plain(String(64), "hash of a random token", primary_key=True)
    staff_code: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_active_at: Mapped[datetime] = mapped_column(UTCDateTime)
    authenticated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    terminal: Mapped[str | None] = plain(String(16), "terminal code", nullable=True)
    seal: Mapped[str | None] = plain(String(64), "keyed hash over the session", nullable=True)
    is_locked: Mapped[bool] = mapped_column(Boolean, default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_reason: Mapped[str | None] = plain(String(40), "closed vocabulary", nullable=True)
    state: Mapped[str] = plain(Text, "CSRF secret and page messages, never a callee's data")


class Duty(Base):
    """業務開始／業務終了 of a supervisor: explicit, not a session (decision 17)."""

    __tablename__ = "duty"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_code: Mapped[str] = plain(String(16), STAFF_CODE)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AuditEvent(Base):
    """One link of the chain; append-only by trigger. Holds ids and keyed pseudonyms only."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)  # the canonical bytes, as hashed
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    tag: Mapped[str] = plain(String(60), "closed vocabulary", index=True)
    actor: Mapped[str] = plain(String(40), STAFF_CODE)
    receivable: Mapped[str | None] = plain(String(3), "receivable code", nullable=True)
    object_id: Mapped[UUID | None] = mapped_column()


class AuditHead(Base):
    """The one row that hands out the next sequence number."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    last_hash: Mapped[bytes] = mapped_column(LargeBinary)
    peaks: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheckpoint(Base):
    """A signed head of the log; each daily pack carries one (decision 10)."""

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    why: Mapped[str] = plain(String(40), "closed vocabulary")
    note: Mapped[str] = plain(Text, "signed head: size, root, signature")
    last_hash: Mapped[bytes] = mapped_column(LargeBinary)


class Suspension(Base):
    """業務停止命令 (S4-14.11c): stops serving and dialling of one receivable or of all."""

    __tablename__ = "suspension"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receivable: Mapped[str | None] = plain(String(3), "receivable code", nullable=True)
    stopped_work: Mapped[StoppedWork | None] = mapped_column(stored_enum(StoppedWork))
    document_no: Mapped[str] = plain(String(60), "number of the city's order")
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    began_by: Mapped[str] = plain(String(16), STAFF_CODE)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    ended_with: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    release_document_no: Mapped[str | None] = plain(
        String(60), "number of the city's release", nullable=True
    )


class Hold(Base):
    """証拠保全 (S4-14.11a): erasure is refused while one stands."""

    __tablename__ = "hold"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receivable: Mapped[str | None] = plain(String(3), "receivable code", nullable=True)
    document_no: Mapped[str] = plain(String(60), "number of the case")
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    placed_by: Mapped[str] = plain(String(16), STAFF_CODE)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class FileKind(StrEnum):
    LENT = "lent"
    DAILY_PACK = "daily_pack"
    RECORDING = "recording"


class SealedFile(Base):
    """A whole file sealed under a key of its own (decision 3). The name holds codes only."""

    __tablename__ = "sealed_file"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[FileKind] = mapped_column(stored_enum(FileKind))
    name: Mapped[str] = plain(String(120), "file name made of codes and dates")
    receivable: Mapped[str | None] = plain(String(3), "receivable code", nullable=True)
    campaign_code: Mapped[str | None] = plain(String(12), "campaign code", nullable=True)
    subject_id: Mapped[UUID | None] = mapped_column()  # the one row it is about, if it is
    sha256: Mapped[str] = plain(String(64), "digest of the clear content")
    size: Mapped[int] = mapped_column(Integer)
    path: Mapped[str] = plain(String(200), "path inside the home, made of ids")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    key_destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TransferDirection(StrEnum):
    RECEIVED = "received"
    PLACED = "placed"
    CONFIRMED = "confirmed"


class Transfer(Base):
    """What came in and went out through the exchange folders, with its receipt (S4-8.5)."""

    __tablename__ = "transfer"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    direction: Mapped[TransferDirection] = mapped_column(stored_enum(TransferDirection))
    receivable: Mapped[str | None] = plain(String(3), "receivable code", nullable=True)
    name: Mapped[str] = plain(String(120), "file or folder name made of codes and dates")
    sha256: Mapped[str | None] = plain(String(64), "digest", nullable=True)
    receipt_no: Mapped[str | None] = plain(String(60), "receipt number", nullable=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)


class Erasure(Base):
    """One erasure procedure; its state only goes forward (security.md 5.8)."""

    __tablename__ = "erasure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = plain(String(24), IDENTIFIER, unique=True)
    scope_kind: Mapped[str] = plain(String(16), "closed vocabulary")
    scope_code: Mapped[str] = plain(String(60), "contract, receivable, campaign or case id")
    state: Mapped[ErasureState] = mapped_column(stored_enum(ErasureState))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = plain(String(16), STAFF_CODE)
    document: Mapped[str] = plain(Text, "counts, digests, key ids and dates as JSON")
    certificate: Mapped[bytes | None] = mapped_column(LargeBinary)


class ErasureStep(Base):
    """When an erasure reached a state, and who brought it there."""

    __tablename__ = "erasure_step"
    __table_args__ = (UniqueConstraint("erasure_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("erasure.id"))
    state: Mapped[ErasureState] = mapped_column(stored_enum(ErasureState))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)


class JobState(StrEnum):
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


class JobRun(Base):
    """One row per job and due time: a scheduled job runs once, also with two schedulers."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    job: Mapped[str] = plain(String(60), "job name")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[JobState] = mapped_column(stored_enum(JobState))
    claimed_by: Mapped[str] = plain(String(60), "process name")
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=1)
    error_code: Mapped[str | None] = plain(String(60), "error code", nullable=True)
