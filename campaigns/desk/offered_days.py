"""The times for which a call may be agreed while the person is on the line (S4-7.2b, S4-11.2f)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from uuid import UUID

from campaigns.calling.legal_times import LegalTimes, offered_times
from campaigns.calling.models import CaseHandling
from campaigns.calling.outcomes import Direction
from campaigns.cases.cases import get_campaign
from campaigns.cases.models import CallCase
from campaigns.desk.handlings import case_of, own_handling, rules_of
from campaigns.profile.hours import calling_hours
from dialer.calendar.holidays import TOKYO, business_day
from secure_store.work import UnitOfWork

NAMED_AT_ONCE = 3
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LegalDay:
    """One day as far as calls may be agreed for it; ``slots`` every quarter of an hour, none past.

    ``windows``: its hours; ``next_opening``: the first legal time from its beginning on.
    """

    day: date
    windows: tuple[tuple[datetime, datetime], ...]
    slots: tuple[datetime, ...]
    next_opening: datetime | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day and its times to offer, in order."""

    day: date
    times: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class WantedTime:
    """A time somebody named. ``stands_at``: where it would be booked, None when nowhere.

    ``following``: the next times that may be agreed instead, or the last ones before the end.
    """

    at: datetime
    stands_at: datetime | None
    following: tuple[datetime, ...]

    @property
    def is_legal(self) -> bool:
        """May it be agreed as it was named?"""
        return self.stands_at == self.at


def legal_times_of(work: UnitOfWork, row: CaseHandling, case: CallCase) -> LegalTimes:
    """The legal times of a case in hand, by the rules its handling began under.

    What answers a callback may be agreed up to the end of the callback period.
    """
    rules = rules_of(work, row, case)
    campaign = get_campaign(work, case.campaign_code)
    outbound = row.direction is Direction.OUTBOUND
    return LegalTimes(
        hours=calling_hours(work, case.receivable),
        last_minutes=rules.parameters.no_new_call_minutes,
        care_code=case.care_code,
        first_day=campaign.calls_from,
        last_day=campaign.calls_until if outbound else campaign.callbacks_until,
        cuts=rules.cuts,
    )


def legal_day(work: UnitOfWork, handling_id: UUID, day: date) -> LegalDay:
    """When the case in hand may be called on a day, and until when calls may be agreed at all."""
    legal = _legal(work, handling_id)
    start = max(datetime.combine(day, datetime.min.time(), tzinfo=TOKYO), work.now)
    return LegalDay(
        day,
        legal.hours.windows_on(day),
        legal.offered_on(day, work.now),
        legal.first_from(start, named=False),
        legal.last_day,
    )


def offered_days(work: UnitOfWork, handling_id: UUID, most: int) -> tuple[OfferedDay, ...]:
    """The next days, at most so many, on which a call about the case in hand may be agreed."""
    legal = _legal(work, handling_id)
    last = legal.last_day or business_day(work.now)
    slots = _offered(legal, work.now, last)
    days = (OfferedDay(day, tuple(times)) for day, times in groupby(slots, key=business_day))
    return tuple(islice(days, most))


def wanted_time(work: UnitOfWork, handling_id: UUID, at: datetime) -> WantedTime:
    """What becomes of a time that was named (aware) for the case in hand."""
    legal = _legal(work, handling_id)
    after = max(at, work.now)
    stands_at = legal.first_from(after, named=True) if at > work.now else None
    if stands_at == at:
        return WantedTime(at, at, ())
    return WantedTime(at, stands_at, _following(legal, after, work.now))


def _following(legal: LegalTimes, after: datetime, now: datetime) -> tuple[datetime, ...]:
    last = legal.last_day or business_day(after)
    slots = _offered(legal, now, last)
    later = [slot for slot in slots if slot >= after]
    return tuple(later[:NAMED_AT_ONCE] or slots[-NAMED_AT_ONCE:])


def _offered(legal: LegalTimes, now: datetime, last: date) -> tuple[datetime, ...]:
    return offered_times(
        legal.hours,
        now,
        last,
        last_minutes=legal.last_minutes,
        care_code=legal.care_code,
        cuts=legal.cuts,
    )


def _legal(work: UnitOfWork, handling_id: UUID) -> LegalTimes:
    row = own_handling(work, handling_id)
    return legal_times_of(work, row, case_of(work, row))
