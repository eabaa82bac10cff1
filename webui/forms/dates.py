"""Pure: days and times as people say them, full-width digits too (ui: date field).

Weeks begin on Monday. Towards the future a bare weekday is the next one, a day of this year that
is over is that of the next year; towards the past it is the last one, or that of the year before.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

WEEKDAYS = "月火水木金土日"
REIWA_BEFORE = 2018  # Reiwa 1 is 2019
LONGEST = 20
DAYS_A_WEEK = 7
MONTHS = 12


class Toward(StrEnum):
    """Where the day is looked for when the year or the week is not said."""

    FUTURE = "future"
    PAST = "past"


class DayFault(StrEnum):
    """Why a text is no day."""

    UNREADABLE = "unreadable"
    NO_SUCH_DAY = "no_such_day"


class DayUnreadable(ValueError):
    """The text names no day. ``month`` and ``days``: when the month has fewer days."""

    def __init__(self, fault: DayFault, month: int = 0, days: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.month = month
        self.days = days


class TimeUnreadable(ValueError):
    """The text names no time of the day."""


@dataclass(frozen=True, slots=True)
class _Asked:
    today: date
    toward: Toward

    @property
    def sign(self) -> int:
        return 1 if self.toward is Toward.FUTURE else -1


_Read = Callable[[re.Match[str], _Asked], date]

_WORDS = {
    "今日": 0, "本日": 0, "きょう": 0, "明日": 1, "あす": 1, "あした": 1, "明後日": 2,
    "あさって": 2, "しあさって": 3, "昨日": -1, "きのう": -1, "一昨日": -2, "おととい": -2,
}  # fmt: skip
_WEEKS = {"先週": -1, "今週": 0, "来週": 1, "再来週": 2}
_MONTH_STEPS = {"先月": -1, "今月": 0, "来月": 1, "再来月": 2, "": 0}


def parse_day(text: str, today: date, toward: Toward = Toward.FUTURE) -> date:
    """The day a text names, seen from ``today``. Raises DayUnreadable."""
    said = _fold(text)
    if said in _WORDS:
        return today + timedelta(days=_WORDS[said])
    asked = _Asked(today, toward)
    for pattern, read in _FORMS:
        found = pattern.fullmatch(said)
        if found:
            return read(found, asked)
    raise DayUnreadable(DayFault.UNREADABLE)


def parse_time(text: str) -> time:
    """``18:30``, ``1830``, ``18時``, ``18時半``, ``午後6時半``. Raises TimeUnreadable."""
    found = _TIME.fullmatch(_fold(text))
    if not found:
        raise TimeUnreadable
    half, hour_text, minute_text, half_hour = (
        found["half"],
        found["hour"],
        found["minute"],
        found["h"],
    )
    hour = int(hour_text) + (MONTHS if half == "午後" and int(hour_text) < MONTHS else 0)
    minute = 30 if half_hour else int(minute_text or 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise TimeUnreadable from None


def distance_text(day: date, today: date) -> str:
    """10日後, 3日前, 今日"""
    days = (day - today).days
    if days == 0:
        return "今日"
    return f"{days}日後" if days > 0 else f"{-days}日前"


def _fold(text: str) -> str:
    """One width, no spaces, and no more than any day needs."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))[: LONGEST + 1]


_TIME = re.compile(
    r"(?P<half>午前|午後)?(?P<hour>\d{1,2})(?::|時|(?=\d\d$))"
    r"(?:(?P<minute>\d{1,2})分?|(?P<h>半))?"
)


def _day(year: int, month: int, day: int) -> date:
    if not 1 <= month <= MONTHS or not 1 <= year <= 9998:
        raise DayUnreadable(DayFault.UNREADABLE)
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise DayUnreadable(DayFault.NO_SUCH_DAY, month, days)
    return date(year, month, day)


def _full(found: re.Match[str], _asked: _Asked) -> date:
    return _day(int(found["y"]), int(found["m"]), int(found["d"]))


def _reiwa(found: re.Match[str], _asked: _Asked) -> date:
    year = 1 if found["y"] == "元" else int(found["y"])
    return _day(REIWA_BEFORE + year, int(found["m"]), int(found["d"]))


def _month_day(found: re.Match[str], asked: _Asked) -> date:
    year, month, day = asked.today.year, int(found["m"]), int(found["d"])
    if (month, day) == (2, 29):  # the leap year that comes next, or came last
        while not calendar.isleap(year):
            year += asked.sign
    this = _day(year, month, day)
    beyond = this < asked.today if asked.toward is Toward.FUTURE else this > asked.today
    return _day(year + asked.sign, month, day) if beyond else this


def _only_day(found: re.Match[str], asked: _Asked) -> date:
    """30日: of this month, or of the next (the last) one that has it when it is over (to come)."""
    day = int(found["d"])
    for step in range(3):
        year, month = _months_on(asked.today, step * asked.sign)
        if not 1 <= day <= calendar.monthrange(year, month)[1]:
            continue
        there = date(year, month, day)
        if (there - asked.today).days * asked.sign >= 0:
            return there
    raise DayUnreadable(DayFault.UNREADABLE)


def _weekday(found: re.Match[str], asked: _Asked) -> date:
    wanted = WEEKDAYS.index(found["w"])
    week = found["week"]
    if week:
        monday = asked.today - timedelta(days=asked.today.weekday())
        return monday + timedelta(days=DAYS_A_WEEK * _WEEKS[week] + wanted)
    ahead = asked.sign * (wanted - asked.today.weekday()) % DAYS_A_WEEK or DAYS_A_WEEK
    return asked.today + timedelta(days=asked.sign * ahead)


def _from_today(found: re.Match[str], asked: _Asked) -> date:
    number = int(found["n"]) * (DAYS_A_WEEK if found["unit"] == "週間" else 1)
    return asked.today + timedelta(days=number if found["way"] == "後" else -number)


def _month_end(found: re.Match[str], asked: _Asked) -> date:
    year, month = _months_on(asked.today, _MONTH_STEPS[found["month"] or ""])
    return date(year, month, calendar.monthrange(year, month)[1])


def _in_month(found: re.Match[str], asked: _Asked) -> date:
    year, month = _months_on(asked.today, _MONTH_STEPS[found["month"]])
    return _day(year, month, int(found["d"]))


def _months_on(day: date, step: int) -> tuple[int, int]:
    months = day.year * MONTHS + day.month - 1 + step
    return months // MONTHS, months % MONTHS + 1


_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(r"(?P<y>\d{4})[年/.-](?P<m>\d{1,2})[月/.-](?P<d>\d{1,2})日?"), _full),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"), _full),
    (re.compile(r"(?:令和|[Rr令])(?P<y>\d{1,2}|元)[年/.-](?P<m>\d{1,2})[月/.-](?P<d>\d{1,2})日?"), _reiwa),
    (re.compile(r"(?P<m>\d{1,2})[月/.-](?P<d>\d{1,2})日?"), _month_day),
    (re.compile(r"(?P<m>\d{1,2})(?P<d>\d{2})"), _month_day),
    (re.compile(r"(?P<d>\d{1,2})日"), _only_day),
    (re.compile(r"(?P<week>先週|今週|来週|再来週)?の?(?P<w>[月火水木金土日])(?:曜日?)?"), _weekday),
    (re.compile(r"(?P<n>\d{1,3})(?P<unit>日|週間)(?P<way>後|前)"), _from_today),
    (re.compile(r"(?P<month>先月|今月|来月|再来月)?の?(?:月?末|末日)"), _month_end),
    (re.compile(r"(?P<month>先月|今月|来月|再来月)の?(?P<d>\d{1,2})日?"), _in_month),
)  # fmt: skip
