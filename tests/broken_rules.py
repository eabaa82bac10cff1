"""Ten and more rules, each broken on purpose in one place: does a simulated contract notice?

A rule is broken by replacing named functions of the product. What notices it is no test of that
function but the checks of the simulation, which know the contract only from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import bindparam, select

from campaigns.calling import effect_plans, eligibility, follow_ups, histories, next_action, permits
from campaigns.calling.histories import Surroundings
from campaigns.calling.models import CaseHandling
from campaigns.calling.outcomes import Mark
from campaigns.cases.models import CasePhone
from campaigns.desk import agent, outcome_entry
from campaigns.profile.parameters import Parameters
from dialer.calendar import windows
from dialer.calendar.holidays import DayKind
from dialer.calendar.windows import CallingHours, Interval
from dialer.models import QueueEntry, QueueState
from dialer.outbound import leasing

Patch = pytest.MonkeyPatch
Break = Callable[[Patch], None]


def window_off_by_a_minute(patch: Patch) -> None:
    sound = Interval.on

    def on(self: Interval, day: date) -> tuple[datetime, datetime]:
        start, end = sound(self, day)
        return start, end + timedelta(minutes=1)

    patch.setattr(Interval, "on", on)


def window_asked_once(patch: Patch) -> None:
    """Asked when a case is served, and no more when its number is dialled."""
    sound = agent.around_of

    def around_of(*given: Any) -> Surroundings:
        around = sound(*given)
        return replace(around, hours=_open_all_day(around.hours))

    patch.setattr(agent, "around_of", around_of)


def _open_all_day(hours: CallingHours) -> CallingHours:
    all_day = (Interval(time(0), time(23, 59)),)
    return replace(hours, weekday=all_day, weekend_or_holiday=all_day, orders={})


def holiday_ignored(patch: Patch) -> None:
    sound = windows.day_kind

    def day_kind(day: date, table: Any) -> DayKind:
        return sound(day, table) if day.weekday() >= 5 else DayKind.WEEKDAY

    patch.setattr(windows, "day_kind", day_kind)


def suspension_ignored(patch: Patch) -> None:
    patch.setattr(histories, "is_suspended", lambda *_given: False)
    patch.setattr(permits, "revoke_permits", lambda *_given: 0)


def cap_off_by_one(patch: Patch) -> None:
    """Six calls in seven days instead of five."""
    sound = Parameters.__post_init__

    def post_init(self: Parameters) -> None:
        sound(self)
        object.__setattr__(self, "max_counted_in_7_days", 6)

    patch.setattr(Parameters, "__post_init__", post_init)


def lease_without_owner_check(patch: Patch) -> None:
    taken = QueueEntry.state.in_((QueueState.READY, QueueState.LEASED))
    first = (
        select(QueueEntry.case_ref)
        .where(taken)
        .order_by(QueueEntry.rank, QueueEntry.case_ref)
        .limit(1)
        .scalar_subquery()
    )
    mine = bindparam("first_of").is_not(None)
    patch.setattr(leasing, "_LEASE_FIRST", leasing._leasing(QueueEntry.case_ref == first, mine))


def busy_counted(patch: Patch) -> None:
    """Every busy call is an attempt, not every third."""

    def counts(row: Any, _history: Any, report: Any, *_rest: Any) -> bool:
        return report.direction.value == "outbound" and (row.counts_attempt or row.counts_grouped)

    patch.setattr(next_action, "counts_as_attempt", counts)


def rest_ignored(patch: Patch) -> None:
    checks = tuple(one for one in eligibility._CHECKS if one is not eligibility._rest)
    patch.setattr(eligibility, "_CHECKS", checks)
    patch.setattr(effect_plans, "_rest", lambda _call: 0)


def blocked_number_dialled(patch: Patch) -> None:
    def phones_left(work: Any, case_id: UUID, *_rules: Any) -> list[CasePhone]:
        query = select(CasePhone).where(CasePhone.case_id == case_id).order_by(CasePhone.rank)
        return list(work.session.scalars(query))

    patch.setattr(histories, "phones_left", phones_left)
    patch.setattr(permits, "phones_left", phones_left)
    patch.setattr(histories, "_beside", lambda phones, _rank: len(phones))


def outcome_written_twice(patch: Patch) -> None:
    """A double click is a second call."""

    def own_handling(work: Any, handling_id: UUID) -> CaseHandling:
        found: CaseHandling = work.session.get_one(CaseHandling, handling_id)
        return found

    patch.setattr(outcome_entry, "_recorded_before", lambda *_given: None)
    patch.setattr(outcome_entry, "own_handling", own_handling)


def mark_lost(patch: Patch) -> None:
    """☆ reaches no list."""
    sound = next_action.mark_of

    def mark_of(*given: Any) -> Mark:
        mark = sound(*given)
        return Mark.NONE if mark is Mark.WHITE_STAR else mark

    patch.setattr(next_action, "mark_of", mark_of)


def follow_up_dropped(patch: Patch) -> None:
    patch.setattr(follow_ups, "book", lambda *_given, **_named: uuid4())


BROKEN_RULES: Mapping[str, Break] = {
    one.__name__: one
    for one in (
        window_off_by_a_minute,
        window_asked_once,
        holiday_ignored,
        suspension_ignored,
        cap_off_by_one,
        lease_without_owner_check,
        busy_counted,
        rest_ignored,
        blocked_number_dialled,
        outcome_written_twice,
        mark_lost,
        follow_up_dropped,
    )
}
QUICKLY_FOUND = ("window_asked_once", "outcome_written_twice", "mark_lost")
