"""Bands: parts of the calling hours between which attempts at one person are spread.

They never widen the hours: whether a call may begin is asked of ``CallingHours`` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from dialer.calendar.holidays import DayKind, in_tokyo
from dialer.calendar.windows import HoursDefect, Interval, check_apart
from dialer.errors import CallingHoursInvalid


class Band(StrEnum):
    """H1 noon, H2 late afternoon, H3 evening of weekdays; H4, H5 before and after 13:00 else."""

    H1 = "H1"
    H2 = "H2"
    H3 = "H3"
    H4 = "H4"
    H5 = "H5"


@dataclass(frozen=True, slots=True)
class BandCut:
    """One band and its hours, half-open."""

    band: Band
    hours: Interval


@dataclass(frozen=True, slots=True)
class BandCuts:
    """Where the bands of each kind of day begin and end.

    Raises CallingHoursInvalid unless every band stands exactly once, each kind of day has one
    at least, and the bands of a kind come in order without overlapping.
    """

    weekday: tuple[BandCut, ...]
    weekend_or_holiday: tuple[BandCut, ...]

    def __post_init__(self) -> None:
        bands = [cut.band for cut in (*self.weekday, *self.weekend_or_holiday)]
        if len(bands) != len(set(bands)):
            raise CallingHoursInvalid(reason=HoursDefect.BAND_REPEATED)
        if not self.weekday or not self.weekend_or_holiday or set(bands) != set(Band):
            raise CallingHoursInvalid(reason=HoursDefect.BAND_MISSING)
        check_apart(tuple(cut.hours for cut in self.weekday), may_touch=True)
        check_apart(tuple(cut.hours for cut in self.weekend_or_holiday), may_touch=True)

    def of_kind(self, kind: DayKind) -> tuple[BandCut, ...]:
        """The bands of a kind of day, in the order of the clock."""
        return self.weekday if kind is DayKind.WEEKDAY else self.weekend_or_holiday

    def kind_of(self, band: Band) -> DayKind:
        """The kind of day a band belongs to."""
        if any(cut.band is band for cut in self.weekday):
            return DayKind.WEEKDAY
        return DayKind.WEEKEND_OR_HOLIDAY


def _cut(band: Band, start: time, end: time) -> BandCut:
    return BandCut(band, Interval(start, end))


DEFAULT_CUTS = BandCuts(
    weekday=(
        _cut(Band.H1, time(11, 30), time(13, 30)),
        _cut(Band.H2, time(16, 30), time(18, 30)),
        _cut(Band.H3, time(18, 30), time(20, 30)),
    ),
    weekend_or_holiday=(
        _cut(Band.H4, time(10), time(13)),
        _cut(Band.H5, time(13), time(16)),
    ),
)

DEFAULT_ROTATION = (Band.H3, Band.H1, Band.H5, Band.H2, Band.H4)
"""The order in which bands are tried; afterwards the best of the remaining ones."""


def parse_rotation(text: str) -> tuple[Band, ...]:
    """Read a rotation such as ``H3,H1,H5,H2,H4``; it may leave bands out, never repeat one.

    Raises CallingHoursInvalid: BAND_UNKNOWN (an empty text too) or BAND_REPEATED.
    """
    try:
        bands = tuple(Band(word.strip().upper()) for word in text.split(","))
    except ValueError:
        raise CallingHoursInvalid(reason=HoursDefect.BAND_UNKNOWN) from None
    if len(bands) != len(set(bands)):
        raise CallingHoursInvalid(reason=HoursDefect.BAND_REPEATED)
    return bands


def band_of(at: datetime, kind: DayKind, cuts: BandCuts = DEFAULT_CUTS) -> Band | None:
    """The band of an aware instant on a day of this kind, or None between and outside them."""
    clock = in_tokyo(at).time()
    for cut in cuts.of_kind(kind):
        if cut.hours.start <= clock < cut.hours.end:
            return cut.band
    return None


def nearest_band(at: datetime, kind: DayKind, cuts: BandCuts = DEFAULT_CUTS) -> Band:
    """The band of an instant, or the nearest one of the same kind of day; the earlier of two.

    For attempts under a dated order (S4-7.2b-3), whose hours may lie outside every band:
    such an attempt still counts as tried in some band.
    """
    inside = band_of(at, kind, cuts)
    if inside is not None:
        return inside
    local = in_tokyo(at)
    return min(cuts.of_kind(kind), key=lambda cut: _time_away(local, cut.hours)).band


def _time_away(local: datetime, hours: Interval) -> timedelta:
    start, end = hours.on(local.date())
    return max(start - local, local - end)
