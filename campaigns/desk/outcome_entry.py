"""Recording the outcome: the one act that ends a call and lets the next case come (S4-11.2e, 11.3b).

The same submission twice gives one effect and the same answer (I2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select

from campaigns.calling.call_report import CaseLimits, OutcomeReport
from campaigns.calling.collected import collected_of, seal_for_record
from campaigns.calling.effect_plans import NextAction
from campaigns.calling.models import CallRecord, CaseHandling, HandlingEnd
from campaigns.calling.outcome_master import TableInForce, table_on
from campaigns.calling.outcomes import NOT_ENTERED_CODE, Direction, Mark, OutcomeRow, RequiredField
from campaigns.calling.record_values import CallToRecord
from campaigns.calling.records import record_call, record_unknown_caller
from campaigns.calling.required_fields import EntryField, FaultKind, FieldFault, missing_fields
from campaigns.cases.cases import encoding_of
from campaigns.cases.encodings import Encoding
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from campaigns.desk.handlings import campaign_of, case_of, close_handling, own_handling, rules_of
from campaigns.desk.offered_days import legal_times_of
from campaigns.desk.opened import unpaid_total
from campaigns.errors import NotYourCase, OutcomeIncomplete
from campaigns.escalation.tickets import raise_ticket
from campaigns.profile.hours import calling_hours
from campaigns.profile.rules import CallingRules
from dialer.api import AgentActivity, AttemptView, close_attempt, set_activity
from dialer.calendar.holidays import business_day
from dialer.errors import PermitMissing
from secure_store.errors import Invalid
from secure_store.work import UnitOfWork

_RECORDED = select(CallRecord.id, CallRecord.outcome_code, CallRecord.recorded_at).where(
    CallRecord.handling_id == bindparam("handling"),
    CallRecord.agent == bindparam("recorder"),
    CallRecord.outcome_code != NOT_ENTERED_CODE,
)
_BLANK = select(CallRecord.id).where(
    CallRecord.attempt_id == bindparam("attempt"), CallRecord.outcome_code == NOT_ENTERED_CODE
)
ENTRY_ID = re.compile(r"[A-Z]{0,3}[0-9]{1,4}")  # kept in clear: too short for a name or a number


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """What the agent submits: the codes, the fields, the Q&A entries shown."""

    code: str
    secondary: tuple[str, ...]
    report: OutcomeReport
    qa_used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer to a submission. ``action`` is None when it had been recorded before."""

    record_id: UUID
    code: str
    status: CaseStatus | None
    recorded_at: datetime
    action: NextAction | None = None


def record_outcome(work: UnitOfWork, handling_id: UUID, entry: OutcomeEntry) -> Recorded:
    """Records the outcome of the call in hand. Raises OutcomeIncomplete with every fault."""
    try:
        row = own_handling(work, handling_id)
    except NotYourCase:  # ended: by this very submission, when it came before
        before = _recorded_before(work, handling_id)
        if before is None:
            raise
        return before
    if row.attempt_id is None:
        raise PermitMissing
    # Who rang is a fact of the handling: a form that said otherwise would escape the limits.
    report = replace(entry.report, direction=row.direction)
    entry = replace(entry, report=report, qa_used=_entries_shown(entry.qa_used))
    in_force = table_on(work, business_day(work.now))
    if row.case_id is None:
        return _record_without_case(work, row, entry, in_force)
    case = case_of(work, row)
    rows = _rows(in_force, entry, case.receivable, work)
    faults = entry_faults(work, row, case, rows, entry.report)
    if faults:
        raise OutcomeIncomplete(faults=faults)
    attempt = close_attempt(work, row.attempt_id)
    call = _call(work, row, entry, rows, in_force, attempt, case)
    rules = rules_of(work, row, case)
    action = record_call(work, case, call, calling_hours(work, case.receivable), rules)
    if action.mark is not Mark.NONE:
        raise_ticket(work, case, call.record_id, action, entry.report.note)
    close_handling(work, row, HandlingEnd.OUTCOME)
    set_activity(work, work.actor.code, AgentActivity.READY)
    return Recorded(call.record_id, entry.code, case.status, work.now, action)


def _recorded_before(work: UnitOfWork, handling_id: UUID) -> Recorded | None:
    wanted = {"handling": handling_id, "recorder": work.actor.code}
    record = work.run(_RECORDED, wanted).first()
    if record is None:
        return None
    return Recorded(record.id, record.outcome_code, None, record.recorded_at)


def _entries_shown(used: tuple[str, ...]) -> tuple[str, ...]:
    """The entries shown, when each is named as an entry is. Raises Invalid for any other text."""
    if not all(ENTRY_ID.fullmatch(one) for one in used):
        raise Invalid(field="qa_used")
    return used


def _rows(
    in_force: TableInForce, entry: OutcomeEntry, receivable: str, work: UnitOfWork
) -> tuple[OutcomeRow, ...]:
    day = business_day(work.now)
    codes = (entry.code, *entry.secondary)
    return tuple(in_force.table.row(code, receivable=receivable, on=day) for code in codes)


def entry_faults(
    work: UnitOfWork,
    row: CaseHandling,
    case: CallCase,
    rows: Sequence[OutcomeRow],
    report: OutcomeReport,
) -> tuple[FieldFault, ...]:
    """What still keeps the report from being recorded; the debt is opened only when it is asked."""
    campaign = campaign_of(work, case)
    rules = rules_of(work, row, case)
    asks_debt = any(RequiredField.PROMISED_YEN in outcome.required_fields for outcome in rows)
    total, periods = unpaid_total(work, case) if asks_debt else (0, frozenset())
    limits = CaseLimits(
        unpaid_yen=total,
        codec=codec_of(work, case),
        periods=periods,
        is_transfer_target=case.is_transfer_target and recommends_transfer(rules),
        follow_ups_until=campaign.calls_until
        if row.direction is Direction.OUTBOUND
        else campaign.callbacks_until,
        legal_times=legal_times_of(work, row, case),
    )
    return missing_fields(rows, report, row.identity_result, rules.parameters, work.now, limits)


def recommends_transfer(rules: CallingRules) -> bool:
    """Account transfer is spoken of only where the instruction of the receivable says so."""
    return rules.receivable is not None and rules.receivable.recommends_transfer


def codec_of(work: UnitOfWork, case: CallCase) -> str:
    """The codec of the campaign's files: text that it cannot hold is refused (decision 15)."""
    return encoding_of(work, case).codec


def _call(
    work: UnitOfWork,
    row: CaseHandling,
    entry: OutcomeEntry,
    rows: tuple[OutcomeRow, ...],
    in_force: TableInForce,
    attempt: AttemptView,
    case: CallCase | None,
) -> CallToRecord:
    record_id = uuid4()
    sealed = seal_for_record(work, case, record_id, collected_of(entry.report)) if case else None
    return CallToRecord(
        record_id=record_id,
        handling_id=row.id,
        attempt_id=attempt.id,
        rows=rows,
        table_version=in_force.version,
        report=entry.report,
        identity=row.identity_result,
        started_at=attempt.placed_at,
        answered_at=attempt.answered_at,
        ended_at=attempt.ended_at,
        phone_rank=attempt.number_rank,
        collected=sealed,
        script_version=row.script_version,
        qa_version=row.qa_version,
        qa_used=" ".join(entry.qa_used)[:120],
        rule=attempt.rule,
    )


def _blank_of(work: UnitOfWork, attempt: AttemptView) -> UUID | None:
    """The 結果未入力 that the close of the day wrote for this call, if the outcome comes late."""
    blank: UUID | None = work.run(_BLANK, {"attempt": attempt.id}).scalar()
    return blank


def _record_without_case(
    work: UnitOfWork, row: CaseHandling, entry: OutcomeEntry, in_force: TableInForce
) -> Recorded:
    """Somebody rang who is on no list, or said nothing: counted, nothing kept about anybody."""
    if row.attempt_id is None or row.direction is not Direction.INBOUND:
        raise NotYourCase
    outcome = in_force.table.row(entry.code, on=business_day(work.now))
    if not outcome.needs_no_case:
        fault = FieldFault(EntryField.OUTCOME, FaultKind.NOT_PERMITTED, outcome.code)
        raise OutcomeIncomplete(faults=(fault,))
    limits = CaseLimits(unpaid_yen=0, codec=Encoding.CP932.codec)
    parameters = rules_of(work, row, None).parameters
    faults = missing_fields(
        (outcome,), entry.report, row.identity_result, parameters, work.now, limits
    )
    if faults:
        raise OutcomeIncomplete(faults=faults)
    attempt = close_attempt(work, row.attempt_id)
    call = _call(work, row, entry, (outcome,), in_force, attempt, None)
    call = replace(call, blank=_blank_of(work, attempt))
    record_unknown_caller(work, call)
    close_handling(work, row, HandlingEnd.OUTCOME)
    set_activity(work, work.actor.code, AgentActivity.READY)
    return Recorded(call.record_id, entry.code, None, work.now)
