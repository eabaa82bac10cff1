"""Attempts that nobody gave an outcome to: written as 結果未入力 at the close (decision 15).

The case stays in the agent's hand: the desk asks for the outcome before anything else, and it
comes into the next day's file as a correction.
"""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from sqlalchemy import select

from campaigns.calling.histories import band_at
from campaigns.calling.models import CallRecord, CaseHandling, Revision
from campaigns.calling.outcome_master import table_on
from campaigns.calling.outcomes import NOT_ENTERED_CODE, Direction, Mark, Speaker
from campaigns.cases.models import CallCase
from campaigns.cases.states import IdentityResult
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import CallingRules, calling_rules, rules_of_version
from dialer.api import AttemptView, close_attempt, without_outcome
from dialer.calendar.bands import Band
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork


def write_missing_outcomes(work: UnitOfWork, day: date) -> int:
    attempts = without_outcome(work, day)
    for attempt in attempts:
        _write_missing(work, attempt, day)
    return len(attempts)


def _write_missing(work: UnitOfWork, attempt: AttemptView, day: date) -> None:
    closed = close_attempt(work, attempt.id)
    handling = work.session.scalar(
        select(CaseHandling).where(CaseHandling.attempt_id == attempt.id)
    )
    case = work.session.get(CallCase, attempt.case_ref) if attempt.case_ref else None
    recorded = work.session.scalar(
        select(CallRecord.id).where(CallRecord.attempt_id == attempt.id).limit(1)
    )
    if recorded is not None:
        return
    record = _blank_record(work, attempt, closed, case, handling)
    record.business_day = day
    record.handling_id = handling.id if handling else None
    work.session.add(record)
    outbound = record.counts_dial
    if case is not None and outbound:
        case.dials += 1
        case.counted_attempts += 1
    work.audit(
        Tag.OUTCOME_LEFT_BLANK,
        receivable=case.receivable if case else None,
        object_kind="call_record",
        object_id=record.id,
        subject=case.subject if case else None,
    )


def _blank_record(
    work: UnitOfWork,
    attempt: AttemptView,
    closed: AttemptView,
    case: CallCase | None,
    handling: CaseHandling | None,
) -> CallRecord:
    band = _band(work, attempt, case.receivable if case else None, handling)
    outbound = attempt.direction == Direction.OUTBOUND.value
    return CallRecord(
        id=uuid4(),
        attempt_id=attempt.id,
        case_id=case.id if case else None,
        campaign_code=case.campaign_code if case else None,
        revision=Revision.ORIGINAL,
        direction=Direction(attempt.direction),
        business_day=attempt.business_day,
        started_at=attempt.placed_at,
        answered_at=attempt.answered_at,
        ended_at=closed.ended_at,
        recorded_at=work.now,
        agent=attempt.agent,
        band=band.value if band else None,
        phone_rank=attempt.number_rank,
        outcome_code=NOT_ENTERED_CODE,
        secondary_codes="",
        outcome_version=table_on(work, attempt.business_day).version,
        identity_result=IdentityResult.PENDING,
        speaker=Speaker.UNKNOWN,
        counts_dial=outbound,
        counts_attempt=outbound,
        is_contact_wide=False,
        is_contact_person=False,
        mark=Mark.NONE,
        is_urgent=False,
        qa_used="",
        source="screen",
        rule=attempt.rule,
    )


def _band(
    work: UnitOfWork, attempt: AttemptView, receivable: str | None, handling: CaseHandling | None
) -> Band | None:
    """By the cuts the call was begun under."""
    cuts = _rules(work, receivable, handling).cuts
    return band_at(calling_hours(work, receivable), cuts, attempt.placed_at)


def _rules(work: UnitOfWork, receivable: str | None, handling: CaseHandling | None) -> CallingRules:
    """The rules the call was begun under."""
    if handling is None:
        return calling_rules(work, receivable)
    versions = handling.profile_version, handling.instruction_version
    return rules_of_version(work, receivable, *versions)
