"""The only reader of the system clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Says what time it is, as an aware instant in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock. The only one a production home accepts."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class OffsetClock:
    """A ticking clock moved by an offset that the home stores (rehearsal homes only).

    ``read_offset`` is asked each time, so that every process of the home agrees.
    """

    def __init__(self, read_offset: Callable[[], timedelta]) -> None:
        self._read_offset = read_offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self._read_offset()


class FixedClock:
    """Stands still until it is moved. For tests and simulations."""

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._now = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        self._now = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self._now += by
