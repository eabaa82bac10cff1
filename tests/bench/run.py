"""Measures, on this machine, the figures that have a goal: `make bench`.

    make bench                      all of them, in sizes that take some minutes
    make bench SIZE=full            with millions of rows; takes an hour
    make bench FIGURES="outcome"    some of them

Ratios travel between machines, times do not; both are printed, with the machine they are from.
A figure that is not met is printed as such and is no failure of the run.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from tests.bench.ground import Ground, opened
from tests.bench.measuring import Figure, machine

FIGURES = (
    "sealing",
    "leasing",
    "peers",
    "lease_scale",
    "crowd",
    "outcome",
    "callback",
    "intake",
    "intake_growth",
)


def line_of(figure: Figure) -> str:
    """One figure as one line."""
    sides = f"{figure.ours} : {figure.theirs}"
    return (
        f"{figure.name:<66} {figure.database:<10} {sides:<34} "
        f"{figure.ratio:9.2f}  {figure.goal:<7} {figure.verdict}"
    )


def taken(ground: Ground, name: str) -> list[Figure]:
    """The figures of one file of this folder."""
    return list(importlib.import_module(f"tests.bench.{name}").figures(ground))


def main(names: Sequence[str]) -> int:
    """Prints the machine, then every figure as soon as it is taken."""
    unknown = set(names) - set(FIGURES)
    if unknown:
        sys.stderr.write(f"no such figure: {', '.join(sorted(unknown))}\n")
        return 2
    sys.stdout.write(f"{machine()}\nfigure, database, both sides, ratio, goal\n")
    missed = 0
    with opened() as ground:
        for name in names or FIGURES:
            for figure in taken(ground, name):
                missed += not figure.is_met
                sys.stdout.write(line_of(figure) + "\n")
                sys.stdout.flush()
    sys.stdout.write(f"{missed} not met\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
