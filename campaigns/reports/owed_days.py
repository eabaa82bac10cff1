"""The days for which files are owed: what the scheduler catches up (S4-11.3b-3)."""

from __future__ import annotations

from datetime import timedelta

from campaigns.cases.cases import list_campaigns
from campaigns.profile.timetable import DayPlan, day_plans
from dialer.calendar.holidays import business_day
from secure_store.work import UnitOfWork

LONGEST_LOOK_BACK = timedelta(days=92)


def owed_days(work: UnitOfWork) -> tuple[DayPlan, ...]:
    """The days up to today for which some campaign owes files, oldest first (S4-11.3b-3).

    A clock that was moved, or a scheduler that stood still, is caught up over three months.
    """
    today = business_day(work.now)
    first = today - LONGEST_LOOK_BACK
    running = [view for view in list_campaigns(work) if not view.is_erased]
    days = [first + timedelta(days=offset) for offset in range(LONGEST_LOOK_BACK.days + 1)]
    owed = [day for day in days if any(view.takes_callbacks_on(day) for view in running)]
    return day_plans(work, owed)
