"""Business days, public holidays and kinds of day, in Asia/Tokyo.

The table ``holidays_jp.csv`` (columns ``date,name``) is data: it can be replaced by a newer one
without code. The equinoxes of later years are computed ones; the government fixes each in the
February before, and a change made by law needs a new table or a dated order.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dialer.errors import CalendarYearMissing

TOKYO = ZoneInfo("Asia/Tokyo")

_SATURDAY = 5


class DayKind(StrEnum):
    """Which of the two rows of hours a day follows (S4-7.2b)."""

    WEEKDAY = "weekday"
    WEEKEND_OR_HOLIDAY = "weekend_or_holiday"


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """Public holidays by date, complete for every year from ``first_year`` to ``last_year``."""

    names: Mapping[date, str]
    first_year: int
    last_year: int

    def name_of(self, day: date) -> str | None:
        """The Japanese name of the holiday, or None on any other day."""
        return self.names.get(day)

    def covers(self, year: int) -> bool:
        """Is the table complete for this year?"""
        return self.first_year <= year <= self.last_year


def in_tokyo(instant: datetime) -> datetime:
    """The same instant as told by a clock in Tokyo. A naive one raises ValueError."""
    if instant.tzinfo is TOKYO:
        return instant
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant must carry its time zone")
    return instant.astimezone(TOKYO)


def business_day(now: datetime) -> date:
    """The date in Tokyo at an aware instant. A naive one raises ValueError."""
    return in_tokyo(now).date()


def day_kind(day: date, table: HolidayTable) -> DayKind:
    """Weekday, or Saturday, Sunday or public holiday (S4-7.2b-2).

    Raises CalendarYearMissing for a year the table does not cover, Saturdays included: a day
    is either known or it is not.
    """
    if not table.covers(day.year):
        raise CalendarYearMissing(year=day.year)
    if day.weekday() >= _SATURDAY or day in table.names:
        return DayKind.WEEKEND_OR_HOLIDAY
    return DayKind.WEEKDAY


def read_holidays(lines: Iterable[str]) -> HolidayTable:
    """Read a table from CSV lines with the columns ``date`` (ISO) and ``name``.

    Raises ValueError when the file has no rows, names a day twice or leaves a year out:
    a hole in the middle would turn holidays into weekdays unnoticed.
    """
    names: dict[date, str] = {}
    for row in csv.DictReader(lines):
        day = date.fromisoformat(row["date"])
        if day in names:
            raise ValueError(f"holiday named twice: {day}")
        names[day] = row["name"]
    if not names:
        raise ValueError("the holiday table has no rows")
    years = {day.year for day in names}
    first, last = min(years), max(years)
    if len(years) != last - first + 1:
        raise ValueError("the holiday table leaves out a year")
    return HolidayTable(MappingProxyType(names), first, last)


@cache
def load_holidays() -> HolidayTable:
    """The table shipped beside this file, read once."""
    text = resources.files(__package__).joinpath("holidays_jp.csv").read_text(encoding="utf-8")
    return read_holidays(text.splitlines())
