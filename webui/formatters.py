"""How values are written on screens: dates in Japan, yen, labels. No value of a person is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dialer.calendar.holidays import TOKYO
from dialer.phone import grouped

WEEKDAYS = "月火水木金土日"
NOTHING = "–"


def jst(instant: datetime) -> datetime:
    """The instant as a Japanese wall clock shows it."""
    return instant.astimezone(TOKYO)


def day_text(day: date | None) -> str:
    """9月20日（火）"""
    return NOTHING if day is None else f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def long_day_text(day: date | None) -> str:
    """2022年9月20日（火）"""
    return NOTHING if day is None else f"{day.year}年{day_text(day)}"


def clock_text(instant: datetime | None) -> str:
    """19:07"""
    return NOTHING if instant is None else f"{jst(instant):%H:%M}"


def seconds_text(instant: datetime | None) -> str:
    """19:07:33"""
    return NOTHING if instant is None else f"{jst(instant):%H:%M:%S}"


def moment_text(instant: datetime | None) -> str:
    """9月20日（火）19:07"""
    if instant is None:
        return NOTHING
    return f"{day_text(jst(instant).date())}{clock_text(instant)}"


def long_moment_text(instant: datetime | None) -> str:
    """2022年9月20日（火）19:07"""
    if instant is None:
        return NOTHING
    return f"{long_day_text(jst(instant).date())}{clock_text(instant)}"


def yen_text(amount: int | None) -> str:
    """24,000円"""
    return NOTHING if amount is None else f"{amount:,}円"


def count_text(number: int | None, unit: str = "件") -> str:
    """1,204件"""
    return NOTHING if number is None else f"{number:,}{unit}"


def duration_text(length: timedelta) -> str:
    """5日と13時間, 1時間18分, 12分"""
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days}日と{hours}時間"
    return f"{hours}時間{minutes}分" if hours else f"{minutes}分"


def phone_text(digits: str) -> str:
    """090-1234-5678"""
    return grouped(digits)


def month_text(month: date) -> str:
    """2022年9月"""
    return f"{month.year}年{month.month}月"


FILTERS = {
    "day": day_text,
    "long_day": long_day_text,
    "clock": clock_text,
    "seconds": seconds_text,
    "moment": moment_text,
    "long_moment": long_moment_text,
    "yen": yen_text,
    "count": count_text,
    "duration": duration_text,
    "phone": phone_text,
    "month": month_text,
}
