"""What was done about the waiting cases of a campaign, added up by the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from campaigns.calling.eligibility import AttemptTally
from campaigns.calling.models import CallRecord, Revision
from campaigns.calling.outcome_master import table_on
from campaigns.calling.outcomes import Direction, OutcomeEffect
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from dialer.calendar.bands import Band
from dialer.calendar.holidays import business_day
from secure_store.work import UnitOfWork

_ONE_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class CallsMade:
    """Counted attempts of one case, the last talk with the person, the bands of the attempts."""

    tally: AttemptTally
    last_talk_on: date | None
    bands: frozenset[Band]


NOTHING_MADE = CallsMade(AttemptTally(), None, frozenset())


def _current(campaign_code: str) -> tuple[ColumnElement[bool], ...]:
    """Records of the campaign in their present version."""
    later = aliased(CallRecord)
    return (
        CallRecord.campaign_code == campaign_code,
        CallRecord.revision != Revision.CANCELLATION,
        ~exists().where(later.supersedes == CallRecord.id),
    )


def named(column: Any, case_ids: Collection[UUID] | None) -> tuple[ColumnElement[bool], ...]:
    """The condition for a page of cases; none for the whole campaign."""
    return () if case_ids is None else (column.in_(list(case_ids)),)


def calls_made(
    work: UnitOfWork, campaign_code: str, case_ids: Collection[UUID] | None
) -> dict[UUID, CallsMade]:
    """Attempts and talks of the cases that wait; for the others their status says enough."""
    today = business_day(work.now)
    counted = and_(CallRecord.counts_attempt.is_(True), CallRecord.business_day <= today)
    talked = case((CallRecord.is_contact_person.is_(True), CallRecord.business_day))
    bands = [
        func.max(case((and_(counted, CallRecord.band == one.value), 1), else_=0)) for one in Band
    ]
    rows = work.session.execute(
        select(
            CallRecord.case_id,
            _sum(counted),
            _sum(and_(counted, CallRecord.business_day == today)),
            _sum(and_(counted, CallRecord.business_day >= today - _ONE_WEEK)),
            func.max(talked),
            *bands,
        )
        .join(CallCase, CallCase.id == CallRecord.case_id)
        .where(*_current(campaign_code), CallCase.status == CaseStatus.WAITING)
        .where(*named(CallRecord.case_id, case_ids))
        .group_by(CallRecord.case_id)
    )
    return {
        case_id: CallsMade(
            AttemptTally(int(total), int(on_day), int(week)),
            talk,
            frozenset(band for band, used in zip(Band, used_bands, strict=True) if used),
        )
        for case_id, total, on_day, week, talk, *used_bands in rows
    }


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def granted_today(work: UnitOfWork, campaign_code: str) -> set[UUID]:
    """Cases whose last outcome of today lets us try once more today (busy, next number)."""
    today = business_day(work.now)
    rows = work.session.execute(
        select(CallRecord.case_id, CallRecord.outcome_code)
        .where(
            *_current(campaign_code),
            CallRecord.business_day == today,
            CallRecord.direction == Direction.OUTBOUND,
            CallRecord.case_id.is_not(None),
        )
        .order_by(CallRecord.started_at, CallRecord.recorded_at)
    )
    newest = {case_id: code for case_id, code in rows if case_id is not None}
    if not newest:
        return set()
    table = table_on(work, today).table
    again = (OutcomeEffect.RETRY_SOON, OutcomeEffect.NEXT_NUMBER)
    return {case_id for case_id, code in newest.items() if table.recorded_row(code).effect in again}


def counted_days(
    work: UnitOfWork, campaign_code: str, case_ids: Collection[UUID]
) -> dict[UUID, list[date]]:
    """The business day of every counted attempt of these cases, a page of them at most."""
    found: dict[UUID, list[date]] = {case_id: [] for case_id in case_ids}
    rows = work.session.execute(
        select(CallRecord.case_id, CallRecord.business_day).where(
            *_current(campaign_code),
            CallRecord.counts_attempt.is_(True),
            CallRecord.case_id.in_(list(case_ids)),
        )
    )
    for case_id, day in rows:
        if case_id is not None:
            found[case_id].append(day)
    return found
