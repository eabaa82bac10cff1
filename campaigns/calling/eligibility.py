"""Pure: may this case be called now, and if not, why. Asked twice: when served, when dialled.

One answer per case, the first of a fixed order: what stops everybody comes before what stops
this case, and that before what stops this agent.

An agreed call that is due is not held back by a promise, a rest or the attempt limits: the
person asked for it, or S4-11.3a-2 does. It may fall into the callback period when it answers a
callback. The hours, a withdrawal, the department and the end of the case hold it back all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from campaigns.calling.call_facts import AttemptFact
from campaigns.calling.care import care_allows
from campaigns.calling.fairness import Hold, TryKind, hold_of, tries_owed
from campaigns.cases.states import CaseStatus
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_CUTS, Band, BandCuts, nearest_band
from dialer.calendar.holidays import business_day, day_kind
from dialer.calendar.windows import CallingHours


class NotCallable(StrEnum):
    """Why a case may not be called now, in the order of asking."""

    CAMPAIGN_NOT_STARTED = "campaign_not_started"
    CAMPAIGN_OVER = "campaign_over"
    SUSPENDED = "suspended"
    NO_APPROVED_SCRIPT = "no_approved_script"
    WINDOW_CLOSED = "window_closed"
    NO_NEW_CALLS = "no_new_calls"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    WITH_DEPARTMENT = "with_department"
    PROMISED = "promised"
    FOLLOW_UP_NOT_DUE = "follow_up_not_due"
    NO_USABLE_NUMBER = "no_usable_number"
    ATTEMPTS_USED_UP = "attempts_used_up"
    ATTEMPTS_USED_UP_TODAY = "attempts_used_up_today"
    ATTEMPTS_IN_7_DAYS = "attempts_in_7_days"
    RESTING = "resting"
    TOO_EARLY = "too_early"
    CARE_RESTRICTION = "care_restriction"
    KEPT_FOR_OTHER_HOURS = "kept_for_other_hours"
    OTHERS_FIRST = "others_first"
    LEASED_BY_OTHER = "leased_by_other"
    NOT_ASSIGNED = "not_assigned"


@dataclass(frozen=True, slots=True)
class AttemptTally:
    """Counted attempts: of the campaign, of this business day, of the seven days ending today."""

    total: int = 0
    today: int = 0
    last_7_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A case as the rules see it; nothing of the person. Days are included at both ends.

    ``follow_up_is_for_callback``: the call we owe answers a callback. ``same_day_granted``: the
    last outcome allows one more call on its day (busy, cut off). ``is_assigned``: to whom it is
    asked for. ``used_bands``: of counted attempts. ``tries_possible``: the tries that the hours and
    the care code still offer until the last day; empty: fairness holds nothing back.
    ``others_owed``: somebody else of the campaign still waits for an evening or weekend try.
    """

    calls_from: date
    calls_until: date
    callbacks_until: date | None = None
    suspended: bool = False
    script_approved: bool = True
    withdrawn: bool = False
    status: CaseStatus = CaseStatus.WAITING
    follow_up_at: datetime | None = None
    follow_up_is_for_callback: bool = False
    not_before: datetime | None = None
    last_talk_on: date | None = None
    promise_broken: bool = False
    attempts: AttemptTally = AttemptTally()
    same_day_granted: bool = False
    usable_numbers: int = 1
    care_code: str | None = None
    leased_by_other: bool = False
    is_assigned: bool = True
    used_bands: frozenset[Band] = frozenset()
    tries_possible: frozenset[TryKind] = frozenset()
    others_owed: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    facts: CaseFacts
    parameters: Parameters
    now: datetime
    hours: CallingHours
    cuts: BandCuts

    @property
    def today(self) -> date:
        return business_day(self.now)

    @property
    def follow_up_due(self) -> bool:
        owing = self.facts.status in (CaseStatus.FOLLOW_UP_BOOKED, CaseStatus.PROMISED)
        at = self.facts.follow_up_at
        return owing and at is not None and at <= self.now


def tally(attempts: Iterable[AttemptFact], today: date) -> AttemptTally:
    """Count the counted attempts up to and including today."""
    counted = [one.business_day for one in attempts if one.counted and one.business_day <= today]
    first = today - timedelta(days=6)
    return AttemptTally(
        total=len(counted),
        today=counted.count(today),
        last_7_days=sum(1 for day in counted if day >= first),
    )


def why_not_callable(
    facts: CaseFacts,
    parameters: Parameters,
    now: datetime,
    hours: CallingHours,
    cuts: BandCuts = DEFAULT_CUTS,
) -> NotCallable | None:
    """The first reason against calling this case at ``now`` (aware), or None when it may be."""
    return _first(_CHECKS, _Question(facts, parameters, now, hours, cuts))


def why_case_waits(
    facts: CaseFacts,
    parameters: Parameters,
    now: datetime,
    hours: CallingHours,
    cuts: BandCuts = DEFAULT_CUTS,
) -> NotCallable | None:
    """The same reasons, those of the case before those of everybody; None exactly when callable.

    For people who ask about the case: what is finished is finished at night as well, not a case
    outside the hours (S4-12.1c).
    """
    return _first(_CASE_FIRST, _Question(facts, parameters, now, hours, cuts))


def _first(checks: Sequence[_Check], question: _Question) -> NotCallable | None:
    for check in checks:
        reason = check(question)
        if reason is not None:
            return reason
    return None


def _campaign(question: _Question) -> NotCallable | None:
    facts = question.facts
    if question.today < facts.calls_from:
        return NotCallable.CAMPAIGN_NOT_STARTED
    last = facts.calls_until
    if question.follow_up_due and facts.follow_up_is_for_callback:
        last = max(last, facts.callbacks_until or last)
    return NotCallable.CAMPAIGN_OVER if question.today > last else None


def _permission(question: _Question) -> NotCallable | None:
    if question.facts.suspended:
        return NotCallable.SUSPENDED
    return None if question.facts.script_approved else NotCallable.NO_APPROVED_SCRIPT


def _window(question: _Question) -> NotCallable | None:
    if not question.hours.is_open(question.now):
        return NotCallable.WINDOW_CLOSED
    margin = timedelta(minutes=question.parameters.no_new_call_minutes)
    for start, end in question.hours.windows_on(question.today):
        if start <= question.now < end and question.now >= end - margin:
            return NotCallable.NO_NEW_CALLS
    return None


_STOPPED = {
    CaseStatus.CLOSED: NotCallable.CLOSED,
    CaseStatus.WITH_DEPARTMENT: NotCallable.WITH_DEPARTMENT,
}


def _status(question: _Question) -> NotCallable | None:
    facts = question.facts
    if facts.withdrawn:
        return NotCallable.WITHDRAWN
    stopped = _STOPPED.get(facts.status)
    if stopped or question.follow_up_due:
        return stopped
    if facts.status is CaseStatus.PROMISED:
        return NotCallable.PROMISED
    booked = facts.status is CaseStatus.FOLLOW_UP_BOOKED
    return NotCallable.FOLLOW_UP_NOT_DUE if booked else None


def _numbers(question: _Question) -> NotCallable | None:
    return None if question.facts.usable_numbers > 0 else NotCallable.NO_USABLE_NUMBER


def _attempts(question: _Question) -> NotCallable | None:
    if question.follow_up_due:
        return None
    made, limits = question.facts.attempts, question.parameters
    if made.total >= limits.max_counted_attempts:
        return NotCallable.ATTEMPTS_USED_UP
    if made.today >= limits.max_counted_per_day and not question.facts.same_day_granted:
        return NotCallable.ATTEMPTS_USED_UP_TODAY
    if made.last_7_days >= limits.max_counted_in_7_days:
        return NotCallable.ATTEMPTS_IN_7_DAYS
    return None


def _rest(question: _Question) -> NotCallable | None:
    talk = question.facts.last_talk_on
    if talk is None or question.facts.promise_broken or question.follow_up_due:
        return None
    until = talk + timedelta(days=question.parameters.rest_days_after_conversation)
    return NotCallable.RESTING if question.today < until else None


def _time(question: _Question) -> NotCallable | None:
    if question.follow_up_due:
        return None
    early = question.facts.not_before is not None and question.now < question.facts.not_before
    return NotCallable.TOO_EARLY if early else None


def _care(question: _Question) -> NotCallable | None:
    if question.follow_up_due:  # the person named this time
        return None
    kind = day_kind(question.today, question.hours.holidays)  # open, so the year is known
    allowed = care_allows(question.facts.care_code, question.now, kind, question.cuts)
    return None if allowed else NotCallable.CARE_RESTRICTION


_HELD = {
    Hold.KEPT_FOR_OTHER_HOURS: NotCallable.KEPT_FOR_OTHER_HOURS,
    Hold.OTHERS_FIRST: NotCallable.OTHERS_FIRST,
}


def _fairness(question: _Question) -> NotCallable | None:
    facts = question.facts
    if question.follow_up_due or facts.promise_broken:
        return None
    kind = day_kind(question.today, question.hours.holidays)  # open, so the year is known
    held = hold_of(
        counted=facts.attempts.total,
        most=question.parameters.max_counted_attempts,
        owed=tries_owed(facts.used_bands, facts.tries_possible, facts.last_talk_on is not None),
        band=nearest_band(question.now, kind, question.cuts),
        others_owed=facts.others_owed,
    )
    return _HELD[held] if held else None


def _agent(question: _Question) -> NotCallable | None:
    if question.facts.leased_by_other:
        return NotCallable.LEASED_BY_OTHER
    return None if question.facts.is_assigned else NotCallable.NOT_ASSIGNED


_Check = Callable[[_Question], NotCallable | None]
_CHECKS: tuple[_Check, ...] = (
    _campaign,
    _permission,
    _window,
    _status,
    _numbers,
    _attempts,
    _rest,
    _time,
    _care,
    _fairness,
    _agent,
)
_EVERYBODYS = (_campaign, _permission, _window)
_OPEN_HOURS_ONLY = (_care, _fairness)  # they ask about the band, which only open hours have
_CASE_FIRST: tuple[_Check, ...] = (
    *(one for one in _CHECKS if one not in (*_EVERYBODYS, *_OPEN_HOURS_ONLY)),
    *_EVERYBODYS,
    *_OPEN_HOURS_ONLY,
)
