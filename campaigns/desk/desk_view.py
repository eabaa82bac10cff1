"""What the desk shows of the case in hand: assembled from what its stage permits, nothing more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from campaigns.calling.care import CareCode
from campaigns.calling.histories import records_of
from campaigns.calling.models import CaseHandling
from campaigns.calling.outcome_master import table_on, table_version
from campaigns.calling.outcomes import Direction, OutcomeRow
from campaigns.calling.permits import PermitView, live_permit
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, IdentityResult, Stage
from campaigns.desk import identity
from campaigns.desk.agent import identity_items
from campaigns.desk.handlings import case_of, handling_in_hand, rules_of
from campaigns.desk.identity_values import IdentityLine, identity_lines
from campaigns.desk.opened import number_under_permit, open_contact, open_debt, open_identity
from campaigns.desk.outcome_entry import recommends_transfer
from campaigns.desk.script_view import ScriptPane, script_pane
from campaigns.desk.taken_back import TakenBack, taken_back
from campaigns.intake.facts import ContactView, DebtView, LineKind
from campaigns.profile.contract import Receivable, current_profile
from campaigns.profile.hours import calling_hours
from campaigns.profile.rules import CallingRules
from dialer.api import AttemptView, get_attempt
from dialer.calendar.holidays import business_day
from secure_store.orders.suspension import require_not_suspended
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PastCall:
    """One earlier call about the case, without what was said."""

    at: datetime
    direction: Direction
    code: str
    label: str
    agent: str


@dataclass(frozen=True, slots=True)
class DeskView:
    """The case in hand. ``identity_lines`` only at stage 2, ``debt`` only at stage 3."""

    handling_id: UUID
    case_id: UUID
    campaign_code: str
    receivable: Receivable
    rules: CallingRules
    direction: Direction
    stage: Stage
    contact: ContactView
    care: CareCode | None
    status: CaseStatus
    taken_back: TakenBack | None
    attempts_counted: int
    attempts_limit: int
    past_calls: tuple[PastCall, ...]
    permit: PermitView | None
    number: str | None
    attempt: AttemptView | None
    identity_result: IdentityResult
    identity_at: datetime | None
    identity_lines: tuple[IdentityLine, ...]
    debt: DebtView | None
    script: ScriptPane
    outcomes: tuple[OutcomeRow, ...]
    is_transfer_target: bool
    promise_until: date | None
    script_version: str | None
    qa_version: str | None


@dataclass(frozen=True, slots=True)
class UnknownCallerView:
    """A call that belongs to no case."""

    handling_id: UUID
    answered_at: datetime
    outcomes: tuple[OutcomeRow, ...]


def desk_view(work: UnitOfWork) -> DeskView | UnknownCallerView | None:
    """The acting agent's desk, or None with empty hands; all shown is noted. Raises WorkSuspended."""
    row = handling_in_hand(work)
    if row is None or row.case_id is None:
        return _unknown(work, row) if row else None
    case = _readable_case(work, row)
    rules = rules_of(work, row, case)
    contact = _permitted(open_contact(work, case), rules)
    permit = live_permit(work, row.id, calling_hours(work, case.receivable))
    debt = _debt(work, row, case, rules)
    return DeskView(
        handling_id=row.id,
        case_id=case.id,
        campaign_code=case.campaign_code,
        receivable=rules.receivable or current_profile(work).receivable(case.receivable),
        rules=rules,
        direction=row.direction,
        stage=row.stage,
        contact=contact,
        care=CareCode(case.care_code) if case.care_code else None,
        status=case.status,
        taken_back=taken_back(work, row, case),
        attempts_counted=case.counted_attempts,
        attempts_limit=rules.parameters.max_counted_attempts,
        past_calls=_past_calls(work, case),
        permit=permit,
        number=_number(row, contact, permit),
        attempt=get_attempt(work, row.attempt_id) if row.attempt_id else None,
        identity_result=row.identity_result,
        identity_at=row.identity_at,
        identity_lines=_identity_lines(work, row, case, contact),
        debt=debt,
        script=script_pane(work, row, case, contact, debt),
        outcomes=_outcomes(work, row, case.receivable),
        is_transfer_target=case.is_transfer_target and recommends_transfer(rules),
        promise_until=case.promise_until,
        script_version=row.script_version,
        qa_version=row.qa_version,
    )


def _readable_case(work: UnitOfWork, row: CaseHandling) -> CallCase:
    case = case_of(work, row, for_change=False)
    if row.attempt_id is None:  # whoever is on the line may finish what was begun (S4-14.11c)
        require_not_suspended(work, case.receivable)
    return case


def _debt(
    work: UnitOfWork, row: CaseHandling, case: CallCase, rules: CallingRules
) -> DebtView | None:
    """Account transfer is spoken of only where the lent row and the instruction say so."""
    if row.stage is not Stage.GUIDANCE:
        return None
    passed = row.identity_result is IdentityResult.PASSED
    debt = open_debt(work, case, identity_passed=passed)
    is_target = debt.account_transfer_target and recommends_transfer(rules)
    return replace(debt, account_transfer_target=is_target)


def _permitted(contact: ContactView, rules: CallingRules) -> ContactView:
    """Without the numbers of a workplace where the instruction does not permit them."""
    if rules.workplace_numbers:
        return contact
    own = tuple(one for one in contact.phones if one.line_kind is not LineKind.WORKPLACE)
    return replace(contact, phones=own)


def _number(row: CaseHandling, contact: ContactView, permit: PermitView | None) -> str | None:
    """Only under a live permit, and only until the agent says what the line did."""
    if permit is None or row.attempt_id is not None:
        return None
    return number_under_permit(contact, permit.phone_rank).digits


def _unknown(work: UnitOfWork, row: CaseHandling) -> UnknownCallerView:
    outcomes = tuple(outcome for outcome in _outcomes(work, row, "") if outcome.needs_no_case)
    return UnknownCallerView(row.id, row.opened_at, outcomes)


def _outcomes(work: UnitOfWork, row: CaseHandling, receivable: str) -> tuple[OutcomeRow, ...]:
    day = business_day(work.now)
    table = table_on(work, day).table
    return table.rows_for(row.direction, receivable=receivable, on=day)


def _identity_lines(
    work: UnitOfWork, row: CaseHandling, case: CallCase, contact: ContactView
) -> tuple[IdentityLine, ...]:
    if row.stage is not Stage.IDENTITY:
        return ()
    required, spares = identity_items(work, row, case)
    results = identity_results(row)
    shown = required | identity.spare_allowed(results, required, spares=spares)
    return identity_lines(contact, open_identity(work, case), shown, required, results)


def identity_results(
    row: CaseHandling,
) -> dict[identity.IdentityItem, identity.ItemResult]:
    """Which items were compared so far."""
    pairs = [text.split(":", 1) for text in row.identity_items.split()]
    return {identity.IdentityItem(item): identity.ItemResult(found) for item, found in pairs}


def _past_calls(work: UnitOfWork, case: CallCase) -> tuple[PastCall, ...]:
    calls = []
    for record in records_of(work, case.id)[::-1]:
        table = table_version(work, record.outcome_version)
        label = table.recorded_row(
            record.outcome_code, receivable=case.receivable, on=record.business_day
        ).label_ja
        calls.append(
            PastCall(record.started_at, record.direction, record.outcome_code, label, record.agent)
        )
    return tuple(calls)
