"""The facts eligibility asks about, for all open cases of a campaign in a fixed number of queries.

The same answers as ``histories.case_facts`` gives for one case; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from campaigns.calling.attempt_sums import NOTHING_MADE, CallsMade, calls_made, granted_today, named
from campaigns.calling.eligibility import CaseFacts
from campaigns.calling.fairness import FAIR_ATTEMPTS, TryKind, possible_for, tries_offered
from campaigns.calling.histories import Surroundings
from campaigns.calling.models import (
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    PaymentPromise,
)
from campaigns.calling.number_states import has_number
from campaigns.calling.payment_facts import PromiseStatus, ends_rest
from campaigns.calling.waiting_tries import others_wait
from campaigns.cases.cases import published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open case with its facts, as nobody in particular sees them.

    ``facts.is_assigned``: somebody who can work holds it; ``facts.leased_by_other`` is left False
    for the reader of the queue to fill in.
    """

    id: UUID
    row_number: int
    assignee: str | None
    facts: CaseFacts


@dataclass(frozen=True, slots=True)
class _Owed:
    due_at: datetime
    is_callback: bool
    is_released: bool


@dataclass(frozen=True, slots=True)
class _Fair:
    """What fairness offers the whole campaign, and whether anybody still waits for it."""

    offered: frozenset[TryKind]
    somebody_waits: bool
    asked_from: int  # counted attempts from which a hold may be near


class _Known(NamedTuple):
    """All that tells one open case from another, as far as the rules ask."""

    status: CaseStatus
    not_before: datetime | None
    care_code: str | None
    has_number: bool
    is_assigned: bool
    is_broken: bool
    is_granted: bool
    owed: _Owed | None
    made: CallsMade


@dataclass(slots=True)
class _Found:
    """What the other tables say, by case."""

    owed: Mapping[UUID, _Owed]
    made: Mapping[UUID, CallsMade]
    promises: Mapping[UUID, tuple[PromiseStatus, date]]  # the newest: status, end of its grace
    granted: Collection[UUID]
    fair: _Fair
    around: Surroundings
    able: Collection[str]
    shared: dict[_Known, CaseFacts] = field(default_factory=dict)


def open_cases(
    work: UnitOfWork,
    around: Surroundings,
    able: Collection[str],
    case_ids: Collection[UUID] | None = None,
) -> list[OpenCase]:
    """The open published cases of a campaign in lent order, or a page of named ones.

    ``able``: codes of the holders who can work; a case of anybody else counts as nobody's. Cases
    of which the rules know the same share one ``facts``, so readers may ask once for each.
    """
    made = calls_made(work, around.campaign.code, case_ids)
    found = _Found(
        owed=_owed(work, around.campaign.code, case_ids),
        made=made,
        promises=_promises(work, around.campaign.code, case_ids),
        granted=granted_today(work, around.campaign.code),
        fair=_fair(work, around, max((one.tally.total for one in made.values()), default=0)),
        around=around,
        able=able,
    )
    query = _rows(around).where(*named(CallCase.id, case_ids))
    cases = [_open_case(row, found) for row in work.session.execute(query)]
    return sorted(cases, key=lambda one: (one.row_number, one.id))


def _rows(around: Surroundings) -> Select[Any]:
    query: Any = select(
        CallCase.id,
        CallCase.row_number,
        CallCase.status,
        CallCase.assignee,
        CallCase.not_before,
        CallCase.care_code,
        has_number(around.rules.workplace_numbers).label("has_number"),
    ).where(*_open(around.campaign.code))
    return query  # type: ignore[no-any-return]


def _open(campaign_code: str) -> tuple[ColumnElement[bool], ...]:
    return (
        CallCase.campaign_code == campaign_code,
        CallCase.lent_list_id.in_(published_lists(campaign_code)),
        CallCase.status != CaseStatus.CLOSED,
    )


def _open_case(row: Any, found: _Found) -> OpenCase:
    case_id, row_number, status, assignee, not_before, care_code, has_number = row
    owed, made = found.owed.get(case_id), found.made.get(case_id, NOTHING_MADE)
    promise, wait_until = found.promises.get(case_id, (None, None))
    known = _Known(
        status,
        not_before,
        care_code,
        has_number=bool(has_number),
        is_assigned=assignee in found.able or (owed is not None and owed.is_released),
        is_broken=ends_rest(promise, wait_until, made.last_talk_on),
        is_granted=case_id in found.granted,
        owed=owed,
        made=made,
    )
    facts = found.shared.get(known)
    if facts is None:
        facts = found.shared[known] = _facts(known, found)
    return OpenCase(case_id, row_number, assignee, facts)


def _facts(known: _Known, found: _Found) -> CaseFacts:
    around, made, owed = found.around, known.made, known.owed
    near = made.tally.total >= found.fair.asked_from
    return CaseFacts(
        calls_from=around.campaign.calls_from,
        calls_until=around.campaign.calls_until,
        callbacks_until=around.campaign.callbacks_until,
        suspended=around.suspended,
        script_approved=around.script_approved,
        status=known.status,
        follow_up_at=owed.due_at if owed else None,
        follow_up_is_for_callback=owed is not None and owed.is_callback,
        not_before=known.not_before,
        last_talk_on=made.last_talk_on,
        promise_broken=known.is_broken,
        attempts=made.tally,
        same_day_granted=known.is_granted,
        usable_numbers=int(known.has_number),
        care_code=known.care_code,
        is_assigned=known.is_assigned,
        used_bands=made.bands,
        tries_possible=possible_for(found.fair.offered, known.care_code) if near else frozenset(),
        others_owed=made.tally.total >= FAIR_ATTEMPTS and found.fair.somebody_waits,
    )


def _owed(
    work: UnitOfWork, campaign_code: str, case_ids: Collection[UUID] | None
) -> dict[UUID, _Owed]:
    rows = work.session.execute(
        select(FollowUp.case_id, FollowUp.due_at, FollowUp.kind, FollowUp.released_at)
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(CallCase.campaign_code == campaign_code, FollowUp.status == FollowUpStatus.OPEN)
        .where(*named(FollowUp.case_id, case_ids))
        .order_by(FollowUp.due_at.desc())
    )
    return {
        case_id: _Owed(
            due_at,
            kind is FollowUpKind.IDENTITY_NOT_CONFIRMED,
            released is not None and due_at <= work.now,
        )
        for case_id, due_at, kind, released in rows
    }


def _fair(work: UnitOfWork, around: Surroundings, most_made: int) -> _Fair:
    most = around.rules.parameters.max_counted_attempts
    offered = tries_offered(around.hours, work.now, around.campaign.calls_until, around.rules.cuts)
    # Whoever has five attempts waits for nobody's try, so no case need be left out by its id.
    waits = most_made >= FAIR_ATTEMPTS and others_wait(
        work, around.campaign.code, UUID(int=0), offered, around.rules
    )
    return _Fair(offered, waits, min(FAIR_ATTEMPTS, most) - len(TryKind))


def _promises(
    work: UnitOfWork, campaign_code: str, case_ids: Collection[UUID] | None
) -> dict[UUID, tuple[PromiseStatus, date]]:
    rows = work.session.execute(
        select(PaymentPromise.case_id, PaymentPromise.status, PaymentPromise.wait_until)
        .join(CallCase, CallCase.id == PaymentPromise.case_id)
        .where(CallCase.campaign_code == campaign_code, *named(PaymentPromise.case_id, case_ids))
        .order_by(PaymentPromise.made_at)
    )
    return {case_id: (status, wait_until) for case_id, status, wait_until in rows}
