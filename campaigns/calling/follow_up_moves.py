"""Calls we owe whose time is no longer legal, or legal again, move to where they belong.

An order of the city, a changed period, other hours, a suspension that was lifted: a call stands
for the time it was wanted for, at the first legal time from there. Asked again at any moment the
answer is the same, so a sweep moves nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.follow_ups import move_row
from campaigns.calling.legal_times import LegalTimes
from campaigns.calling.models import CaseHandling, FollowUp, FollowUpKind, FollowUpStatus
from campaigns.calling.promise_keeping import is_in_hand
from campaigns.calling.records import return_to_queue
from campaigns.cases.cases import CampaignView, view_of
from campaigns.cases.models import CallCase, Campaign
from campaigns.cases.states import CaseStatus
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import CallingRules, calling_rules
from dialer.calendar.holidays import business_day
from dialer.calendar.windows import CallingHours
from secure_store.access import Actor
from secure_store.orders.suspension import is_suspended
from secure_store.work import SecureStore, UnitOfWork


@dataclass(frozen=True, slots=True)
class OwedPlace:
    """What decides which times are legal for one owed call."""

    receivable: str
    campaign_code: str
    care_code: str | None
    kind: FollowUpKind


BEING_CALLED = select(CaseHandling.case_id).where(
    CaseHandling.closed_at.is_(None),
    CaseHandling.attempt_id.is_not(None),
    CaseHandling.case_id.is_not(None),
)
"""Cases somebody is on the line about."""


def place_of(case: CallCase, kind: FollowUpKind) -> OwedPlace:
    """The place of a case's follow-up."""
    return OwedPlace(case.receivable, case.campaign_code, case.care_code, kind)


class Grounds:
    """Hours, rules and dates by receivable and campaign, each read once in a unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._hours: dict[str, CallingHours] = {}
        self._rules: dict[str, CallingRules] = {}
        self._campaigns: dict[str, CampaignView] = {}
        self._suspended: dict[str, bool] = {}

    def hours(self, receivable: str) -> CallingHours:
        """The hours of a receivable."""
        if receivable not in self._hours:
            self._hours[receivable] = calling_hours(self._work, receivable)
        return self._hours[receivable]

    def rules(self, receivable: str) -> CallingRules:
        """The rules a call of this receivable would begin under now."""
        if receivable not in self._rules:
            self._rules[receivable] = calling_rules(self._work, receivable)
        return self._rules[receivable]

    def is_suspended(self, receivable: str) -> bool:
        """Does an order stop the calls of this receivable?"""
        if receivable not in self._suspended:
            self._suspended[receivable] = is_suspended(self._work, receivable)
        return self._suspended[receivable]

    def campaign(self, code: str) -> CampaignView:
        """The campaign, whoever acts."""
        if code not in self._campaigns:
            self._campaigns[code] = view_of(self._work.session.get_one(Campaign, code))
        return self._campaigns[code]

    def legal_times(self, place: OwedPlace) -> LegalTimes:
        """The legal times of one case; what answers a callback may come in the callback period."""
        rules = self.rules(place.receivable)
        campaign = self.campaign(place.campaign_code)
        for_callback = place.kind is FollowUpKind.IDENTITY_NOT_CONFIRMED
        return LegalTimes(
            hours=self.hours(place.receivable),
            last_minutes=rules.parameters.no_new_call_minutes,
            care_code=place.care_code,
            first_day=campaign.calls_from,
            last_day=campaign.callbacks_until if for_callback else campaign.calls_until,
            cuts=rules.cuts,
        )


def next_time(legal: LegalTimes, at: datetime, *, named: bool) -> datetime | None:
    """Where a call moves to. After the last day of the campaign, if there is no time before it:
    it stays in sight until the campaign's end cancels it.
    """
    found = legal.first_from(at, named=named)
    return found or replace(legal, last_day=None).first_from(at, named=named)


def move_owed(
    work: UnitOfWork,
    case: CallCase,
    row: FollowUp,
    due_at: datetime,
    reason: TurnReason,
    grounds: Grounds,
    *,
    wanted_at: datetime,
) -> None:
    """Moves a call and its case's place in the queue; a case in somebody's hand stays there."""
    move_row(work, case, row, due_at, reason, wanted_at=wanted_at)
    if case.status is CaseStatus.FOLLOW_UP_BOOKED:
        case.not_before = due_at
    work.session.flush()
    if not is_in_hand(work, case):
        return_to_queue(work, case, grounds.hours(case.receivable), grounds.rules(case.receivable))


@dataclass(frozen=True, slots=True)
class Cause:
    """Why the legal times may have changed; None fields leave it to all.

    ``day``: the day an order was given for.
    """

    reason: TurnReason
    receivable: str | None = None
    campaign: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A call that stands at another time than it should, and where it belongs."""

    follow_up_id: UUID
    case_id: UUID
    due_at: datetime
    target: datetime
    reason: TurnReason


def move_to_legal_times(work: UnitOfWork, cause: Cause) -> int:
    """Moves every owed call that does not stand at the first legal time from when it is wanted.

    Returns how many moved. In one unit of work with whatever changed the times.
    """
    grounds = Grounds(work)
    moved = 0
    for one in misplaced(work, cause, grounds):
        # The case first, as everybody who works on it does.
        case = work.session.get_one(CallCase, one.case_id, with_for_update=True)
        row = work.session.get(
            FollowUp, one.follow_up_id, with_for_update=True, populate_existing=True
        )
        if row is None or row.status is not FollowUpStatus.OPEN or row.due_at != one.due_at:
            continue  # settled or moved since it was looked at
        move_owed(work, case, row, one.target, one.reason, grounds, wanted_at=row.wanted_at)
        moved += 1
    return moved


def move_to_new_times(store: SecureStore, actor: Actor) -> int:
    """For whatever changed the legal times unseen, such as rules that came into force today.

    Writers wait only when there is something to move. Returns how many moved, 0 when asked again.
    """
    cause = Cause(TurnReason.RULES_CHANGED)
    with store.work(actor, readonly=True) as work:
        if not misplaced(work, cause, Grounds(work)):
            return 0
    with store.work(actor) as work:
        return move_to_legal_times(work, cause)


def misplaced(work: UnitOfWork, cause: Cause, grounds: Grounds) -> list[Misplaced]:
    """What ``cause`` would move; reads columns only, for there may be many calls."""
    query = _movable(work)
    if cause.receivable is not None:
        query = query.where(CallCase.receivable == cause.receivable)
    if cause.campaign is not None:
        query = query.where(CallCase.campaign_code == cause.campaign)
    found = []
    for (
        follow_up_id,
        case_id,
        wanted,
        due,
        kind,
        receivable,
        campaign,
        care,
    ) in work.session.execute(query):
        place = OwedPlace(receivable, campaign, care, kind)
        if wanted <= work.now and grounds.is_suspended(receivable):
            continue  # passed over by the sweep until the suspension is lifted
        target = _target(work.now, grounds.legal_times(place), wanted, due, cause.day)
        if target is not None and target != due:
            reason = _reason(cause, grounds.campaign(campaign), due, target)
            found.append(Misplaced(follow_up_id, case_id, due, target, reason))
    return found


def _movable(work: UnitOfWork) -> Select[*tuple[Any, ...]]:
    """All that is owed, but for calls that are due and being made: their outcome decides."""
    return (
        select(
            FollowUp.id,
            CallCase.id,
            FollowUp.wanted_at,
            FollowUp.due_at,
            FollowUp.kind,
            CallCase.receivable,
            CallCase.campaign_code,
            CallCase.care_code,
        )
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(
            FollowUp.status == FollowUpStatus.OPEN,
            or_(FollowUp.due_at > work.now, CallCase.id.not_in(BEING_CALLED)),
        )
        .order_by(FollowUp.due_at)
    )


def _target(
    now: datetime, legal: LegalTimes, wanted: datetime, due: datetime, day: date | None
) -> datetime | None:
    if due > now:
        return next_time(legal, max(wanted, now), named=wanted >= now)
    if day is None or business_day(due) != day:
        return None  # its time has come: called, late or breached, but not moved away
    following = next_time(legal, now, named=False)
    # The order took what was left of the day; a call that can still be made today is owed as it is.
    taken = following is not None and business_day(following) != day
    return following if taken else None


def _reason(cause: Cause, campaign: CampaignView, due: datetime, target: datetime) -> TurnReason:
    """An order names its own day only; what else it finds out of place has another reason."""
    days = business_day(due), business_day(target)
    if cause.day is not None and cause.day in days:
        return cause.reason
    if cause.day is None and cause.reason is not TurnReason.RULES_CHANGED:
        return cause.reason
    inside = campaign.calls_from <= days[0] <= campaign.callbacks_until
    return TurnReason.RULES_CHANGED if inside else TurnReason.PERIOD_CHANGED
