"""The city's notices in two steps: checked and counted, then confirmed (``notice_applying``).

Nothing changes before the confirmation; the file waits sealed under a key of its own. Keys are
looked up in this one campaign and nowhere else (S4-14.4).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.calling.notice_models import CityNotice, NoticeSource, NoticeState
from campaigns.calling.payments import told_before
from campaigns.cases.cases import CampaignView, get_campaign
from campaigns.cases.models import CallCase
from campaigns.cases.payment_data import PaymentLine, cases_by_key
from campaigns.cases.states import CaseStatus
from campaigns.desk.notice_views import notice_row
from campaigns.errors import CampaignNotReady
from campaigns.intake.importer import digest_of
from campaigns.intake.lent_files import destroy_notice_file, keep_lent_file
from campaigns.intake.notice_files import NoticeReport, NoticeRow, check_notice_files
from campaigns.notice_errors import NoticeApplied, NoticeKnown, NoticeRejected
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Result, Tag
from secure_store.work import SecureStore, UnitOfWork

SLICE = 250
LISTED = 1_000


def check_notice(
    store: SecureStore, actor: Actor, campaign_code: str, files: Mapping[str, bytes]
) -> UUID:
    """Checks a notice, counts what it would meet and keeps it sealed; returns its id.

    Raises NoticeKnown for the same files again, NoticeRejected with the places of its faults.
    In both cases nothing has changed.
    """
    digest = digest_of(files)
    with store.work(actor, readonly=True) as work:
        campaign = _may_receive(work, campaign_code, digest)
        today = business_day(work.now)
    report = check_notice_files(files, campaign.receivable, campaign.month, today)
    if report.is_refused:
        _note_refusal(store, actor, campaign, report)
        raise NoticeRejected(report=fault_document(report))
    with store.work(actor) as work:
        campaign = _may_receive(work, campaign_code, digest)
        row = _keep(work, campaign, report, files[report.file_name], digest)
        return row.id


def _may_receive(work: UnitOfWork, campaign_code: str, digest: str) -> CampaignView:
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    campaign = get_campaign(work, campaign_code)
    if campaign.is_erased:
        raise CampaignNotReady(campaign=campaign_code)
    known = work.session.scalar(
        select(CityNotice.id).where(
            CityNotice.campaign_code == campaign_code, CityNotice.digest == digest
        )
    )
    if known is not None:
        raise NoticeKnown(campaign=campaign_code)
    return campaign


def fault_document(report: NoticeReport) -> dict[str, Any]:
    """The faults as plain values: places and codes, never a value of a cell."""
    return {
        "faults": [
            {
                "file": fault.file,
                "row": fault.row,
                "column": fault.column,
                "code": fault.code.value,
                "byte": fault.byte,
            }
            for fault in report.faults
        ],
        "faults_beyond": report.faults_beyond,
    }


def _note_refusal(
    store: SecureStore, actor: Actor, campaign: CampaignView, report: NoticeReport
) -> None:
    with store.work(actor) as work:
        work.audit(
            Tag.NOTICE_REFUSED,
            receivable=campaign.receivable,
            batch=campaign.code,
            count=len(report.faults) + report.faults_beyond,
            result=Result.DENIED,
            reason=report.faults[0].code.value,
        )


@dataclass(slots=True)
class _Tally:
    """What the rows of a notice meet."""

    found: int = 0
    already_closed: int = 0
    repeated: int = 0
    missing_rows: list[int] = field(default_factory=list)


def _count(work: UnitOfWork, campaign: CampaignView, rows: Sequence[NoticeRow]) -> _Tally:
    tally = _Tally()
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        keys = list({row.key for row in part})
        known = cases_by_key(work, campaign.receivable, campaign.code, keys)
        closed = set(
            work.session.scalars(
                select(CallCase.id).where(
                    CallCase.id.in_(list(known.values())), CallCase.status == CaseStatus.CLOSED
                )
            )
        )
        met = [known[row.key] for row in part if row.key in known]
        tally.found += sum(case_id not in closed for case_id in met)
        tally.already_closed += sum(case_id in closed for case_id in met)
        tally.repeated += told_before(work, campaign, payment_lines(part, known))
        tally.missing_rows += [row.number for row in part if row.key not in known]
    return tally


def payment_lines(rows: Sequence[NoticeRow], cases: Mapping[str, UUID]) -> list[PaymentLine]:
    """The payments among rows whose case is known."""
    return [
        PaymentLine(
            case_id=cases[row.key],
            period=row.period,
            paid_on=row.paid_on,
            yen=row.yen,
            posted_on=row.posted_on,
        )
        for row in rows
        if row.key in cases and row.paid_on is not None
    ]


def _keep(
    work: UnitOfWork, campaign: CampaignView, report: NoticeReport, data: bytes, digest: str
) -> CityNotice:
    if report.kind is None or report.encoding is None:
        raise NoticeRejected(report=fault_document(report))
    tally = _count(work, campaign, report.rows)
    file_id = keep_lent_file(work, campaign.receivable, campaign.code, report.file_name, data)
    notice_id = uuid4()
    day = business_day(work.now)
    row = CityNotice(
        id=notice_id,
        campaign_code=campaign.code,
        receivable=campaign.receivable,
        kind=report.kind,
        source=NoticeSource.FILE,
        state=NoticeState.CHECKED,
        digest=digest,
        document_no=f"N-{campaign.code}-{day:%Y%m%d}-{str(notice_id)[:4].upper()}",
        file_name=report.file_name,
        sealed_file_id=file_id,
        data_until=report.data_until,
        received=len(report.rows),
        found=tally.found,
        already_closed=tally.already_closed,
        not_found=len(tally.missing_rows),
        report=_counts_document(report, tally),
        entered_at=work.now,
        entered_by=work.actor.code,
        done=0,
        ended=0,
        repeated=0,
    )
    work.session.add(row)
    work.session.flush()
    note_notice(work, Tag.NOTICE_CHECKED, row)
    return row


def _counts_document(report: NoticeReport, tally: _Tally) -> str:
    document = {
        "encoding": report.encoding.value if report.encoding else None,
        "missing_rows": tally.missing_rows[:LISTED],
        "repeated": tally.repeated,
        "reasons": dict(Counter(row.reason for row in report.rows if row.reason)),
    }
    return json.dumps(document, ensure_ascii=False)


def note_notice(work: UnitOfWork, tag: Tag, row: CityNotice) -> None:
    work.audit(
        tag,
        receivable=row.receivable,
        batch=row.campaign_code,
        object_kind="notice",
        object_id=row.id,
        count=row.received,
        ref=row.digest,
    )


def give_back_notice(work: UnitOfWork, notice_id: UUID) -> None:
    """Drops a notice that was only checked, its file's key first. Raises NoticeApplied."""
    require(work.actor, Permission.RECEIVE_LENT_DATA)
    row = notice_row(work, notice_id, for_change=True)
    if row.state is not NoticeState.CHECKED:
        raise NoticeApplied(notice=row.document_no)
    note_notice(work, Tag.NOTICE_GIVEN_BACK, row)
    file_id = row.sealed_file_id
    work.session.delete(row)
    work.session.flush()
    if file_id is not None:
        destroy_notice_file(work, file_id)
