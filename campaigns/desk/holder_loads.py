"""担当の偏り: how the work of a campaign is spread over agents and groups (S4-12.1a, S4-12.1c).

Counts by staff code only. An agent's calls are those the agent made; a group's are those made
about the cases the group holds, so one call may stand in both lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import aliased

from campaigns.calling.models import CallRecord, CaseHandling, FollowUp, FollowUpStatus, Revision
from campaigns.calling.outcomes import Direction
from campaigns.cases.agent_groups import is_group_code
from campaigns.cases.assignments import HolderLoad, loads
from campaigns.cases.cases import get_campaign, published_lists
from campaigns.cases.models import Assignment, CallCase
from campaigns.cases.states import CaseStatus
from dialer.calendar.holidays import TOKYO, business_day
from secure_store.access import Permission, Role, require
from secure_store.people.staff import agents_of
from secure_store.work import UnitOfWork

UNEVEN_FROM = 1.5  # the largest share against the smallest
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HolderFigures:
    """One agent or group. ``untouched_days``: mean age of cases never dialled, in days since they
    were assigned; None when there is none. ``contacts``: of the person, today."""

    code: str
    display_name: str
    is_group: bool
    open_cases: int
    served: int
    dials: int
    contacts: int
    untouched: int
    untouched_days: float | None
    due_calls: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How uneven a number is spread; ``ratio`` None when somebody has nothing of it."""

    smallest: int
    largest: int
    ratio: float | None
    is_uneven: bool


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The spread of one campaign now. The spreads compare agents, not groups with agents.

    ``open_spread``: of open cases, among those who should hold some: supervisors and members of a
    group count only when they do; ``served_spread``: of cases served today, among agents who were
    served any.
    """

    figures: tuple[HolderFigures, ...]
    open_spread: Spread
    served_spread: Spread
    group_spread: Spread
    unassigned: int


def spread_of(values: Sequence[int]) -> Spread:
    """The spread of these numbers; a difference of one is never called uneven."""
    if not values:
        return Spread(0, 0, None, False)
    smallest, largest = min(values), max(values)
    ratio = largest / smallest if smallest else None
    apart = largest - smallest > 1
    return Spread(smallest, largest, ratio, apart and (ratio is None or ratio >= UNEVEN_FROM))


def load_report(work: UnitOfWork, campaign_code: str) -> LoadReport:
    """The figures of everybody who may hold cases of the campaign. Raises NotFound."""
    require(work.actor, Permission.ASSIGN_CASES)
    campaign = get_campaign(work, campaign_code)
    holders = loads(work, campaign_code, campaign.receivable)
    served = _served(work, campaign_code)
    calls = _calls(work, campaign_code)
    waiting = _untouched(work, campaign_code)
    due = _due(work, campaign_code)
    figures = tuple(
        HolderFigures(
            code=one.code,
            display_name=one.display_name,
            is_group=one.is_group,
            open_cases=one.open_cases,
            served=served[one.code],
            dials=calls[one.code][0],
            contacts=calls[one.code][1],
            untouched=waiting[one.code][0],
            untouched_days=_mean(waiting[one.code]),
            due_calls=due[one.code],
        )
        for one in holders
    )
    people = [one for one in figures if not one.is_group]
    elsewhere = _busy_elsewhere(work, campaign.receivable, holders)
    return LoadReport(
        figures,
        spread_of(
            [one.open_cases for one in people if one.open_cases or one.code not in elsewhere]
        ),
        spread_of([one.served for one in people if one.served]),
        spread_of([one.open_cases for one in figures if one.is_group]),
        _unassigned(work, campaign_code),
    )


def _busy_elsewhere(
    work: UnitOfWork, receivable: str, holders: Sequence[HolderLoad]
) -> frozenset[str]:
    """Who may well hold no case alone: supervisors, and members of a group."""
    shared = {member for one in holders for member in one.members}
    people = agents_of(work, receivable)
    return frozenset(shared | {one.code for one in people if one.role is Role.SUPERVISOR})


def _open(campaign_code: str) -> tuple[ColumnElement[bool], ...]:
    return (
        CallCase.campaign_code == campaign_code,
        CallCase.lent_list_id.in_(published_lists(campaign_code)),
        CallCase.status != CaseStatus.CLOSED,
    )


def _served(work: UnitOfWork, campaign_code: str) -> Counter[str]:
    begin = datetime.combine(business_day(work.now), time(), tzinfo=TOKYO)
    rows = work.session.execute(
        select(CaseHandling.agent, CallCase.assignee, func.count())
        .join(CallCase, CallCase.id == CaseHandling.case_id)
        .where(
            CaseHandling.campaign_code == campaign_code,
            CaseHandling.direction == Direction.OUTBOUND,
            CaseHandling.opened_at >= begin,
            CaseHandling.opened_at < begin + ONE_DAY,
        )
        .group_by(CaseHandling.agent, CallCase.assignee)
    )
    counts: Counter[str] = Counter()
    for agent, assignee, number in rows:
        for holder in _credited(agent, assignee):
            counts[holder] += number
    return counts


def _credited(agent: str, assignee: str | None) -> tuple[str, ...]:
    """In whose lines a call stands: the agent's, and the group's whose case it is."""
    # A case of another agent is that agent's load, but not that agent's work of today.
    if assignee is None or not is_group_code(assignee):
        return (agent,)
    return (agent, assignee)


def _calls(work: UnitOfWork, campaign_code: str) -> Mapping[str, tuple[int, int]]:
    later = aliased(CallRecord)
    rows = work.session.execute(
        select(
            CallRecord.agent,
            CallCase.assignee,
            _sum(CallRecord.counts_dial.is_(True)),
            _sum(CallRecord.is_contact_person.is_(True)),
        )
        .join(CallCase, CallCase.id == CallRecord.case_id)
        .where(
            CallRecord.campaign_code == campaign_code,
            CallRecord.business_day == business_day(work.now),
            CallRecord.revision != Revision.CANCELLATION,
            ~exists().where(later.supersedes == CallRecord.id),
        )
        .group_by(CallRecord.agent, CallCase.assignee)
    )
    sums: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for agent, assignee, dials, contacts in rows:
        for holder in _credited(agent, assignee):
            sums[holder] = (sums[holder][0] + int(dials), sums[holder][1] + int(contacts))
    return sums


def _untouched(work: UnitOfWork, campaign_code: str) -> Mapping[str, tuple[int, timedelta]]:
    """By holder: how many cases were never dialled, and their ages added up."""
    rows = work.session.execute(
        select(CallCase.assignee, Assignment.began_at, func.count())
        .join(Assignment, Assignment.case_id == CallCase.id)
        .where(*_open(campaign_code), CallCase.dials == 0, Assignment.ended_at.is_(None))
        .group_by(CallCase.assignee, Assignment.began_at)
    )
    sums: defaultdict[str, tuple[int, timedelta]] = defaultdict(lambda: (0, timedelta()))
    for assignee, began_at, number in rows:
        if assignee is not None:
            count, age = sums[assignee]
            sums[assignee] = (count + number, age + number * (work.now - began_at))
    return sums


def _mean(untouched: tuple[int, timedelta]) -> float | None:
    count, age = untouched
    return age / count / ONE_DAY if count else None


def _due(work: UnitOfWork, campaign_code: str) -> Counter[str | None]:
    rows = work.session.execute(
        select(CallCase.assignee, func.count())
        .join(FollowUp, FollowUp.case_id == CallCase.id)
        .where(
            *_open(campaign_code),
            FollowUp.status == FollowUpStatus.OPEN,
            FollowUp.due_at <= work.now,
        )
        .group_by(CallCase.assignee)
    )
    return Counter({assignee: int(number) for assignee, number in rows})


def _unassigned(work: UnitOfWork, campaign_code: str) -> int:
    query = select(func.count()).where(*_open(campaign_code), CallCase.assignee.is_(None))
    return work.session.scalar(query) or 0


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))
