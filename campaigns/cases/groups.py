"""The groups in which the columns of a case are sealed.

One sealed box per group: a screen that has reached only the first stage can open only the
first box (decisions 4 and 5; architecture §4.7).
"""

from __future__ import annotations

from enum import StrEnum


class Group(StrEnum):
    """Which box of a case a column lies in."""

    G1 = "g1"
    """Who to call: name, kana, telephone numbers, what to be considerate of."""

    G2 = "g2"
    """Who the person is: everything the identity check compares."""

    G3 = "g3"
    """The debt, and every other lent column."""

    G4 = "g4"
    """What was collected during calls."""
