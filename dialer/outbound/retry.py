"""Pure: when may the next attempt be made, given the earlier ones and the rules.

Knows attempts, days and bands; what an attempt came to is no matter of this file. Limits
(per day, in seven days) are kept strictly; an untried band, in the order of the rotation, and
another weekday are sought within a week and given up when the hours offer none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dialer.calendar.bands import DEFAULT_CUTS, DEFAULT_ROTATION, Band, BandCuts, nearest_band
from dialer.calendar.holidays import TOKYO, business_day, day_kind
from dialer.calendar.windows import CallingHours

SEARCH_DAYS = 370
PREFERENCE_DAYS = 7
_ONE_DAY = timedelta(days=1)


class Spacing(StrEnum):
    """How far from now the next attempt has to be."""

    AT_ONCE = "at_once"
    SAME_DAY = "same_day"  # after a pause; one more attempt on a full day is granted
    OTHER_DAY = "other_day"


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt made: the instant (aware), its band if known, whether the limits count it."""

    at: datetime
    band: Band | None
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRules:
    """Limits on counted attempts, and what is preferred: untried bands, by ``rotation``.

    ``last_day``: nothing is sought behind it; None = no end.
    """

    max_counted_per_day: int
    max_counted_in_7_days: int
    pause_minutes: int
    other_band: bool = True
    other_weekday: bool = True
    rotation: tuple[Band, ...] = DEFAULT_ROTATION
    last_day: date | None = None


def counted_days(attempts: Sequence[PastAttempt]) -> list[date]:
    """The business days of the counted attempts, one for each."""
    return [business_day(one.at) for one in attempts if one.counted]


def counted_in_7_days(days: Sequence[date], last: date) -> int:
    """How many of the days lie in the seven business days that end with ``last``."""
    first = last - timedelta(days=6)
    return sum(first <= one <= last for one in days)


def next_attempt(
    attempts: Sequence[PastAttempt],
    rules: RetryRules,
    hours: CallingHours,
    now: datetime,
    *,
    spacing: Spacing,
    wait_days: int = 0,
    cuts: BandCuts = DEFAULT_CUTS,
) -> datetime | None:
    """The earliest instant, aware and inside the hours, at which the next attempt may be made.

    ``attempts`` include the one just made; ``wait_days`` is "after n days or more". None when
    the hours offer nothing within a year.
    """
    start = _start(rules, now, spacing, wait_days)
    granted = business_day(now) if spacing is Spacing.SAME_DAY else None
    days = counted_days(attempts)
    first = _first_within_limits(days, rules, hours, start, granted)
    if first is None or spacing is not Spacing.OTHER_DAY or not attempts:
        return first
    found: dict[Band, list[datetime]] = {}
    for at in _openings(hours, first, cuts):
        day = business_day(at)
        if (rules.last_day is None or day <= rules.last_day) and _has_room(days, rules, day, None):
            found.setdefault(_band_at(at, hours, cuts), []).append(at)
    return _preferred(attempts, rules, found) or first


def _preferred(
    attempts: Sequence[PastAttempt], rules: RetryRules, found: Mapping[Band, Sequence[datetime]]
) -> datetime | None:
    """Of the openings found: in the best band, on another weekday than the last attempt's."""
    last = max(attempts, key=lambda one: one.at)
    if not rules.other_band:
        every = sorted(at for openings in found.values() for at in openings)
        return _other_weekday(every, last, rules)
    wanted = [band for band in preferred_bands(attempts, rules.rotation) if band in found]
    wanted = [band for band in wanted if band is not last.band]
    if wanted:
        # The soonest day that offers an untried band, and on it the next one of the rotation:
        # waiting longer for a certain band loses more calls than it wins answers (ADR 0034).
        soonest = min(business_day(found[band][0]) for band in wanted)
        band = next(one for one in wanted if business_day(found[one][0]) == soonest)
        return _other_weekday(found[band], last, rules)
    other = sorted(at for band, ats in found.items() for at in ats if band is not last.band)
    return _other_weekday(other, last, rules)


def _other_weekday(
    openings: Sequence[datetime], last: PastAttempt, rules: RetryRules
) -> datetime | None:
    same = business_day(last.at).weekday()
    other = (at for at in openings if business_day(at).weekday() != same)
    by_weekday = next(other, None) if rules.other_weekday else None
    return by_weekday or next(iter(openings), None)


def preferred_bands(
    attempts: Sequence[PastAttempt], rotation: Sequence[Band] = DEFAULT_ROTATION
) -> tuple[Band, ...]:
    """Bands without a counted attempt, in the order of the rotation; all once each was tried."""
    tried = {one.band for one in attempts if one.counted}
    return tuple(band for band in rotation if band not in tried) or tuple(rotation)


def _start(rules: RetryRules, now: datetime, spacing: Spacing, wait_days: int) -> datetime:
    if spacing is Spacing.AT_ONCE:
        return now
    if spacing is Spacing.SAME_DAY:
        return now + timedelta(minutes=rules.pause_minutes)
    return _midnight(business_day(now) + timedelta(days=max(1, wait_days)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=TOKYO)


def _first_within_limits(
    days: Sequence[date],
    rules: RetryRules,
    hours: CallingHours,
    start: datetime,
    granted: date | None,
) -> datetime | None:
    at = hours.next_legal_instant(start)
    for _ in range(SEARCH_DAYS):
        if at is None or _has_room(days, rules, business_day(at), granted):
            return at
        at = hours.next_legal_instant(_midnight(business_day(at) + _ONE_DAY))
    return None


def _has_room(days: Sequence[date], rules: RetryRules, day: date, granted: date | None) -> bool:
    """``days``: of the counted attempts."""
    if counted_in_7_days(days, day) >= rules.max_counted_in_7_days:
        return False
    return day == granted or days.count(day) < rules.max_counted_per_day


def _openings(hours: CallingHours, first: datetime, cuts: BandCuts) -> Iterator[datetime]:
    """``first`` and every start of a window or band after it, for a week."""
    yield first
    for offset in range(PREFERENCE_DAYS + 1):
        day = business_day(first) + timedelta(days=offset)
        for start, end in hours.windows_on(day):
            band_starts = (
                cut.hours.on(day)[0] for cut in cuts.of_kind(day_kind(day, hours.holidays))
            )
            inside = {at for at in band_starts if start < at < end}
            yield from (at for at in sorted({start, *inside}) if at > first)


def _band_at(at: datetime, hours: CallingHours, cuts: BandCuts) -> Band:
    return nearest_band(at, day_kind(business_day(at), hours.holidays), cuts)
