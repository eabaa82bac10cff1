"""Rows for list screens: ids, statuses, counts. Never opens anything sealed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from campaigns.cases.cases import get_campaign, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, CloseReason
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

PAGE = 100


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list: its place, state and counts."""

    id: UUID
    row_number: int
    status: CaseStatus
    close_reason: CloseReason | None
    exclusion: str | None
    assignee: str | None
    priority: int
    care_code: str | None
    dials: int
    counted_attempts: int
    was_contacted: bool
    last_outcome: str | None
    last_attempt_at: datetime | None
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list is narrowed to; ``assignee`` "-" means nobody."""

    status: CaseStatus | None = None
    assignee: str | None = None
    after_row: int = 0


@dataclass(frozen=True, slots=True)
class CampaignNumbers:
    """The funnel of a campaign: the parts add up to all published rows."""

    received: int
    excluded: int
    untouched: int
    by_status: dict[CaseStatus, int]
    unassigned: int
    contacted: int
    dials: int
    counted_attempts: int
    closed_by: dict[str, int]


def list_cases(work: UnitOfWork, campaign_code: str, wanted: ListFilter) -> list[CaseLine]:
    """One page of cases in lent order, by key, not by offset."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    get_campaign(work, campaign_code)
    query = (
        select(CallCase)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
            CallCase.row_number > wanted.after_row,
        )
        .order_by(CallCase.row_number, CallCase.id)
        .limit(PAGE)
    )
    if wanted.status is not None:
        query = query.where(CallCase.status == wanted.status)
    if wanted.assignee == "-":
        query = query.where(CallCase.assignee.is_(None), CallCase.status != CaseStatus.CLOSED)
    elif wanted.assignee:
        query = query.where(CallCase.assignee == wanted.assignee)
    return [_line(row) for row in work.session.scalars(query)]


def _line(row: CallCase) -> CaseLine:
    return CaseLine(
        row.id,
        row.row_number,
        row.status,
        row.close_reason,
        row.exclusion,
        row.assignee,
        row.priority,
        row.care_code,
        row.dials,
        row.counted_attempts,
        row.was_contacted,
        row.last_outcome,
        row.last_attempt_at,
        row.not_before,
    )


def campaign_numbers(work: UnitOfWork, campaign_code: str) -> CampaignNumbers:
    """Counts of a campaign's published rows; ``received`` is the sum of all statuses."""
    get_campaign(work, campaign_code)
    where = (
        CallCase.campaign_code == campaign_code,
        CallCase.lent_list_id.in_(published_lists(campaign_code)),
    )
    rows = work.session.execute(
        select(
            CallCase.status,
            CallCase.close_reason,
            func.count(),
            func.sum(CallCase.dials),
            func.sum(CallCase.counted_attempts),
        )
        .where(*where)
        .group_by(CallCase.status, CallCase.close_reason)
    ).all()
    by_status: Counter[CaseStatus] = Counter()
    closed_by: Counter[str] = Counter()
    dials = attempts = 0
    for status, reason, count, dialled, counted in rows:
        by_status[status] += count
        dials += int(dialled or 0)
        attempts += int(counted or 0)
        if reason is not None:
            closed_by[reason.code] += count
    return CampaignNumbers(
        received=by_status.total(),
        excluded=_count(work, *where, CallCase.exclusion.is_not(None)),
        untouched=_count(work, *where, CallCase.dials == 0, CallCase.status != CaseStatus.CLOSED),
        by_status={status: by_status[status] for status in CaseStatus},
        unassigned=_count(
            work, *where, CallCase.assignee.is_(None), CallCase.status != CaseStatus.CLOSED
        ),
        contacted=_count(work, *where, CallCase.was_contacted),
        dials=dials,
        counted_attempts=attempts,
        closed_by=dict(closed_by),
    )


def _count(work: UnitOfWork, *conditions: object) -> int:
    query = select(func.count()).select_from(CallCase).where(*conditions)  # type: ignore[arg-type]
    return work.session.scalar(query) or 0
