"""Tables of people: failures to log in, known and registered terminals, keys, watched acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from secure_store.access import TerminalKind
from secure_store.database import Base, UTCDateTime, plain, stored_enum
from secure_store.people.caps import AlertKind, WatchedKind

STAFF_CODE = "staff code"
KEYED = "keyed hash, the key is not in the database"


class LoginFailure(Base):
    """A try to log in that has not succeeded. What was typed as a code may be anything."""

    __tablename__ = "login_failure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    account: Mapped[str] = plain(String(64), KEYED, index=True)
    terminal: Mapped[str] = plain(String(64), KEYED, index=True)


class KnownTerminal(Base):
    """A terminal, or an address, from which the person has logged in before."""

    __tablename__ = "known_terminal"

    account: Mapped[str] = plain(String(64), KEYED, primary_key=True)
    terminal: Mapped[str] = plain(String(64), KEYED, primary_key=True)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RegisteredTerminal(Base):
    """A terminal that was enrolled: a secret in its browser and the addresses it comes from."""

    __tablename__ = "registered_terminal"

    code: Mapped[str] = plain(String(16), "terminal code", primary_key=True)
    label: Mapped[str] = plain(String(40), "where the terminal stands")
    kind: Mapped[TerminalKind] = mapped_column(stored_enum(TerminalKind))
    secret_hash: Mapped[str] = plain(String(64), KEYED, unique=True)
    addresses: Mapped[str] = plain(Text, "addresses of the centre's own network")
    enrolled_at: Mapped[datetime] = mapped_column(UTCDateTime)
    enrolled_by: Mapped[str] = plain(String(16), STAFF_CODE)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class SecurityKey(Base):
    """A FIDO2 key of a person: its public half and how often it was used."""

    __tablename__ = "security_key"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_code: Mapped[str] = plain(String(16), STAFF_CODE, index=True)
    credential: Mapped[str] = plain(String(1400), "public id of a key", unique=True)
    public_key: Mapped[str] = plain(Text, "public half of a key")
    site: Mapped[str] = plain(String(253), "host name of this system")
    sign_count: Mapped[int] = mapped_column(BigInteger)
    is_spare: Mapped[bool] = mapped_column(Boolean)
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seal: Mapped[str] = plain(String(64), KEYED)


class WatchedAct(Base):
    """One case shown, one search made, one number dialled; kept for a day to be counted."""

    __tablename__ = "watched_act"
    __table_args__ = (Index("ix_watched_act_person", "staff_code", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_code: Mapped[str] = plain(String(16), STAFF_CODE)
    kind: Mapped[WatchedKind] = mapped_column(stored_enum(WatchedKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    case_ref: Mapped[UUID | None] = mapped_column()


class WatchAlert(Base):
    """What the supervisors' board tells about a person, until one of them has looked."""

    __tablename__ = "watch_alert"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_code: Mapped[str] = plain(String(16), STAFF_CODE)
    kind: Mapped[AlertKind] = mapped_column(stored_enum(AlertKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    count: Mapped[int] = mapped_column(Integer)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class FoundCase(Base):
    """A case that a person's own search has found; only such a case may be answered."""

    __tablename__ = "found_case"

    staff_code: Mapped[str] = plain(String(16), STAFF_CODE, primary_key=True)
    case_ref: Mapped[UUID] = mapped_column(primary_key=True)
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
