"""Pure: what a campaign comes to by its last day, and what it takes to come to more.

People with the same history are one group, and a group is served as the shipped rules would serve
its members: rank, fairness, next attempt in an untried band. Shares of people stand for chances,
so the forecast is the expected outcome, the same each time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from campaigns.calling.fairness import (
    BANDS_OF,
    TryKind,
    has_claim,
    hold_of,
    kind_of,
    minimum_met,
    must_keep,
    tries_owed,
)
from campaigns.calling.ordering import RankFacts, rank_value
from campaigns.planning.behaviour import Behaviour
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import Band, BandCuts
from dialer.calendar.holidays import business_day, day_kind
from dialer.calendar.windows import CallingHours

ONE_HOUR = timedelta(hours=1)
LEAST_PEOPLE = 0.5  # fewer expected people than this are nobody to wait for
ROUNDS = 7  # of halving: to within a hundredth of what is needed
FEWEST_AGENTS, MOST_AGENTS = 0.25, 256.0


@dataclass(frozen=True, slots=True)
class Slot:
    """What is left of one band of one day; ``start`` aware."""

    day: date
    band: Band
    start: datetime
    hours: float


class Tried(NamedTuple):
    """Counted attempts by band, in the order of ``Band``."""

    h1: int = 0
    h2: int = 0
    h3: int = 0
    h4: int = 0
    h5: int = 0

    @property
    def by_band(self) -> dict[Band, int]:
        return dict(zip(Band, self, strict=True))

    @property
    def used(self) -> frozenset[Band]:
        return frozenset(band for band, number in self.by_band.items() if number)

    def and_one_in(self, band: Band) -> Tried:
        place = list(Band).index(band)
        return Tried(*(number + (one == place) for one, number in enumerate(self)))


@dataclass(frozen=True, slots=True)
class Group:
    """People with one history, not reached yet; ``ready_at`` aware, None: at once."""

    tried: Tried
    people: float
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """By which rules the rest of the campaign is called; ``slots`` in the order of time."""

    parameters: Parameters
    rotation: tuple[Band, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected people reached from now on, and the dials made in each slot."""

    reached: float
    reached_by_day: Mapping[date, float]
    dials: tuple[float, ...]

    @property
    def all_dials(self) -> float:
        """In all slots together."""
        return sum(self.dials)


@dataclass(frozen=True, slots=True)
class Need:
    """What it takes: ``agents`` at every slot, or None when no number of agents is enough."""

    agents: float | None
    forecast: Forecast


def slots_left(
    hours: CallingHours, now: datetime, last_day: date, cuts: BandCuts
) -> tuple[Slot, ...]:
    """The bands from now (aware) to the end of the last day, as far as the hours are open."""
    found: list[Slot] = []
    day = business_day(now)
    while day <= last_day:
        windows = hours.windows_on(day)
        kind = day_kind(day, hours.holidays) if windows else None
        for cut in cuts.of_kind(kind) if kind else ():
            first, last = cut.hours.on(day)
            for start, end in windows:
                begin, stop = max(start, first, now), min(end, last)
                if begin < stop:
                    found.append(Slot(day, cut.band, begin, (stop - begin) / ONE_HOUR))
        day += timedelta(days=1)
    return tuple(found)


def forecast(
    groups: Iterable[Group], terms: Terms, behaviour: Behaviour, agents: float
) -> Forecast:
    """The expected outcome with so many agents at every slot."""
    course = _Course(terms, behaviour)
    ends = [slot.start + slot.hours * ONE_HOUR for slot in terms.slots]
    for group in groups:
        first = 0 if group.ready_at is None else bisect_right(ends, group.ready_at)
        course.add(group.tried, first, group.people)
    dials: list[float] = []
    for place, slot in enumerate(terms.slots):
        dials.append(course.serve(place, agents * slot.hours * behaviour.dials_per_hour))
    return Forecast(course.reached, dict(course.by_day), tuple(dials))


def need(groups: Sequence[Group], terms: Terms, behaviour: Behaviour, people: float) -> Need:
    """The fewest agents with whom so many more people are reached by the last day."""
    high, found = FEWEST_AGENTS, forecast(groups, terms, behaviour, FEWEST_AGENTS)
    most = found
    while found.reached < people:
        if high >= MOST_AGENTS:
            return Need(None, most)
        high = min(2 * high, MOST_AGENTS)
        found = forecast(groups, terms, behaviour, high)
        most = max(most, found, key=lambda one: one.reached)
    low = high / 2 if high > FEWEST_AGENTS else 0.0
    for _round in range(ROUNDS):
        middle = (low + high) / 2
        tried = forecast(groups, terms, behaviour, middle)
        if tried.reached >= people:
            high, found = middle, tried
        else:
            low = middle
    return Need(high, found)


@dataclass(slots=True)
class _Course:
    """The rest of a campaign under way."""

    terms: Terms
    behaviour: Behaviour
    waiting: dict[tuple[int, Tried], float] = field(default_factory=dict)
    reached: float = 0.0
    by_day: dict[date, float] = field(default_factory=lambda: defaultdict(float))
    seeks: dict[tuple[int, Tried], int] = field(default_factory=dict)

    def add(self, tried: Tried, place: int, people: float) -> None:
        if sum(tried) < self.terms.parameters.max_counted_attempts:
            key = (place, tried)
            self.waiting[key] = self.waiting.get(key, 0.0) + people

    def serve(self, place: int, room: float) -> float:
        """One slot with so many dials; returns those made."""
        slot, made = self.terms.slots[place], 0.0
        offered = frozenset(
            kind
            for kind, bands in BANDS_OF.items()
            if any(one.band in bands for one in self.terms.slots[place:])
        )
        claims = self._claims(offered)
        for key in sorted(
            (key for key in self.waiting if key[0] <= place), key=lambda one: self._rank(one, slot)
        ):
            if made >= room:
                break
            if self._is_held(key[1], slot.band, offered, claims):
                continue
            people = self.waiting.pop(key)
            calls = min(people, (room - made) * self.behaviour.counted_per_dial)
            made += calls / self.behaviour.counted_per_dial
            if people > calls:
                self.waiting[key] = people - calls
            self._called(place, key[1], calls, offered)
        return made

    def _called(self, place: int, tried: Tried, calls: float, offered: frozenset[TryKind]) -> None:
        slot = self.terms.slots[place]
        share = self.behaviour.reaches(slot.band, sum(tried))
        self.reached += calls * share
        self.by_day[slot.day] += calls * share
        after = tried.and_one_in(slot.band)
        left = calls * self.behaviour.stays(slot.band, sum(tried))
        self.add(after, self._next(place, after, offered), left)

    def _claims(self, offered: frozenset[TryKind]) -> bool:
        most = self.terms.parameters.max_counted_attempts
        waiting = sum(
            people
            for (_place, tried), people in self.waiting.items()
            if has_claim(sum(tried), most, tries_owed(tried.used, offered, False))
        )
        return waiting > LEAST_PEOPLE

    def _is_held(self, tried: Tried, band: Band, offered: frozenset[TryKind], claims: bool) -> bool:
        held = hold_of(
            counted=sum(tried),
            most=self.terms.parameters.max_counted_attempts,
            owed=tries_owed(tried.used, offered, False),
            band=band,
            others_owed=claims,
        )
        return held is not None

    def _rank(self, key: tuple[int, Tried], slot: Slot) -> int:
        tried = key[1]
        now = kind_of(slot.band)
        facts = RankFacts(
            row_number=0,
            used_bands=tried.used,
            owed=tries_owed(tried.used, frozenset({now} if now else ()), False),
            minimum_met=minimum_met(tried.by_band, self.terms.parameters),
            counted_attempts=sum(tried),
        )
        return rank_value(facts, slot.start, slot.band)

    def _next(self, place: int, tried: Tried, offered: frozenset[TryKind]) -> int:
        key = (place, tried)
        if key not in self.seeks:
            self.seeks[key] = self._seek(place, tried, offered)
        return self.seeks[key]

    def _seek(self, place: int, tried: Tried, offered: frozenset[TryKind]) -> int:
        """Where the next attempt is put, as ``dialer.outbound.retry`` does it for one person."""
        slots, here = self.terms.slots, self.terms.slots[place]
        later = [one for one in range(place, len(slots)) if slots[one].day > here.day]
        owed = tries_owed(tried.used, offered, False)
        most = self.terms.parameters.max_counted_attempts
        wanted = [band for band in self.terms.rotation if band not in tried.used]
        if must_keep(sum(tried), most, owed):
            wanted = [band for band in Band if kind_of(band) in owed]
        wanted = wanted or [band for band in self.terms.rotation if band is not here.band]
        found = [one for one in later if slots[one].band in wanted]
        if not found:
            return later[0] if later else len(slots)
        soonest = [one for one in found if slots[one].day == slots[found[0]].day]
        return min(soonest, key=lambda one: wanted.index(slots[one].band))
