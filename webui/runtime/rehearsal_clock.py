"""The movable clock of a rehearsal home: one offset in a file, ticking, read by all processes."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from secure_store.clock import Clock, OffsetClock, SystemClock
from secure_store.errors import NotAllowed
from webui.home_settings import HomeSettings


class ClockNotMovable(NotAllowed):
    """The clock of a production home is the machine's clock and cannot be moved."""

    code = "clock_not_movable"


def read_offset(clock_file: Path) -> timedelta:
    """The stored offset; none when the clock was never moved."""
    try:
        return timedelta(seconds=float(clock_file.read_text(encoding="ascii")))
    except FileNotFoundError:
        return timedelta(0)


def clock_of(settings: HomeSettings) -> Clock:
    """The clock that every process of this home must use."""
    if not settings.is_rehearsal:
        return SystemClock()
    return OffsetClock(lambda: read_offset(settings.clock_file))


def set_clock(settings: HomeSettings, instant: datetime) -> timedelta:
    """Moves the home's clock so that it shows ``instant`` now, and goes on ticking."""
    if not settings.is_rehearsal:
        raise ClockNotMovable
    offset = instant - SystemClock().now()
    partial = settings.clock_file.with_suffix(".new")
    partial.write_text(repr(offset.total_seconds()), encoding="ascii")
    os.replace(partial, settings.clock_file)
    return offset
