"""Pure: which part of the work a suspension order names (S4-14.11c)."""

from __future__ import annotations

from enum import StrEnum


class StoppedWork(StrEnum):
    """One function; an order that names none stops them all."""

    CALLS = "calls"
    CALLBACKS = "callbacks"
    INTAKE = "intake"
    EXPORTS = "exports"
