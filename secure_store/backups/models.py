"""Tables of the backups: media, sets, and what the database knows of destroyed keys.

None of them holds personal data; the tombstones hold key ids, codes and the ids of rows.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.database import Base, UTCDateTime, plain, stored_enum
from secure_store.sealing.scopes import KeyKind

STAFF_CODE = "staff code"


class BackupMedium(Base):
    """A medium that backups may be written to (S4-16.1-1)."""

    __tablename__ = "backup_medium"

    code: Mapped[str] = plain(String(16), "code of the medium", primary_key=True)
    serial: Mapped[str] = plain(String(60), "serial number on the medium's label")
    folder: Mapped[str] = plain(String(300), "folder where the medium is mounted")
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    registered_by: Mapped[str] = plain(String(16), STAFF_CODE)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class Destruction(StrEnum):
    """Why a backup is gone."""

    EXPIRED = "expired"
    ERASURE = "erasure"
    UNUSABLE = "unusable"


class BackupSet(Base):
    """One sealed backup. Its key lies in the key store under the set's id."""

    __tablename__ = "backup_set"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = plain(String(24), "number made by the system", unique=True)
    medium: Mapped[str] = plain(
        String(16), "code of the medium", ForeignKey("backup_medium.code"), index=True
    )
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    taken_by: Mapped[str] = plain(String(16), STAFF_CODE)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = plain(String(64), "digest of the sealed file")
    rows: Mapped[int] = mapped_column(Integer)
    audit_size: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_sound: Mapped[bool | None] = mapped_column(Boolean)
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    destroyed_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)
    destroyed_why: Mapped[Destruction | None] = mapped_column(stored_enum(Destruction))
    is_file_removed: Mapped[bool] = mapped_column(Boolean, default=False)


class KeyTombstone(Base):
    """A destroyed key as the database knows it; compared with the key store at every opening."""

    __tablename__ = "key_tombstone"

    key_id: Mapped[str] = plain(String(16), "id of a key that is gone", primary_key=True)
    kind: Mapped[KeyKind] = mapped_column(stored_enum(KeyKind))
    scope: Mapped[str] = plain(String(200), "codes of contract, receivable and campaign")
    name: Mapped[str] = plain(String(64), "id of a row or a file, or the number of an epoch")
    kcv: Mapped[str] = plain(String(16), "check value of a key that is gone")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    destroyed_at: Mapped[datetime] = mapped_column(UTCDateTime)
