"""Entries of the calendar: which month is shown, and a dated order of the city (S4-7.2b-3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from dialer.calendar.windows import DatedOrder, Interval
from dialer.errors import CallingHoursInvalid
from webui.forms.entry import Entries, EntryFault, FormRefused

CLOSED = "closed"
OPEN = "open"
ALL = ""
_APART = re.compile(r"[、,\s]+")
_DASHES = str.maketrans("~〜～–—ー－", "-------")


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """An order for one day. ``receivable`` None holds for all of the contract."""

    day: date
    intervals: tuple[Interval, ...]
    document_no: str
    receivable: str | None
    is_confirmed: bool

    def is_late(self, today: date) -> bool:
        """Did it arrive later than the last day of the month before (S4-7.2a-2)?"""
        return today >= self.day.replace(day=1)


def read_month(text: str, today: date) -> date:
    """The month to show; this month when the text is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def read_order(values: Mapping[str, str], receivables: Sequence[str], today: date) -> OrderEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    day = entries.day("day")
    receivable = (
        entries.choice("receivable", {ALL, *receivables}) if values.get("receivable") else ""
    )
    document_no = entries.document_no("document_no")
    how = entries.choice("how", {CLOSED, OPEN})
    intervals = _intervals(entries, "intervals") if how == OPEN else ()
    if "day" not in entries.faults and day < today:
        entries.fault("day", EntryFault.DAY_PAST)
    entries.finish()
    _check(day, intervals, document_no)
    confirmed = values.get("confirmed") == "1"
    return OrderEntry(day, intervals, document_no, receivable or None, confirmed)


def _intervals(entries: Entries, name: str) -> tuple[Interval, ...]:
    """``10:00-12:00、13:00-16:00``, in either width."""
    texts = [text for text in _APART.split(entries.text(name).translate(_DASHES)) if text]
    if not texts:
        entries.fault(name, EntryFault.NO_INTERVAL)
    try:
        return tuple(_interval(text) for text in texts)
    except (ValueError, CallingHoursInvalid):
        entries.fault(name, EntryFault.INTERVAL_FORM)
        return ()


def _interval(text: str) -> Interval:
    start, _, end = text.partition("-")
    return Interval(_time(start), _time(end))


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def _check(day: date, intervals: tuple[Interval, ...], document_no: str) -> None:
    try:
        DatedOrder(day, intervals, document_no)
    except CallingHoursInvalid:
        raise FormRefused({"intervals": EntryFault.NOT_APART}) from None
