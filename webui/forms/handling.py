"""A period and a receivable, for what is read out of the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from secure_store.audit.disclosure import DisclosureScope
from webui.forms.entry import Entries, EntryFault

EVERYTHING = "all"


def read_days(values: Mapping[str, str]) -> tuple[date, date]:
    """The first and the last day, both included. Raises FormRefused."""
    entries = Entries(values)
    first, last = entries.day("first"), entries.day("last")
    if not entries.faults and last < first:
        entries.fault("last", EntryFault.BEFORE_START_DAY)
    entries.finish()
    return first, last


def read_scope(values: Mapping[str, str], receivables: Sequence[str]) -> DisclosureScope:
    """Raises FormRefused."""
    entries = Entries(values)
    receivable = entries.choice("receivable", {EVERYTHING, *receivables})
    entries.finish()
    first, last = read_days(values)
    return DisclosureScope(None if receivable == EVERYTHING else receivable, first, last)
