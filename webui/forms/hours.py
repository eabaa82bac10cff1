"""Entries of the calendar: which month is shown, and a dated order of the city (S4-7.2b-3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from campaigns.api import NewOrder
from dialer.calendar.holidays import TOKYO
from dialer.calendar.windows import DatedOrder, Interval
from dialer.errors import CallingHoursInvalid
from webui.forms.entry import Entries, EntryFault, FormRefused
from webui.forms.papers import read_paper

CLOSED = "closed"
OPEN = "open"
ALL = ""
_APART = re.compile(r"[、,\s]+")
_DASHES = str.maketrans("~〜～–—ー－", "-------")


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """An order as it was typed; ``is_confirmed``: the warning about its lateness was read."""

    order: NewOrder
    is_confirmed: bool


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
    paper = read_paper(entries, today)
    how = entries.choice("how", {CLOSED, OPEN})
    intervals = _intervals(entries, "intervals") if how == OPEN else ()
    effective_at = _effective_at(entries, day)
    if "day" not in entries.faults and day < today:
        entries.fault("day", EntryFault.DAY_PAST)
    entries.finish()
    _check(day, intervals, paper.document_no)
    order = NewOrder(day, intervals, paper, receivable or None, effective_at)
    return OrderEntry(order, values.get("confirmed") == "1")


def _effective_at(entries: Entries, day: date) -> datetime | None:
    """When the order takes effect on its day; None when it holds from the beginning."""
    text = entries.text("effective_from")
    if not text:
        return None
    try:
        return datetime.combine(day, _time(text), tzinfo=TOKYO)
    except ValueError:
        entries.fault("effective_from", EntryFault.NOT_A_TIME)
        return None


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
