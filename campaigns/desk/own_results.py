"""What an agent may see of the own work: today's results, calls owed, where the own cases stand.

Row numbers and codes only; nothing sealed is opened for a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.follow_ups import open_follow_ups
from campaigns.calling.histories import current_versions
from campaigns.calling.models import CallRecord, FollowUpKind
from campaigns.calling.outcome_master import table_version
from campaigns.calling.outcomes import Direction, Mark
from campaigns.cases.agent_groups import holders_of
from campaigns.cases.cases import published_lists, running_campaigns
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from dialer.api import ready_for
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OwnResult:
    """One call of the acting person today. ``row_number`` None for a call about no case."""

    at: datetime
    direction: Direction
    campaign_code: str | None
    row_number: int | None
    code: str
    label: str
    mark: Mark
    is_urgent: bool
    secondary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnFollowUp:
    """One call the acting person owes; ``is_others``: whose holder did not make it in time."""

    due_at: datetime
    agreed_at: datetime
    campaign_code: str
    row_number: int
    kind: FollowUpKind
    moved_reason: TurnReason | None
    is_late: bool
    is_due: bool
    is_others: bool


@dataclass(frozen=True, slots=True)
class OwnCases:
    """Where the acting person's cases of the running campaigns stand; the counts make the total.

    ``callable_now``: waiting, with no time set that lies ahead. ``queued``: served at once.
    """

    total: int
    queued: int
    callable_now: int
    later: int
    next_at: datetime | None
    booked: int
    promised: int
    next_promise: date | None
    with_department: int
    closed: int


def own_results(work: UnitOfWork) -> list[OwnResult]:
    """Today's calls of the acting person, newest first, in their present version (S4-11.2e)."""
    require(work.actor, Permission.SEE_OWN_RESULTS)
    records = work.session.scalars(
        select(CallRecord)
        .where(
            CallRecord.agent == work.actor.code,
            CallRecord.business_day == business_day(work.now),
        )
        .order_by(CallRecord.started_at.desc(), CallRecord.recorded_at.desc())
    ).all()
    current = current_versions(records)
    rows = _row_numbers(work, [record.case_id for record in current if record.case_id])
    return [_result(work, record, rows) for record in current]


def _result(work: UnitOfWork, record: CallRecord, rows: dict[UUID, CallCase]) -> OwnResult:
    case = rows.get(record.case_id) if record.case_id else None
    table = table_version(work, record.outcome_version)
    row = table.recorded_row(
        record.outcome_code, receivable=case.receivable if case else "", on=record.business_day
    )
    return OwnResult(
        record.started_at,
        record.direction,
        record.campaign_code,
        case.row_number if case else None,
        record.outcome_code,
        row.label_ja,
        record.mark,
        record.is_urgent,
        tuple(record.secondary_codes.split()),
    )


def _row_numbers(work: UnitOfWork, case_ids: Sequence[UUID]) -> dict[UUID, CallCase]:
    found = work.session.scalars(select(CallCase).where(CallCase.id.in_(set(case_ids))))
    return {case.id: case for case in found}


def own_follow_ups(work: UnitOfWork) -> list[OwnFollowUp]:
    """The calls the acting person owes, alone or with a group, soonest first."""
    require(work.actor, Permission.TAKE_CASE)
    holders = holders_of(work)
    owed = open_follow_ups(work, holders, released_too=True)
    rows = _row_numbers(work, [one.case_id for one in owed])
    return [
        OwnFollowUp(
            one.due_at,
            one.agreed_at,
            one.campaign_code,
            rows[one.case_id].row_number,
            one.kind,
            one.moved_reason,
            one.is_late,
            one.due_at <= work.now,
            one.assignee not in holders,
        )
        for one in owed
    ]


def own_cases(work: UnitOfWork) -> OwnCases:
    """Counts of the cases the acting person is served from, own and of the groups (S4-12.1c)."""
    require(work.actor, Permission.TAKE_CASE)
    holders = holders_of(work)
    counts: Counter[CaseStatus] = Counter()
    later = 0
    next_at: datetime | None = None
    next_promise: date | None = None
    for campaign in running_campaigns(work, business_day(work.now)):
        mine = (
            CallCase.campaign_code == campaign.code,
            CallCase.lent_list_id.in_(published_lists(campaign.code)),
            CallCase.assignee.in_(holders),
        )
        by_status = select(CallCase.status, func.count(), func.min(CallCase.promise_until))
        for status, number, until in work.session.execute(
            by_status.where(*mine).group_by(CallCase.status)
        ):
            counts[status] += number
            if status is CaseStatus.PROMISED:
                next_promise = min(filter(None, (next_promise, until)), default=None)
        ahead = select(func.count(), func.min(CallCase.not_before)).where(
            *mine, CallCase.status == CaseStatus.WAITING, CallCase.not_before > work.now
        )
        number, soonest = work.session.execute(ahead).one()
        later += number
        next_at = min(filter(None, (next_at, soonest)), default=None)
    return OwnCases(
        total=counts.total(),
        queued=sum(ready_for(work, holder) for holder in holders),
        callable_now=counts[CaseStatus.WAITING] - later,
        later=later,
        next_at=next_at,
        booked=counts[CaseStatus.FOLLOW_UP_BOOKED],
        promised=counts[CaseStatus.PROMISED],
        next_promise=next_promise,
        with_department=counts[CaseStatus.WITH_DEPARTMENT],
        closed=counts[CaseStatus.CLOSED],
    )
