"""Pure: nobody gets a sixth attempt before everybody had an evening and a weekend try.

"Evening" is band H3 alone. The late afternoon (H2) finds many people on their way home; the care
code 夜間不可 means the same hours; and a try in H3 is an evening try by any reading, while one in
H2 is not. "Weekend" is any band of a Saturday, Sunday or public holiday.

Two holds keep the promise. A person's last attempts before the sixth are kept for the tries still
missing, and a sixth attempt waits while somebody else waits for such a try. What is no longer
possible (no such hours left, the care code forbids them) is owed to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from campaigns.calling.care import bands_allowed
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_CUTS, Band, BandCuts
from dialer.calendar.holidays import DayKind, business_day, day_kind
from dialer.calendar.windows import CallingHours

FAIR_ATTEMPTS = 5
"""Counted attempts a person may have while others wait for an evening or a weekend try."""
SEARCH_DAYS = 62
_ONE_DAY = timedelta(days=1)


class TryKind(StrEnum):
    """The tries everybody is owed."""

    EVENING = "evening"
    WEEKEND = "weekend"


BANDS_OF: Mapping[TryKind, frozenset[Band]] = MappingProxyType(
    {TryKind.EVENING: frozenset({Band.H3}), TryKind.WEEKEND: frozenset({Band.H4, Band.H5})}
)


class Hold(StrEnum):
    """Why fairness holds a case back now."""

    KEPT_FOR_OTHER_HOURS = "kept_for_other_hours"
    OTHERS_FIRST = "others_first"


def kind_of(band: Band | None) -> TryKind | None:
    """Which owed try an attempt in this band is."""
    return next((kind for kind, bands in BANDS_OF.items() if band in bands), None)


def tries_owed(
    used_bands: frozenset[Band], possible: frozenset[TryKind], was_reached: bool
) -> frozenset[TryKind]:
    """The tries this person still waits for; none once the person was spoken to."""
    if was_reached:
        return frozenset()
    return frozenset(kind for kind in possible if not used_bands & BANDS_OF[kind])


def possible_for(offered: frozenset[TryKind], care_code: str | None) -> frozenset[TryKind]:
    """What of the offered tries a person with this care code may get."""
    allowed = bands_allowed(care_code)
    return frozenset(kind for kind in offered if allowed & BANDS_OF[kind])


def hold_of(
    *, counted: int, most: int, owed: frozenset[TryKind], band: Band, others_owed: bool
) -> Hold | None:
    """Does fairness hold back an attempt in ``band``, after ``counted`` of at most ``most``?"""
    if counted >= FAIR_ATTEMPTS:
        return Hold.OTHERS_FIRST if others_owed else None
    if must_keep(counted, most, owed) and kind_of(band) not in owed:
        return Hold.KEPT_FOR_OTHER_HOURS
    return None


def must_keep(counted: int, most: int, owed: frozenset[TryKind]) -> bool:
    """Are all attempts left before the sixth needed for the tries that are owed?"""
    return bool(owed) and min(FAIR_ATTEMPTS, most) - counted <= len(owed)


def has_claim(counted: int, most: int, owed: frozenset[TryKind]) -> bool:
    """Must sixth attempts wait for this person?"""
    return bool(owed) and counted < min(FAIR_ATTEMPTS, most)


def bands_to_seek(
    rotation: Sequence[Band], care_code: str | None, keep_for: frozenset[TryKind]
) -> tuple[Band, ...]:
    """The rotation without what the care code forbids, or only the bands kept for owed tries."""
    allowed = bands_allowed(care_code)
    left = tuple(band for band in rotation if band in allowed)
    every = dict.fromkeys((*rotation, *Band))
    kept = tuple(band for band in every if band in allowed and kind_of(band) in keep_for)
    return kept or left or tuple(rotation)


def tries_offered(
    hours: CallingHours, now: datetime, last_day: date, cuts: BandCuts = DEFAULT_CUTS
) -> frozenset[TryKind]:
    """The tries that the hours offer from ``now`` (aware) to the end of ``last_day``."""
    found: set[TryKind] = set()
    day = business_day(now)
    last_day = min(last_day, day + timedelta(days=SEARCH_DAYS))
    while day <= last_day and len(found) < len(TryKind):
        for start, end in hours.windows_on(day):
            start = max(start, now)
            kind = day_kind(day, hours.holidays)
            if start < end and kind is DayKind.WEEKEND_OR_HOLIDAY:
                found.add(TryKind.WEEKEND)
            elif start < end and _touches_evening(start, end, day, cuts):
                found.add(TryKind.EVENING)
        day += _ONE_DAY
    return frozenset(found)


def next_try(
    owed: frozenset[TryKind],
    after: datetime,
    last_day: date,
    hours: CallingHours,
    cuts: BandCuts = DEFAULT_CUTS,
) -> datetime | None:
    """The first instant behind ``after`` (aware) at which one of the owed tries may begin."""
    day = business_day(after)
    while day <= last_day:
        for start, end in hours.windows_on(day):
            for cut in cuts.of_kind(day_kind(day, hours.holidays)):
                first, last = cut.hours.on(day)
                begin = max(start, first)
                if kind_of(cut.band) in owed and after < begin < min(end, last):
                    return begin
        day += _ONE_DAY
    return None


def _touches_evening(start: datetime, end: datetime, day: date, cuts: BandCuts) -> bool:
    spans = (cut.hours.on(day) for cut in cuts.weekday if cut.band in BANDS_OF[TryKind.EVENING])
    return any(max(start, first) < min(end, last) for first, last in spans)


def minimum_met(attempts_by_band: Mapping[Band, int], parameters: Parameters) -> bool:
    """As many attempts, bands and weekend tries as the work instruction asks for (S4-11.2f)."""
    used = {band: number for band, number in attempts_by_band.items() if number}
    weekend = sum(number for band, number in used.items() if kind_of(band) is TryKind.WEEKEND)
    return (
        sum(used.values()) >= parameters.min_counted_attempts
        and len(used) >= parameters.min_bands
        and weekend >= parameters.min_weekend_attempts
    )
