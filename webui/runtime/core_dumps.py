"""A process that opens a home leaves no picture of its memory behind (security.md 5.9)."""

from __future__ import annotations

import resource


def leave_no_core() -> None:
    """A core file would hold keys and opened cases; it could not be allowed again either."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
