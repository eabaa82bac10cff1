"""The close of a business day (decision 15): waits for running calls, then nothing of it changes.

A dialled attempt that nobody gave an outcome to is written as 結果未入力, counted, without a
mark, and goes to the supervisor.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.calling.histories import band_at
from campaigns.calling.models import CallRecord, CaseHandling, HandlingEnd, Revision
from campaigns.calling.outcome_master import table_on
from campaigns.calling.outcomes import Direction, Mark, Speaker
from campaigns.calling.records import return_to_queue
from campaigns.cases.cases import running_campaigns
from campaigns.cases.models import CallCase
from campaigns.cases.states import IdentityResult
from campaigns.errors import DayNotOver, NothingDue
from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours
from campaigns.reports.layout import NOT_ENTERED_CODE
from campaigns.reports.models import DailyClose, DayState
from dialer.api import AttemptView, close_attempt, end_all_duties, without_outcome
from dialer.calendar.due_dates import next_calendar_day_at
from dialer.calendar.holidays import TOKYO, business_day
from secure_store.access import Actor, Permission, require
from secure_store.audit.log import sign_head
from secure_store.audit.tags import Tag
from secure_store.sealing_access import signer_of
from secure_store.work import SecureStore, UnitOfWork


def closes_at(work: UnitOfWork, day: date) -> datetime:
    """From when a day may be closed: a quarter of an hour after its last window."""
    grace = timedelta(minutes=current_profile(work).parameters.close_grace_minutes)
    last = calling_hours(work).last_closing(day)
    midday = datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)
    return (last or midday) + grace


def close_day(store: SecureStore, actor: Actor, day: date) -> DayState:
    """Closes a day; closing it again changes nothing.

    Raises DayNotOver before its last window and the grace are over, NothingDue when no campaign
    runs on it, NotAllowed.
    """
    with store.work(actor) as work:
        require(actor, Permission.CLOSE_DAY)
        closed = work.session.get(DailyClose, day, with_for_update=True)
        if closed is not None:
            return closed.state
        _require_over(work, day)
        if not running_campaigns(work, day):
            raise NothingDue(day=day.isoformat())
        missing = _write_missing_outcomes(work, day)
        end_all_duties(work)
        # The head covers everything committed before this close: the city's anchor for the day.
        head = sign_head(work, signer_of(store), "close_of_day")
        due = current_profile(work).parameters.daily_report_due
        work.session.add(
            DailyClose(
                business_day=day,
                state=DayState.CLOSED,
                closed_at=work.now,
                closed_by=actor.code,
                due_at=next_calendar_day_at(day, due),
                audit_size=head.size,
                audit_note=head.note,
            )
        )
        work.audit(Tag.DAILY_CLOSED, count=missing, ref=day.isoformat())
    return DayState.CLOSED


def _require_over(work: UnitOfWork, day: date) -> None:
    if day > business_day(work.now) or work.now < closes_at(work, day):
        raise DayNotOver(closes_at=closes_at(work, day).isoformat())


def _write_missing_outcomes(work: UnitOfWork, day: date) -> int:
    attempts = without_outcome(work, day)
    for attempt in attempts:
        _write_missing(work, attempt)
    return len(attempts)


def _write_missing(work: UnitOfWork, attempt: AttemptView) -> None:
    closed = close_attempt(work, attempt.id)
    handling = _end_handling(work, attempt.id)
    case = work.session.get(CallCase, attempt.case_ref) if attempt.case_ref else None
    recorded = work.session.scalar(
        select(CallRecord.id).where(CallRecord.attempt_id == attempt.id).limit(1)
    )
    if recorded is not None:
        return
    _return_case(work, attempt)
    hours = calling_hours(work, case.receivable if case else None)
    band = band_at(hours, attempt.placed_at)
    outbound = attempt.direction == Direction.OUTBOUND.value
    record_id = uuid4()
    work.session.add(
        CallRecord(
            id=record_id,
            handling_id=handling,
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
    )
    if case is not None and outbound:
        case.dials += 1
        case.counted_attempts += 1
    work.audit(
        Tag.OUTCOME_LEFT_BLANK,
        receivable=case.receivable if case else None,
        object_kind="call_record",
        object_id=record_id,
        subject=case.subject if case else None,
    )


def _end_handling(work: UnitOfWork, attempt_id: UUID) -> UUID | None:
    """The case leaves the hand of whoever forgot it."""
    handling = work.session.scalar(
        select(CaseHandling).where(
            CaseHandling.attempt_id == attempt_id, CaseHandling.closed_at.is_(None)
        )
    )
    if handling is None:
        return None
    handling.closed_at = work.now
    handling.end = HandlingEnd.MISSING_OUTCOME
    handling.draft_sealed = None
    return handling.id


def _return_case(work: UnitOfWork, attempt: AttemptView) -> None:
    case = work.session.get(CallCase, attempt.case_ref) if attempt.case_ref else None
    if case is not None:
        return_to_queue(work, case, calling_hours(work, case.receivable))


def mark_late_days(work: UnitOfWork) -> list[date]:
    """Days whose files were not confirmed in time; noted once each (S4-13.1)."""
    rows = work.session.scalars(
        select(DailyClose).where(
            DailyClose.state != DayState.CONFIRMED,
            DailyClose.due_at <= work.now,
            DailyClose.became_late_at.is_(None),
        )
    )
    late = []
    for row in rows:
        row.became_late_at = work.now
        work.audit(Tag.DAILY_LATE, ref=row.business_day.isoformat())
        late.append(row.business_day)
    return late
