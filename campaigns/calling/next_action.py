"""Pure: what happens to a case after a call. The table says which effect, this file what it does.

Decisions where the sample table says no more than "once":

- 33 and 41 after their one retry close the case: neither carries a mark, so a department would
  never hear of it, and further asking would press (domain §3.5). 93, or 97 if the person had
  been guided before.
- 44 after its one call on the same day is retried like a silent call; the attempt limit ends it.
- 53 and 57 after their one retry close with 97: the person has been guided.
- A closing outcome with a mark closes with 98: it is handed over.
- At the attempt limit the case closes, 93 without and 97 with contact with the person. An agreed
  call is still made: the person, or S4-11.3a-2, asks for it. It counts when dialled.
- A secondary outcome can only hold the case back (department, close), never set it going.
- What comes in while a case is promised, with the department or closed does not release it:
  the date, the department or a supervisor does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.calling.call_facts import AttemptFact, CaseHistory, ReportFacts
from campaigns.calling.effect_plans import (
    PLANS,
    Call,
    MovedReason,
    NextAction,
    booked,
    promise_until,
)
from campaigns.calling.effects import counts_as_attempt, effect_of, mark_of, primary_effect
from campaigns.calling.outcomes import Mark, OutcomeEffect, OutcomeRow
from campaigns.cases.states import CaseStatus
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_CUTS, DEFAULT_ROTATION, Band, BandCuts
from dialer.calendar.holidays import business_day
from dialer.calendar.windows import CallingHours

__all__ = [
    "AttemptFact",
    "CaseHistory",
    "MovedReason",
    "NextAction",
    "ReportFacts",
    "decide",
]


def decide(
    row: OutcomeRow,
    secondary_rows: Sequence[OutcomeRow],
    history: CaseHistory,
    report: ReportFacts,
    parameters: Parameters,
    hours: CallingHours,
    now: datetime,
    cuts: BandCuts = DEFAULT_CUTS,
    rotation: tuple[Band, ...] = DEFAULT_ROTATION,
) -> NextAction:
    """What follows from a call that ended with ``row``; every status it names can be reached.

    ``now``: aware; for calls entered later from paper, the time of the call. The report is
    complete (``required_fields.missing_fields``).
    """
    rows = (row, *secondary_rows)
    day = business_day(now)
    counted = counts_as_attempt(row, history, report, parameters, day)
    mark = mark_of(rows, report)
    call = Call(rows, history, report, parameters, hours, now, counted, mark, cuts, rotation)
    effect = effect_of(rows, history, report, parameters, day)
    primary = primary_effect(row, history, report, parameters, day)
    return replace(
        _plan(call, effect),
        effect=effect,
        give_up_number=call.outbound and primary is OutcomeEffect.NEXT_NUMBER,
        block_number=call.outbound and any(one.blocks_number for one in rows),
        counted=counted,
        reached_person=call.reached,
        mark=mark,
        urgent=any(one.urgent for one in rows),
        needs_supervisor=any(one.needs_supervisor for one in rows),
        ticket=mark is not Mark.NONE,
    )


def _plan(call: Call, effect: OutcomeEffect | None) -> NextAction:
    if effect is None:
        return _stay(call)
    held = _HELD[call.history.status](call, effect)
    return held if held is not None else PLANS[effect](call)


def _stay(call: Call) -> NextAction:
    """The case as it was before the call, with what it waited for."""
    history = call.history
    due = booked(history)
    waiting = history.status is CaseStatus.WAITING
    return NextAction(
        effect=None,
        status=history.status,
        close_reason=history.close_reason,
        not_before=history.not_before if waiting else due,
        follow_up_at=due,
        promise_until=history.promise_until,
    )


def _ends(call: Call, effect: OutcomeEffect) -> bool:
    """An end that is handed over; one that only gives up asking releases nobody's wait."""
    return effect is OutcomeEffect.CLOSE and call.mark is not Mark.NONE


def _held_closed(call: Call, effect: OutcomeEffect) -> NextAction | None:
    return _stay(call)


def _held_by_department(call: Call, effect: OutcomeEffect) -> NextAction | None:
    if _ends(call, effect):
        return None
    return replace(_stay(call), promise_until=promise_until(call) or call.history.promise_until)


_REPLACES_PROMISE = (
    OutcomeEffect.AWAIT_PROMISE,
    OutcomeEffect.AWAIT_DEPARTMENT,
    OutcomeEffect.RETRY_AGREED,
)


def _held_by_promise(call: Call, effect: OutcomeEffect) -> NextAction | None:
    """The promise stands whatever came of a call we owed meanwhile; that call is done."""
    if effect in _REPLACES_PROMISE or _ends(call, effect):
        return None
    if effect is OutcomeEffect.RETRY_SOON and call.is_owed:
        return None
    done = call.outbound or call.reached
    kept = _stay(call)
    return replace(kept, not_before=None, follow_up_at=None) if done else kept


def _held_by_booking(call: Call, effect: OutcomeEffect) -> NextAction | None:
    """Somebody else ringing in does not cancel the call the person asked for."""
    if call.outbound or call.reached or _ends(call, effect):
        return None
    return None if effect in _REPLACES_PROMISE else _stay(call)


def _not_held(call: Call, effect: OutcomeEffect) -> NextAction | None:
    # They rang us: no number of ours was tried.
    by_them = effect is OutcomeEffect.NEXT_NUMBER and not call.outbound
    return _stay(call) if by_them else None


_Held = Callable[[Call, OutcomeEffect], NextAction | None]
_HELD: Mapping[CaseStatus, _Held] = {
    CaseStatus.WAITING: _not_held,
    CaseStatus.FOLLOW_UP_BOOKED: _held_by_booking,
    CaseStatus.PROMISED: _held_by_promise,
    CaseStatus.WITH_DEPARTMENT: _held_by_department,
    CaseStatus.CLOSED: _held_closed,
}
