"""Pure: what was shown, as bits of column groups, and how an act ended (S4-8.6h)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class FieldGroup(IntEnum):
    """Bits of the column groups that were shown: what was seen, never the value."""

    CONTACT = 1
    IDENTITY = 2
    DEBT = 4
    COLLECTED = 8
    RECORDING = 16


GROUP_CODES = {
    "G1": FieldGroup.CONTACT,
    "G2": FieldGroup.IDENTITY,
    "G3": FieldGroup.DEBT,
    "G4": FieldGroup.COLLECTED,
    "G5": FieldGroup.RECORDING,
}


class Result(StrEnum):
    """How the act ended."""

    OK = "ok"
    DENIED = "denied"
    FAILED = "failed"


def bits_of(groups: Iterable[FieldGroup]) -> int:
    """The groups as one whole number; a group named twice counts once."""
    return sum(set(groups))


def groups_of(bits: int) -> tuple[FieldGroup, ...]:
    """The groups of a stored number, lowest bit first. Raises ``ValueError`` for unknown bits."""
    if bits < 0 or bits & ~sum(FieldGroup):
        raise ValueError("unknown column group")
    return tuple(group for group in FieldGroup if bits & group)
