"""Tables of what the city tells us of between deliveries: notices, and payments case by case."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.calling.payment_facts import NoticeKind
from secure_store.database import Base, UTCDateTime, plain, sealed, stored_enum

STAFF_CODE = "staff code"
CAMPAIGN = "campaign code"


class NoticeSource(StrEnum):
    FILE = "file"
    HAND = "hand"  # one case, by the number of the city's document


class NoticeState(StrEnum):
    CHECKED = "checked"  # read and counted; nothing has changed
    APPLYING = "applying"
    APPLIED = "applied"


class CityNotice(Base):
    """One notice of the city about one campaign. received = found + already_closed + not_found.

    ``done`` counts the rows applied so far, ``ended`` the cases that ended by it, ``repeated``
    the payments that had been told before. ``data_until``: payments to this day are known.
    """

    __tablename__ = "city_notice"
    __table_args__ = (UniqueConstraint("campaign_code", "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_code: Mapped[str] = plain(String(12), CAMPAIGN, ForeignKey("campaign.code"))
    receivable: Mapped[str] = plain(String(3), "receivable code")
    kind: Mapped[NoticeKind] = mapped_column(stored_enum(NoticeKind))
    source: Mapped[NoticeSource] = mapped_column(stored_enum(NoticeSource))
    state: Mapped[NoticeState] = mapped_column(stored_enum(NoticeState))
    digest: Mapped[str] = plain(String(64), "digest of what was delivered")
    document_no: Mapped[str] = plain(String(60), "number of the city's document, or our receipt")
    file_name: Mapped[str | None] = plain(
        String(120), "file name made of codes and dates", nullable=True
    )
    sealed_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("sealed_file.id"))
    data_until: Mapped[date | None] = mapped_column(Date)
    received: Mapped[int] = mapped_column(Integer)
    found: Mapped[int] = mapped_column(Integer)
    already_closed: Mapped[int] = mapped_column(Integer)
    not_found: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer, default=0)
    ended: Mapped[int] = mapped_column(Integer, default=0)
    repeated: Mapped[int] = mapped_column(Integer, default=0)
    report: Mapped[str] = plain(String, "counts and row numbers as JSON, no values")
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = plain(String(16), STAFF_CODE)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applied_by: Mapped[str | None] = plain(String(16), STAFF_CODE, nullable=True)


class PaymentNotice(Base):
    """One payment of one case. ``line_index``: keyed hash by which a repeated row is known.

    ``is_full``: with it and all earlier ones nothing is left of what was lent as unpaid.
    """

    __tablename__ = "payment_notice"
    __table_args__ = (UniqueConstraint("campaign_code", "line_index"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("call_case.id"), index=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("city_notice.id"))
    campaign_code: Mapped[str] = plain(String(12), CAMPAIGN)
    line_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    paid_on: Mapped[date] = mapped_column(Date)
    posted_on: Mapped[date | None] = mapped_column(Date)
    amount_sealed: Mapped[bytes] = sealed("g3")
    is_full: Mapped[bool] = mapped_column(Boolean, default=False)
