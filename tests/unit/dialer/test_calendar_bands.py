"""Bands at their cuts, the nearest band under odd hours, and the rotation."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.calendar.bands import (
    DEFAULT_CUTS,
    DEFAULT_ROTATION,
    Band,
    BandCut,
    BandCuts,
    band_of,
    nearest_band,
    parse_rotation,
)
from dialer.calendar.holidays import TOKYO, DayKind
from dialer.calendar.windows import HoursDefect, Interval
from dialer.errors import CallingHoursInvalid

WD, OTHER = DayKind.WEEKDAY, DayKind.WEEKEND_OR_HOLIDAY


def at(*clock: int) -> datetime:
    return datetime(2022, 9, 1, *clock, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("now", "kind", "band"),
    [
        (at(11, 29, 59), WD, None),
        (at(11, 30), WD, Band.H1),
        (at(13, 29, 59), WD, Band.H1),
        (at(13, 30), WD, None),
        (at(16, 29, 59), WD, None),
        (at(16, 30), WD, Band.H2),
        (at(18, 29, 59), WD, Band.H2),
        (at(18, 30), WD, Band.H3),
        (at(20, 29, 59), WD, Band.H3),
        (at(20, 30), WD, None),
        (at(9, 59, 59), OTHER, None),
        (at(10, 0), OTHER, Band.H4),
        (at(12, 59, 59), OTHER, Band.H4),
        (at(13, 0), OTHER, Band.H5),
        (at(15, 59, 59), OTHER, Band.H5),
        (at(16, 0), OTHER, None),
    ],
)
def test_bands_are_half_open(now: datetime, kind: DayKind, band: Band | None) -> None:
    assert band_of(now, kind) is band
    assert band_of(now.astimezone(UTC), kind) is band


@pytest.mark.parametrize(
    ("now", "kind", "band"),
    [
        (at(9, 0), WD, Band.H1),
        (at(13, 30), WD, Band.H1),
        (at(14, 59, 59), WD, Band.H1),
        (at(15, 0), WD, Band.H1),  # as far from one as from the other: the earlier
        (at(15, 0, 1), WD, Band.H2),
        (at(18, 30), WD, Band.H3),  # H2 ends here, but H3 holds the instant
        (at(21, 0), WD, Band.H3),
        (at(8, 0), OTHER, Band.H4),
        (at(13, 0), OTHER, Band.H5),
        (at(19, 0), OTHER, Band.H5),
    ],
)
def test_odd_hours_count_for_the_nearest_band(now: datetime, kind: DayKind, band: Band) -> None:
    assert nearest_band(now, kind) is band


@given(
    st.datetimes(datetime(2022, 1, 2), datetime(2023, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(DayKind),
)
def test_the_nearest_band_is_of_the_same_kind_of_day(now: datetime, kind: DayKind) -> None:
    band = nearest_band(now, kind)
    assert DEFAULT_CUTS.kind_of(band) is kind
    assert band_of(now, kind) in {band, None}


def test_cuts_can_be_set_elsewhere() -> None:
    cuts = BandCuts(
        weekday=(
            BandCut(Band.H1, Interval(time(9), time(12))),
            BandCut(Band.H2, Interval(time(12), time(15))),
            BandCut(Band.H3, Interval(time(15), time(18))),
        ),
        weekend_or_holiday=DEFAULT_CUTS.weekend_or_holiday,
    )
    assert band_of(at(11, 0), WD, cuts) is Band.H1
    assert band_of(at(18, 0), WD, cuts) is None
    assert nearest_band(at(19, 0) + timedelta(hours=1), WD, cuts) is Band.H3


@pytest.mark.parametrize(
    ("weekday", "other", "defect"),
    [
        (DEFAULT_CUTS.weekday[:2], DEFAULT_CUTS.weekend_or_holiday, HoursDefect.BAND_MISSING),
        (DEFAULT_CUTS.weekday, (), HoursDefect.BAND_MISSING),
        (DEFAULT_CUTS.weekday, DEFAULT_CUTS.weekday, HoursDefect.BAND_REPEATED),
        (DEFAULT_CUTS.weekday[::-1], DEFAULT_CUTS.weekend_or_holiday, HoursDefect.NOT_APART),
    ],
)
def test_cuts_that_cannot_be_used_are_refused(
    weekday: tuple[BandCut, ...], other: tuple[BandCut, ...], defect: HoursDefect
) -> None:
    with pytest.raises(CallingHoursInvalid) as refused:
        BandCuts(weekday, other)
    assert refused.value.details == {"reason": defect}


def test_the_default_rotation_is_read_from_its_text() -> None:
    assert parse_rotation("H3,H1,H5,H2,H4") == DEFAULT_ROTATION
    assert parse_rotation(" h3 , H1 ") == (Band.H3, Band.H1)


@pytest.mark.parametrize(
    ("text", "defect"),
    [
        ("", HoursDefect.BAND_UNKNOWN),
        ("H1,,H2", HoursDefect.BAND_UNKNOWN),
        ("H6", HoursDefect.BAND_UNKNOWN),
        ("H1,H2,H1", HoursDefect.BAND_REPEATED),
    ],
)
def test_a_rotation_that_cannot_be_used_is_refused(text: str, defect: HoursDefect) -> None:
    with pytest.raises(CallingHoursInvalid) as refused:
        parse_rotation(text)
    assert refused.value.details == {"reason": defect}
