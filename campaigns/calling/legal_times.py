"""Pure: the times for which a call may be agreed, and where an illegal one moves to (S4-7.2b).

Legal is what the permit will allow at that time: inside the hours, not in the last minutes of a
window, on a day of the campaign. A person's care code limits what we offer and where we move a
call; a time the person named against it stands, it is the person's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns.calling.care import care_allows
from dialer.calendar.bands import DEFAULT_CUTS, BandCuts
from dialer.calendar.holidays import business_day, day_kind
from dialer.calendar.windows import SEARCH_DAYS, CallingHours

STEP = timedelta(minutes=15)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTimes:
    """``last_minutes``: of a window, in which no new call begins; both days are included."""

    hours: CallingHours
    last_minutes: int = 0
    care_code: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    cuts: BandCuts = DEFAULT_CUTS

    def is_legal(self, at: datetime) -> bool:
        """May a call begin at this instant (aware), the care code left aside?"""
        return any(start <= at < end for start, end in self._spans(business_day(at)))

    def first_from(self, at: datetime, *, named: bool) -> datetime | None:
        """``at`` when it may stand, else the next time to move to; None when there is none.

        ``named``: the person asked for this very time, so the care code is not asked about it.
        """
        if self.is_legal(at) and (named or self._suits(at)):
            return at
        first = max(business_day(at), self.first_day or business_day(at))
        for day in _days(first, self.last_day or first + timedelta(days=SEARCH_DAYS)):
            for slot in self._slots(day, STEP):
                if slot >= at:
                    return slot
        return None

    def offered_on(self, day: date, now: datetime, step: timedelta = STEP) -> tuple[datetime, ...]:
        """The times of one day to offer, later than ``now``."""
        return tuple(slot for slot in self._slots(day, step) if slot > now)

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if not (self.first_day or day) <= day <= (self.last_day or day):
            return
        margin = timedelta(minutes=self.last_minutes)
        for start, end in self.hours.windows_on(day):
            if start < end - margin:
                yield start, end - margin

    def _slots(self, day: date, step: timedelta) -> Iterator[datetime]:
        for start, end in self._spans(day):
            at = start
            while at < end:
                if self._suits(at):
                    yield at
                at += step

    def _suits(self, at: datetime) -> bool:
        kind = day_kind(business_day(at), self.hours.holidays)
        return care_allows(self.care_code, at, kind, self.cuts)


def offered_times(
    hours: CallingHours,
    now: datetime,
    until: date,
    step: timedelta = STEP,
    *,
    last_minutes: int = 0,
    care_code: str | None = None,
    cuts: BandCuts = DEFAULT_CUTS,
) -> tuple[datetime, ...]:
    """Every time that may be offered to the person on the line, after ``now``, up to ``until``.

    Counted in ``step`` from each opening; the day ``until`` is included (S4-11.2f).
    """
    legal = LegalTimes(
        hours=hours, last_minutes=last_minutes, care_code=care_code, last_day=until, cuts=cuts
    )
    days = _days(business_day(now), until)
    return tuple(slot for day in days for slot in legal.offered_on(day, now, step))


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
