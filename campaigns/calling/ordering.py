"""Pure: in which order callable cases are served, and why a case stands where it does.

Due follow-up calls, then broken promises. Among all others: nobody's sixth attempt before the
others had theirs; whoever still waits for the very try that the present hours are (evening,
weekend); then cases whose present band is untried, those below the prescribed minimum, those
with the fewest attempts, the lowest 優先順位, the oldest due date, the place in the lent file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from campaigns.calling.fairness import FAIR_ATTEMPTS, TryKind, kind_of
from dialer.calendar.bands import Band

MAX_ATTEMPTS = (1 << 6) - 1
MAX_PRIORITY = (1 << 10) - 1
MAX_DAY = (1 << 16) - 1
MAX_ROW = (1 << 22) - 1
_WIDTHS = (1, 1, 1, 1, 1, 1, 6, 10, 16, 22)  # 60 bits: a signed 64-bit column holds every value
_LAST_PARTS = 3  # priority, due day and row: of the case alone
_FIRST_DAY = date(1950, 1, 1).toordinal()
NO_PRIORITY = MAX_PRIORITY


@dataclass(frozen=True, slots=True, kw_only=True)
class RankFacts:
    """``priority``: 優先順位, lower first, None last; ``row_number``: from 1, below 4,194,304.

    ``used_bands``: of counted attempts. ``owed``: the tries this person still waits for.
    ``minimum_met``: attempted as often as prescribed.
    """

    row_number: int
    follow_up_at: datetime | None = None
    promise_broken: bool = False
    used_bands: frozenset[Band] = frozenset()
    owed: frozenset[TryKind] = frozenset()
    minimum_met: bool = False
    counted_attempts: int = 0
    priority: int | None = None
    oldest_due_on: date | None = None


class Rank(NamedTuple):
    """Compares as the order of serving: the smallest first."""

    no_due_follow_up: int
    no_broken_promise: int
    after_the_others: int
    no_owed_try: int
    band_used: int
    minimum_met: int
    counted_attempts: int
    priority: int
    oldest_due_day: int
    row_number: int


class RankReason(StrEnum):
    """What put a case where it stands, the weightiest first."""

    FOLLOW_UP_DUE = "follow_up_due"
    PROMISE_BROKEN = "promise_broken"
    AFTER_THE_OTHERS = "after_the_others"
    OWED_TRY = "owed_try"
    NEW_BAND = "new_band"
    BAND_USED = "band_used"
    BELOW_MINIMUM = "below_minimum"
    MINIMUM_MET = "minimum_met"


def rank(facts: RankFacts, now: datetime, band: Band | None = None) -> Rank:
    """The sortable key at ``now`` (aware); ``band``: the band of now, None outside the hours.

    Values beyond their width share the last place of it. Raises ValueError for a row number
    outside its width: two cases must never share a rank.
    """
    if not 0 <= facts.row_number <= MAX_ROW:
        raise ValueError("the row number does not fit a rank")
    due = facts.follow_up_at is not None and facts.follow_up_at <= now
    priority = NO_PRIORITY if facts.priority is None else facts.priority
    day = facts.oldest_due_on
    return Rank(
        no_due_follow_up=int(not due),
        no_broken_promise=int(not facts.promise_broken),
        after_the_others=int(facts.counted_attempts >= FAIR_ATTEMPTS),
        no_owed_try=int(kind_of(band) not in facts.owed),
        band_used=int(band is None or band in facts.used_bands),
        minimum_met=int(facts.minimum_met),
        counted_attempts=_within(facts.counted_attempts, MAX_ATTEMPTS),
        priority=_within(priority, MAX_PRIORITY),
        oldest_due_day=MAX_DAY if day is None else _within(day.toordinal() - _FIRST_DAY, MAX_DAY),
        row_number=facts.row_number,
    )


def rank_value(facts: RankFacts, now: datetime, band: Band | None = None) -> int:
    """The rank as one whole number below 2**60 that sorts as ``rank`` does, for the database."""
    return _packed(rank(facts, now, band), _WIDTHS)


def with_place(first: int, priority: int, oldest_due_on: date, row_number: int) -> int:
    """``first``, the number of a case with the same history, given this case's own last parts.

    Many cases share a history: passes over whole campaigns ask ``rank_value`` once for each.
    """
    day = _within(oldest_due_on.toordinal() - _FIRST_DAY, MAX_DAY)
    last = _packed((_within(priority, MAX_PRIORITY), day, row_number), _WIDTHS[-_LAST_PARTS:])
    width = sum(_WIDTHS[-_LAST_PARTS:])
    return first >> width << width | last


def _packed(parts: Iterable[int], widths: Iterable[int]) -> int:
    value = 0
    for part, width in zip(parts, widths, strict=True):
        value = (value << width) | part
    return value


def read_rank(value: int) -> Rank:
    """The rank behind a stored number. Raises ValueError for one that no rank has."""
    if not 0 <= value < 1 << sum(_WIDTHS):
        raise ValueError("no rank has this value")
    parts: list[int] = []
    for width in reversed(_WIDTHS):
        parts.append(value & ((1 << width) - 1))
        value >>= width
    return Rank(*reversed(parts))


def explain(value: int) -> tuple[RankReason, ...]:
    """Why a case with this stored rank stands where it does; the screens put it into words."""
    parts = read_rank(value)
    if not parts.no_due_follow_up:
        return (RankReason.FOLLOW_UP_DUE,)
    if not parts.no_broken_promise:
        return (RankReason.PROMISE_BROKEN,)
    told = (
        (parts.after_the_others, RankReason.AFTER_THE_OTHERS),
        (not parts.no_owed_try, RankReason.OWED_TRY),
        (True, RankReason.BAND_USED if parts.band_used else RankReason.NEW_BAND),
        (True, RankReason.MINIMUM_MET if parts.minimum_met else RankReason.BELOW_MINIMUM),
    )
    return tuple(reason for holds, reason in told if holds)


def _within(value: int, largest: int) -> int:
    return min(max(value, 0), largest)
