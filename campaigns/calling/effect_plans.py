"""Pure: what each effect of the outcome table does to a case that is free to follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from campaigns.calling.call_facts import CaseHistory, ReportFacts
from campaigns.calling.fairness import (
    FAIR_ATTEMPTS,
    TryKind,
    bands_to_seek,
    must_keep,
    possible_for,
    tries_offered,
    tries_owed,
)
from campaigns.calling.legal_times import LegalTimes
from campaigns.calling.outcomes import Direction, Mark, OutcomeEffect, OutcomeRow
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import Band, BandCuts
from dialer.calendar.holidays import business_day
from dialer.calendar.windows import CallingHours
from dialer.outbound.retry import PastAttempt, RetryRules, Spacing, next_attempt


class MovedReason(StrEnum):
    """Why an agreed call stands at another time than was named."""

    OUTSIDE_HOURS = "outside_hours"
    NOT_GOT_THROUGH = "not_got_through"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction:
    """What the case becomes. ``effect`` None: the case stays as it is.

    ``not_before``: aware, inside the hours; None = no call of ours is due, or the hours never
    open again. ``promise_until``: the last day without calls, grace included. ``counted``: this
    call adds one counted attempt. ``ticket``: a mark raises one (S4-12.1i).
    """

    effect: OutcomeEffect | None
    status: CaseStatus
    close_reason: CloseReason | None = None
    not_before: datetime | None = None
    follow_up_at: datetime | None = None
    moved_reason: MovedReason | None = None
    promise_until: date | None = None
    block_number: bool = False
    give_up_number: bool = False
    next_number: bool = False
    counted: bool = False
    reached_person: bool = False
    mark: Mark = Mark.NONE
    urgent: bool = False
    needs_supervisor: bool = False
    ticket: bool = False
    avoid_band: Band | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call on one case, with all that decides on it. ``rows``: the primary outcome first."""

    rows: tuple[OutcomeRow, ...]
    history: CaseHistory
    report: ReportFacts
    parameters: Parameters
    hours: CallingHours
    now: datetime
    counted: bool
    mark: Mark
    cuts: BandCuts
    rotation: tuple[Band, ...]

    @property
    def row(self) -> OutcomeRow:
        """The primary outcome."""
        return self.rows[0]

    @property
    def today(self) -> date:
        """The business day of the call."""
        return business_day(self.now)

    @property
    def outbound(self) -> bool:
        """Did we ring?"""
        return self.report.direction is Direction.OUTBOUND

    @property
    def reached(self) -> bool:
        """Was the right party spoken to?"""
        return any(row.reaches_person(self.report.identity) for row in self.rows)

    @property
    def is_owed(self) -> bool:
        """Was this the call that had been agreed?"""
        return self.outbound and booked(self.history) is not None

    @property
    def at_limit(self) -> bool:
        """Are the attempts of the campaign used up, this one included?"""
        total = self.history.counted + int(self.counted)
        return total >= self.parameters.max_counted_attempts

    def ended_without_result(self) -> NextAction:
        """Closed because nothing more is tried: 97 once the person was spoken to, else 93."""
        guided = self.reached or self.history.last_talk_on is not None
        return _closed(CloseReason.GUIDED if guided else CloseReason.ATTEMPTS_USED_UP)


def _closed(reason: CloseReason) -> NextAction:
    return NextAction(effect=None, status=CaseStatus.CLOSED, close_reason=reason)


def booked(history: CaseHistory) -> datetime | None:
    """When the call we owe is due, if there is one."""
    owing = history.status in (CaseStatus.FOLLOW_UP_BOOKED, CaseStatus.PROMISED)
    return history.follow_up_at if owing else None


def _when(call: Call, spacing: Spacing, wait_days: int = 0) -> datetime | None:
    facts = call.history.attempts
    past = [PastAttempt(one.at, one.band, one.counted) for one in facts]
    if call.outbound:
        past.append(PastAttempt(call.now, call.report.band, call.counted))
    rules = RetryRules(
        max_counted_per_day=call.parameters.max_counted_per_day,
        max_counted_in_7_days=call.parameters.max_counted_in_7_days,
        pause_minutes=call.parameters.busy_pause_minutes,
        other_band=call.row.other_band,
        rotation=_rotation(call, past),
        last_day=call.history.calls_until,
    )
    return next_attempt(
        past, rules, call.hours, call.now, spacing=spacing, wait_days=wait_days, cuts=call.cuts
    )


def _rotation(call: Call, past: Sequence[PastAttempt]) -> tuple[Band, ...]:
    """The bands to seek; the last attempts before the sixth are kept for owed tries."""
    counted = [one for one in past if one.counted]
    most = call.parameters.max_counted_attempts
    care_code, last_day = call.history.care_code, call.history.calls_until
    keep: frozenset[TryKind] = frozenset()
    if last_day and len(counted) >= min(FAIR_ATTEMPTS, most) - len(TryKind):
        offered = tries_offered(call.hours, call.now, last_day, call.cuts)
        used = frozenset(one.band for one in counted if one.band)
        was_reached = call.reached or call.history.last_talk_on is not None
        owed = tries_owed(used, possible_for(offered, care_code), was_reached)
        keep = owed if must_keep(len(counted), most, owed) else keep
    return bands_to_seek(call.rotation, care_code, keep)


def _rest(call: Call) -> int:
    """Days of peace still owed after a talk with the person (domain §3.2)."""
    talk = call.today if call.reached else call.history.last_talk_on
    if talk is None:
        return 0
    until = talk + timedelta(days=call.parameters.rest_days_after_conversation)
    return max(0, (until - call.today).days)


def _retry(call: Call) -> NextAction:
    if call.at_limit:
        return call.ended_without_result()
    return NextAction(
        effect=None,
        status=CaseStatus.WAITING,
        not_before=_when(call, Spacing.OTHER_DAY, max(call.row.wait_days, _rest(call))),
        avoid_band=call.report.band if call.row.other_band else None,
    )


def _retry_soon(call: Call) -> NextAction:
    if call.is_owed:  # the line was busy at the agreed time: the call is still owed
        later = call.now + timedelta(minutes=call.parameters.busy_pause_minutes)
        return _owed(call, later, MovedReason.NOT_GOT_THROUGH)
    if call.at_limit:
        return call.ended_without_result()
    return NextAction(
        effect=None, status=CaseStatus.WAITING, not_before=_when(call, Spacing.SAME_DAY)
    )


def _retry_agreed(call: Call) -> NextAction:
    return _owed(call, call.report.follow_up_at or call.now, None)


def _owed(call: Call, at: datetime, reason: MovedReason | None) -> NextAction:
    # Hours that never open again leave the time as agreed: the supervisor sees it overdue.
    legal = LegalTimes(
        hours=call.hours,
        last_minutes=call.parameters.no_new_call_minutes,
        care_code=call.history.care_code,
        cuts=call.cuts,
    )
    due = legal.first_from(max(at, call.now), named=reason is None) or at
    promised = call.history.status is CaseStatus.PROMISED
    return NextAction(
        effect=None,
        status=CaseStatus.PROMISED if promised else CaseStatus.FOLLOW_UP_BOOKED,
        not_before=due,
        follow_up_at=due,
        moved_reason=MovedReason.OUTSIDE_HOURS if due != at else reason,
        promise_until=call.history.promise_until if promised else None,
    )


def _next_number(call: Call) -> NextAction:
    if call.history.usable_numbers_left <= 0:
        return _closed(CloseReason.NUMBERS_UNUSABLE)
    if call.at_limit:
        return call.ended_without_result()
    return NextAction(
        effect=None,
        status=CaseStatus.WAITING,
        not_before=_when(call, Spacing.AT_ONCE),
        next_number=True,
    )


def promise_until(call: Call) -> date | None:
    """The promised day, or the day the slip arrives, with the grace; None without a promise."""
    promises = [
        row for row in call.rows if OutcomeEffect.AWAIT_PROMISE in (row.effect, row.then_effect)
    ]
    if not promises:
        return None
    arrival = call.today + timedelta(days=max(row.wait_days for row in promises))
    promised = call.report.promised_on or arrival
    return promised + timedelta(days=call.parameters.promise_grace_days)


def _await_promise(call: Call) -> NextAction:
    return NextAction(effect=None, status=CaseStatus.PROMISED, promise_until=promise_until(call))


def _await_department(call: Call) -> NextAction:
    return NextAction(
        effect=None, status=CaseStatus.WITH_DEPARTMENT, promise_until=promise_until(call)
    )


def _close(call: Call) -> NextAction:
    if call.mark is Mark.NONE:
        return call.ended_without_result()
    return _closed(CloseReason.HANDED_OVER)


PLANS: Mapping[OutcomeEffect, Callable[[Call], NextAction]] = {
    OutcomeEffect.RETRY: _retry,
    OutcomeEffect.RETRY_SOON: _retry_soon,
    OutcomeEffect.RETRY_AGREED: _retry_agreed,
    OutcomeEffect.NEXT_NUMBER: _next_number,
    OutcomeEffect.AWAIT_PROMISE: _await_promise,
    OutcomeEffect.AWAIT_DEPARTMENT: _await_department,
    OutcomeEffect.CLOSE: _close,
}
