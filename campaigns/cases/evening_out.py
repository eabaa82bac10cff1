"""Pure: how many cases go from whom to whom so that the open ones are spread evenly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """So many cases go from one holder to another."""

    origin: str
    target: str
    count: int


def even_out(open_cases: Mapping[str, int], movable: Mapping[str, int]) -> dict[str, int]:
    """The number of open cases of each holder afterwards.

    ``movable``: how many of a holder's cases may be given away; the rest stays. The sum is kept,
    and two holders differ by more than one only where what one of them must keep is more than an
    even share. Who has more now keeps the odd case, so that as few as possible move.
    """
    kept = {holder: open_cases[holder] - movable.get(holder, 0) for holder in open_cases}
    total = sum(open_cases.values())
    level = _level(kept, total)
    after = {holder: max(number, level) for holder, number in kept.items()}
    left = total - sum(after.values())
    below = [holder for holder in open_cases if kept[holder] <= level]
    for holder in sorted(below, key=lambda one: (-open_cases[one], one))[:left]:
        after[holder] += 1
    return after


def moves_between(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[Move, ...]:
    """The moves that lead from one state to the other; each case moves once."""
    giving = {one: before[one] - after[one] for one in sorted(before) if before[one] > after[one]}
    moves = []
    for target in sorted(after):
        wanting = after[target] - before[target]
        for origin in giving:
            count = min(wanting, giving[origin])
            if count > 0:
                moves.append(Move(origin, target, count))
                giving[origin] -= count
                wanting -= count
    return tuple(moves)


def _level(kept: Mapping[str, int], total: int) -> int:
    """The highest level to which everybody can be filled without exceeding the total."""
    low, high = 0, total
    while low < high:
        middle = (low + high + 1) // 2
        if sum(max(number, middle) for number in kept.values()) <= total:
            low = middle
        else:
            high = middle - 1
    return low
