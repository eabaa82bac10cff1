"""How figures are taken: both sides in one run, in interleaved rounds; ratios of medians.

A ratio travels between machines, a time does not. Rounds of the two sides take turns, so that a
neighbour on the machine slows both.
"""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time

FULL = os.environ.get("SIZE") == "full"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what, on which database, both sides, their ratio, and its limit.

    ``limit`` is the largest permitted ratio, or the smallest with ``at_least``; None has no goal.
    """

    name: str
    database: str
    ours: str
    theirs: str
    ratio: float
    limit: float | None
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        if self.limit is None:
            return True
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    @property
    def goal(self) -> str:
        if self.limit is None:
            return "told"
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "met" if self.is_met else "NOT MET"


def seconds_of(act: Callable[[], object]) -> float:
    """How long one call took."""
    began = perf_counter()
    act()
    return perf_counter() - began


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """How long one call took, and how much processor time of this thread: steady on a busy machine.

    What a database server spends on it is in the first number only.
    """
    began, spent = perf_counter(), thread_time()
    act()
    return perf_counter() - began, thread_time() - spent


def quantile(times: Sequence[float], share: float) -> float:
    """The smallest time that at least this share of the times does not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def in_turns(
    acts: Sequence[Callable[[], object]], *, rounds: int, calls: int, share: float = 0.5
) -> list[float]:
    """For each act the median over rounds of a quantile of its calls, rounds interleaved."""
    found: list[list[float]] = [[] for _act in acts]
    for _round in range(rounds):
        for act, kept in zip(acts, found, strict=True):
            kept.append(quantile([seconds_of(act) for _call in range(calls)], share))
    return [statistics.median(kept) for kept in found]


def micros(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"


def machine() -> str:
    """What the figures were taken on."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
