"""The calling hours of specification 004, for tests of rules that need some hours (S4-7.2b)."""

from __future__ import annotations

from datetime import time

from dialer.calendar.holidays import load_holidays
from dialer.calendar.windows import CallingHours, Interval

HOURS = CallingHours(
    weekday=(Interval(time(11, 30), time(13, 30)), Interval(time(16, 30), time(20, 30))),
    weekend_or_holiday=(Interval(time(10), time(16)),),
    holidays=load_holidays(),
)
