"""Entries of the pages that assign many cases at once: which cases, to whom, how many were shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from campaigns.api import CaseSelection, CaseStatus
from webui.forms.entry import EntryFault, FormRefused

DIGITS = 3


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """What a new group is called."""

    code: str
    name: str
    receivable: str


def read_selection(values: Mapping[str, str]) -> CaseSelection:
    """Which open cases are meant. An unknown status or holder narrows nothing. Raises FormRefused.

    A number that cannot be read is a fault: left out, it would silently reach more cases.
    """
    faults: dict[str, EntryFault] = {}
    numbers = {}
    for name in ("priority_until", "attempts_from", "attempts_until"):
        text = values.get(name, "").strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
            faults[name] = EntryFault.NOT_A_NUMBER
        elif text:
            numbers[name] = int(text)
    if faults:
        raise FormRefused(faults)
    status = values.get("status", "")
    return CaseSelection(
        status=CaseStatus(status) if status in list(CaseStatus) else None,
        holder=values.get("holder", "")[:16],
        priority_until=numbers.get("priority_until"),
        attempts_from=numbers.get("attempts_from"),
        attempts_until=numbers.get("attempts_until"),
    )


def fields_of(wanted: CaseSelection) -> dict[str, str]:
    """The selection as the fields ``read_selection`` reads."""
    return {
        "status": wanted.status.value if wanted.status else "",
        "holder": wanted.holder,
        "priority_until": _text(wanted.priority_until),
        "attempts_from": _text(wanted.attempts_from),
        "attempts_until": _text(wanted.attempts_until),
    }


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def read_expected(values: Mapping[str, str]) -> int:
    """How many cases were shown before the act. Raises FormRefused."""
    text = values.get("expected", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise FormRefused({"expected": EntryFault.UNKNOWN_CHOICE})
    return int(text)


def read_pair(chosen: Sequence[str], eligible: Collection[str]) -> tuple[str, ...]:
    """Two holders at least, between whom cases are evened out. Raises FormRefused."""
    holders = tuple(dict.fromkeys(chosen))
    if len(holders) < 2:
        raise FormRefused({"holders": EntryFault.TWO_NEEDED})
    if not set(holders) <= set(eligible):
        raise FormRefused({"holders": EntryFault.UNKNOWN_CHOICE})
    return holders


def read_group(values: Mapping[str, str], receivables: Collection[str]) -> GroupEntry:
    """A new group; the code is checked by the business. Raises FormRefused."""
    faults: dict[str, EntryFault] = {}
    entry = GroupEntry(
        values.get("code", "").strip().upper(),
        values.get("name", "").strip(),
        values.get("receivable", ""),
    )
    if not entry.code:
        faults["code"] = EntryFault.MISSING
    if not entry.name:
        faults["name"] = EntryFault.MISSING
    elif not entry.name.isprintable():
        faults["name"] = EntryFault.UNUSABLE_CHARACTER
    if entry.receivable not in receivables:
        faults["receivable"] = EntryFault.UNKNOWN_CHOICE
    if faults:
        raise FormRefused(faults)
    return entry
