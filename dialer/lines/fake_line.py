"""A line that behaves as a script says, for training, demonstrations and tests (decision 13)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from dialer.errors import LineUnavailable
from dialer.line_status import LineEnd, LineStatus
from dialer.lines.base import Placed

Behaviour = Callable[[str], LineEnd]


class FakeLine:
    """Answers each dialled number as ``behaviour`` decides; remembers what was asked of it."""

    name = "fake"
    shows_number_to_agent = True

    def __init__(self, behaviour: Behaviour, dedicated_number: str) -> None:
        self._behaviour = behaviour
        self._dedicated_number = dedicated_number
        self.placed_from: list[str] = []

    def place(self, attempt_id: UUID, number: str, caller_id: str) -> Placed:
        """Refuses any caller number but the dedicated one (S4-8.3a, 8.3b)."""
        if caller_id != self._dedicated_number:
            raise LineUnavailable(reason="caller_id")
        self.placed_from.append(caller_id)
        end = self._behaviour(number)
        status = LineStatus.CONNECTED if end is LineEnd.ANSWERED else LineStatus.ENDED
        return Placed(line_ref=f"fake:{attempt_id}", status=status, end=end)

    def hang_up(self, attempt_id: UUID) -> None:
        """Nothing to put down."""
