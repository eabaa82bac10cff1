"""折返し: they ring us. Found by number or 整理番号 inside one receivable, each search noted.

Nothing is said before identity is confirmed; if it fails, a call to the registered number is
owed (S4-11.3a-1, 11.3a-2). What they tell us stays with that case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.calling.outcomes import Direction
from campaigns.cases.agent_groups import holders_of
from campaigns.cases.cases import case_row, get_campaign
from campaigns.cases.models import CallCase
from campaigns.cases.personal_data import find_by_key, find_by_number
from campaigns.cases.states import CaseStatus
from campaigns.desk.handlings import open_handling, require_empty_hands
from campaigns.desk.opened import open_contact
from campaigns.desk.serving import Served
from campaigns.errors import CallbackPeriodOver, CaseInOtherHands
from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules, rule_label
from dialer.api import (
    AgentActivity,
    Entry,
    enqueue,
    lease_case,
    missing_from,
    open_attempt,
    require_supervisor_on_duty,
    set_activity,
)
from dialer.calendar.holidays import business_day
from dialer.line_status import LineStatus
from dialer.phone import normalise
from scripts_talk.api import approved_texts
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.orders.stopped_work import StoppedWork
from secure_store.orders.suspension import require_not_suspended
from secure_store.people.watching import remember_found, require_found
from secure_store.work import UnitOfWork

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case a search found: enough to ask for the name, nothing of the debt."""

    case_id: UUID
    campaign_code: str
    kana: str
    status: CaseStatus
    last_outcome: str | None
    last_attempt_at: datetime | None
    is_mine: bool


def search_by_number(work: UnitOfWork, receivable: str, number: str) -> list[FoundCase]:
    """Cases of one receivable that carry this number. Raises NumberUnusable."""
    _may_search(work, receivable)
    return _found(work, find_by_number(work, receivable, normalise(number), _today(work)))


def search_by_key(work: UnitOfWork, receivable: str, key: str) -> list[FoundCase]:
    """The case of one receivable with this 整理番号."""
    _may_search(work, receivable)
    return _found(work, find_by_key(work, receivable, key.strip(), _today(work)))


def _may_search(work: UnitOfWork, receivable: str) -> None:
    require(work.actor, Permission.SEARCH_CALLBACK)
    require_receivable(work.actor, receivable)
    require_not_suspended(work, receivable, StoppedWork.CALLBACKS)


def _today(work: UnitOfWork) -> date:
    return business_day(work.now)


def _found(work: UnitOfWork, case_ids: list[UUID]) -> list[FoundCase]:
    cases = [case_row(work, case_id) for case_id in case_ids[:MOST_FOUND]]
    remember_found(work, case_ids[:MOST_FOUND])
    holders = holders_of(work)
    return [
        FoundCase(
            case.id,
            case.campaign_code,
            open_contact(work, case).kana,
            case.status,
            case.last_outcome,
            case.last_attempt_at,
            case.assignee in holders,
        )
        for case in cases
    ]


def answer_callback(work: UnitOfWork, case_id: UUID) -> Served:
    """Takes the case of the person on the line into hand, at the greeting stage.

    Only a case that this person's own search has just found: an id from elsewhere is out of
    reach, and the try is noted. Raises OutOfReach, HandlingOpen while another case is in hand, CaseInOtherHands while another agent is
    on this very case.
    """
    require(work.actor, Permission.SEARCH_CALLBACK)
    require_found(work, case_id)
    require_empty_hands(work)
    require_supervisor_on_duty(work)
    case = case_row(work, case_id, for_change=True)
    require_not_suspended(work, case.receivable, StoppedWork.CALLBACKS)
    _require_period(work, case)
    _require_queued(work, case)
    minutes = current_profile(work).parameters.lease_minutes
    lease = lease_case(work, case.id, work.actor.code, minutes)
    if lease is None:
        raise CaseInOtherHands
    attempt = open_attempt(
        work,
        agent=work.actor.code,
        direction=Direction.INBOUND.value,
        rule=_rule(work, case.receivable),
        case_ref=case.id,
        list_ref=case.campaign_code,
        status=LineStatus.CONNECTED,
    )
    texts = approved_texts(work, case.receivable)
    handling = open_handling(work, Direction.INBOUND, case, lease.id, texts, attempt.id)
    set_activity(work, work.actor.code, AgentActivity.TALKING)
    work.audit(
        Tag.CALLBACK_ANSWERED,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="case",
        object_id=case.id,
        subject=case.subject,
    )
    return Served(handling.id, case.id, False)


def _require_queued(work: UnitOfWork, case: CallCase) -> None:
    """A row without a usable number was never queued; its person may ring us all the same."""
    if missing_from(work, [case.id]):
        enqueue(work, [Entry(case.id, case.campaign_code, rank=0, assignee=case.assignee)])


def _require_period(work: UnitOfWork, case: CallCase) -> None:
    campaign = get_campaign(work, case.campaign_code)
    if not campaign.takes_callbacks_on(_today(work)):
        raise CallbackPeriodOver(campaign=campaign.code)


def _rule(work: UnitOfWork, receivable: str | None) -> str:
    window_rule = calling_hours(work, receivable).answer(work.now).rule
    return rule_label(window_rule, calling_rules(work, receivable))


def answer_unknown_caller(work: UnitOfWork) -> UUID:
    """A call that belongs to no case: silence, a general question, nobody on any list."""
    require(work.actor, Permission.SEARCH_CALLBACK)
    require_empty_hands(work)
    require_supervisor_on_duty(work)
    attempt = open_attempt(
        work,
        agent=work.actor.code,
        direction=Direction.INBOUND.value,
        rule=_rule(work, None),
        status=LineStatus.CONNECTED,
    )
    handling = open_handling(work, Direction.INBOUND, None, None, None, attempt.id)
    set_activity(work, work.actor.code, AgentActivity.TALKING)
    work.audit(Tag.CALLBACK_RECEIVED, object_kind="handling", object_id=handling.id)
    return handling.id
