"""The default line: the agent dials by hand after comparing the number (decision 9)."""

from __future__ import annotations

from uuid import UUID

from dialer.line_status import LineStatus
from dialer.lines.base import Placed


class ManualLine:
    """The telephone stands on the desk; what it does comes from the agent's keys."""

    name = "manual"
    shows_number_to_agent = True

    def place(self, attempt_id: UUID, number: str, caller_id: str) -> Placed:
        """Nothing is sent anywhere: the agent has the number on the screen."""
        return Placed(line_ref=f"manual:{attempt_id}", status=LineStatus.DIALING)

    def hang_up(self, attempt_id: UUID) -> None:
        """The agent puts the receiver down."""
