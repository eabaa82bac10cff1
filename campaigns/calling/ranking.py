"""Reads what ranks are made of, for many cases at once: no query per case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.orm import aliased

from campaigns.calling.fairness import kind_of, minimum_met, possible_for, tries_owed
from campaigns.calling.histories import RecordFact, band_at, facts_of_records, open_follow_up
from campaigns.calling.models import CallRecord, FollowUp, FollowUpStatus, PaymentPromise
from campaigns.calling.ordering import RankFacts, rank_value, with_place
from campaigns.calling.payment_facts import NOT_KEPT
from campaigns.calling.waiting_tries import counted_tries
from campaigns.cases.models import CallCase
from campaigns.profile.rules import CallingRules
from dialer.calendar.bands import Band
from dialer.calendar.windows import CallingHours
from secure_store.work import UnitOfWork

CaseRange = tuple[UUID, UUID]
"""Cases by their ids: behind the first, up to and including the second."""
Tried = tuple[int, ...]
"""Counted attempts in each band, in the order of ``Band``."""
_UNTRIED: Tried = (0,) * len(Band)
_History = tuple[Tried, datetime | None, bool, str | None, bool, int]
"""What two cases must share to stand at one place but for the last parts of their own."""


@dataclass(frozen=True, slots=True)
class _Moment:
    rules: CallingRules
    at: datetime
    band: Band | None


@dataclass(frozen=True, slots=True)
class _Calls:
    """What was done about the cases: counted attempts by band, calls owed, promises not kept."""

    by_band: Mapping[UUID, Tried]
    owed_at: Mapping[UUID, datetime]
    broken: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class _Queries:
    """The four questions about some cases."""

    cases: Select[UUID, int, int, date, str | None, bool, int]
    tries: Select[UUID | None, *tuple[Any, ...]]
    owed: Select[UUID, datetime]
    broken: Select[UUID]


def rank_of(
    work: UnitOfWork, one: CallCase, hours: CallingHours, rules: CallingRules, at: datetime
) -> int:
    """The place of one case in the order of serving at an instant."""
    owed = open_follow_up(work, one.id)
    records = facts_of_records(work, one.id)
    return rank_after(work, one, records, owed.due_at if owed else None, hours, rules, at)


def rank_after(
    work: UnitOfWork,
    one: CallCase,
    records: Sequence[RecordFact],
    owed_at: datetime | None,
    hours: CallingHours,
    rules: CallingRules,
    at: datetime,
) -> int:
    """The same where the records of the case and the call we owe are known already."""
    moment = _Moment(rules, at, band_at(hours, rules.cuts, at))
    tried = [Band(row.band) for row in records if row.band and row.is_counted_try]
    history = (
        tuple(tried.count(band) for band in Band),
        owed_at,
        work.run(_BROKEN_OF_ONE, {"case": one.id}).first() is not None,
        one.care_code,
        one.was_contacted,
        one.counted_attempts,
    )
    first = rank_value(_facts(history, moment), at, moment.band)
    return with_place(first, one.priority, one.oldest_due_on, one.row_number)


def ranks_of(
    work: UnitOfWork,
    case_ids: Sequence[UUID],
    hours: CallingHours,
    rules: CallingRules,
    at: datetime,
) -> dict[UUID, int]:
    """The places of some hundred cases at most, by four queries."""
    ids = list(case_ids)
    return _ranks(
        work,
        _Moment(rules, at, band_at(hours, rules.cuts, at)),
        _queries(
            CallCase.id.in_(ids),
            CallRecord.case_id.in_(ids),
            FollowUp.case_id.in_(ids),
            PaymentPromise.case_id.in_(ids),
        ),
    )


def ranks_between(
    work: UnitOfWork,
    campaign_code: str,
    cases: CaseRange,
    hours: CallingHours,
    rules: CallingRules,
    at: datetime,
) -> dict[UUID, int]:
    """The places of all cases of a campaign in a range of ids, by the same four queries."""
    after, last = cases
    within = [
        (column > after) & (column <= last)
        for column in (CallCase.id, CallRecord.case_id, FollowUp.case_id, PaymentPromise.case_id)
    ]
    within[0] &= CallCase.campaign_code == campaign_code
    within[1] &= CallRecord.campaign_code == campaign_code
    return _ranks(work, _Moment(rules, at, band_at(hours, rules.cuts, at)), _queries(*within))


def _ranks(
    work: UnitOfWork,
    moment: _Moment,
    queries: _Queries,
) -> dict[UUID, int]:
    work.session.flush()
    connection = work.session.connection()  # rows are enough, and cost half of what objects do
    calls = _Calls(
        {
            row[0]: tuple(int(number) for number in row[1:])
            for row in connection.execute(queries.tries)
        },
        {row[0]: row[1] for row in connection.execute(queries.owed)},
        frozenset(row[0] for row in connection.execute(queries.broken)),
    )
    first: dict[_History, int] = {}
    found: dict[UUID, int] = {}
    for row in connection.execute(queries.cases):
        case_id, row_number, priority, due_on, care_code, was_contacted, counted = row
        history = (
            calls.by_band.get(case_id, _UNTRIED),
            calls.owed_at.get(case_id),
            case_id in calls.broken,
            care_code,
            was_contacted,
            counted,
        )
        if history not in first:
            first[history] = rank_value(_facts(history, moment), moment.at, moment.band)
        found[case_id] = with_place(first[history], priority, due_on, row_number)
    return found


def _facts(history: _History, moment: _Moment) -> RankFacts:
    numbers, owed_at, is_broken, care_code, was_contacted, counted = history
    by_band = dict(zip(Band, numbers, strict=True))
    used = frozenset(band for band, number in by_band.items() if number)
    now = kind_of(moment.band)  # hours that are open now are possible
    possible = possible_for(frozenset({now}), care_code) if now else frozenset()
    return RankFacts(
        row_number=0,
        follow_up_at=owed_at,
        promise_broken=is_broken,
        used_bands=used,
        owed=tries_owed(used, possible, was_contacted),
        minimum_met=minimum_met(by_band, moment.rules.parameters),
        counted_attempts=counted,
    )


def _queries(
    these: ColumnElement[bool],
    records: ColumnElement[bool],
    owed: ColumnElement[bool],
    promises: ColumnElement[bool],
) -> _Queries:
    return _Queries(
        cases=select(
            CallCase.id,
            CallCase.row_number,
            CallCase.priority,
            CallCase.oldest_due_on,
            CallCase.care_code,
            CallCase.was_contacted,
            CallCase.counted_attempts,
        ).where(these),
        tries=select(
            CallRecord.case_id,
            *(func.sum(case((CallRecord.band == band, 1), else_=0)) for band in Band),
        )
        .where(records, *counted_tries())
        .group_by(CallRecord.case_id),
        owed=select(FollowUp.case_id, func.min(FollowUp.due_at))
        .where(owed, FollowUp.status == FollowUpStatus.OPEN)
        .group_by(FollowUp.case_id),
        broken=_broken(promises),
    )


def _broken(promises: ColumnElement[bool]) -> Select[UUID]:
    """Cases whose newest promise was not kept."""
    newer = aliased(PaymentPromise)
    return select(PaymentPromise.case_id).where(
        promises,
        PaymentPromise.status.in_(NOT_KEPT),
        ~select(newer.id)
        .where(newer.case_id == PaymentPromise.case_id, newer.made_at > PaymentPromise.made_at)
        .exists(),
    )


# Made once: an outcome ranks one case, and composing it would cost more than running it.
_BROKEN_OF_ONE = _broken(PaymentPromise.case_id == bindparam("case"))
