"""The holiday table against two independent calendars, kinds of day, business days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from importlib import resources

import holidays as independent_source
import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.calendar.holidays import (
    TOKYO,
    DayKind,
    HolidayTable,
    business_day,
    day_kind,
    load_holidays,
    read_holidays,
)
from dialer.errors import CalendarYearMissing

YEARS = range(2015, 2051)
TABLE = load_holidays()


def table_file_from_jpholiday() -> str:
    """What holidays_jp.csv must hold; write this into the file to make it anew."""
    rows = [
        f"{day.isoformat()},{name}"
        for year in YEARS
        for day, name in sorted(jpholiday.year_holidays(year))
    ]
    return "\n".join(["date,name", *rows]) + "\n"


def test_the_shipped_file_is_what_the_generator_gives() -> None:
    shipped = resources.files("dialer.calendar").joinpath("holidays_jp.csv").read_bytes()
    assert shipped.decode("utf-8") == table_file_from_jpholiday()


@pytest.mark.clause("S4-7.2b-2")
def test_two_sources_name_the_same_days() -> None:
    independent = set(independent_source.country_holidays("JP", years=YEARS))
    assert set(TABLE.names) ^ independent == set()


def test_the_table_covers_its_years_and_no_other() -> None:
    assert (TABLE.first_year, TABLE.last_year) == (2015, 2050)
    assert TABLE.covers(2015)
    assert TABLE.covers(2050)
    assert not TABLE.covers(2014)
    assert not TABLE.covers(2051)


@pytest.mark.clause("S4-7.2b-2")
@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2022, 9, 17), DayKind.WEEKEND_OR_HOLIDAY),  # Saturday
        (date(2022, 9, 18), DayKind.WEEKEND_OR_HOLIDAY),  # Sunday
        (date(2022, 9, 19), DayKind.WEEKEND_OR_HOLIDAY),  # Monday, holiday
        (date(2022, 9, 20), DayKind.WEEKDAY),
        (date(2022, 11, 23), DayKind.WEEKEND_OR_HOLIDAY),  # Wednesday, holiday
        (date(2022, 11, 24), DayKind.WEEKDAY),
        (date(2023, 1, 2), DayKind.WEEKEND_OR_HOLIDAY),  # New Year's Day fell on a Sunday
        (date(2022, 12, 29), DayKind.WEEKDAY),  # no New Year closure in this contract
        (date(2023, 1, 3), DayKind.WEEKDAY),
        (date(2026, 5, 6), DayKind.WEEKEND_OR_HOLIDAY),  # a Wednesday stands in for a Sunday
        (date(2026, 9, 22), DayKind.WEEKEND_OR_HOLIDAY),  # between two holidays
        (date(2027, 3, 22), DayKind.WEEKEND_OR_HOLIDAY),
        (date(2019, 4, 30), DayKind.WEEKEND_OR_HOLIDAY),  # by a law for one year
        (date(2021, 7, 19), DayKind.WEEKDAY),  # Marine Day moved to the 22nd that year
        (date(2021, 7, 22), DayKind.WEEKEND_OR_HOLIDAY),
    ],
)
def test_kind_of_day(day: date, kind: DayKind) -> None:
    assert day_kind(day, TABLE) is kind


def test_a_substitute_holiday_says_so_in_its_name() -> None:
    assert "振替休日" in (TABLE.name_of(date(2026, 5, 6)) or "")
    assert TABLE.name_of(date(2022, 11, 23)) == "勤労感謝の日"
    assert TABLE.name_of(date(2022, 11, 24)) is None


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2051, 1, 1), date(2051, 1, 7)])
def test_a_year_outside_of_the_table_is_refused(day: date) -> None:
    with pytest.raises(CalendarYearMissing) as refused:
        day_kind(day, TABLE)
    assert refused.value.details == {"year": day.year}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2022, 8, 31, 14, 59, 59, tzinfo=UTC), date(2022, 8, 31)),
        (datetime(2022, 8, 31, 15, 0, tzinfo=UTC), date(2022, 9, 1)),
        (datetime(2022, 8, 31, 15, 30, tzinfo=UTC), date(2022, 9, 1)),  # 00:30 in Tokyo
        (datetime(2022, 9, 1, 0, 30, tzinfo=TOKYO), date(2022, 9, 1)),
        (datetime(2022, 8, 31, 8, 0, tzinfo=timezone(timedelta(hours=-7))), date(2022, 9, 1)),
    ],
)
def test_the_business_day_is_the_date_in_tokyo(now: datetime, day: date) -> None:
    assert business_day(now) == day


def test_a_naive_instant_has_no_business_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        business_day(datetime(2022, 9, 1, 12, 0))


@given(st.datetimes(min_value=datetime(2015, 1, 2), max_value=datetime(2050, 12, 30)))
def test_the_business_day_is_nine_hours_ahead_of_utc(clock: datetime) -> None:
    assert business_day(clock.replace(tzinfo=UTC)) == (clock + timedelta(hours=9)).date()


@pytest.mark.parametrize(
    "lines",
    [
        ["date,name"],
        ["date,name", "2022-01-01,元日", "2022-01-01,元日"],
        ["date,name", "2022-01-01,元日", "2024-01-01,元日"],
        ["date,name", "2022-13-01,元日"],
    ],
    ids=["empty", "twice", "a year left out", "no such date"],
)
def test_a_damaged_table_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError):
        read_holidays(lines)


def test_a_replaced_table_is_read_the_same_way() -> None:
    table = read_holidays(["date,name", "2060-01-01,元日", "2061-01-01,元日"])
    assert isinstance(table, HolidayTable)
    assert (table.first_year, table.last_year) == (2060, 2061)
    assert day_kind(date(2060, 1, 2), table) is DayKind.WEEKDAY
