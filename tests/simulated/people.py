"""People for campaigns on paper: hidden habits, and who answers a call when.

Every figure is assumed. The shares by band come from what call centres have published
(domain §3.2); the habits are invented so that the people differ and average to those shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from dialer.calendar.bands import Band

ANSWERED: Mapping[Band, float] = {
    Band.H1: 0.30,
    Band.H2: 0.26,
    Band.H3: 0.34,
    Band.H4: 0.34,
    Band.H5: 0.41,
}
"""Assumed share of first calls that somebody answers."""
ANSWERED_LATER, MANY_CALLS = 0.64, 3
"""Assumed: after three calls nobody answered, further ones are answered so much less often."""
RIGHT_PARTY = 0.75
"""Assumed share of answered calls in which the person is reached and known."""
BAD_NUMBER = 0.04
LEAVES = 0.015
"""Assumed share of calls after which the case ends without contact: refusal, department."""

_HABITS: tuple[tuple[float, Mapping[Band, float]], ...] = (
    (0.35, {Band.H1: 0.3, Band.H2: 0.4, Band.H3: 1.7, Band.H4: 1.1, Band.H5: 1.1}),  # works by day
    (0.25, {Band.H1: 0.5, Band.H2: 0.5, Band.H3: 0.6, Band.H4: 1.8, Band.H5: 1.8}),  # weekends
    (0.25, {Band.H1: 2.2, Band.H2: 2.2, Band.H3: 0.8, Band.H4: 0.6, Band.H5: 0.6}),  # at home
    (0.15, dict.fromkeys(Band, 0.3)),  # answers rarely
)
_MEAN = {band: sum(share * habit[band] for share, habit in _HABITS) for band in Band}


@dataclass(slots=True)
class Person:
    """One person of a campaign: what is hidden, and what the calls have come to."""

    row: int
    habit: Mapping[Band, float]
    is_bad_number: bool
    level: float
    luck: tuple[float, ...] = ()  # of every slot
    known: tuple[float, ...] = ()  # likewise, for who it is that answers
    past: tuple[int, ...] = ()  # indices of the slots in which an attempt was made
    unanswered: int = 0
    ready: int = 0  # the first slot in which the next attempt may be made
    reached: bool = False
    gone: bool = False
    used: frozenset[Band] = field(default_factory=frozenset)

    def answers(self, band: Band, slot: int) -> bool:
        """Does anybody take this call? The same luck at the same hour, whatever the order was."""
        share = ANSWERED[band] * self.level * self.habit[band] / _MEAN[band]
        if self.unanswered >= MANY_CALLS:
            share *= ANSWERED_LATER
        return self.luck[slot] < min(share, 0.95)


def people(count: int, slots: int, chance: Random, level: float) -> list[Person]:
    """So many people; ``level``: how much better than assumed this whole campaign answers."""
    habits = chance.choices(
        [habit for _share, habit in _HABITS], [share for share, _habit in _HABITS], k=count
    )
    return [
        Person(
            row,
            habit,
            chance.random() < BAD_NUMBER,
            level,
            tuple(chance.random() for _ in range(slots)),
            tuple(chance.random() for _ in range(slots)),
        )
        for row, habit in enumerate(habits, start=1)
    ]
