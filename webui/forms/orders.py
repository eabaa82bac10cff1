"""Entries of the city's orders: suspensions, their release, evidence holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secure_store.orders.stopped_work import StoppedWork
from webui.forms.entry import Entries, EntryFault

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class SuspensionEntry:
    """What to stop; ``receivable`` None stops the whole contract, ``stopped_work`` None all work."""

    receivable: str | None
    document_no: str
    stopped_work: StoppedWork | None


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """The number of the permission and who stands beside. The password is read where it is checked."""

    document_no: str
    second: str


def read_suspension(values: Mapping[str, str], receivables: Sequence[str]) -> SuspensionEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    scope = entries.choice("scope", {EVERYTHING, *receivables})
    document_no = entries.document_no("document_no")
    part = values.get("stopped_work", "") or EVERYTHING
    if part not in {EVERYTHING, *StoppedWork}:
        entries.fault("stopped_work", EntryFault.UNKNOWN_CHOICE)
    entries.finish()
    return SuspensionEntry(
        None if scope == EVERYTHING else scope,
        document_no,
        None if part == EVERYTHING else StoppedWork(part),
    )


def read_release(values: Mapping[str, str]) -> ReleaseEntry:
    """The city's permission to go on, and the second person (S4-14.11c). Raises FormRefused."""
    entries = Entries(values)
    document_no = entries.document_no("release_no")
    second = entries.text("second").upper()
    if not (second.isascii() and second.isalnum()):
        entries.fault("second", EntryFault.MISSING)
    if not values.get("password", ""):
        entries.fault("password", EntryFault.MISSING)
    entries.finish()
    return ReleaseEntry(document_no, second)


def read_hold(values: Mapping[str, str], receivables: Sequence[str]) -> tuple[str | None, str]:
    """The receivable (None: all) and the number of the case. Raises FormRefused."""
    entries = Entries(values)
    scope = entries.choice("scope", {EVERYTHING, *receivables})
    document_no = entries.document_no("document_no")
    entries.finish()
    return None if scope == EVERYTHING else scope, document_no
