"""Why is this case not callable? For one case, for a page of a list, for a whole campaign.

The answers of a campaign add up to what was received, and a bucket can be opened as a list of
cases. Set queries first, then the pure rule; nothing sealed is opened (S4-12.1c).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from campaigns.calling.attempt_sums import counted_days
from campaigns.calling.histories import Surroundings
from campaigns.calling.list_facts import OpenCase, open_cases
from campaigns.cases.agent_groups import able_holders
from campaigns.cases.assignments import NOBODY
from campaigns.cases.cases import case_row, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.desk.callability import (
    Bucket,
    CaseAnswer,
    QueuePlace,
    Rules,
    bucket_of,
    callable_from,
    closed_bucket,
)
from campaigns.desk.serving import around_campaign
from dialer.api import Place, QueueState, places
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Funnel:
    """The published cases of a campaign by bucket, the empty ones left out.

    ``received`` is counted by itself; ``difference`` is 0 when every case is in one bucket.
    """

    campaign_code: str
    received: int
    counts: Mapping[Bucket, int]

    @property
    def difference(self) -> int:
        return self.received - sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Standing:
    case: OpenCase
    place: Place | None
    bucket: Bucket


def funnel(work: UnitOfWork, campaign_code: str) -> Funnel:
    """Every published case of the campaign in exactly one bucket, as of now. Raises NotFound."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    around = around_campaign(work, campaign_code)
    counts: Counter[Bucket] = Counter(_ended(work, campaign_code))
    counts.update(one.bucket for one in _standings(work, around))
    return Funnel(
        campaign_code, _received(work, campaign_code), {b: counts[b] for b in Bucket if counts[b]}
    )


def case_answer(work: UnitOfWork, case_id: UUID) -> CaseAnswer:
    """Where one case stands and from when it may be called. Raises NotFound."""
    row = case_row(work, case_id)
    return case_answers(work, row.campaign_code, [case_id])[case_id]


def case_answers(
    work: UnitOfWork, campaign_code: str, case_ids: Collection[UUID]
) -> dict[UUID, CaseAnswer]:
    """The answers for a page of cases of one campaign; others are left out."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    around = around_campaign(work, campaign_code)
    days = counted_days(work, campaign_code, case_ids)
    rules = _rules(work, around)
    answers = {
        row.id: CaseAnswer(closed_bucket(row.close_reason, excluded=row.exclusion is not None))
        for row in work.session.scalars(
            select(CallCase).where(
                CallCase.id.in_(list(case_ids)),
                CallCase.campaign_code == campaign_code,
                CallCase.status == CaseStatus.CLOSED,
            )
        )
    }
    for one in _standings(work, around, case_ids):
        after = _after(one, work.now)
        at = callable_from(one.case.facts, days[one.case.id], one.bucket, rules, after)
        answers[one.case.id] = CaseAnswer(one.bucket, at)
    return answers


def cases_in(
    work: UnitOfWork, campaign_code: str, bucket: Bucket, assignee: str = ""
) -> list[OpenCase]:
    """The open cases in a bucket in lent order, of one holder when one is named ("-": nobody)."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    around = around_campaign(work, campaign_code)
    return [
        one.case
        for one in _standings(work, around)
        if one.bucket is bucket and assignee in ("", one.case.assignee or NOBODY)
    ]


def _standings(
    work: UnitOfWork, around: Surroundings, case_ids: Collection[UUID] | None = None
) -> list[_Standing]:
    rules = _rules(work, around)
    queued = places(work, around.campaign.code, case_ids)
    able = able_holders(work, around.campaign.receivable)
    answered: dict[tuple[int, bool, QueuePlace], Bucket] = {}
    standings = []
    for one in open_cases(work, around, able, case_ids):
        place = queued.get(one.id)
        in_hand = place is not None and place.holder is not None
        where = _queue_place(place, one, work.now)
        same = (id(one.facts), in_hand, where)  # many cases share their facts
        bucket = answered.get(same)
        if bucket is None:
            facts = replace(one.facts, leased_by_other=True) if in_hand else one.facts
            bucket = answered[same] = bucket_of(facts, where, rules)
        standings.append(_Standing(one, place, bucket))
    return standings


def _queue_place(place: Place | None, one: OpenCase, now: datetime) -> QueuePlace:
    if place is None:
        return QueuePlace.MISSING
    owed = one.facts.follow_up_at is not None and one.facts.follow_up_at <= now
    if place.state is QueueState.LEASED:
        return QueuePlace.IN_HAND
    if place.state is QueueState.READY or owed:  # a call that is due is served past the queue
        return QueuePlace.READY
    if place.state is QueueState.DONE:
        return QueuePlace.MISSING
    is_due = place.due_at is not None and place.due_at <= now
    return QueuePlace.READY if is_due else QueuePlace.LATER


def _after(one: _Standing, now: datetime) -> datetime:
    """Before the queue gives a parked case back nothing is served, whatever the rules say."""
    parked = one.bucket is Bucket.QUEUED_FOR_LATER and one.place is not None
    due_at = one.place.due_at if one.place is not None and parked else None
    return max(now, due_at) if due_at else now


def _rules(work: UnitOfWork, around: Surroundings) -> Rules:
    return Rules(around.rules.parameters, around.hours, around.rules.cuts, work.now)


def _ended(work: UnitOfWork, campaign_code: str) -> Mapping[Bucket, int]:
    counts: Counter[Bucket] = Counter()
    excluded = CallCase.exclusion.is_not(None)
    rows: Sequence[tuple[CloseReason | None, bool, int]] = [
        (reason, bool(is_excluded), int(number))
        for reason, is_excluded, number in work.session.execute(
            select(CallCase.close_reason, excluded, func.count())
            .where(
                CallCase.campaign_code == campaign_code,
                CallCase.lent_list_id.in_(published_lists(campaign_code)),
                CallCase.status == CaseStatus.CLOSED,
            )
            .group_by(CallCase.close_reason, excluded)
        )
    ]
    for reason, is_excluded, number in rows:
        counts[closed_bucket(reason, excluded=is_excluded)] += number
    return counts


def _received(work: UnitOfWork, campaign_code: str) -> int:
    query = (
        select(func.count())
        .select_from(CallCase)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
        )
    )
    return work.session.scalar(query) or 0
