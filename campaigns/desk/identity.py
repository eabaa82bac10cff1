"""Pure: is the speaker the person of the case, and what may therefore be shown.

The speaker supplies, the agent compares; nothing is read out (domain §3.6). The same gate holds
for calls in both directions (S4-11.3a-1). Kept are items and results, never what was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from types import MappingProxyType

from campaigns.cases.groups import Group
from campaigns.cases.states import IdentityResult, Stage
from campaigns.errors import ParameterInvalid

__all__ = [
    "IdentityItem",
    "IdentityResult",
    "ItemResult",
    "Stage",
    "check",
    "spare_allowed",
    "stage_after",
    "what_may_be_shown",
]

FURTHER_ITEMS = 2
MAX_SLIPS = 1


class IdentityItem(StrEnum):
    """What the speaker may be asked for."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    CHILD_NAME = "child_name"
    SCHOOL = "school"
    NOTICE_NUMBER = "notice_number"


class ItemResult(StrEnum):
    """What the agent found for one item."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_ASKED = "not_asked"


def check(
    results: Mapping[IdentityItem, ItemResult],
    required: Set[IdentityItem],
    *,
    spares: Set[IdentityItem] | None = None,
    refused: bool = False,
) -> IdentityResult:
    """What the answers come to. An item missing from ``results`` was not asked.

    ``required``: the name and two further items; ``spares``: what else may be asked after one
    slip, None = every other item. Passed: every required item asked, at most one slip, and a
    matching spare for it. Two slips, or one and nothing left to ask: mismatched.
    Raises ParameterInvalid when ``required`` is not a name and two further items.
    """
    others = _spares(required, spares)
    slips = _slips(results, required | others)
    if slips > MAX_SLIPS:
        return IdentityResult.MISMATCHED
    asked = all(_said(results, item) is not ItemResult.NOT_ASKED for item in required)
    matched_spares = sum(1 for item in others if _said(results, item) is ItemResult.MATCH)
    if asked and matched_spares >= slips:
        return IdentityResult.PASSED
    if refused:
        return IdentityResult.REFUSED
    if asked and not _unasked(results, others):
        return IdentityResult.MISMATCHED
    return IdentityResult.PENDING


def spare_allowed(
    results: Mapping[IdentityItem, ItemResult],
    required: Set[IdentityItem],
    *,
    spares: Set[IdentityItem] | None = None,
) -> frozenset[IdentityItem]:
    """The items one of which may now be asked instead of a slip; empty when none may."""
    others = _spares(required, spares)
    replaced = any(_said(results, item) is ItemResult.MATCH for item in others)
    if replaced or _slips(results, required | others) != MAX_SLIPS:
        return frozenset()
    return _unasked(results, others)


def _slips(results: Mapping[IdentityItem, ItemResult], items: Set[IdentityItem]) -> int:
    return sum(1 for item in items if _said(results, item) is ItemResult.MISMATCH)


def _spares(
    required: Set[IdentityItem], spares: Set[IdentityItem] | None
) -> frozenset[IdentityItem]:
    if IdentityItem.NAME not in required or len(required) <= FURTHER_ITEMS:
        raise ParameterInvalid(names=("identity_items",))
    return frozenset(IdentityItem if spares is None else spares) - required


def _unasked(
    results: Mapping[IdentityItem, ItemResult], items: frozenset[IdentityItem]
) -> frozenset[IdentityItem]:
    return frozenset(item for item in items if _said(results, item) is ItemResult.NOT_ASKED)


def _said(results: Mapping[IdentityItem, ItemResult], item: IdentityItem) -> ItemResult:
    return results.get(item, ItemResult.NOT_ASKED)


def stage_after(started: bool, result: IdentityResult) -> Stage:
    """How far the case is open: details only after a pass, the items only while comparing.

    A refused or mismatched check takes the items off the screen again.
    """
    if result is IdentityResult.PASSED:
        return Stage.GUIDANCE
    comparing = started and result is IdentityResult.PENDING
    return Stage.IDENTITY if comparing else Stage.GREETING


_SHOWN: Mapping[Stage, frozenset[Group]] = MappingProxyType(
    {
        Stage.GREETING: frozenset({Group.G1}),
        Stage.IDENTITY: frozenset({Group.G1, Group.G2}),
        Stage.GUIDANCE: frozenset({Group.G1, Group.G2, Group.G3}),
    }
)


def what_may_be_shown(stage: Stage) -> frozenset[Group]:
    """The column groups the server may send at this stage (decision 5), and no others."""
    return _SHOWN[stage]
