"""What every telephone line offers. There is no way to speak by machine (S4-14.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from dialer.line_status import LineEnd, LineStatus


@dataclass(frozen=True, slots=True)
class Placed:
    """What the line answered to a request to dial: a reference and where the call stands."""

    line_ref: str
    status: LineStatus
    end: LineEnd | None = None


class PhoneLine(Protocol):
    """A line places a call and hangs up; it reports by line events. It has no "say"."""

    name: str
    shows_number_to_agent: bool

    def place(self, attempt_id: UUID, number: str, caller_id: str) -> Placed: ...

    def hang_up(self, attempt_id: UUID) -> None: ...
