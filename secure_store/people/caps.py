"""Pure: how many cases a person may look at, and when the supervisors are told.

(security.md 7.5; S4-14.4-1)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import median

WINDOW = timedelta(hours=1)


class WatchedKind(StrEnum):
    """Acts that are counted for each person."""

    VIEW = "view"
    SEARCH = "search"
    DIAL = "dial"


class AlertKind(StrEnum):
    """Why the supervisors are told about a person."""

    MANY_VIEWS = "many_views"
    TOO_MANY_VIEWS = "too_many_views"
    TOO_MANY_SEARCHES = "too_many_searches"
    VIEWS_WITHOUT_DIAL = "views_without_dial"
    FAR_ABOVE_TEAM = "far_above_team"


@dataclass(frozen=True, slots=True)
class Caps:
    """Per person and hour; ``undialled_told``: cases looked at in a row without a call."""

    views_told: int = 60
    views_most: int = 120
    searches_most: int = 40
    undialled_told: int = 5
    exports_a_day: int = 10


USUAL = Caps()
# Compared with the team at every tenth case: a few cases more say nothing, and neither do two people.
COMPARED_EVERY = 10
TEAM_AT_LEAST = 3
FAR_ABOVE = 3


def is_far_above(views: int, others: Collection[int]) -> bool:
    """More than three times the median of the others' cases in the same hour (security.md 7.5)."""
    return len(others) >= TEAM_AT_LEAST and views > FAR_ABOVE * median(others)


def alert_on_view(caps: Caps, views: int, undialled: int) -> AlertKind | None:
    """What the supervisors are told when a further case is looked at, counting it; else None.

    Once at each mark, not at every case after it.
    """
    if views == caps.views_most:
        return AlertKind.TOO_MANY_VIEWS
    if views == caps.views_told:
        return AlertKind.MANY_VIEWS
    if undialled == caps.undialled_told:
        return AlertKind.VIEWS_WITHOUT_DIAL
    return None
