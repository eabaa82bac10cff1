"""Wired homes for tests: a rehearsal home on a database that the caller made."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from secure_store.clock import Clock

if TYPE_CHECKING:
    from webui.services import Services

# The home is founded a little before its first action, so that its rows follow each other in time.
FOUNDED_BEFORE = timedelta(minutes=1)


def make_home(folder: Path, database_url: str, clock: Clock) -> Services:
    """A new rehearsal home in ``folder``, worked on with the given clock.

    Another process that opens the same home reads the home's own movable clock, which starts at
    the given clock's instant and ticks.
    """
    # Wiring loads every package; tests of pure files must not wait for that.
    from webui.runtime.rehearsal_clock import set_clock
    from webui.runtime.wiring import create_home, new_settings

    folder.mkdir(parents=True, mode=0o700)
    settings = new_settings(folder, is_rehearsal=True, database_url=database_url)
    set_clock(settings, clock.now() - FOUNDED_BEFORE)
    services = create_home(settings)
    set_clock(settings, clock.now())
    services.store.clock = clock
    return services
