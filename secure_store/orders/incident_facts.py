"""Pure: what is said about an incident, in closed words, and the clock it starts (S3-B2-16).

Nothing here is typed freely: the words of a report stand on the paper that the city gets, this
register keeps its number. So a register can be read after every key of the contract is gone, and
its summary names nobody whatever was entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

AT_ONCE_WITHIN = timedelta(hours=1)  # security: the pack of who, when, how many stands within it
PRELIMINARY_DAYS = (3, 5)
FINAL_DAYS = 30
FINAL_DAYS_WRONGFUL = 60
REPORTABLE_ABOVE = 100


class IncidentKind(StrEnum):
    """What happened, or is suspected (S4-14.11a and breaches of law, S3-B2-16.1)."""

    LEAK = "leak"
    LOSS = "loss"
    DAMAGE = "damage"
    TAMPERING = "tampering"
    BREACH = "breach"


class IncidentPlace(StrEnum):
    """Where it happened."""

    CALL_ROOM = "call_room"
    SUPERVISOR_ROOM = "supervisor_room"
    SERVER_ROOM = "server_room"
    EXCHANGE = "exchange"
    TRANSPORT = "transport"
    CITY_OFFICE = "city_office"
    OUTSIDE = "outside"


class Circumstance(StrEnum):
    """How it came about, as far as known."""

    WRONG_PERSON_TOLD = "wrong_person_told"
    WRONG_DELIVERY = "wrong_delivery"
    MEDIUM_LOST = "medium_lost"
    PAPER_LOST = "paper_lost"
    THEFT = "theft"
    UNPERMITTED_ACCESS = "unpermitted_access"
    INTRUSION = "intrusion"
    WRONG_OPERATION = "wrong_operation"
    EQUIPMENT_FAULT = "equipment_fault"
    UNKNOWN = "unknown"


class IncidentStage(StrEnum):
    """The five stages of the emergency plan (S3-B2-16.2)."""

    CONTACT = "contact"
    EVIDENCE = "evidence"
    CONTAINMENT = "containment"
    RECOVERY = "recovery"
    RECURRENCE = "recurrence"


class ReportStep(StrEnum):
    """At once, the preliminary and the final report."""

    AT_ONCE = "at_once"
    PRELIMINARY = "preliminary"
    FINAL = "final"


class MissingFact(StrEnum):
    """What a report may not lack (S3-B2-16.1)."""

    CONTENT = "content"
    PERSONS = "persons"
    PLACE = "place"
    CIRCUMSTANCES = "circumstances"


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What is known so far. ``groups`` are bits of ``FieldGroup``; ``persons`` None: not counted."""

    groups: int = 0
    persons: int | None = None
    place: IncidentPlace | None = None
    circumstance: Circumstance | None = None
    is_wrongful: bool = False


@dataclass(frozen=True, slots=True)
class IncidentClock:
    """When each report is due. The day on which it became known counts as the first."""

    at_once_until: datetime
    preliminary_from: date
    preliminary_until: date
    final_until: date


def missing_facts(facts: IncidentFacts) -> tuple[MissingFact, ...]:
    """Which of the four demanded items a report would lack."""
    lacks = (
        (MissingFact.CONTENT, not facts.groups),
        (MissingFact.PERSONS, facts.persons is None),
        (MissingFact.PLACE, facts.place is None),
        (MissingFact.CIRCUMSTANCES, facts.circumstance is None),
    )
    return tuple(item for item, is_missing in lacks if is_missing)


def clock_of_incident(known_at: datetime, *, is_wrongful: bool) -> IncidentClock:
    """The deadlines. ``known_at`` is a local instant: its day counts. 60 days when wrongful."""
    first, last = PRELIMINARY_DAYS
    final = FINAL_DAYS_WRONGFUL if is_wrongful else FINAL_DAYS
    known_on = known_at.date()
    return IncidentClock(
        at_once_until=known_at + AT_ONCE_WITHIN,
        preliminary_from=known_on + timedelta(days=first - 1),
        preliminary_until=known_on + timedelta(days=last - 1),
        final_until=known_on + timedelta(days=final - 1),
    )


def may_reach_commission(facts: IncidentFacts) -> bool:
    """Whether the city may have to tell the commission: over 100 persons, or wrongful, or unknown.

    The city decides; sealed data whose key did not leave is exempt.
    """
    return facts.is_wrongful or facts.persons is None or facts.persons > REPORTABLE_ABOVE


def late_step(
    clock: IncidentClock, now: datetime, done: frozenset[ReportStep]
) -> ReportStep | None:
    """The first report whose time has passed without it, or None. ``now`` is a local instant."""
    limits = (
        (ReportStep.AT_ONCE, now > clock.at_once_until),
        (ReportStep.PRELIMINARY, now.date() > clock.preliminary_until),
        (ReportStep.FINAL, now.date() > clock.final_until),
    )
    return next((step for step, is_over in limits if is_over and step not in done), None)
