"""The city's notices as screens and the command line show them: counts, never a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.notice_models import CityNotice, NoticeSource, NoticeState
from campaigns.calling.payment_facts import NoticeKind
from secure_store.access import Permission, require
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice: what it holds, how far it is. received = found + already_closed + not_found."""

    id: UUID
    campaign_code: str
    receivable: str
    kind: NoticeKind
    source: NoticeSource
    state: NoticeState
    document_no: str
    file_name: str | None
    digest: str
    data_until: date | None
    received: int
    found: int
    already_closed: int
    not_found: int
    done: int
    ended: int
    repeated: int
    report: dict[str, Any]
    entered_at: datetime
    entered_by: str
    applied_at: datetime | None
    applied_by: str | None


def notice_view(row: CityNotice) -> NoticeView:
    return NoticeView(
        row.id,
        row.campaign_code,
        row.receivable,
        row.kind,
        row.source,
        row.state,
        row.document_no,
        row.file_name,
        row.digest,
        row.data_until,
        row.received,
        row.found,
        row.already_closed,
        row.not_found,
        row.done,
        row.ended,
        row.repeated,
        json.loads(row.report),
        row.entered_at,
        row.entered_by,
        row.applied_at,
        row.applied_by,
    )


def notice_row(work: UnitOfWork, notice_id: UUID, *, for_change: bool = False) -> CityNotice:
    """Raises NotFound, also for a receivable that is not this person's."""
    row = work.session.get(
        CityNotice, notice_id, with_for_update=for_change or None, populate_existing=for_change
    )
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="notice")
    return row


def get_notice(work: UnitOfWork, notice_id: UUID) -> NoticeView:
    """One notice. Raises NotFound."""
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    return notice_view(notice_row(work, notice_id))


def list_notices(work: UnitOfWork, campaign_code: str | None = None) -> list[NoticeView]:
    """The notices of this person's receivables, or of one campaign, newest first."""
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    query = select(CityNotice).order_by(CityNotice.entered_at.desc(), CityNotice.id)
    if campaign_code is not None:
        query = query.where(CityNotice.campaign_code == campaign_code)
    rows = work.session.scalars(query)
    return [notice_view(row) for row in rows if work.actor.sees(row.receivable)]
