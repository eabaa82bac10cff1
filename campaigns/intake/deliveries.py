"""Deliveries as screens and the command line show them: reports, publication, receipts (預り証)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from campaigns.cases.cases import get_campaign
from campaigns.cases.models import CallCase, Campaign, LentList, LentListState
from campaigns.errors import CampaignNotReady
from campaigns.intake.findings import DeliveryReport, Fault, Question
from campaigns.intake.lent_files import destroy_lent_files
from campaigns.profile.contract import current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.exchange.exchange_errors import ReceiptMissing
from secure_store.exchange.hand_over_views import hand_over_of_list
from secure_store.models import Transfer, TransferDirection
from secure_store.orders.suspension import require_intake
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery: its counts, its state, what was found. received = accepted + excluded."""

    id: UUID
    campaign_code: str
    receivable: str
    state: LentListState
    digest: str
    file_name: str
    encoding: str
    data_as_of: date
    received: int
    accepted: int
    excluded: int
    written: int
    report: dict[str, Any]
    receipt_no: str | None
    staged_at: datetime
    staged_by: str
    published_at: datetime | None
    published_by: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """預り証: what was received, from whom, by whom, with which digests (S4-14.2a, 14.5)."""

    number: str
    contract_title: str
    commissioner: str
    contractor: str
    receivable_name: str
    department: str
    campaign_code: str
    files: tuple[dict[str, Any], ...]
    received: int
    accepted: int
    excluded: int
    received_at: datetime
    received_by: str


def report_document(report: DeliveryReport) -> dict[str, Any]:
    """A report as plain values: counts, codes, places; never a value of a cell."""
    return {
        "received": report.received,
        "accepted": len(report.accepted),
        "excluded": dict(Counter(row.reason.value for row in report.excluded)),
        "excluded_rows": [
            {"row": row.row.row_number, "code": row.reason.value} for row in report.excluded[:1000]
        ],
        "faults": [_fault(fault) for fault in report.faults],
        "faults_beyond": report.faults_beyond,
        "questions": [_question(question) for question in report.questions],
        "questions_beyond": report.questions_beyond,
        "files": [
            {
                "name": file.name,
                "kind": file.kind.value,
                "sha256": file.sha256,
                "size": file.size,
            }
            for file in report.files
        ],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "file": fault.file,
        "row": fault.row,
        "column": fault.column,
        "code": fault.code.value,
        "byte": fault.byte,
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "file": question.file,
        "row": question.row,
        "column": question.column,
        "code": question.code.value,
        "rows_alike": question.rows_alike,
    }


def _view(row: LentList) -> DeliveryView:
    return DeliveryView(
        row.id,
        row.campaign_code,
        row.receivable,
        row.state,
        row.digest,
        row.taisho_name,
        row.encoding.value,
        row.data_as_of,
        row.received,
        row.accepted,
        row.excluded,
        row.written,
        json.loads(row.report),
        row.receipt_no,
        row.staged_at,
        row.staged_by,
        row.published_at,
        row.published_by,
    )


def list_deliveries(work: UnitOfWork) -> list[DeliveryView]:
    """All deliveries of this person's receivables, newest first."""
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    rows = work.session.scalars(select(LentList).order_by(LentList.staged_at.desc()))
    return [_view(row) for row in rows if work.actor.sees(row.receivable)]


def get_delivery(work: UnitOfWork, list_id: UUID) -> DeliveryView:
    """One delivery. Raises NotFound."""
    return _view(_row(work, list_id))


def _row(work: UnitOfWork, list_id: UUID) -> LentList:
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    row = work.session.get(LentList, list_id, with_for_update=True)
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="lent_list")
    return row


def publish(work: UnitOfWork, list_id: UUID) -> DeliveryView:
    """Makes the staged rows visible: one small transaction; destroys the lent files' keys.

    Raises ReceiptMissing where the contract wants the hand-over recorded first, and
    CampaignNotReady unless every row is written and the counts add up, WorkSuspended.
    """
    require(work.actor, Permission.PUBLISH_LENT_DATA)
    row = _row(work, list_id)
    require_receivable(work.actor, row.receivable)
    require_intake(work, row.receivable)
    written = work.session.scalar(
        select(func.count()).select_from(CallCase).where(CallCase.lent_list_id == list_id)
    )
    adds_up = written == row.received == row.accepted + row.excluded
    if row.state is not LentListState.STAGED or not adds_up:
        raise CampaignNotReady(state=row.state.value)
    needed = current_profile(work).exchange.receipt_needed
    if needed and hand_over_of_list(work, list_id) is None:
        raise ReceiptMissing(campaign=row.campaign_code)
    row.state = LentListState.PUBLISHED
    row.published_at = work.now
    row.published_by = work.actor.code
    day = business_day(work.now)
    row.receipt_no = f"R-{row.campaign_code}-{day:%Y%m%d}-{str(row.id)[:4].upper()}"
    work.session.get_one(Campaign, row.campaign_code).encoding = row.encoding
    destroy_lent_files(work, row.campaign_code)
    _note_receipt(work, row)
    work.audit(
        Tag.LIST_PUBLISHED,
        receivable=row.receivable,
        batch=row.campaign_code,
        object_kind="lent_list",
        object_id=row.id,
        count=row.received,
    )
    return _view(row)


def _note_receipt(work: UnitOfWork, row: LentList) -> None:
    work.session.add(
        Transfer(
            id=uuid4(),
            direction=TransferDirection.RECEIVED,
            receivable=row.receivable,
            name=row.taisho_name,
            sha256=row.digest,
            receipt_no=row.receipt_no,
            at=work.now,
            by=work.actor.code,
        )
    )
    work.audit(Tag.LIST_RECEIPT_ISSUED, receivable=row.receivable, ref=row.receipt_no)


def receipt(work: UnitOfWork, list_id: UUID) -> Receipt:
    """The receipt of a published delivery. Raises CampaignNotReady before that."""
    row = _row(work, list_id)
    if row.receipt_no is None or row.published_at is None or row.published_by is None:
        raise CampaignNotReady(state=row.state.value)
    profile = current_profile(work)
    receivable = profile.receivable(row.receivable)
    campaign = get_campaign(work, row.campaign_code)
    return Receipt(
        number=row.receipt_no,
        contract_title=profile.title,
        commissioner=profile.commissioner,
        contractor=profile.contractor,
        receivable_name=receivable.name,
        department=receivable.department,
        campaign_code=campaign.code,
        files=tuple(json.loads(row.report)["files"]),
        received=row.received,
        accepted=row.accepted,
        excluded=row.excluded,
        received_at=row.published_at,
        received_by=row.published_by,
    )
