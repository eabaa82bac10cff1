"""Reads a case's history out of its records, in the shape the pure rules take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Row, bindparam, select

from campaigns.calling.call_facts import AttemptFact, CaseHistory
from campaigns.calling.eligibility import CaseFacts, tally
from campaigns.calling.models import (
    CallRecord,
    CaseHandling,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    PaymentPromise,
    Revision,
)
from campaigns.calling.number_states import USABLE, WORKPLACE
from campaigns.calling.outcome_master import table_on
from campaigns.calling.outcomes import Direction, OutcomeEffect
from campaigns.calling.payment_facts import ends_rest
from campaigns.calling.waiting_tries import fairness_facts
from campaigns.cases.agent_groups import holders_of
from campaigns.cases.cases import CampaignView, get_campaign
from campaigns.cases.models import CallCase, CasePhone
from campaigns.cases.states import CloseReason
from campaigns.profile.rules import CallingRules
from dialer.api import lease_on
from dialer.calendar.bands import Band, BandCuts, nearest_band
from dialer.calendar.holidays import business_day, day_kind
from dialer.calendar.windows import CallingHours
from secure_store.orders.suspension import is_suspended
from secure_store.work import UnitOfWork


class RecordFact(NamedTuple):
    """What the rules ask of one call record; the columns of the same names."""

    id: UUID
    supersedes: UUID | None
    revision: Revision
    attempt_id: UUID | None
    outcome_code: str
    business_day: date
    started_at: datetime
    direction: Direction
    band: str | None
    phone_rank: int | None
    counts_attempt: bool
    is_contact_person: bool

    @property
    def is_counted_try(self) -> bool:
        """A counted attempt of ours, where the record stands in its present version."""
        return self.direction is Direction.OUTBOUND and self.counts_attempt


# Made once: composing a statement costs more than running it.
_OF_CASE = CallRecord.case_id == bindparam("case")
_IN_ORDER = (CallRecord.started_at, CallRecord.recorded_at)
_RECORDS = select(CallRecord).where(_OF_CASE).order_by(*_IN_ORDER)
_FACTS = (
    select(*(getattr(CallRecord, name) for name in RecordFact._fields))
    .where(_OF_CASE)
    .order_by(*_IN_ORDER)
)
_PHONES = (
    select(CasePhone.rank, CasePhone.kind, CasePhone.lookup_index, CasePhone.state)
    .where(CasePhone.case_id == bindparam("case"))
    .order_by(CasePhone.rank)
)
_OPEN_FOLLOW_UP = (
    select(FollowUp.due_at, FollowUp.kind, FollowUp.released_at)
    .where(FollowUp.case_id == bindparam("case"), FollowUp.status == FollowUpStatus.OPEN)
    .order_by(FollowUp.due_at)
    .limit(1)
)
_IN_HAND = (
    select(CaseHandling.id)
    .where(
        CaseHandling.case_id == bindparam("case"),
        CaseHandling.agent == bindparam("agent"),
        CaseHandling.direction == Direction.OUTBOUND,
        CaseHandling.closed_at.is_(None),
    )
    .limit(1)
)
_NEWEST_PROMISE = (
    select(PaymentPromise.status, PaymentPromise.wait_until)
    .where(PaymentPromise.case_id == bindparam("case"))
    .order_by(PaymentPromise.made_at.desc())
    .limit(1)
)
PhoneRow = Row[*tuple[Any, ...]]
"""A number of a case: rank, kind, lookup_index, state."""
OwedRow = Row[*tuple[Any, ...]]
"""A call we owe: due_at, kind, released_at."""
Record = TypeVar("Record", CallRecord, RecordFact)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for every case of a campaign at one instant."""

    campaign: CampaignView
    hours: CallingHours
    rules: CallingRules
    suspended: bool
    script_approved: bool
    agent: str
    holders: tuple[str, ...]  # in whose name the agent is served: own code, then the groups


def records_of(work: UnitOfWork, case_id: UUID) -> list[CallRecord]:
    """The records of a case in their current version, oldest first."""
    return current_versions(list(work.session.scalars(_RECORDS, {"case": case_id})))


def facts_of_records(work: UnitOfWork, case_id: UUID) -> list[RecordFact]:
    """The same as far as rules ask, without objects."""
    return current_versions([RecordFact(*row) for row in work.run(_FACTS, {"case": case_id})])


def current_versions(rows: Sequence[Record]) -> list[Record]:
    """Leaves out records that were superseded, and cancellations."""
    superseded = {row.supersedes for row in rows}
    return [
        row
        for row in rows
        if row.id not in superseded and row.revision is not Revision.CANCELLATION
    ]


def attempts_of(records: Sequence[RecordFact]) -> tuple[AttemptFact, ...]:
    """The records as facts of attempts."""
    return tuple(
        AttemptFact(
            at=row.started_at,
            band=Band(row.band) if row.band else None,
            business_day=row.business_day,
            outcome_code=row.outcome_code,
            counted=row.counts_attempt,
            number_rank=row.phone_rank,
            direction=row.direction,
        )
        for row in records
    )


def phones_left(work: UnitOfWork, case_id: UUID, rules: CallingRules) -> list[PhoneRow]:
    """The numbers of a case that may still be dialled, in lent order.

    A workplace's only where the instruction permits it; none that is given up under another rank.
    """
    phones = list(work.run(_PHONES, {"case": case_id}))
    given_up = {phone.lookup_index for phone in phones if phone.state not in USABLE}
    return [
        phone
        for phone in phones
        if phone.lookup_index not in given_up
        and (rules.workplace_numbers or phone.kind != WORKPLACE)
    ]


def _beside(phones: Sequence[PhoneRow], number_rank: int | None) -> int:
    """How many other numbers there are than the one dialled, whatever rank it has as well."""
    dialled = {phone.lookup_index for phone in phones if phone.rank == number_rank}
    return len({phone.lookup_index for phone in phones} - dialled)


def open_follow_up(work: UnitOfWork, case_id: UUID) -> OwedRow | None:
    """The call we owe, the earliest one."""
    return work.run(_OPEN_FOLLOW_UP, {"case": case_id}).first()


def _last_talk(records: Sequence[RecordFact]) -> date | None:
    days = [row.business_day for row in records if row.is_contact_person]
    return max(days) if days else None


def history_of(
    work: UnitOfWork,
    case: CallCase,
    records: Sequence[RecordFact],
    number_rank: int | None,
    rules: CallingRules,
    owed_at: datetime | None,
) -> CaseHistory:
    """The case before a call on the number with this rank. ``owed_at``: of the call we owe."""
    return CaseHistory(
        status=case.status,
        close_reason=case.close_reason,
        attempts=attempts_of(records),
        usable_numbers_left=_beside(phones_left(work, case.id, rules), number_rank),
        last_talk_on=_last_talk(records),
        not_before=case.not_before,
        follow_up_at=owed_at,
        promise_until=case.promise_until,
        care_code=case.care_code,
        calls_until=get_campaign(work, case.campaign_code).calls_until,
    )


def surroundings(
    work: UnitOfWork,
    campaign: CampaignView,
    hours: CallingHours,
    rules: CallingRules,
    *,
    script_approved: bool,
) -> Surroundings:
    """The common facts of a campaign for the acting agent."""
    return Surroundings(
        campaign=campaign,
        hours=hours,
        rules=rules,
        suspended=is_suspended(work, campaign.receivable),
        script_approved=script_approved,
        agent=work.actor.code,
        holders=holders_of(work),
    )


def case_facts(work: UnitOfWork, case: CallCase, around: Surroundings) -> CaseFacts:
    """Everything eligibility asks about a case."""
    records = facts_of_records(work, case.id)
    attempts = attempts_of(records)
    follow_up = open_follow_up(work, case.id)
    lease, talk = lease_on(work, case.id), _last_talk(records)
    return CaseFacts(
        calls_from=around.campaign.calls_from,
        calls_until=around.campaign.calls_until,
        callbacks_until=around.campaign.callbacks_until,
        suspended=around.suspended,
        script_approved=around.script_approved,
        withdrawn=case.close_reason is CloseReason.WITHDRAWN,
        status=case.status,
        follow_up_at=follow_up.due_at if follow_up else None,
        follow_up_is_for_callback=(
            follow_up is not None and follow_up.kind is FollowUpKind.IDENTITY_NOT_CONFIRMED
        ),
        not_before=case.not_before,
        last_talk_on=talk,
        promise_broken=_promise_broken(work, case.id, talk),
        attempts=tally(attempts, business_day(work.now)),
        same_day_granted=_same_day_granted(work, records),
        usable_numbers=len(phones_left(work, case.id, around.rules)),
        care_code=case.care_code,
        leased_by_other=lease is not None and lease.holder != around.agent,
        is_assigned=(
            case.assignee in around.holders
            or _is_in_hand(work, case.id, around.agent)
            or _is_released(follow_up, work.now)
        ),
        **fairness_facts(work, case, attempts, around.campaign, around.hours, around.rules),
    )


def _is_released(follow_up: OwedRow | None, now: datetime) -> bool:
    """A call that is due and that its holder did not make: anybody of the receivable may."""
    offered = follow_up is not None and follow_up.released_at is not None
    return offered and follow_up is not None and follow_up.due_at <= now


def _is_in_hand(work: UnitOfWork, case_id: UUID, agent: str) -> bool:
    """A case assigned elsewhere while the agent works on it stays theirs until its outcome."""
    return work.run(_IN_HAND, {"case": case_id, "agent": agent}).first() is not None


def _promise_broken(work: UnitOfWork, case_id: UUID, talk: date | None) -> bool:
    newest = work.run(_NEWEST_PROMISE, {"case": case_id}).one_or_none()
    return newest is not None and ends_rest(newest.status, newest.wait_until, talk)


def _same_day_granted(work: UnitOfWork, records: Sequence[RecordFact]) -> bool:
    """The last outcome of today lets us try once more today (busy, cut off, next number)."""
    today = business_day(work.now)
    dialled = [row for row in records if row.direction is Direction.OUTBOUND]
    if not dialled or dialled[-1].business_day != today:
        return False
    last = dialled[-1]
    row = table_on(work, today).table.recorded_row(last.outcome_code)
    return row.effect in (OutcomeEffect.RETRY_SOON, OutcomeEffect.NEXT_NUMBER)


def band_at(hours: CallingHours, cuts: BandCuts, at: datetime) -> Band | None:
    """The band of an instant inside the hours, None outside."""
    if not hours.is_open(at):
        return None
    return nearest_band(at, day_kind(business_day(at), hours.holidays), cuts)
