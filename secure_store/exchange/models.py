"""Tables of the exchange with the city: hand-overs, keys, recipients, media, exports.

None of them holds a word about a called person: serials, codes, counts, digests and posts only.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain, stored_enum
from secure_store.exchange.envelopes import Form
from secure_store.models import IDENTIFIER, STAFF_CODE

RECEIVABLE = "receivable code"
CITY_DOCUMENT = "number of a document of the city"
CLOSED_LIST = "code of the profile's closed list"


class ExchangeKey(Base):
    """Our age key, to which the city encrypts; the secret half lies in the key store."""

    __tablename__ = "exchange_key"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    public_key: Mapped[str] = plain(String(100), "public key of this centre")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = plain(String(16), STAFF_CODE)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Recipient(Base):
    """How files for a department are locked; in force once a second person confirmed it.

    ``receivable`` None: the contract's own recipient, for the daily report and for receivables
    that have none of their own.
    """

    __tablename__ = "delivery_recipient"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receivable: Mapped[str | None] = plain(String(3), RECEIVABLE, nullable=True)
    form: Mapped[Form] = mapped_column(stored_enum(Form))
    public_key: Mapped[str | None] = plain(String(100), "public key of the city", nullable=True)
    document_no: Mapped[str] = plain(String(60), CITY_DOCUMENT)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), STAFF_CODE)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class FilePasswordTry(Base):
    """Wrong passwords for one locked file, counted so that guessing has to wait."""

    __tablename__ = "file_password_try"

    digest: Mapped[str] = plain(String(64), "digest of the locked file", primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DataHandler(Base):
    """従事者の指定: who handles lent documents, media and made data (S3-B1-5.5)."""

    __tablename__ = "data_handler"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_code: Mapped[str] = plain(String(16), STAFF_CODE)
    named_at: Mapped[datetime] = mapped_column(UTCDateTime)
    named_by: Mapped[str] = plain(String(16), STAFF_CODE)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class HandOverState(StrEnum):
    RECEIVED = "received"
    IMPORTED = "imported"
    RETURNED = "returned"


class HandOver(Base):
    """受渡し: one delivery that changed hands, and its receipt 預り証 (S3-B2-12, S4-8.5)."""

    __tablename__ = "hand_over"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = plain(String(24), IDENTIFIER, unique=True)
    receivable: Mapped[str] = plain(String(3), RECEIVABLE)
    campaign_code: Mapped[str | None] = plain(String(12), "campaign code", nullable=True)
    means: Mapped[str] = plain(String(20), CLOSED_LIST)
    place: Mapped[str] = plain(String(20), CLOSED_LIST)
    handed_by: Mapped[str] = plain(String(30), "a post of the city, never a person")
    medium_id: Mapped[UUID | None] = mapped_column(ForeignKey("medium.id"))
    told_rows: Mapped[int | None] = mapped_column(Integer)
    digest: Mapped[str] = plain(String(64), "digest over all files as they were handed over")
    folder: Mapped[str | None] = plain(
        String(64), "folder name made of codes and dates", nullable=True
    )
    handed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by: Mapped[str] = plain(String(16), STAFF_CODE)
    state: Mapped[HandOverState] = mapped_column(stored_enum(HandOverState))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    list_id: Mapped[UUID | None] = mapped_column(index=True)


class HandOverFile(Base):
    """One file of a hand-over, as it was handed over."""

    __tablename__ = "hand_over_file"

    hand_over_id: Mapped[UUID] = mapped_column(ForeignKey("hand_over.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str | None] = plain(
        String(120), "file name made of codes and dates, or nothing", nullable=True
    )
    sha256: Mapped[str] = plain(String(64), "digest as handed over")
    size: Mapped[int] = mapped_column(Integer)
    form: Mapped[Form] = mapped_column(stored_enum(Form))


class Medium(Base):
    """媒体台帳: one carrier medium, from registration to retirement (S4-8.7-1)."""

    __tablename__ = "medium"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[str] = plain(String(40), "serial number of a device", unique=True)
    maker: Mapped[str] = plain(String(40), "maker and model of a device")
    is_encrypted: Mapped[bool] = mapped_column(Boolean)
    custodian: Mapped[str] = plain(String(16), STAFF_CODE)
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    registered_by: Mapped[str] = plain(String(16), STAFF_CODE)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MediumStep(StrEnum):
    """What happens to a medium, in order; it lies under lock before TAKEN and after RETURNED."""

    TAKEN = "taken"
    USED = "used"
    WIPED = "wiped"
    RETURNED = "returned"


class MediumEvent(Base):
    """媒体授受簿: one step of one medium; rows are added and never changed."""

    __tablename__ = "medium_event"
    __table_args__ = (UniqueConstraint("medium_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    medium_id: Mapped[UUID] = mapped_column(ForeignKey("medium.id"))
    position: Mapped[int] = mapped_column(Integer)
    step: Mapped[MediumStep] = mapped_column(stored_enum(MediumStep))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)
    reference: Mapped[str | None] = plain(String(40), "number of a transfer", nullable=True)
    files: Mapped[int | None] = mapped_column(Integer)
    method: Mapped[str | None] = plain(String(20), "closed vocabulary", nullable=True)


class ExportApproval(Base):
    """書き出しの承認: the city's leave to take data out, for one purpose and a time (S4-8.6-1)."""

    __tablename__ = "export_approval"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_no: Mapped[str] = plain(String(60), CITY_DOCUMENT)
    signer: Mapped[str] = plain(String(30), "a post of the city, never a person")
    purpose: Mapped[str] = plain(String(20), CLOSED_LIST)
    place: Mapped[str] = plain(String(20), CLOSED_LIST)
    receivable: Mapped[str | None] = plain(String(3), RECEIVABLE, nullable=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), STAFF_CODE)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class ExportRun(Base):
    """One export that happened under an approval: who, when, how much, with which digest."""

    __tablename__ = "export_run"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("export_approval.id"), index=True)
    what: Mapped[str] = plain(String(40), "name made of codes and dates")
    files: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = plain(String(20), CLOSED_LIST)
    digest: Mapped[str] = plain(String(64), "digest over the files that left")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = plain(String(16), STAFF_CODE)
