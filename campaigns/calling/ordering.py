"""Pure: in which order callable cases are served.

Due follow-up calls, then broken promises, then cases whose present band is untried, then those
with the fewest attempts, the lowest 優先順位, the oldest due date, and the place in the lent file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from dialer.calendar.bands import Band

MAX_ATTEMPTS = (1 << 6) - 1
MAX_PRIORITY = (1 << 10) - 1
MAX_DAY = (1 << 22) - 1
MAX_ROW = (1 << 22) - 1
_WIDTHS = (1, 1, 1, 6, 10, 22, 22)  # 63 bits: a signed 64-bit column holds every value
NO_PRIORITY = MAX_PRIORITY


@dataclass(frozen=True, slots=True, kw_only=True)
class RankFacts:
    """``priority``: 優先順位, lower first, None last; ``row_number``: from 1, below 4,194,304."""

    row_number: int
    follow_up_at: datetime | None = None
    promise_broken: bool = False
    used_bands: frozenset[Band] = frozenset()
    counted_attempts: int = 0
    priority: int | None = None
    oldest_due_on: date | None = None


class Rank(NamedTuple):
    """Compares as the order of serving: the smallest first."""

    no_due_follow_up: int
    no_broken_promise: int
    band_used: int
    counted_attempts: int
    priority: int
    oldest_due_day: int
    row_number: int


def rank(facts: RankFacts, now: datetime, band: Band | None = None) -> Rank:
    """The sortable key at ``now`` (aware); ``band``: the band of now, None outside the hours.

    Values beyond their width share the last place of it. Raises ValueError for a row number
    outside its width: two cases must never share a rank.
    """
    if not 0 <= facts.row_number <= MAX_ROW:
        raise ValueError("the row number does not fit a rank")
    due = facts.follow_up_at is not None and facts.follow_up_at <= now
    priority = NO_PRIORITY if facts.priority is None else facts.priority
    day = MAX_DAY if facts.oldest_due_on is None else facts.oldest_due_on.toordinal()
    return Rank(
        no_due_follow_up=int(not due),
        no_broken_promise=int(not facts.promise_broken),
        band_used=int(band is None or band in facts.used_bands),
        counted_attempts=_within(facts.counted_attempts, MAX_ATTEMPTS),
        priority=_within(priority, MAX_PRIORITY),
        oldest_due_day=_within(day, MAX_DAY),
        row_number=facts.row_number,
    )


def rank_value(facts: RankFacts, now: datetime, band: Band | None = None) -> int:
    """The rank as one whole number below 2**63 that sorts as ``rank`` does, for the database."""
    value = 0
    for part, width in zip(rank(facts, now, band), _WIDTHS, strict=True):
        value = (value << width) | part
    return value


def _within(value: int, largest: int) -> int:
    return min(max(value, 0), largest)
