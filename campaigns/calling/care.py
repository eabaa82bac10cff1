"""Pure: 架電配慮区分 of the lent row, and when it lets a person be called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from dialer.calendar.bands import DEFAULT_CUTS, Band, BandCuts, nearest_band
from dialer.calendar.holidays import DayKind, business_day, day_kind, in_tokyo
from dialer.calendar.windows import CallingHours


class CareCode(StrEnum):
    """架電配慮区分 of the lent row; only the first three limit when a call may be made."""

    NO_EVENING = "01"
    SATURDAY_SUNDAY_ONLY = "02"
    WEEKDAY_EVENING_ONLY = "03"
    SPEAK_SLOWLY = "04"
    FOREIGN_LANGUAGE = "05"
    SIGN_OR_TEXT = "06"


_BANDS: Mapping[str, frozenset[Band]] = {
    CareCode.NO_EVENING: frozenset(Band) - {Band.H3},
    CareCode.SATURDAY_SUNDAY_ONLY: frozenset({Band.H4, Band.H5}),
    CareCode.WEEKDAY_EVENING_ONLY: frozenset({Band.H3}),
}
_OPENINGS_LOOKED_AT = 40
_SATURDAY = 5
_EVENING_FROM = (18, 30)


def bands_allowed(care_code: str | None) -> frozenset[Band]:
    """The bands in which calls to a person with this care code may be planned."""
    return _BANDS.get(care_code or "", frozenset(Band))


def care_allows(
    care_code: str | None, now: datetime, kind: DayKind, cuts: BandCuts = DEFAULT_CUTS
) -> bool:
    """May a person with this care code be called at this instant?

    "Evening" is band H3 or 18:30 and later; "土日のみ" is Saturday and Sunday by name, so a
    public holiday in the week is left out: the narrower reading.
    """
    local = in_tokyo(now)
    if care_code == CareCode.NO_EVENING:
        return not _is_evening(now, kind, cuts)
    if care_code == CareCode.SATURDAY_SUNDAY_ONLY:
        return local.weekday() >= _SATURDAY
    if care_code == CareCode.WEEKDAY_EVENING_ONLY:
        return kind is DayKind.WEEKDAY and _is_evening(now, kind, cuts)
    return True


def care_allows_from(
    care_code: str | None, after: datetime, hours: CallingHours, cuts: BandCuts = DEFAULT_CUTS
) -> datetime | None:
    """The next opening or evening after ``after`` (aware) at which the person may be called."""
    at: datetime | None = after
    for _ in range(_OPENINGS_LOOKED_AT):
        at = _next_start(at, hours) if at else None
        if at and care_allows(care_code, at, day_kind(business_day(at), hours.holidays), cuts):
            return at
    return None


def _next_start(after: datetime, hours: CallingHours) -> datetime | None:
    hour, minute = _EVENING_FROM
    evening = in_tokyo(after).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if evening <= after or not hours.is_open(evening):
        return hours.next_opening(after)
    opening = hours.next_opening(after)
    return min(evening, opening) if opening else evening


def _is_evening(now: datetime, kind: DayKind, cuts: BandCuts) -> bool:
    local = in_tokyo(now)
    late = (local.hour, local.minute) >= _EVENING_FROM
    return late or nearest_band(now, kind, cuts) is Band.H3
