"""Reads a case's history out of its records, in the shape the pure rules take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.call_facts import AttemptFact, CaseHistory
from campaigns.calling.eligibility import CaseFacts, tally
from campaigns.calling.models import (
    CallRecord,
    FollowUp,
    FollowUpKind,
    FollowUpStatus,
    PaymentPromise,
    PromiseStatus,
    Revision,
)
from campaigns.calling.ordering import RankFacts, rank_value
from campaigns.calling.outcome_master import table_on
from campaigns.calling.outcomes import Direction, OutcomeEffect
from campaigns.cases.cases import CampaignView
from campaigns.cases.models import CallCase, CasePhone, NumberState
from campaigns.cases.states import CloseReason
from dialer.api import lease_on
from dialer.calendar.bands import Band, nearest_band
from dialer.calendar.holidays import business_day, day_kind
from dialer.calendar.windows import CallingHours
from secure_store.suspension import is_suspended
from secure_store.work import UnitOfWork

USABLE = (NumberState.UNTRIED, NumberState.VALID)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for every case of a campaign at one instant."""

    campaign: CampaignView
    hours: CallingHours
    suspended: bool
    script_approved: bool
    agent: str


def records_of(work: UnitOfWork, case_id: UUID) -> list[CallRecord]:
    """The records of a case in their current version, oldest first."""
    rows = list(
        work.session.scalars(
            select(CallRecord)
            .where(CallRecord.case_id == case_id)
            .order_by(CallRecord.started_at, CallRecord.recorded_at)
        )
    )
    return current_versions(rows)


def current_versions(rows: Sequence[CallRecord]) -> list[CallRecord]:
    """Leaves out records that were superseded, and cancellations."""
    superseded = {row.supersedes for row in rows}
    return [
        row
        for row in rows
        if row.id not in superseded and row.revision is not Revision.CANCELLATION
    ]


def attempts_of(records: Sequence[CallRecord]) -> tuple[AttemptFact, ...]:
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


def phones_left(work: UnitOfWork, case_id: UUID) -> list[CasePhone]:
    """The numbers of a case that may still be dialled, in lent order."""
    return list(
        work.session.scalars(
            select(CasePhone)
            .where(CasePhone.case_id == case_id, CasePhone.state.in_(USABLE))
            .order_by(CasePhone.rank)
        )
    )


def open_follow_up(work: UnitOfWork, case_id: UUID) -> FollowUp | None:
    """The call we owe, the earliest one."""
    return work.session.scalar(
        select(FollowUp)
        .where(FollowUp.case_id == case_id, FollowUp.status == FollowUpStatus.OPEN)
        .order_by(FollowUp.due_at)
        .limit(1)
    )


def _last_talk(records: Sequence[CallRecord]) -> date | None:
    days = [row.business_day for row in records if row.is_contact_person]
    return max(days) if days else None


def history_of(
    work: UnitOfWork, case: CallCase, records: Sequence[CallRecord], number_rank: int | None
) -> CaseHistory:
    """The case before a call on the number with this rank."""
    follow_up = open_follow_up(work, case.id)
    others = [phone for phone in phones_left(work, case.id) if phone.rank != number_rank]
    return CaseHistory(
        status=case.status,
        close_reason=case.close_reason,
        attempts=attempts_of(records),
        usable_numbers_left=len(others),
        last_talk_on=_last_talk(records),
        not_before=case.not_before,
        follow_up_at=follow_up.due_at if follow_up else None,
        promise_until=case.promise_until,
    )


def surroundings(
    work: UnitOfWork, campaign: CampaignView, hours: CallingHours, *, script_approved: bool
) -> Surroundings:
    """The common facts of a campaign for the acting agent."""
    return Surroundings(
        campaign=campaign,
        hours=hours,
        suspended=is_suspended(work, campaign.receivable),
        script_approved=script_approved,
        agent=work.actor.code,
    )


def case_facts(work: UnitOfWork, case: CallCase, around: Surroundings) -> CaseFacts:
    """Everything eligibility asks about a case."""
    records = records_of(work, case.id)
    attempts = attempts_of(records)
    follow_up = open_follow_up(work, case.id)
    lease = lease_on(work, case.id)
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
        last_talk_on=_last_talk(records),
        promise_broken=_promise_broken(work, case.id),
        attempts=tally(attempts, business_day(work.now)),
        same_day_granted=_same_day_granted(work, records),
        usable_numbers=len(phones_left(work, case.id)),
        care_code=case.care_code,
        leased_by_other=lease is not None and lease.holder != around.agent,
        is_assigned=case.assignee == around.agent,
    )


def _promise_broken(work: UnitOfWork, case_id: UUID) -> bool:
    newest = work.session.scalar(
        select(PaymentPromise.status)
        .where(PaymentPromise.case_id == case_id)
        .order_by(PaymentPromise.made_at.desc())
        .limit(1)
    )
    return newest is PromiseStatus.BROKEN


def _same_day_granted(work: UnitOfWork, records: Sequence[CallRecord]) -> bool:
    """The last outcome of today lets us try once more today (busy, cut off, next number)."""
    today = business_day(work.now)
    dialled = [row for row in records if row.direction is Direction.OUTBOUND]
    if not dialled or dialled[-1].business_day != today:
        return False
    last = dialled[-1]
    row = table_on(work, today).table.recorded_row(last.outcome_code)
    return row.effect in (OutcomeEffect.RETRY_SOON, OutcomeEffect.NEXT_NUMBER)


def rank_of(work: UnitOfWork, case: CallCase, hours: CallingHours, at: datetime) -> int:
    """The place of a case in the order of serving at an instant."""
    records = records_of(work, case.id)
    follow_up = open_follow_up(work, case.id)
    return rank_value(
        RankFacts(
            row_number=case.row_number,
            follow_up_at=follow_up.due_at if follow_up else None,
            promise_broken=_promise_broken(work, case.id),
            used_bands=frozenset(
                Band(row.band)
                for row in records
                if row.band and row.direction is Direction.OUTBOUND and row.counts_attempt
            ),
            counted_attempts=case.counted_attempts,
            priority=case.priority,
            oldest_due_on=case.oldest_due_on,
        ),
        at,
        band_at(hours, at),
    )


def band_at(hours: CallingHours, at: datetime) -> Band | None:
    """The band of an instant inside the hours, None outside."""
    if not hours.is_open(at):
        return None
    return nearest_band(at, day_kind(business_day(at), hours.holidays))
