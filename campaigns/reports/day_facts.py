"""Reads a closed day out of the records, as it stood at the close: what comes later is not in it.

So that a rebuild gives the same bytes, nothing here looks at a case's present status: statuses
come from the moves, records from what was recorded before the close (decision 15).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.collected import Collected, open_of_record
from campaigns.calling.histories import current_versions
from campaigns.calling.models import CallRecord
from campaigns.calling.outcomes import Mark
from campaigns.cases.cases import CampaignView, published_lists
from campaigns.cases.groups import Group
from campaigns.cases.models import CallCase, Campaign, CaseMove, LentList
from campaigns.cases.personal_data import open_for_files
from campaigns.cases.states import CaseStatus, CloseReason, file_code
from campaigns.escalation.models import EscalationTicket
from campaigns.escalation.tickets import details_for_file
from campaigns.intake.layouts import SAMPLE_LAYOUTS
from campaigns.intake.lent_boxes import OpenedBoxes, lent_segments
from campaigns.reports.call_facts import call_fact
from campaigns.reports.rows import CallFact, CaseRow, TicketFact
from secure_store.work import UnitOfWork

SLICE = 500


@dataclass(frozen=True, slots=True)
class CampaignDay:
    """One campaign's day: every published row in lent order, its calls and its tickets."""

    campaign: CampaignView
    header: bytes = field(repr=False)
    cases: tuple[CaseRow, ...] = field(repr=False)
    calls: tuple[CallFact, ...] = field(repr=False)
    tickets: tuple[TicketFact, ...] = field(repr=False)
    versions: frozenset[int]
    records: tuple[CallRecord, ...] = field(repr=False)


def campaign_day(
    work: UnitOfWork, campaign: CampaignView, day: date, closed_at: datetime
) -> CampaignDay:
    """Everything of one campaign that the files of a day are made of."""
    cases = _cases(work, campaign.code)
    places = {case.id: place for place, case in enumerate(cases, start=1)}
    records = _records(work, campaign.code, day, closed_at)
    opened = _opened(work, campaign, cases)
    facts = _facts(work, cases, places, records, opened)
    by_case: dict[UUID, list[CallFact]] = defaultdict(list)
    for fact in facts:
        by_case[fact.call.case_id].append(fact)
    statuses = _statuses(work, campaign.code, closed_at)
    rows = tuple(
        _case_row(case, places[case.id], opened[case.id].lent, by_case[case.id], day, statuses)
        for case in cases
    )
    return CampaignDay(
        campaign=campaign,
        header=_header(work, campaign.code),
        cases=rows,
        calls=tuple(fact for fact in facts if fact.call.business_day == day),
        tickets=_tickets(work, campaign.code, day, closed_at),
        versions=frozenset(record.outcome_version for record in records),
        records=tuple(records),
    )


def _cases(work: UnitOfWork, campaign_code: str) -> list[CallCase]:
    query = (
        select(CallCase)
        .join(LentList, LentList.id == CallCase.lent_list_id)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
        )
        .order_by(LentList.published_at, CallCase.row_number)
    )
    return list(work.session.scalars(query))


def _header(work: UnitOfWork, campaign_code: str) -> bytes:
    header = work.session.scalar(
        select(LentList.header)
        .where(LentList.id.in_(published_lists(campaign_code)))
        .order_by(LentList.published_at)
        .limit(1)
    )
    return header or b""


def _records(
    work: UnitOfWork, campaign_code: str, day: date, closed_at: datetime
) -> list[CallRecord]:
    rows = list(
        work.session.scalars(
            select(CallRecord)
            .where(
                CallRecord.campaign_code == campaign_code,
                CallRecord.business_day <= day,
                CallRecord.recorded_at <= closed_at,
            )
            .order_by(CallRecord.started_at, CallRecord.id)
        )
    )
    return current_versions(rows)


@dataclass(frozen=True, slots=True)
class _Opened:
    lent: tuple[bytes, ...] = field(repr=False)
    last4: Mapping[int, str] = field(repr=False)


def _opened(
    work: UnitOfWork, campaign: CampaignView, cases: Sequence[CallCase]
) -> dict[UUID, _Opened]:
    found: dict[UUID, _Opened] = {}
    row = work.session.get_one(Campaign, campaign.code)
    if row.encoding is None:
        return found
    reader = OpenedBoxes(SAMPLE_LAYOUTS, campaign.receivable, row.encoding)
    for start in range(0, len(cases), SLICE):
        part = cases[start : start + SLICE]
        for case, boxes in zip(part, open_for_files(work, row, part), strict=True):
            phones = reader.contact(boxes[Group.G1]).phones
            found[case.id] = _Opened(
                lent=lent_segments(boxes, SAMPLE_LAYOUTS.taisho),
                last4={phone.rank: phone.digits[-4:] for phone in phones},
            )
    return found


def _facts(
    work: UnitOfWork,
    cases: Sequence[CallCase],
    places: Mapping[UUID, int],
    records: Sequence[CallRecord],
    opened: Mapping[UUID, _Opened],
) -> list[CallFact]:
    by_id = {case.id: case for case in cases}
    facts = []
    for serial, record in enumerate(records, start=1):
        case = by_id.get(record.case_id) if record.case_id else None
        if case is None:
            continue
        collected = (
            open_of_record(work, case, record.id, record.collected_sealed, for_file=True)
            if record.collected_sealed
            else Collected()
        )
        last4 = opened[case.id].last4.get(record.phone_rank or 0, "")
        facts.append(call_fact(record, case.id, places[case.id], serial, collected, last4))
    return facts


@dataclass(frozen=True, slots=True)
class _StatusThen:
    status: CaseStatus
    close_reason: CloseReason | None


def _statuses(work: UnitOfWork, campaign_code: str, closed_at: datetime) -> dict[UUID, _StatusThen]:
    """The status each moved case had at the close."""
    moves = work.session.scalars(
        select(CaseMove)
        .join(CallCase, CallCase.id == CaseMove.case_id)
        .where(CallCase.campaign_code == campaign_code, CaseMove.at <= closed_at)
        .order_by(CaseMove.at, CaseMove.id)
    )
    return {move.case_id: _StatusThen(move.target, move.close_reason) for move in moves}


def _case_row(
    case: CallCase,
    place: int,
    lent: tuple[bytes, ...],
    facts: Sequence[CallFact],
    day: date,
    statuses: Mapping[UUID, _StatusThen],
) -> CaseRow:
    excluded = _StatusThen(CaseStatus.CLOSED, CloseReason.NOT_CALLABLE)
    start = excluded if case.exclusion else _StatusThen(CaseStatus.WAITING, None)
    then = statuses.get(case.id, start)
    today = tuple(fact for fact in facts if fact.call.business_day == day)
    before = [fact.call.business_day for fact in facts if fact.call.business_day < day]
    earlier = (
        tuple(fact for fact in facts if fact.call.business_day == max(before))
        if before and not today
        else ()
    )
    return CaseRow(
        case_id=case.id,
        row_number=place,
        lent=lent,
        counted_total=sum(fact.counts_attempt for fact in facts),
        status_code=file_code(then.status, False, touched=bool(facts)),
        close_code=then.close_reason.code if then.close_reason else "",
        calls=today,
        earlier=earlier,
    )


def _tickets(
    work: UnitOfWork, campaign_code: str, day: date, closed_at: datetime
) -> tuple[TicketFact, ...]:
    """One entry per case: the gravest ticket of the day stands for all of them."""
    rows = work.session.scalars(
        select(EscalationTicket)
        .where(
            EscalationTicket.campaign_code == campaign_code,
            EscalationTicket.business_day == day,
        )
        .order_by(EscalationTicket.number)
    )
    gravest: dict[UUID, EscalationTicket] = {}
    for row in rows:
        known = gravest.get(row.case_id)
        if known is None or _weight(row) > _weight(known):
            gravest[row.case_id] = row
    return tuple(_ticket(work, row, closed_at) for row in gravest.values())


def _weight(row: EscalationTicket) -> tuple[int, bool]:
    return (row.mark.weight if row.mark is not Mark.NONE else 0, row.is_urgent)


def _ticket(work: UnitOfWork, row: EscalationTicket, closed_at: datetime) -> TicketFact:
    details = details_for_file(work, row.id)
    phoned = row.contacted_at if row.contacted_at and row.contacted_at <= closed_at else None
    return TicketFact(
        case_id=row.case_id,
        number=row.number,
        reply_due_on=row.reply_due_on,
        summary=details.summary[:200],
        wish=details.wishes,
        told=details.told,
        measure="架電停止（回答待ち）" if row.mark is Mark.STAR else "",
        phoned_at=phoned if row.is_urgent else None,
        phoned_to=details.contacted_person if phoned and row.is_urgent else "",
    )
