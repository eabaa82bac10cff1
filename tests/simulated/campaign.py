"""A whole campaign on paper: the product's rules, simulated people, no database.

The rules are the shipped ones (rank, fairness, next attempt); the world around them is simulated:
every band of every day offers so many dials, and each dial meets a person or does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from campaigns.calling.fairness import (
    TryKind,
    bands_to_seek,
    has_claim,
    hold_of,
    minimum_met,
    must_keep,
    tries_offered,
    tries_owed,
)
from campaigns.calling.ordering import RankFacts, rank_value
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_CUTS, DEFAULT_ROTATION, Band
from dialer.calendar.holidays import day_kind
from dialer.outbound.retry import PastAttempt, RetryRules, Spacing, next_attempt
from tests.simulated.people import LEAVES, RIGHT_PARTY, Person, people
from tests.usual_hours import HOURS

PARAMETERS = Parameters()
PERIODS = (
    (date(2022, 9, 5), date(2022, 9, 18)),
    (date(2022, 10, 6), date(2022, 10, 19)),
    (date(2022, 11, 8), date(2022, 11, 22)),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One band of one day."""

    index: int
    day: date
    band: Band
    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        return (self.end - self.start) / timedelta(hours=1)


@cache
def slots_of(first: date, last: date) -> tuple[Slot, ...]:
    """The bands of all days of a period, in the order of time."""
    found: list[Slot] = []
    day = first
    while day <= last:
        for cut in DEFAULT_CUTS.of_kind(day_kind(day, HOURS.holidays)):
            found.append(Slot(len(found), day, cut.band, *cut.hours.on(day)))
        day += timedelta(days=1)
    return tuple(found)


@dataclass(slots=True)
class Campaign:
    """A campaign under way: ``contacts`` numbers the dial at which each person was reached."""

    slots: tuple[Slot, ...]
    people: list[Person]
    dials: int = 0
    contacts: list[int] = field(default_factory=list)
    unfair_sixths: int = 0

    @property
    def last_day(self) -> date:
        return self.slots[-1].day

    def rate(self, dials: int | None = None) -> float:
        """Share of all people reached within so many dials."""
        within = [one for one in self.contacts if dials is None or one <= dials]
        return len(within) / len(self.people)


def new_campaign(seed: int, count: int, spread: float = 0.0) -> Campaign:
    """``spread``: how far the whole campaign may answer better or worse than assumed."""
    chance = Random(f"campaign/{seed}")
    level = 1.0 + spread * (2 * chance.random() - 1)
    period = PERIODS[seed % len(PERIODS)]
    slots = slots_of(*period)
    return Campaign(slots, people(count, len(slots), chance, level))


@cache
def offered_at(slots: tuple[Slot, ...], index: int) -> frozenset[TryKind]:
    return tries_offered(HOURS, slots[index].start, slots[-1].day)


def owed_to(person: Person, offered: frozenset[TryKind]) -> frozenset[TryKind]:
    return tries_owed(person.used, offered, person.reached)


@cache
def next_slot(
    slots: tuple[Slot, ...], past: tuple[int, ...], keep_for: frozenset[TryKind], by_band: bool
) -> int:
    """Where the shipped retry rule puts the next attempt; behind the end when nowhere."""
    made = [PastAttempt(slots[one].start, slots[one].band, True) for one in past]
    rules = RetryRules(
        max_counted_per_day=PARAMETERS.max_counted_per_day,
        max_counted_in_7_days=PARAMETERS.max_counted_in_7_days,
        pause_minutes=PARAMETERS.busy_pause_minutes,
        other_band=by_band,
        other_weekday=by_band,
        rotation=bands_to_seek(DEFAULT_ROTATION, None, keep_for),
        last_day=slots[-1].day,
    )
    at = next_attempt(made, rules, HOURS, made[-1].at, spacing=Spacing.OTHER_DAY)
    return next((slot.index for slot in slots if at and slot.end > at), len(slots))


Policy = Callable[[Campaign, Slot, int], int]
"""Serves one slot with so many dials; returns how many it made."""


def open_people(campaign: Campaign, slot: Slot) -> list[Person]:
    return [
        one
        for one in campaign.people
        if not one.reached
        and not one.gone
        and one.ready <= slot.index
        and len(one.past) < PARAMETERS.max_counted_attempts
    ]


def dial(campaign: Campaign, person: Person, slot: Slot, by_band: bool) -> None:
    """One counted attempt and what comes of it."""
    campaign.dials += 1
    person.past += (slot.index,)
    person.used |= {slot.band}
    if person.is_bad_number:
        person.gone = True
        return
    if person.answers(slot.band, slot.index):
        if person.known[slot.index] < RIGHT_PARTY:
            person.reached = True
            campaign.contacts.append(campaign.dials)
            return
    else:
        person.unanswered += 1
    person.gone = person.known[slot.index] > 1 - LEAVES
    owed = owed_to(person, offered_at(campaign.slots, slot.index))
    keep = must_keep(len(person.past), PARAMETERS.max_counted_attempts, owed)
    person.ready = next_slot(
        campaign.slots, person.past, owed if keep and by_band else frozenset(), by_band
    )


def shipped(campaign: Campaign, slot: Slot, capacity: int) -> int:
    """The order of the product: rank at the opening of the band, fairness at each dial."""
    offered = offered_at(campaign.slots, slot.index)
    most = PARAMETERS.max_counted_attempts
    ranked = sorted(
        (rank_value(facts_of(campaign, one, offered), slot.start, slot.band), one.row)
        for one in open_people(campaign, slot)
    )
    made = 0
    for _value, row in ranked:
        if made == capacity:
            break
        person = campaign.people[row - 1]
        counted = len(person.past)
        others = counted >= 5 and someone_waits(campaign, person, offered)
        held = hold_of(
            counted=counted,
            most=most,
            owed=owed_to(person, offered),
            band=slot.band,
            others_owed=others,
        )
        if held is None:
            campaign.unfair_sixths += counted >= 5 and someone_waits(campaign, person, offered)
            dial(campaign, person, slot, True)
            made += 1
    return made


def someone_waits(campaign: Campaign, person: Person, offered: frozenset[TryKind]) -> bool:
    return any(
        not one.gone
        and one is not person
        and has_claim(len(one.past), PARAMETERS.max_counted_attempts, owed_to(one, offered))
        for one in campaign.people
    )


def facts_of(campaign: Campaign, person: Person, offered: frozenset[TryKind]) -> RankFacts:
    by_band = dict.fromkeys(Band, 0)
    for index in person.past:
        by_band[campaign.slots[index].band] += 1
    return RankFacts(
        row_number=person.row,
        used_bands=person.used,
        owed=owed_to(person, offered),
        minimum_met=minimum_met(by_band, PARAMETERS),
        counted_attempts=len(person.past),
    )


def first_come(campaign: Campaign, slot: Slot, capacity: int) -> int:
    """First come, first served, under the same limits: who has waited longest is next."""
    waiting = sorted(open_people(campaign, slot), key=lambda one: (one.ready, one.row))
    for person in waiting[:capacity]:
        dial(campaign, person, slot, False)
    return min(len(waiting), capacity)


def run(
    campaign: Campaign,
    policy: Policy,
    dials_per_hour: float,
    slots: Sequence[Slot] = (),
    scarce: frozenset[Band] = frozenset(),
) -> Campaign:
    """Works through the slots (by default all), each with the dials its hours give.

    ``scarce``: bands in which there are hardly any agents.
    """
    for slot in slots or campaign.slots:
        few = 0.1 if slot.band in scarce else 1.0
        policy(campaign, slot, round(few * dials_per_hour * slot.hours))
    return campaign
