"""Entries of the schedule: notified and planned numbers, changed dates (S4-7.2a-2, S4-11.1a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.api import CityPaper, Period
from webui.forms.entry import Entries, EntryFault
from webui.forms.papers import read_paper

MOST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class VolumeEntry:
    """A number for one receivable and month; ``received_on`` only for a notice."""

    receivable: str
    month: date
    number: int
    received_on: date


@dataclass(frozen=True, slots=True)
class PeriodEntry:
    """New dates and the city's document; ``is_confirmed``: the warning was read."""

    new: Period
    paper: CityPaper
    is_confirmed: bool


def read_notice(values: Mapping[str, str], receivables: Sequence[str], today: date) -> VolumeEntry:
    """What a department notified. Raises FormRefused."""
    entries = Entries(values)
    received_on = entries.day("received_on")
    if "received_on" not in entries.faults and received_on > today:
        entries.fault("received_on", EntryFault.DAY_TO_COME)
    return _volume(entries, receivables, "cases", received_on)


def read_plan(values: Mapping[str, str], receivables: Sequence[str]) -> VolumeEntry:
    """委託予定件数. Raises FormRefused."""
    return _volume(Entries(values), receivables, "calls", date.min)


def _volume(
    entries: Entries, receivables: Sequence[str], name: str, received_on: date
) -> VolumeEntry:
    receivable = entries.choice("receivable", set(receivables))
    month = entries.month("month")
    text = entries.text(name).replace(",", "")
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    if not is_number:
        entries.fault(name, EntryFault.NOT_A_COUNT if text else EntryFault.MISSING)
    entries.finish()
    return VolumeEntry(receivable, month, int(text), received_on)


def read_period(values: Mapping[str, str], today: date) -> PeriodEntry:
    """New dates of a campaign. Raises FormRefused."""
    entries = Entries(values)
    new = Period(
        entries.day("calls_from"), entries.day("calls_until"), entries.day("callbacks_until")
    )
    if new.calls_until < new.calls_from:
        entries.fault("calls_until", EntryFault.BEFORE_START)
    if new.callbacks_until < new.calls_until:
        entries.fault("callbacks_until", EntryFault.BEFORE_CALLS_END)
    paper = read_paper(entries, today)
    entries.finish()
    return PeriodEntry(new, paper, values.get("confirmed") == "1")
