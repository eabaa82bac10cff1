"""Entries of the board: suspension orders and the rehearsal clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from dialer.calendar.holidays import TOKYO
from webui.forms.entry import Entries, EntryFault

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class SuspensionEntry:
    """What to stop; ``receivable`` None stops the whole contract."""

    receivable: str | None
    document_no: str


def read_suspension(values: Mapping[str, str], receivables: Sequence[str]) -> SuspensionEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    scope = entries.choice("scope", {EVERYTHING, *receivables})
    document_no = entries.document_no("document_no")
    entries.finish()
    return SuspensionEntry(None if scope == EVERYTHING else scope, document_no)


def read_release(values: Mapping[str, str]) -> str:
    """The number of the city's permission to go on (S4-14.11c). Raises FormRefused."""
    entries = Entries(values)
    document_no = entries.document_no("release_no")
    entries.finish()
    return document_no


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
