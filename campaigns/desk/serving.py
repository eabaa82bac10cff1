"""Serving: the acting agent's next case, or why there is none (S4-12.1c, S4-12.2d)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from campaigns.calling.care import care_allows_from
from campaigns.calling.due_calls import due_cases
from campaigns.calling.eligibility import CaseFacts, NotCallable, why_not_callable
from campaigns.calling.fairness import next_try, tries_owed
from campaigns.calling.histories import Surroundings, case_facts, surroundings
from campaigns.calling.outcomes import Direction
from campaigns.calling.ranking import rank_of
from campaigns.cases.agent_groups import holders_of
from campaigns.cases.cases import get_campaign
from campaigns.cases.models import CallCase
from campaigns.desk.handlings import open_handling, require_empty_hands
from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours, list_orders
from campaigns.profile.instructions import CallingRules, calling_rules
from dialer.api import (
    AgentActivity,
    Lease,
    lease_case,
    lease_next,
    promote_due,
    requeue,
    require_supervisor_on_duty,
    set_activity,
    take_out,
)
from dialer.calendar.holidays import business_day
from dialer.errors import OutsideCallingHours
from scripts_talk.api import approved_texts, live_qa, live_script
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

DUE_AT_ONCE = 200  # parked cases made ready in one request
MOST_TRIES = 50  # cases looked at in one request before the agent is told to ask again
UNCALLABLE_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Served:
    """The case that was served, by its handling."""

    handling_id: UUID
    case_id: UUID
    is_follow_up: bool


def around_of(work: UnitOfWork, case: CallCase, rules: CallingRules | None = None) -> Surroundings:
    """Hours, rules, suspension and approved texts for a case's campaign.

    ``rules``: those of the handling it is in; without any, those a call begun now follows.
    """
    return around_campaign(work, case.campaign_code, rules)


def around_campaign(
    work: UnitOfWork, campaign_code: str, rules: CallingRules | None = None
) -> Surroundings:
    """The same for all cases of a campaign. Raises NotFound."""
    campaign = get_campaign(work, campaign_code)
    receivable = campaign.receivable
    approved = live_script(work, receivable) is not None and live_qa(work) is not None
    hours = calling_hours(work, receivable)
    rules = rules or calling_rules(work, receivable)
    return surroundings(work, campaign, hours, rules, script_approved=approved)


def take_next_case(work: UnitOfWork) -> Served | None:
    """Serves the acting agent's next case: due follow-ups, own cases, the groups' (S4-12.1c).

    Raises HandlingOpen while a case is in hand (S4-11.2e), NoSupervisorOnDuty (S4-12.2d),
    OutsideCallingHours. None when nothing of theirs may be called now. Asking ends a break.
    """
    require(work.actor, Permission.TAKE_CASE)
    require_empty_hands(work)
    require_supervisor_on_duty(work)
    _require_open(work)
    set_activity(work, work.actor.code, AgentActivity.READY)
    promote_due(work, DUE_AT_ONCE)  # also where the scheduler stands still
    minutes = current_profile(work).parameters.lease_minutes
    holders = holders_of(work)
    for due in due_cases(work, holders):
        served = _serve(work, lease_case(work, due, work.actor.code, minutes), True)
        if served is not None:
            return served
    for _try in range(MOST_TRIES):
        lease = _lease_from(work, holders, minutes)
        if lease is None:
            return None
        served = _serve(work, lease, False)
        if served is not None:
            return served
    return None


def _lease_from(work: UnitOfWork, holders: Sequence[str], minutes: int) -> Lease | None:
    """Own cases first, then those of each group in turn (S4-12.1c)."""
    leases = (lease_next(work, holder, minutes, work.actor.code) for holder in holders)
    return next((lease for lease in leases if lease is not None), None)


def _require_open(work: UnitOfWork) -> None:
    """The contract's hours, or those an order gives one of this person's receivables."""
    answer = calling_hours(work).answer(work.now)
    if answer.is_open:
        return
    own = {order.receivable for order in list_orders(work) if order.day == business_day(work.now)}
    for receivable in own - {None}:
        if work.actor.sees(str(receivable)) and calling_hours(work, receivable).is_open(work.now):
            return
    raise OutsideCallingHours(
        reason=answer.reason.value,
        next_opening=answer.next_opening.isoformat() if answer.next_opening else "",
    )


def _serve(work: UnitOfWork, lease: Lease | None, is_follow_up: bool) -> Served | None:
    if lease is None:
        return None
    case = work.session.get_one(CallCase, lease.case_ref, populate_existing=True)
    if not work.actor.sees(case.receivable):  # taken from this agent, the case not yet
        _set_by(work, case, work.now + UNCALLABLE_PAUSE)
        return None
    around = around_of(work, case)
    facts = case_facts(work, case, around)
    reason = why_not_callable(
        facts,
        around.rules.parameters,
        work.now,
        around.hours,
        around.rules.cuts,
    )
    if reason is not None:
        _set_aside(work, case, around, facts, reason)
        return None
    texts = approved_texts(work, case.receivable)
    handling = open_handling(work, Direction.OUTBOUND, case, lease.id, texts)
    work.audit(
        Tag.LEASE_TAKEN,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="case",
        object_id=case.id,
        subject=case.subject,
    )
    return Served(handling.id, case.id, is_follow_up)


_NEVER_AGAIN = (NotCallable.CLOSED, NotCallable.WITHDRAWN, NotCallable.NO_USABLE_NUMBER)


def _set_aside(
    work: UnitOfWork,
    case: CallCase,
    around: Surroundings,
    facts: CaseFacts,
    reason: NotCallable,
) -> None:
    """A case that may not be called now goes back with the time at which to ask again."""
    if reason in _NEVER_AGAIN:
        take_out(work, [case.id])
        return
    later: datetime | None = None
    if reason in (NotCallable.TOO_EARLY, NotCallable.RESTING):
        later = case.not_before
    elif reason is NotCallable.CARE_RESTRICTION:
        later = care_allows_from(case.care_code, work.now, around.hours, around.rules.cuts)
    elif reason is NotCallable.KEPT_FOR_OTHER_HOURS:
        owed = tries_owed(facts.used_bands, facts.tries_possible, facts.last_talk_on is not None)
        later = next_try(owed, work.now, facts.calls_until, around.hours, around.rules.cuts)
    elif reason not in (NotCallable.SUSPENDED, NotCallable.NO_APPROVED_SCRIPT):
        later = around.hours.next_opening(work.now)
    if later is None or later <= work.now:
        later = work.now + UNCALLABLE_PAUSE
    _set_by(work, case, later)


def _set_by(work: UnitOfWork, case: CallCase, until: datetime) -> None:
    hours, rules = calling_hours(work, case.receivable), calling_rules(work, case.receivable)
    requeue(work, case.id, rank=rank_of(work, case, hours, rules, until), due_at=until)
