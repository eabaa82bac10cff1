"""Pure: how often a call reaches the person, assumed at first, then the campaign's own figures.

The assumed shares come from what call centres have published (domain §3.2: answers by band, 75
in a hundred of them by the person). Every figure is shrunk: it begins with the weight of so many
assumed calls, and each call of the campaign moves it towards what really happens. First the level
of the whole campaign is learned from all its calls, then each band against that level, so that
a weekend nobody has called on yet profits from what the weekdays have shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dialer.calendar.bands import Band

ASSUMED: Mapping[Band, float] = MappingProxyType(
    {Band.H1: 0.225, Band.H2: 0.195, Band.H3: 0.255, Band.H4: 0.255, Band.H5: 0.31}
)
"""Assumed share of first attempts that reach the person."""
ASSUMED_AGAIN = (1.0, 1.05, 1.0, 0.65)
"""Assumed: a second, third, and any further attempt against a first one in that band. With an
untried band each time the next attempts lose little; after three, those are left who rarely answer.
"""
ASSUMED_ENDS = (0.05, 0.02)
"""Assumed share of first and of later attempts that end the case without contact: a bad number
shows at once, refusals and matters for the department may come at any time."""
ASSUMED_DIALS_PER_HOUR = 20.0
ASSUMED_COUNTED = 0.95
"""Assumed share of dials that count as an attempt (a busy line does not)."""

LEVEL_CALLS = 150
BAND_CALLS = 100
AGAIN_CALLS = 150
ENDS_CALLS = 150
COUNTED_DIALS = 100
SPEED_HOURS = 20.0
"""What the assumed figures weigh, in calls (attempts), dials and agent-hours."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counted attempts at persons not reached before, and how many of them reached the person."""

    attempts: int = 0
    reached: int = 0


Tallies = Mapping[tuple[Band, int], Tally]
"""By band and the attempts made before: 0, 1, 2, and 3 for three or more."""


@dataclass(frozen=True, slots=True)
class BandFigure:
    """One band: what was assumed, what happened, what the forecast uses.

    ``own_weight``: how much of the figure rests on the campaign's own calls, 0 to 1.
    """

    band: Band
    assumed: float
    attempts: int
    reached: int
    used: float
    own_weight: float


@dataclass(frozen=True, slots=True)
class Work:
    """What the campaign's agents did so far; ended: cases closed without contact."""

    dials: int = 0
    agent_hours: float = 0.0
    counted_first: int = 0
    counted_later: int = 0
    ended_first: int = 0
    ended_later: int = 0

    @property
    def counted(self) -> int:
        """All counted attempts."""
        return self.counted_first + self.counted_later


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Everything a forecast asks about people and agents."""

    figures: Mapping[Band, BandFigure]
    again: tuple[float, ...]
    ends: tuple[float, float]
    dials_per_hour: float
    counted_per_dial: float

    def reaches(self, band: Band, attempts_before: int) -> float:
        """The share of attempts that reach the person."""
        again = self.again[min(attempts_before, len(self.again) - 1)]
        return min(self.figures[band].used * again, 0.95)

    def stays(self, band: Band, attempts_before: int) -> float:
        """The share of attempts after which the person is still to be called."""
        ends = self.ends[min(attempts_before, len(self.ends) - 1)]
        return (1 - self.reaches(band, attempts_before)) * (1 - ends)


def learn(tallies: Tallies, work: Work) -> Behaviour:
    """The assumed figures, moved towards the campaign's own as far as there are calls."""
    level = _level(tallies)
    figures = {band: _figure(band, level, tallies) for band in Band}
    return Behaviour(
        figures=MappingProxyType(figures),
        again=tuple(_again(place, figures, tallies) for place in range(len(ASSUMED_AGAIN))),
        ends=(
            _shrunk(work.ended_first, work.counted_first, ASSUMED_ENDS[0], ENDS_CALLS),
            _shrunk(work.ended_later, work.counted_later, ASSUMED_ENDS[1], ENDS_CALLS),
        ),
        dials_per_hour=_shrunk(work.dials, work.agent_hours, ASSUMED_DIALS_PER_HOUR, SPEED_HOURS),
        counted_per_dial=_shrunk(work.counted, work.dials, ASSUMED_COUNTED, COUNTED_DIALS),
    )


def _shrunk(happened: float, out_of: float, assumed: float, weight: float) -> float:
    return (happened + assumed * weight) / (out_of + weight)


def _expected(tallies: Tallies, band: Band | None = None) -> float:
    return sum(
        tally.attempts * ASSUMED[one] * ASSUMED_AGAIN[place]
        for (one, place), tally in tallies.items()
        if band in (None, one)
    )


def _level(tallies: Tallies) -> float:
    """How much better than assumed the whole campaign answers."""
    weight = LEVEL_CALLS * sum(ASSUMED.values()) / len(ASSUMED)
    reached = sum(tally.reached for tally in tallies.values())
    return (reached + weight) / (_expected(tallies) + weight)


def _figure(band: Band, level: float, tallies: Tallies) -> BandFigure:
    mine = [tally for (one, _place), tally in tallies.items() if one is band]
    attempts, reached = sum(one.attempts for one in mine), sum(one.reached for one in mine)
    weight = BAND_CALLS * ASSUMED[band]
    factor = (reached + weight * level) / (_expected(tallies, band) + weight)
    return BandFigure(
        band=band,
        assumed=ASSUMED[band],
        attempts=attempts,
        reached=reached,
        used=min(ASSUMED[band] * factor, 0.95),
        own_weight=attempts / (attempts + BAND_CALLS),
    )


def _again(place: int, figures: Mapping[Band, BandFigure], tallies: Tallies) -> float:
    """A later attempt against a first one; the first is the measure."""
    if place == 0:
        return 1.0
    mine = {band: tally for (band, one), tally in tallies.items() if one == place}
    assumed = ASSUMED_AGAIN[place]
    expected = sum(tally.attempts * figures[band].used for band, tally in mine.items())
    weight = AGAIN_CALLS * sum(ASSUMED.values()) / len(ASSUMED)
    reached = sum(tally.reached for tally in mine.values())
    return (reached + assumed * weight) / (expected + weight)
