"""Entries of the board: the rehearsal clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from dialer.calendar.holidays import TOKYO
from webui.forms.entry import Entries, EntryFault


def read_clock(values: Mapping[str, str], now: datetime) -> datetime:
    """The instant the rehearsal clock shall show, later than ``now``. Raises FormRefused."""
    entries = Entries(values)
    day = entries.day("clock_day")
    at = _time(entries, "clock_time")
    instant = datetime.combine(day, at, tzinfo=TOKYO)
    if not entries.faults and instant <= now:
        entries.fault("clock_day", EntryFault.CLOCK_BACKWARD)
    entries.finish()
    return instant


def _time(entries: Entries, name: str) -> time:
    text = entries.text(name)
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        entries.fault(name, EntryFault.NOT_A_TIME if text else EntryFault.MISSING)
        return time.min
