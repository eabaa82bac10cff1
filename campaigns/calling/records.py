"""Writes a call and its consequences: record, case, numbers, promise, follow-up, queue.

One transaction with everything in it: an acknowledged outcome is present exactly once, and so
is what it led to (I1, I8). What was said is sealed by the desk before it comes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.calling import follow_ups, promises
from campaigns.calling.call_facts import ReportFacts
from campaigns.calling.call_report import OutcomeReport
from campaigns.calling.day_close import reporting_day
from campaigns.calling.effect_plans import NextAction
from campaigns.calling.effects import mark_of
from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.histories import band_at, history_of, open_follow_up, records_of
from campaigns.calling.models import CallRecord, FollowUpKind, Revision
from campaigns.calling.next_action import decide
from campaigns.calling.number_states import mark_number
from campaigns.calling.outcomes import Direction, OutcomeRow
from campaigns.calling.ranking import rank_of
from campaigns.cases.cases import move_case
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, IdentityResult
from campaigns.profile.rules import CallingRules
from dialer.api import requeue, take_out
from dialer.calendar.bands import Band
from dialer.calendar.windows import CallingHours
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToRecord:
    """One call as the desk hands it over. ``rows``: the primary outcome first."""

    record_id: UUID
    handling_id: UUID | None
    attempt_id: UUID | None
    rows: tuple[OutcomeRow, ...]
    table_version: int
    report: OutcomeReport
    identity: IdentityResult
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    phone_rank: int | None
    collected: bytes | None
    script_version: str | None
    qa_version: str | None
    qa_used: str
    rule: str
    source: str = "screen"
    blank: UUID | None = None  # the 結果未入力 that this takes the place of


def record_call(
    work: UnitOfWork,
    case: CallCase,
    call: CallToRecord,
    hours: CallingHours,
    rules: CallingRules,
) -> NextAction:
    """Records a call about a case and moves the case on as the outcome table says.

    ``rules``: those the call was begun under (S4-11.2f).
    """
    band = band_at(hours, rules.cuts, call.started_at)
    action = _decided(work, case, call, hours, rules, band)
    work.session.add(_record(work, case, call, action, band))
    work.session.flush()
    _note(work, case, call)
    _count(case, call, action)
    answered = call.answered_at is not None
    mark_number(work, case, call.phone_rank, action, answered=answered)
    _settle_promise(work, case, call, action)
    _settle_follow_up(work, case, call, action)
    move_case(
        work,
        case,
        action.status,
        f"outcome_{call.rows[0].code}",
        close_reason=action.close_reason,
        not_before=action.not_before,
    )
    case.promise_until = action.promise_until
    return_to_queue(work, case, hours, rules)
    return action


def _decided(
    work: UnitOfWork,
    case: CallCase,
    call: CallToRecord,
    hours: CallingHours,
    rules: CallingRules,
    band: Band | None,
) -> NextAction:
    records = [one for one in records_of(work, case.id) if one.id != call.blank]
    return decide(
        call.rows[0],
        call.rows[1:],
        history_of(work, case, records, call.phone_rank, rules),
        _facts(call, band),
        rules.parameters,
        hours,
        call.started_at,
        rules.cuts,
        rules.rotation,
    )


def _facts(call: CallToRecord, band: Band | None) -> ReportFacts:
    return ReportFacts(
        direction=call.report.direction,
        band=band,
        identity=call.identity,
        follow_up_at=call.report.follow_up_at,
        promised_on=call.report.promised_on,
        rest_left_open=bool(call.report.rest_left_open),
        answer_wanted=bool(call.report.answer_wanted),
    )


def _record(
    work: UnitOfWork,
    case: CallCase,
    call: CallToRecord,
    action: NextAction,
    band: Band | None,
) -> CallRecord:
    return CallRecord(
        **common_values(work, call),
        case_id=case.id,
        campaign_code=case.campaign_code,
        band=band.value if band else None,
        # A late outcome of a call that was told as dialled on its own day is no second dial.
        counts_dial=call.rows[0].counts_dial
        and call.report.direction is Direction.OUTBOUND
        and call.blank is None,
        counts_attempt=action.counted,
        is_contact_wide=call.rows[0].contact_wide,
        is_contact_person=action.reached_person,
        mark=action.mark,
        is_urgent=action.urgent,
        follow_up_at=action.follow_up_at,
    )


def common_values(work: UnitOfWork, call: CallToRecord) -> dict[str, object]:
    """The columns of a record that do not depend on a case."""
    report = call.report
    return {
        "id": call.record_id,
        "handling_id": call.handling_id,
        "attempt_id": call.attempt_id,
        "revision": Revision.CORRECTION if call.blank else Revision.ORIGINAL,
        "supersedes": call.blank,
        "correction_reason": "missing_outcome" if call.blank else None,
        "direction": report.direction,
        "business_day": reporting_day(work, call.started_at),
        "started_at": call.started_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "recorded_at": work.now,
        "agent": work.actor.code,
        "phone_rank": call.phone_rank,
        "outcome_code": call.rows[0].code,
        "secondary_codes": " ".join(row.code for row in call.rows[1:]),
        "outcome_version": call.table_version,
        "identity_result": call.identity,
        "speaker": call.rows[0].speaker_with(call.identity),
        "promised_on": report.promised_on,
        "payment_method": report.payment_method.file_code if report.payment_method else None,
        "transfer_notice": report.transfer_notice.file_code,
        "script_version": call.script_version,
        "qa_version": call.qa_version,
        "qa_used": call.qa_used,
        "collected_sealed": call.collected,
        "source": call.source,
        "rule": call.rule,
    }


def record_unknown_caller(work: UnitOfWork, call: CallToRecord) -> None:
    """A call that came in and belongs to no case: silence, a general question (81, 83–85)."""
    row = call.rows[0]
    said = ReportFacts(
        direction=call.report.direction, answer_wanted=bool(call.report.answer_wanted)
    )
    work.session.add(
        CallRecord(
            **common_values(work, call),
            counts_dial=False,
            counts_attempt=False,
            is_contact_wide=row.contact_wide,
            is_contact_person=False,
            mark=mark_of(call.rows, said),
            is_urgent=row.urgent,
        )
    )
    work.session.flush()
    work.audit(
        Tag.OUTCOME_RECORDED, object_kind="call_record", object_id=call.record_id, ref=row.code
    )


def _note(work: UnitOfWork, case: CallCase, call: CallToRecord) -> None:
    work.audit(
        Tag.OUTCOME_RECORDED,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="call_record",
        object_id=call.record_id,
        subject=case.subject,
        ref=call.rows[0].code,
    )


def _count(case: CallCase, call: CallToRecord, action: NextAction) -> None:
    outbound = call.report.direction is Direction.OUTBOUND
    if call.blank is None:
        case.dials += int(outbound and call.rows[0].counts_dial)
        case.counted_attempts += int(action.counted)
    else:  # the blank was counted when the day closed
        case.counted_attempts += int(action.counted) - int(outbound)
    case.was_contacted = case.was_contacted or action.reached_person
    case.last_outcome = call.rows[0].code
    case.last_attempt_at = call.started_at


def _settle_promise(
    work: UnitOfWork, case: CallCase, call: CallToRecord, action: NextAction
) -> None:
    promised_on: date | None = call.report.promised_on
    if promised_on is not None and action.promise_until is not None:
        promises.record_promise(work, case, call.record_id, promised_on, action.promise_until)
    elif action.status is CaseStatus.CLOSED:
        promises.withdraw_open(work, case.id)


def _settle_follow_up(
    work: UnitOfWork, case: CallCase, call: CallToRecord, action: NextAction
) -> None:
    outbound = call.report.direction is Direction.OUTBOUND
    if outbound or action.reached_person:
        again = action.follow_up_at if call.report.follow_up_at is None else None
        made = follow_ups.CallMade(
            record_id=call.record_id,
            started_at=call.started_at,
            is_outbound=outbound,
            reached_person=action.reached_person,
            is_identity_known=call.identity is not IdentityResult.PENDING,
            next_at=action.not_before,
            retry_at=again if outbound else None,
            agreed_at=call.report.follow_up_at,
        )
        follow_ups.settle(work, case, made)
    if action.status in ENDS_OWING:
        follow_ups.cancel_open(work, case, ENDS_OWING[action.status])
        return
    standing = open_follow_up(work, case.id)
    if action.follow_up_at is None or (standing and action.follow_up_at == standing.due_at):
        return
    inbound_unknown = not outbound and call.identity is not IdentityResult.PASSED
    still_owed = standing is not None and standing.kind is FollowUpKind.IDENTITY_NOT_CONFIRMED
    for_callback = inbound_unknown or still_owed
    follow_ups.book(
        work,
        case,
        call.record_id,
        FollowUpKind.IDENTITY_NOT_CONFIRMED if for_callback else FollowUpKind.AGREED,
        call.report.follow_up_at or action.follow_up_at,
        action.follow_up_at,
        TurnReason(action.moved_reason.value) if action.moved_reason else None,
    )


ENDS_OWING = {
    CaseStatus.CLOSED: TurnReason.CASE_CLOSED,
    CaseStatus.WITH_DEPARTMENT: TurnReason.WITH_DEPARTMENT,
}
WAITS = (CaseStatus.CLOSED, CaseStatus.WITH_DEPARTMENT, CaseStatus.PROMISED)


def return_to_queue(
    work: UnitOfWork, case: CallCase, hours: CallingHours, rules: CallingRules
) -> None:
    """Puts a case where its status says: ready, parked until it is due, or out of the queue."""
    follow_up = open_follow_up(work, case.id)
    due = follow_up.due_at if follow_up else case.not_before
    if case.status in WAITS and follow_up is None:
        take_out(work, [case.id])
        return
    at = max(due, work.now) if due else work.now
    requeue(work, case.id, rank=rank_of(work, case, hours, rules, at), due_at=due)
