"""Pure: where a case stands today, in one answer, and from when it may be called (S4-12.1c).

Every published case is in exactly one bucket: what ended it, what it waits for, or that it may be
called now. The buckets of a campaign therefore add up to what was received.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from campaigns.calling.eligibility import (
    AttemptTally,
    CaseFacts,
    NotCallable,
    why_case_waits,
    why_not_callable,
)
from campaigns.cases.states import CloseReason
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import BandCuts
from dialer.calendar.holidays import TOKYO, business_day, day_kind
from dialer.calendar.windows import CallingHours

MOST_DAYS = 93  # how far ahead an answer looks: longer than any period of calls
EVENING_WISH = time(18, 30)  # from when a person who wishes no evening is not called
ONE_DAY = timedelta(days=1)


class Bucket(StrEnum):
    """Where a case stands. Apart from the ends and the queue these are the reasons by name."""

    CALLABLE = "callable"
    LEASED_BY_OTHER = "leased_by_other"
    NOT_ASSIGNED = "not_assigned"
    NOT_QUEUED = "not_queued"
    QUEUED_FOR_LATER = "queued_for_later"
    WINDOW_CLOSED = "window_closed"
    NO_NEW_CALLS = "no_new_calls"
    CAMPAIGN_NOT_STARTED = "campaign_not_started"
    CAMPAIGN_OVER = "campaign_over"
    SUSPENDED = "suspended"
    NO_APPROVED_SCRIPT = "no_approved_script"
    TOO_EARLY = "too_early"
    ATTEMPTS_USED_UP_TODAY = "attempts_used_up_today"
    ATTEMPTS_IN_7_DAYS = "attempts_in_7_days"
    CARE_RESTRICTION = "care_restriction"
    KEPT_FOR_OTHER_HOURS = "kept_for_other_hours"
    OTHERS_FIRST = "others_first"
    RESTING = "resting"
    FOLLOW_UP_NOT_DUE = "follow_up_not_due"
    PROMISED = "promised"
    WITH_DEPARTMENT = "with_department"
    NO_USABLE_NUMBER = "no_usable_number"
    ATTEMPTS_USED_UP = "attempts_used_up"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    ATTEMPTS_MADE = "attempts_made"
    PERIOD_OVER = "period_over"
    NUMBERS_UNUSABLE = "numbers_unusable"
    GUIDED = "guided"
    HANDED_OVER = "handed_over"
    CLOSED_OTHERWISE = "closed_otherwise"
    EXCLUDED = "excluded"


_ENDS = {
    CloseReason.PAID: Bucket.PAID,
    CloseReason.WITHDRAWN: Bucket.WITHDRAWN,
    CloseReason.ATTEMPTS_USED_UP: Bucket.ATTEMPTS_MADE,
    CloseReason.PERIOD_OVER: Bucket.PERIOD_OVER,
    CloseReason.NUMBERS_UNUSABLE: Bucket.NUMBERS_UNUSABLE,
    CloseReason.GUIDED: Bucket.GUIDED,
    CloseReason.HANDED_OVER: Bucket.HANDED_OVER,
}
CLOSED_BUCKETS = frozenset({*_ENDS.values(), Bucket.CLOSED_OTHERWISE, Bucket.EXCLUDED})
# Time alone brings these back; the others need somebody to act, or never come back.
WAITS_FOR_TIME = frozenset(
    {
        Bucket.QUEUED_FOR_LATER,
        Bucket.WINDOW_CLOSED,
        Bucket.NO_NEW_CALLS,
        Bucket.CAMPAIGN_NOT_STARTED,
        Bucket.TOO_EARLY,
        Bucket.ATTEMPTS_USED_UP_TODAY,
        Bucket.ATTEMPTS_IN_7_DAYS,
        Bucket.CARE_RESTRICTION,
        Bucket.KEPT_FOR_OTHER_HOURS,
        Bucket.RESTING,
        Bucket.FOLLOW_UP_NOT_DUE,
    }
)


class QueuePlace(StrEnum):
    """What the queue says about a case that the rules would let be called."""

    READY = "ready"
    LATER = "later"
    IN_HAND = "in_hand"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Rules:
    """By what the cases of one campaign are judged at one instant."""

    parameters: Parameters
    hours: CallingHours
    cuts: BandCuts
    now: datetime


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """Where one case stands. ``callable_from``: the first instant at which it may be called.

    None with a bucket of ``WAITS_FOR_TIME``: there is no such instant in this period of calls.
    """

    bucket: Bucket
    callable_from: datetime | None = None


def closed_bucket(close_reason: CloseReason | None, *, excluded: bool) -> Bucket:
    """The bucket of a closed case; rows that were never to be called stand apart."""
    if excluded and close_reason is CloseReason.NOT_CALLABLE:
        return Bucket.EXCLUDED
    if close_reason is None:
        return Bucket.CLOSED_OTHERWISE
    return _ENDS.get(close_reason, Bucket.CLOSED_OTHERWISE)


def bucket_of(facts: CaseFacts, place: QueuePlace, rules: Rules) -> Bucket:
    """The one bucket of an open case. The rules are asked first, then the queue."""
    reason = why_case_waits(facts, rules.parameters, rules.now, rules.hours, rules.cuts)
    if reason is not None:
        return Bucket(_SAME.get(reason, reason.value))
    return _PLACES[place]


_SAME = {NotCallable.CLOSED: Bucket.CLOSED_OTHERWISE.value}
_PLACES = {
    QueuePlace.READY: Bucket.CALLABLE,
    QueuePlace.LATER: Bucket.QUEUED_FOR_LATER,
    QueuePlace.IN_HAND: Bucket.LEASED_BY_OTHER,
    QueuePlace.MISSING: Bucket.NOT_QUEUED,
}


def callable_from(
    facts: CaseFacts, counted_days: Sequence[date], bucket: Bucket, rules: Rules, after: datetime
) -> datetime | None:
    """The first instant from ``after`` on at which time alone lets the case be called.

    ``counted_days``: the business day of every counted attempt. None when it needs more than
    time, or when the period of calls offers no such instant. What depends on others (a lease, the
    tries that others wait for) is taken as it is now.
    """
    if bucket not in WAITS_FOR_TIME:
        return None
    free = replace(facts, leased_by_other=False)
    for at in _instants(facts, rules, after):
        then = replace(
            free,
            attempts=_tally(counted_days, business_day(at)),
            same_day_granted=facts.same_day_granted and business_day(at) == business_day(rules.now),
        )
        if why_not_callable(then, rules.parameters, at, rules.hours, rules.cuts) is None:
            return at
    return None


def _tally(counted_days: Sequence[date], day: date) -> AttemptTally:
    first = day - timedelta(days=6)
    return AttemptTally(
        total=len(counted_days),
        today=sum(1 for one in counted_days if one == day),
        last_7_days=sum(1 for one in counted_days if first <= one <= day),
    )


def _instants(facts: CaseFacts, rules: Rules, after: datetime) -> Iterator[datetime]:
    """Every instant at which an answer can change to "now", in order."""
    own = {at for at in (after, facts.not_before, facts.follow_up_at) if at and at >= after}
    last = max(facts.calls_until, facts.callbacks_until or facts.calls_until)
    day = max(business_day(after), facts.calls_from)
    last = min(last, day + timedelta(days=MOST_DAYS))
    while day <= last:
        starts = {at for at in _starts(day, rules) if at >= after}
        yield from sorted(starts | {at for at in own if business_day(at) == day})
        day += ONE_DAY


def _starts(day: date, rules: Rules) -> Iterator[datetime]:
    for start, end in rules.hours.windows_on(day):
        yield start
        cuts = rules.cuts.of_kind(day_kind(day, rules.hours.holidays))
        inner = [cut.hours.on(day)[0] for cut in cuts]
        inner.append(datetime.combine(day, EVENING_WISH, tzinfo=TOKYO))
        yield from (at for at in inner if start < at < end)
