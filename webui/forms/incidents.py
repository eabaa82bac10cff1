"""Entries of an incident: closed words, counts, days and document numbers; no free text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from dialer.calendar.holidays import TOKYO
from secure_store.audit.tags import FieldGroup, bits_of
from secure_store.orders.incident_facts import (
    Circumstance,
    IncidentFacts,
    IncidentKind,
    IncidentPlace,
    IncidentStage,
    ReportStep,
)
from webui.forms.entry import Entries, EntryFault

EVERYTHING = "all"
MOST_PERSONS = 9_999_999


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """What is known at the first moment."""

    kind: IncidentKind
    receivable: str | None
    known_at: datetime


def read_open(values: Mapping[str, str], receivables: Sequence[str], now: datetime) -> OpenEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    kind = entries.choice("kind", set(IncidentKind))
    scope = entries.choice("scope", {EVERYTHING, *receivables})
    known_at = datetime.combine(entries.day("known_day"), _time(entries), tzinfo=TOKYO)
    if not entries.faults and known_at > now:
        entries.fault("known_day", EntryFault.DAY_TO_COME)
    entries.finish()
    return OpenEntry(IncidentKind(kind), None if scope == EVERYTHING else scope, known_at)


def _time(entries: Entries) -> time:
    text = entries.text("known_time")
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        entries.fault("known_time", EntryFault.NOT_A_TIME if text else EntryFault.MISSING)
        return time.min


def read_facts(values: MultiDict[str, str]) -> IncidentFacts:
    """What is known by now; what is left empty is not known yet. Raises FormRefused."""
    entries = Entries(values)
    place = values.get("place", "")
    how = values.get("circumstance", "")
    for name, text, known in (("place", place, IncidentPlace), ("circumstance", how, Circumstance)):
        if text and text not in set(known):
            entries.fault(name, EntryFault.UNKNOWN_CHOICE)
    persons = _persons(entries)
    picked = [group for group in FieldGroup if group.name.lower() in values.getlist("groups")]
    entries.finish()
    return IncidentFacts(
        groups=bits_of(picked),
        persons=persons,
        place=IncidentPlace(place) if place else None,
        circumstance=Circumstance(how) if how else None,
        is_wrongful=values.get("is_wrongful") == "1",
    )


def _persons(entries: Entries) -> int | None:
    text = entries.text("persons").replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_PERSONS):
        entries.fault("persons", EntryFault.NOT_A_COUNT)
        return None
    return int(text)


def read_report(values: Mapping[str, str]) -> tuple[ReportStep, str]:
    """Which report, and the number of its paper. Raises FormRefused."""
    entries = Entries(values)
    step = entries.choice("step", set(ReportStep))
    document_no = entries.document_no("document_no")
    entries.finish()
    return ReportStep(step), document_no


def read_measure(values: Mapping[str, str], staff: Sequence[str]) -> tuple[str, date]:
    """Who answers for a stage, and until which day. Raises FormRefused."""
    entries = Entries(values)
    owner = entries.choice("owner", set(staff))
    due_on = entries.day("due_on")
    entries.finish()
    return owner, due_on


def stage_of(text: str) -> IncidentStage | None:
    """A stage of the address line."""
    return IncidentStage(text) if text in set(IncidentStage) else None
