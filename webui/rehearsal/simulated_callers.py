"""Who rings the dedicated number on a simulated day, and when. Shares are assumed figures."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from campaigns.api import OutcomeRow
from webui.rehearsal.simulated_people import Manner, SimulatedPerson

Steps = Generator[timedelta, None, None]
"""Something that takes time: it yields how long until its next step."""

RINGS_BACK = {"11": 0.12, "13": 0.15, "32": 0.6}
"""Assumed share of people who ring back after a call with this outcome."""
MANNERS = (Manner.SAYS_ALL, Manner.SLIPS_ONCE, Manner.MIXES_UP, Manner.REFUSES)
MANNER_WEIGHTS = (12, 1, 4, 2)
AGAIN_AFTER = timedelta(minutes=12)


def seconds(chance: Random, low: int, high: int) -> timedelta:
    """A whole number of seconds between the two, both included."""
    return timedelta(seconds=chance.randint(low, high))


@dataclass(frozen=True, slots=True, order=True)
class Caller:
    """One incoming call. ``person`` None: somebody who is on no list, or says nothing."""

    at: datetime
    turn: int
    person: SimulatedPerson | None = field(compare=False, repr=False)
    number: str = field(compare=False, repr=False, default="")
    manner: Manner = field(compare=False, default=Manner.SAYS_ALL)


class CallerQueue:
    """Incoming calls in the order of their arrival."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"{seed}/callers")
        self._waiting: list[Caller] = []
        self._turn = 0

    def add(
        self,
        at: datetime,
        person: SimulatedPerson | None,
        number: str = "",
        manner: Manner = Manner.SAYS_ALL,
    ) -> None:
        """Somebody will ring at this instant (aware)."""
        self._turn += 1
        self._waiting.append(Caller(at, self._turn, person, number, manner))
        self._waiting.sort()

    def take(self, now: datetime) -> Caller | None:
        """Whoever rang first and is not answered yet."""
        if self._waiting and self._waiting[0].at <= now:
            return self._waiting.pop(0)
        return None

    def next_at(self) -> datetime | None:
        """When the next of them rings, or rang."""
        return self._waiting[0].at if self._waiting else None

    def rings_again(self, caller: Caller, now: datetime) -> None:
        """The case was in other hands; the caller tries again."""
        self.add(now + AGAIN_AFTER, caller.person, caller.number, caller.manner)

    def after_call(
        self, person: SimulatedPerson, number: str, row: OutcomeRow, now: datetime
    ) -> None:
        """Decides whether this person rings back later in the day."""
        if self._chance.random() >= RINGS_BACK.get(row.code, 0.0):
            return
        manner = self._chance.choices(MANNERS, MANNER_WEIGHTS)[0]
        self.add(now + timedelta(minutes=self._chance.randint(10, 120)), person, number, manner)
