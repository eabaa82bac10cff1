"""Reads what ranks are made of, for many cases at once: no query per case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from campaigns.calling.fairness import kind_of, minimum_met, possible_for, tries_owed
from campaigns.calling.histories import band_at
from campaigns.calling.models import CallRecord, FollowUp, FollowUpStatus, PaymentPromise
from campaigns.calling.ordering import RankFacts, rank_value
from campaigns.calling.payment_facts import NOT_KEPT
from campaigns.calling.waiting_tries import counted_tries
from campaigns.cases.models import CallCase
from campaigns.profile.rules import CallingRules
from dialer.calendar.bands import Band
from dialer.calendar.windows import CallingHours
from secure_store.work import UnitOfWork

CaseRange = tuple[UUID, UUID]
"""Cases by their ids: behind the first, up to and including the second."""
_CaseRow = Row[UUID, int, int, date, str | None, bool, int]


@dataclass(frozen=True, slots=True)
class _Moment:
    rules: CallingRules
    at: datetime
    band: Band | None


@dataclass(frozen=True, slots=True)
class _Calls:
    """What was done about the cases: counted attempts by band, calls owed, promises not kept."""

    by_band: Mapping[UUID, Mapping[Band, int]]
    owed_at: Mapping[UUID, datetime]
    broken: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class _Queries:
    """The four questions about some cases."""

    cases: Select[UUID, int, int, date, str | None, bool, int]
    tries: Select[UUID | None, str | None, int]
    owed: Select[UUID, datetime]
    broken: Select[UUID]


def rank_of(
    work: UnitOfWork, case: CallCase, hours: CallingHours, rules: CallingRules, at: datetime
) -> int:
    """The place of one case in the order of serving at an instant."""
    moment = _Moment(rules, at, band_at(hours, rules.cuts, at))
    return _ranks(work, moment, _OF_ONE, {"case": case.id})[case.id]


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
    values: Mapping[str, object] = MappingProxyType({}),
) -> dict[UUID, int]:
    work.session.flush()
    connection = work.session.connection()  # rows are enough, and cost half of what objects do
    calls = _Calls(
        _by_band(connection.execute(queries.tries, values)),
        {row[0]: row[1] for row in connection.execute(queries.owed, values)},
        frozenset(row[0] for row in connection.execute(queries.broken, values)),
    )
    rows = connection.execute(queries.cases, values)
    return {row[0]: rank_value(_facts(row, calls, moment), moment.at, moment.band) for row in rows}


def _facts(row: _CaseRow, calls: _Calls, moment: _Moment) -> RankFacts:
    case_id, row_number, priority, oldest_due_on, care_code, was_contacted, counted = row
    by_band = calls.by_band.get(case_id, {})
    used = frozenset(by_band)
    now = kind_of(moment.band)  # hours that are open now are possible
    possible = possible_for(frozenset({now}), care_code) if now else frozenset()
    return RankFacts(
        row_number=row_number,
        follow_up_at=calls.owed_at.get(case_id),
        promise_broken=case_id in calls.broken,
        used_bands=used,
        owed=tries_owed(used, possible, was_contacted),
        minimum_met=minimum_met(by_band, moment.rules.parameters),
        counted_attempts=counted,
        priority=priority,
        oldest_due_on=oldest_due_on,
    )


def _by_band(rows: Iterable[Row[UUID | None, str | None, int]]) -> dict[UUID, dict[Band, int]]:
    found: dict[UUID, dict[Band, int]] = {}
    for case_id, band, number in rows:
        if case_id is not None and band is not None:
            found.setdefault(case_id, {})[Band(band)] = number
    return found


def _queries(
    these: ColumnElement[bool],
    records: ColumnElement[bool],
    owed: ColumnElement[bool],
    promises: ColumnElement[bool],
) -> _Queries:
    newer = aliased(PaymentPromise)
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
        tries=select(CallRecord.case_id, CallRecord.band, func.count())
        .where(records, CallRecord.band.is_not(None), *counted_tries())
        .group_by(CallRecord.case_id, CallRecord.band),
        owed=select(FollowUp.case_id, func.min(FollowUp.due_at))
        .where(owed, FollowUp.status == FollowUpStatus.OPEN)
        .group_by(FollowUp.case_id),
        # Cases whose newest promise was not kept.
        broken=select(PaymentPromise.case_id).where(
            promises,
            PaymentPromise.status.in_(NOT_KEPT),
            ~select(newer.id)
            .where(newer.case_id == PaymentPromise.case_id, newer.made_at > PaymentPromise.made_at)
            .exists(),
        ),
    )


# Made once: an outcome ranks one case, and composing the four would cost more than running them.
_OF_ONE = _queries(
    CallCase.id == bindparam("case"),
    CallRecord.case_id == bindparam("case"),
    FollowUp.case_id == bindparam("case"),
    PaymentPromise.case_id == bindparam("case"),
)
