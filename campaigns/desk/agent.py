"""The agent's acts on the case in hand: permit, line, identity, script step, put back (S4-11.2, 11.3, 12.2)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from campaigns.calling.eligibility import why_not_callable
from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.follow_ups import release_due
from campaigns.calling.histories import Surroundings, case_facts
from campaigns.calling.models import CaseHandling, HandlingEnd, PermitEnd
from campaigns.calling.permits import (
    PermitView,
    end_permit,
    issue_permit,
    live_permit,
    mark_checked,
    renew_permit,
)
from campaigns.calling.records import return_to_queue
from campaigns.cases.models import CallCase
from campaigns.cases.states import IdentityResult, Stage
from campaigns.desk import identity
from campaigns.desk.handlings import (
    case_of,
    close_handling,
    own_handling,
    rules_of,
)
from campaigns.desk.serving import around_of
from campaigns.desk.taken_back import taken_back
from campaigns.errors import CaseNotCallable, HandlingOpen, NotYourCase
from campaigns.notice_errors import CaseTakenBack
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules
from campaigns.profile.rules import rule_label
from dialer.api import (
    AgentActivity,
    get_attempt,
    note_line_event,
    open_attempt,
    set_activity,
)
from dialer.errors import OutsideCallingHours, PermitExpired, PermitMissing
from dialer.line_status import LineEnd, LineStatus
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork


class LineResult(StrEnum):
    """What the agent says the line did."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    HUNG_UP = "hung_up"


_LINE_ENDS = {
    LineResult.NO_ANSWER: LineEnd.NO_ANSWER,
    LineResult.BUSY: LineEnd.BUSY,
    LineResult.FAILED: LineEnd.FAILED,
    LineResult.HUNG_UP: LineEnd.ANSWERED,
}


def ask_permit(work: UnitOfWork, handling_id: UUID) -> PermitView:
    """A permit for the case in hand, after every check again (decision 6, S4-7.2b)."""
    require(work.actor, Permission.TAKE_CASE)
    row = own_handling(work, handling_id)
    if row.attempt_id is not None:
        raise HandlingOpen
    case = case_of(work, row)
    return issue_permit(work, row.id, case, around_of(work, case, rules_of(work, row, case)))


def extend_permit(work: UnitOfWork, handling_id: UUID) -> PermitView:
    """Renews the permit by one key, after the same checks."""
    row = own_handling(work, handling_id)
    case = case_of(work, row)
    return renew_permit(work, row.id, case, around_of(work, case, rules_of(work, row, case)))


def number_compared(work: UnitOfWork, handling_id: UUID) -> UUID:
    """番号照合済: the double check, and the beginning of the attempt. Returns its id.

    Asked once more: without permit or open window nothing is dialled. Twice is one attempt.
    """
    row = own_handling(work, handling_id)
    if row.attempt_id is not None:
        return row.attempt_id
    case = case_of(work, row)
    around = around_of(work, case, rules_of(work, row, case))
    if not around.hours.is_open(work.now):
        raise OutsideCallingHours(reason="window_closed", next_opening="")
    # Before the permit: it may have been taken back for this very reason.
    _require_still_callable(work, case, around)
    if (permit := live_permit(work, row.id, around.hours)) is None:
        raise PermitExpired
    mark_checked(work, row.id)
    attempt = open_attempt(
        work,
        agent=work.actor.code,
        direction="outbound",
        rule=rule_label(around.hours.answer(work.now).rule, around.rules),
        case_ref=case.id,
        list_ref=case.campaign_code,
        permit_ref=permit.id,
        number_rank=permit.phone_rank,
    )
    row.attempt_id = attempt.id
    set_activity(work, work.actor.code, AgentActivity.CALLING)
    work.audit(
        Tag.ATTEMPT_PLACED,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="attempt",
        object_id=attempt.id,
        subject=case.subject,
    )
    return attempt.id


def _require_still_callable(work: UnitOfWork, case: CallCase, around: Surroundings) -> None:
    facts, rules = case_facts(work, case, around), around.rules
    reason = why_not_callable(facts, rules.parameters, work.now, around.hours, rules.cuts)
    if reason is not None:
        raise CaseNotCallable(reason=reason.value)


def note_line(work: UnitOfWork, handling_id: UUID, result: LineResult) -> None:
    """What the line did. The number leaves the screen with the first word of it."""
    row = own_handling(work, handling_id)
    if row.attempt_id is None:
        raise PermitMissing
    end_permit(work, row.id, PermitEnd.LINE_RESULT)
    if result is LineResult.CONNECTED:
        note_line_event(work, row.attempt_id, LineStatus.CONNECTED)
        set_activity(work, work.actor.code, AgentActivity.TALKING)
        work.audit(Tag.ATTEMPT_ANSWERED, object_kind="attempt", object_id=row.attempt_id)
        return
    note_line_event(work, row.attempt_id, LineStatus.ENDED, _LINE_ENDS[result])
    set_activity(work, work.actor.code, AgentActivity.AFTER_CALL_WORK)
    work.audit(
        Tag.ATTEMPT_ENDED,
        object_kind="attempt",
        object_id=row.attempt_id,
        reason=result.value,
    )


def begin_identity(work: UnitOfWork, handling_id: UUID) -> None:
    """Opens stage 2: the items to compare (S4-11.3a-1). Somebody must be on the line."""
    row = own_handling(work, handling_id)
    require_connected(work, row)
    if row.stage is Stage.GREETING and row.identity_result is IdentityResult.PENDING:
        row.stage = Stage.IDENTITY
        row.identity_began_at = row.identity_began_at or work.now


def confirm_identity(
    work: UnitOfWork,
    handling_id: UUID,
    results: Mapping[identity.IdentityItem, identity.ItemResult],
    *,
    refused: bool = False,
) -> IdentityResult:
    """Judges the comparison and keeps which items matched, never what was said (domain 3.6-5)."""
    row = own_handling(work, handling_id)
    require_connected(work, row)
    case = case_of(work, row)
    required, spares = identity_items(work, row, case)
    result = identity.check(results, required, spares=spares, refused=refused)
    row.identity_result = result
    row.identity_items = " ".join(f"{item.value}:{found.value}" for item, found in results.items())
    if result is not IdentityResult.PENDING:
        row.identity_at = work.now
    row.stage = identity.stage_after(True, result)
    work.audit(
        Tag.IDENTITY_CHECKED,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="handling",
        object_id=row.id,
        subject=case.subject,
        reason=result.value,
    )
    return result


def identity_items(
    work: UnitOfWork, row: CaseHandling, case: CallCase
) -> tuple[frozenset[identity.IdentityItem], frozenset[identity.IdentityItem]]:
    """The items the instruction of this call asks for, and the spare one."""
    receivable = rules_of(work, row, case).receivable
    if receivable is None:
        raise NotYourCase
    required = frozenset(identity.IdentityItem(item) for item in receivable.identity_items)
    return required, frozenset({identity.IdentityItem(receivable.spare_item)})


def require_connected(work: UnitOfWork, row: CaseHandling) -> None:
    """Nothing is compared before somebody is on the line, nor after the line has ended.

    Nor once the city ended the case: CaseTakenBack.
    """
    if row.attempt_id is None:
        raise PermitMissing
    if taken_back(work, row, case_of(work, row)) is not None:
        raise CaseTakenBack
    attempt = get_attempt(work, row.attempt_id)
    if attempt.answered_at is None or attempt.ended_at is not None:
        raise PermitMissing


def go_to_step(work: UnitOfWork, handling_id: UUID, step: str) -> None:
    """The agent follows a branch of the script; what may be seen is decided when it is shown."""
    own_handling(work, handling_id).script_step = step[:12]


def put_back(work: UnitOfWork, handling_id: UUID) -> None:
    """Gives the case back undialled. After dialling only an outcome ends it (S4-11.2e)."""
    row = own_handling(work, handling_id)
    if row.attempt_id is not None:  # also when they rang us (S4-11.3b-1)
        raise HandlingOpen
    case = case_of(work, row)
    close_handling(work, row, HandlingEnd.PUT_BACK)
    release_due(work, case, TurnReason.PUT_BACK)
    rules = calling_rules(work, case.receivable)
    return_to_queue(work, case, calling_hours(work, case.receivable), rules)
    set_activity(work, work.actor.code, AgentActivity.READY)
    work.audit(
        Tag.CASE_PUT_BACK,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="case",
        object_id=case.id,
        subject=case.subject,
    )
