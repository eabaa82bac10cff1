"""Writes a call and its consequences: record, case, numbers, promise, follow-up, queue.

One transaction with everything in it: an acknowledged outcome is present exactly once, and so
is what it led to (I1, I8). What was said is sealed by the desk before it comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert

from campaigns.calling import follow_ups, promises
from campaigns.calling.call_facts import CaseHistory, ReportFacts
from campaigns.calling.effect_plans import NextAction
from campaigns.calling.effects import mark_of
from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.histories import (
    RecordFact,
    band_at,
    facts_of_records,
    history_of,
    open_follow_up,
)
from campaigns.calling.models import CallRecord, FollowUp, FollowUpKind
from campaigns.calling.next_action import decide
from campaigns.calling.number_states import mark_number
from campaigns.calling.outcomes import NOT_ENTERED_CODE, Direction
from campaigns.calling.ranking import rank_after, rank_of
from campaigns.calling.record_values import CallToRecord, case_values, common_values
from campaigns.cases.cases import move_case
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, IdentityResult
from campaigns.profile.rules import CallingRules
from dialer.api import requeue, take_out
from dialer.calendar.bands import Band
from dialer.calendar.windows import CallingHours
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

_NEW_RECORD = insert(CallRecord)


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
    records = facts_of_records(work, case.id)
    call = replace(call, blank=_blank_of(call, records))
    records = [one for one in records if one.id != call.blank]
    owed = follow_ups.owed_call(work, case.id)
    owed_at = owed.due_at if owed else None
    history = history_of(work, case, records, call.phone_rank, rules, owed_at)
    action = _decided(call, history, hours, rules, band)
    values = case_values(work, case, call, action, band)
    work.run(_NEW_RECORD, values)
    _note(work, case, call)
    _count(case, call, action)
    mark_number(work, case, call.phone_rank, action, answered=call.answered_at is not None)
    _settle_promise(work, case, call, action)
    owed_at = _settle_follow_up(work, case, call, action, owed)
    move_case(
        work,
        case,
        action.status,
        f"outcome_{call.rows[0].code}",
        close_reason=action.close_reason,
        not_before=action.not_before,
    )
    case.promise_until = action.promise_until
    written = [*records, RecordFact(*(values[name] for name in RecordFact._fields))]
    _return(
        work, case, owed_at, lambda at: rank_after(work, case, written, owed_at, hours, rules, at)
    )
    return action


def _blank_of(call: CallToRecord, records: Sequence[RecordFact]) -> UUID | None:
    """The 結果未入力 that the close of the day wrote for this call, if the outcome comes late."""
    blanks = (
        one.id
        for one in records
        if one.attempt_id == call.attempt_id and one.outcome_code == NOT_ENTERED_CODE
    )
    return next(blanks, None) if call.attempt_id else None


def _decided(
    call: CallToRecord,
    history: CaseHistory,
    hours: CallingHours,
    rules: CallingRules,
    band: Band | None,
) -> NextAction:
    return decide(
        call.rows[0],
        call.rows[1:],
        history,
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


def record_unknown_caller(work: UnitOfWork, call: CallToRecord) -> None:
    """A call that came in and belongs to no case: silence, a general question (81, 83–85)."""
    row = call.rows[0]
    said = ReportFacts(
        direction=call.report.direction, answer_wanted=bool(call.report.answer_wanted)
    )
    values = {
        **common_values(work, call),
        "counts_dial": False,
        "counts_attempt": False,
        "is_contact_wide": row.contact_wide,
        "is_contact_person": False,
        "mark": mark_of(call.rows, said),
        "is_urgent": row.urgent,
    }
    work.run(_NEW_RECORD, values)
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
    work: UnitOfWork,
    case: CallCase,
    call: CallToRecord,
    action: NextAction,
    owed: FollowUp | None,
) -> datetime | None:
    """What we owe after the call: when, or None."""
    outbound = call.report.direction is Direction.OUTBOUND
    if owed is not None and (outbound or action.reached_person):
        follow_ups.settle(work, case, owed, _made(call, action))
    standing = owed if follow_ups.is_open(owed) else None
    standing_at = standing.due_at if standing else None
    if action.status in ENDS_OWING:
        if standing is not None:
            follow_ups.cancel_open(work, case, ENDS_OWING[action.status])
        return None
    if action.follow_up_at is None or action.follow_up_at == standing_at:
        return standing_at
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
    return action.follow_up_at


def _made(call: CallToRecord, action: NextAction) -> follow_ups.CallMade:
    outbound = call.report.direction is Direction.OUTBOUND
    again = action.follow_up_at if call.report.follow_up_at is None else None
    return follow_ups.CallMade(
        record_id=call.record_id,
        started_at=call.started_at,
        is_outbound=outbound,
        reached_person=action.reached_person,
        is_identity_known=call.identity is not IdentityResult.PENDING,
        next_at=action.not_before,
        retry_at=again if outbound else None,
        agreed_at=call.report.follow_up_at,
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
    owed_at = follow_up.due_at if follow_up else None
    _return(work, case, owed_at, lambda at: rank_of(work, case, hours, rules, at))


def _return(
    work: UnitOfWork,
    case: CallCase,
    owed_at: datetime | None,
    rank_at: Callable[[datetime], int],
) -> None:
    if case.status in WAITS and owed_at is None:
        take_out(work, [case.id])
        return
    due = owed_at or case.not_before
    at = max(due, work.now) if due else work.now
    requeue(work, case.id, rank=rank_at(at), due_at=due)
