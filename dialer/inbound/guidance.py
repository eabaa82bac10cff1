"""Which recorded message a caller hears (S4-8.3e), if any."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from dialer.calendar.holidays import business_day
from dialer.calendar.windows import CallingHours


class GuidanceKind(StrEnum):
    """The three messages agreed with the commissioner."""

    OUT_OF_PERIOD = "out_of_period"
    OUT_OF_HOURS = "out_of_hours"
    BUSY = "busy"


def guidance_for(
    now: datetime,
    hours: CallingHours,
    callbacks_until: date | None,
    calls_from: date | None,
    free_agents: int,
) -> GuidanceKind | None:
    """The message for a caller at ``now`` (aware), or None when an agent can take the call.

    Out of period wins over out of hours, that over busy (S4-8.3e1 to e3). Both dates belong
    to the period; without both of them there is no period to be in. ``free_agents`` counts
    people ready to answer; a negative number raises ValueError.
    """
    if free_agents < 0:
        raise ValueError("a number of agents is never negative")
    if not _is_in_period(business_day(now), calls_from, callbacks_until):
        return GuidanceKind.OUT_OF_PERIOD
    if not hours.is_open(now):
        return GuidanceKind.OUT_OF_HOURS
    if free_agents == 0:
        return GuidanceKind.BUSY
    return None


def _is_in_period(day: date, first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and first <= day <= last
