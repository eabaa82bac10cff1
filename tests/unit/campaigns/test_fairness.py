"""Nobody's sixth attempt before everybody had an evening and a weekend try."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.care import CareCode
from campaigns.calling.fairness import (
    BANDS_OF,
    FAIR_ATTEMPTS,
    Hold,
    TryKind,
    bands_to_seek,
    has_claim,
    hold_of,
    kind_of,
    minimum_met,
    must_keep,
    next_try,
    possible_for,
    tries_offered,
    tries_owed,
)
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_ROTATION, Band
from dialer.calendar.holidays import TOKYO
from tests.usual_hours import HOURS

EVENING, WEEKEND = frozenset({TryKind.EVENING}), frozenset({TryKind.WEEKEND})
BOTH, NONE = EVENING | WEEKEND, frozenset[TryKind]()
KINDS = st.frozensets(st.sampled_from(TryKind))
BANDS = st.frozensets(st.sampled_from(Band))


@pytest.mark.parametrize(
    ("band", "kind"),
    [
        (Band.H1, None),
        (Band.H2, None),  # the late afternoon is no evening
        (Band.H3, TryKind.EVENING),
        (Band.H4, TryKind.WEEKEND),
        (Band.H5, TryKind.WEEKEND),
        (None, None),
    ],
)
def test_only_the_band_from_half_past_six_is_the_evening(
    band: Band | None, kind: TryKind | None
) -> None:
    assert kind_of(band) is kind


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize(
    ("counted", "owed", "band", "others", "held"),
    [
        (0, BOTH, Band.H1, True, None),
        (2, BOTH, Band.H1, True, None),
        (3, BOTH, Band.H1, True, Hold.KEPT_FOR_OTHER_HOURS),  # two left, both needed
        (3, BOTH, Band.H3, True, None),
        (3, EVENING, Band.H1, True, None),
        (4, EVENING, Band.H1, True, Hold.KEPT_FOR_OTHER_HOURS),
        (4, EVENING, Band.H4, True, Hold.KEPT_FOR_OTHER_HOURS),
        (4, EVENING, Band.H3, True, None),
        (4, NONE, Band.H1, True, None),
        (5, NONE, Band.H1, True, Hold.OTHERS_FIRST),
        (5, NONE, Band.H1, False, None),
        (5, EVENING, Band.H3, True, Hold.OTHERS_FIRST),  # a sixth is a sixth
        (8, NONE, Band.H1, True, Hold.OTHERS_FIRST),
    ],
)
def test_what_fairness_holds_back(
    counted: int, owed: frozenset[TryKind], band: Band, others: bool, held: Hold | None
) -> None:
    assert hold_of(counted=counted, most=6, owed=owed, band=band, others_owed=others) is held


@pytest.mark.parametrize(("most", "counted", "kept"), [(3, 1, True), (3, 0, False), (1, 0, True)])
def test_fewer_attempts_in_all_are_kept_for_the_owed_tries_sooner(
    most: int, counted: int, kept: bool
) -> None:
    assert must_keep(counted, most, BOTH) is kept


@given(BANDS, KINDS, st.booleans())
def test_only_what_is_possible_and_missing_is_owed(
    used: frozenset[Band], possible: frozenset[TryKind], reached: bool
) -> None:
    owed = tries_owed(used, possible, reached)
    assert owed <= possible
    assert not (reached and owed)
    assert not any(used & BANDS_OF[kind] for kind in owed)


@given(BANDS, KINDS, st.integers(1, 10), st.data())
def test_who_follows_the_holds_has_had_both_tries_before_the_sixth(
    start: frozenset[Band], possible: frozenset[TryKind], most: int, data: st.DataObject
) -> None:
    """Whatever bands come, somebody served only when nothing is held misses nothing possible."""
    counted, used = len(start), start
    if counted > min(FAIR_ATTEMPTS, most) - len(tries_owed(used, possible, False)):
        return  # had too many before the rule was kept
    while counted < min(FAIR_ATTEMPTS, most):
        owed = tries_owed(used, possible, False)
        band = data.draw(st.sampled_from(Band))
        if hold_of(counted=counted, most=most, owed=owed, band=band, others_owed=True) is None:
            counted, used = counted + 1, used | {band}
    if most >= len(TryKind):
        assert tries_owed(used, possible, False) == NONE


@pytest.mark.parametrize(
    ("care_code", "possible"),
    [
        (None, BOTH),
        (CareCode.NO_EVENING, WEEKEND),
        (CareCode.SATURDAY_SUNDAY_ONLY, WEEKEND),
        (CareCode.WEEKDAY_EVENING_ONLY, EVENING),
        (CareCode.SPEAK_SLOWLY, BOTH),
    ],
)
def test_what_a_care_code_forbids_is_not_owed(
    care_code: CareCode | None, possible: frozenset[TryKind]
) -> None:
    assert possible_for(BOTH, care_code) == possible


@pytest.mark.parametrize(
    ("now", "last_day", "offered"),
    [
        (datetime(2022, 9, 13, 12, tzinfo=TOKYO), date(2022, 9, 20), BOTH),
        (datetime(2022, 9, 13, 12, tzinfo=TOKYO), date(2022, 9, 16), EVENING),
        (datetime(2022, 9, 16, 20, 30, tzinfo=TOKYO), date(2022, 9, 16), NONE),
        (datetime(2022, 9, 16, 20, 29, tzinfo=TOKYO), date(2022, 9, 16), EVENING),
        (datetime(2022, 9, 17, 9, tzinfo=TOKYO), date(2022, 9, 19), WEEKEND),  # and a holiday
        (datetime(2022, 9, 19, 15, 59, tzinfo=TOKYO), date(2022, 9, 19), WEEKEND),
        (datetime(2022, 9, 19, 16, tzinfo=TOKYO), date(2022, 9, 19), NONE),
        (datetime(2022, 9, 13, 12, tzinfo=TOKYO), date(2022, 9, 1), NONE),
    ],
)
def test_tries_are_owed_only_while_hours_are_left_for_them(
    now: datetime, last_day: date, offered: frozenset[TryKind]
) -> None:
    assert tries_offered(HOURS, now, last_day) == offered


@pytest.mark.parametrize(
    ("after", "owed", "begin"),
    [
        (datetime(2022, 9, 13, 16, 30, tzinfo=TOKYO), EVENING, (13, 18, 30)),  # the same window
        (datetime(2022, 9, 13, 18, 30, tzinfo=TOKYO), EVENING, (14, 18, 30)),
        (datetime(2022, 9, 16, 12, tzinfo=TOKYO), WEEKEND, (17, 10, 0)),
        (datetime(2022, 9, 16, 12, tzinfo=TOKYO), BOTH, (16, 18, 30)),
        (datetime(2022, 9, 13, 12, tzinfo=TOKYO), NONE, None),
    ],
)
def test_a_case_kept_for_other_hours_comes_back_when_they_begin(
    after: datetime, owed: frozenset[TryKind], begin: tuple[int, int, int] | None
) -> None:
    expected = begin and datetime(2022, 9, *begin, tzinfo=TOKYO)
    assert next_try(owed, after, date(2022, 9, 20), HOURS) == expected


@pytest.mark.parametrize(
    ("counted", "owed", "claims"), [(0, BOTH, True), (4, EVENING, True), (5, BOTH, False)]
)
def test_sixth_attempts_wait_for_those_who_had_fewer_than_five(
    counted: int, owed: frozenset[TryKind], claims: bool
) -> None:
    assert has_claim(counted, 6, owed) is claims
    assert not has_claim(counted, 6, NONE)


@pytest.mark.parametrize(
    ("care_code", "keep", "bands"),
    [
        (None, NONE, DEFAULT_ROTATION),
        (None, EVENING, (Band.H3,)),
        (None, WEEKEND, (Band.H5, Band.H4)),
        (CareCode.NO_EVENING, NONE, (Band.H1, Band.H5, Band.H2, Band.H4)),
        (CareCode.WEEKDAY_EVENING_ONLY, NONE, (Band.H3,)),
    ],
)
def test_the_next_attempt_is_sought_where_it_is_allowed_and_owed(
    care_code: CareCode | None, keep: frozenset[TryKind], bands: tuple[Band, ...]
) -> None:
    assert bands_to_seek(DEFAULT_ROTATION, care_code, keep) == bands


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize(
    ("by_band", "met"),
    [
        ({Band.H1: 1, Band.H3: 1, Band.H4: 1}, True),
        ({Band.H1: 1, Band.H2: 1, Band.H3: 1}, False),  # no weekend
        ({Band.H3: 2, Band.H4: 2}, False),  # two bands only
        ({Band.H3: 1, Band.H4: 1, Band.H5: 0}, False),
        ({}, False),
    ],
)
def test_the_prescribed_minimum_is_attempts_bands_and_a_weekend(
    by_band: dict[Band, int], met: bool
) -> None:
    assert minimum_met(by_band, Parameters()) is met
