"""When the next attempt may be made: limits kept, another band and weekday sought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.calendar.bands import Band, band_of
from dialer.calendar.holidays import TOKYO, business_day, day_kind, load_holidays
from dialer.calendar.windows import CallingHours, DatedOrder, Interval
from dialer.outbound.retry import (
    PastAttempt,
    RetryRules,
    Spacing,
    counted_days,
    counted_in_7_days,
    next_attempt,
    preferred_bands,
)
from tests.usual_hours import HOURS

RULES = RetryRules(max_counted_per_day=1, max_counted_in_7_days=5, pause_minutes=15)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=TOKYO)


def tried(when: datetime, counted: bool = True) -> PastAttempt:
    return PastAttempt(when, band_of(when, day_kind(when.date(), HOURS.holidays)), counted)


def after(when: datetime, spacing: Spacing, wait_days: int = 0) -> datetime | None:
    return next_attempt([tried(when)], RULES, HOURS, when, spacing=spacing, wait_days=wait_days)


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (at(9, 13, 12), at(9, 14, 18, 30)),  # Tuesday noon: the evening of the next day
        (at(9, 13, 17), at(9, 14, 18, 30)),
        (at(9, 13, 19), at(9, 14, 11, 30)),
        (at(9, 16, 19), at(9, 17, 13)),  # Friday evening: no noon before the weekend
        (at(9, 17, 11), at(9, 18, 13)),  # Saturday morning to Sunday afternoon
        (at(9, 18, 14), at(9, 19, 10)),  # the Monday is a public holiday
        (at(9, 19, 11), at(9, 20, 18, 30)),
    ],
)
def test_the_next_attempt_is_on_another_day_in_another_band(
    when: datetime, expected: datetime
) -> None:
    assert after(when, Spacing.OTHER_DAY) == expected


def test_the_pause_on_the_same_day_is_fifteen_minutes() -> None:
    assert after(at(9, 13, 12), Spacing.SAME_DAY) == at(9, 13, 12, 15)
    assert after(at(9, 13, 13, 15), Spacing.SAME_DAY) == at(9, 13, 16, 30)


def test_a_pause_that_runs_past_closing_goes_to_the_next_opening() -> None:
    busy = [tried(at(9, 13, 20, 20), counted=False)]
    later = next_attempt(busy, RULES, HOURS, at(9, 13, 20, 20), spacing=Spacing.SAME_DAY)
    assert later == at(9, 14, 11, 30)


def test_another_number_may_be_tried_at_once_unless_the_day_is_used_up() -> None:
    now = at(9, 13, 12)
    free = next_attempt([tried(now, counted=False)], RULES, HOURS, now, spacing=Spacing.AT_ONCE)
    assert free == now
    assert after(now, Spacing.AT_ONCE) == at(9, 14, 11, 30)


def test_waiting_days_are_kept_and_another_weekday_is_preferred() -> None:
    assert after(at(9, 13, 12), Spacing.OTHER_DAY, wait_days=2) == at(9, 15, 18, 30)
    same = after(at(9, 13, 12), Spacing.OTHER_DAY, wait_days=7)
    assert same == at(9, 21, 18, 30)  # not Tuesday again


def test_five_attempts_in_seven_days_are_the_limit() -> None:
    days = [at(9, 12, 12), at(9, 13, 17), at(9, 14, 19), at(9, 15, 12), at(9, 16, 17)]
    next_one = next_attempt(
        [tried(when) for when in days], RULES, HOURS, days[-1], spacing=Spacing.OTHER_DAY
    )
    assert next_one is not None
    assert business_day(next_one) == date(2022, 9, 19)  # Sunday the 18th still sees five


def test_when_only_one_band_is_ever_open_it_is_taken() -> None:
    short = CallingHours(
        (Interval(time(12), time(13)),), (Interval(time(12), time(13)),), load_holidays()
    )
    nights = {
        date(2022, 9, 1) + timedelta(days=n): (
            DatedOrder(date(2022, 9, 1) + timedelta(days=n), (), "1"),
        )
        for n in range(60)
        if (date(2022, 9, 1) + timedelta(days=n)).weekday() >= 5
        or (date(2022, 9, 1) + timedelta(days=n)) in load_holidays().names
    }
    only_noon = CallingHours(short.weekday, short.weekend_or_holiday, short.holidays, nights)
    when = at(9, 13, 12)
    assert next_attempt([tried(when)], RULES, only_noon, when, spacing=Spacing.OTHER_DAY) == at(
        9, 14, 12
    )


def test_hours_that_never_open_give_no_instant() -> None:
    closed = CallingHours((), (), load_holidays())
    now = at(9, 13, 12)
    assert next_attempt([tried(now)], RULES, closed, now, spacing=Spacing.OTHER_DAY) is None


def test_untried_bands_come_in_the_order_of_the_rotation() -> None:
    assert preferred_bands([]) == (Band.H3, Band.H1, Band.H5, Band.H2, Band.H4)
    assert preferred_bands([tried(at(9, 13, 19))]) == (Band.H1, Band.H5, Band.H2, Band.H4)
    every = [PastAttempt(at(9, 13, 12), band, True) for band in Band]
    assert set(preferred_bands(every)) == set(Band)


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize(
    ("tried_at", "expected"),
    [
        ([at(9, 12, 19), at(9, 13, 12)], at(9, 14, 16, 30)),  # evening, noon: late afternoon
        ([at(9, 15, 19), at(9, 16, 12)], at(9, 17, 13)),  # before a weekend: its afternoon
        ([at(9, 12, 19), at(9, 13, 12), at(9, 14, 17)], at(9, 17, 13)),  # nothing untried sooner
        ([at(9, 14, 19), at(9, 15, 12), at(9, 16, 17), at(9, 17, 14)], at(9, 18, 10)),
    ],
)
def test_an_untried_band_is_sought_in_the_order_of_the_rotation(
    tried_at: list[datetime], expected: datetime
) -> None:
    past = [tried(one) for one in tried_at]
    found = next_attempt(past, RULES, HOURS, tried_at[-1], spacing=Spacing.OTHER_DAY)
    assert found == expected


def test_a_busy_line_does_not_make_a_band_tried() -> None:
    now = at(9, 13, 19)
    past = [tried(at(9, 12, 12), counted=False), tried(now)]
    assert next_attempt(past, RULES, HOURS, now, spacing=Spacing.OTHER_DAY) == at(9, 14, 11, 30)


def test_nothing_is_sought_behind_the_last_day_of_calls() -> None:
    now = at(9, 15, 19)
    past = [tried(at(9, 14, 12)), tried(now)]
    until_friday = replace(RULES, last_day=date(2022, 9, 16))
    assert next_attempt(past, RULES, HOURS, now, spacing=Spacing.OTHER_DAY) == at(9, 16, 16, 30)
    kept = replace(until_friday, rotation=(Band.H4, Band.H5))
    assert next_attempt(past, kept, HOURS, now, spacing=Spacing.OTHER_DAY) == at(9, 16, 11, 30)


DAYS = st.integers(0, 20).map(lambda n: date(2022, 9, 1) + timedelta(days=n))
INSTANTS = st.builds(
    lambda day, minute: datetime.combine(day, time(minute // 60, minute % 60), tzinfo=TOKYO),
    DAYS,
    st.integers(10 * 60, 20 * 60 + 29),
)


@given(
    st.lists(st.builds(tried, INSTANTS, st.booleans()), max_size=8),
    INSTANTS,
    st.sampled_from(Spacing),
    st.integers(0, 7),
)
def test_no_answer_breaks_a_limit_or_the_hours(
    earlier: list[PastAttempt], now: datetime, spacing: Spacing, wait: int
) -> None:
    past = [one for one in earlier if one.at < now] + [tried(now)]
    found = next_attempt(past, RULES, HOURS, now, spacing=spacing, wait_days=wait)
    assert found is not None
    assert HOURS.is_open(found)
    assert found >= now
    day = business_day(found)
    assert counted_in_7_days(counted_days(past), day) < RULES.max_counted_in_7_days
    if spacing is Spacing.OTHER_DAY:
        assert day >= business_day(now) + timedelta(days=max(1, wait))
    if not (spacing is Spacing.SAME_DAY and day == business_day(now)):
        assert counted_days(past).count(day) < RULES.max_counted_per_day
