"""Keeps the payments the city told of and reads them back; amounts are sealed with their case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from campaigns.calling.notice_models import CityNotice, NoticeSource, NoticeState, PaymentNotice
from campaigns.calling.payment_facts import NoticeKind, Payment, settled_by
from campaigns.cases.cases import CampaignView
from campaigns.cases.payment_data import (
    PaymentLine,
    line_indexes,
    open_amounts,
    seal_amounts,
)
from secure_store.work import UnitOfWork

SLICE = 500


def keep_payments(
    work: UnitOfWork, campaign: CampaignView, notice_id: UUID, lines: Sequence[PaymentLine]
) -> int:
    """Keeps the payments not told before. Returns how many were new."""
    indexes = line_indexes(work, campaign.receivable, campaign.code, lines)
    known = _known(work, campaign.code, indexes)
    untold = [
        (line, index) for line, index in zip(lines, indexes, strict=True) if index not in known
    ]
    untold = _without_entered(work, campaign, notice_id, untold)
    new = [(uuid4(), line, index) for line, index in untold]
    if not new:
        return 0
    amounts = [(row_id, line.case_id, line.yen) for row_id, line, _index in new]
    boxes = seal_amounts(work, campaign.receivable, campaign.code, amounts)
    rows = [
        {
            "id": row_id,
            "case_id": line.case_id,
            "notice_id": notice_id,
            "campaign_code": campaign.code,
            "line_index": index,
            "paid_on": line.paid_on,
            "posted_on": line.posted_on,
            "amount_sealed": box,
            "is_full": False,
        }
        for (row_id, line, index), box in zip(new, boxes, strict=True)
    ]
    work.session.execute(insert(PaymentNotice), rows)
    return len(new)


def _without_entered(
    work: UnitOfWork,
    campaign: CampaignView,
    notice_id: UUID,
    lines: Sequence[tuple[PaymentLine, bytes]],
) -> list[tuple[PaymentLine, bytes]]:
    """A payment entered by hand is told again by the next file: it becomes the file's own."""
    if not lines:
        return []
    by_hand = set(
        work.session.scalars(
            select(PaymentNotice.id)
            .join(CityNotice, CityNotice.id == PaymentNotice.notice_id)
            .where(
                PaymentNotice.case_id.in_([line.case_id for line, _index in lines]),
                CityNotice.source == NoticeSource.HAND,
            )
        )
    )
    if not by_hand:
        return list(lines)
    entered: dict[tuple[UUID, date, int], PaymentNotice] = {
        (case_id, row.paid_on, payment.yen): row
        for case_id, rows in payments_of(
            work, campaign, sorted({line.case_id for line, _index in lines})
        ).items()
        for row, payment in rows
        if row.id in by_hand
    }
    left = []
    for line, index in lines:
        row = entered.pop((line.case_id, line.paid_on, line.yen), None)
        if row is None:
            left.append((line, index))
            continue
        row.notice_id, row.line_index, row.posted_on = notice_id, index, line.posted_on
    work.session.flush()
    return left


def _known(work: UnitOfWork, campaign_code: str, indexes: Sequence[bytes]) -> set[bytes]:
    return set(
        work.session.scalars(
            select(PaymentNotice.line_index).where(
                PaymentNotice.campaign_code == campaign_code,
                PaymentNotice.line_index.in_(indexes),
            )
        )
    )


def told_before(work: UnitOfWork, campaign: CampaignView, lines: Sequence[PaymentLine]) -> int:
    """How many of these payments are known already."""
    indexes = line_indexes(work, campaign.receivable, campaign.code, lines)
    return len(_known(work, campaign.code, indexes))


PaymentRow = tuple[PaymentNotice, Payment]


def payments_of(
    work: UnitOfWork, campaign: CampaignView, case_ids: Sequence[UUID]
) -> dict[UUID, list[PaymentRow]]:
    """All payments of these cases, by case, in the order of payment."""
    rows: list[PaymentNotice] = []
    for start in range(0, len(case_ids), SLICE):
        part = case_ids[start : start + SLICE]
        rows += work.session.scalars(
            select(PaymentNotice)
            .where(PaymentNotice.case_id.in_(part))
            .order_by(PaymentNotice.paid_on, PaymentNotice.line_index)
        )
    sealed = [(row.id, row.case_id, row.amount_sealed) for row in rows]
    amounts = open_amounts(work, campaign.receivable, campaign.code, sealed) if sealed else []
    found: dict[UUID, list[PaymentRow]] = defaultdict(list)
    for row, yen in zip(rows, amounts, strict=True):
        payment = Payment(paid_on=row.paid_on, yen=yen, posted_on=row.posted_on)
        found[row.case_id].append((row, payment))
    return found


def settle_debts(
    payments: Mapping[UUID, Sequence[PaymentRow]],
    unpaid_yen: Mapping[UUID, int],
    lent_as_of: Mapping[UUID, date],
) -> dict[UUID, date]:
    """Marks the payments with which nothing was left; the day of it, by case, where it came."""
    settled: dict[UUID, date] = {}
    for case_id, rows in payments.items():
        told = [payment for _row, payment in rows]
        flags = settled_by(unpaid_yen[case_id], lent_as_of[case_id], told)
        for (row, payment), is_full in zip(rows, flags, strict=True):
            row.is_full = is_full
            if is_full:
                settled[case_id] = min(settled.get(case_id, payment.paid_on), payment.paid_on)
    return settled


def payments_known_until(work: UnitOfWork, campaign_code: str) -> date | None:
    """To which day payments of a campaign are known: the furthest of its applied files."""
    return work.session.scalar(
        select(func.max(CityNotice.data_until)).where(
            CityNotice.campaign_code == campaign_code,
            CityNotice.kind == NoticeKind.SHUNO,
            CityNotice.state == NoticeState.APPLIED,
        )
    )
