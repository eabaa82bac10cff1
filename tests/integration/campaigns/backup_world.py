"""Homes with a registered backup medium, backups, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from campaigns.api import purge_erased_rows
from secure_store.access import system_actor
from secure_store.backups import running
from secure_store.backups.backup_errors import HomeQuarantined
from secure_store.backups.media import register_medium
from secure_store.backups.register import BackupView
from secure_store.backups.release import Released, release
from secure_store.clock import FixedClock
from tests.integration.campaigns.erasure_world import ADMINISTRATOR, World, make_world
from webui.runtime.wiring import open_home, open_quarantined
from webui.services import Services

KEEP = timedelta(days=14)
PROGRAM = system_actor("cli")


def with_medium(home: Services, clock: FixedClock, folder: Path) -> World:
    """A home with one lent receivable and the medium BK01."""
    folder.mkdir()
    made = make_world(home, clock, "A01")
    with made.store.work(ADMINISTRATOR) as work:
        view = register_medium(work, "BK01", "S-0001", folder)
    running.label_medium(made.store, view)
    return made


def take(world: World) -> BackupView:
    return running.run_backup(world.store, ADMINISTRATOR, "BK01", KEEP)


@contextmanager
def shut_home(world: World) -> Iterator[Services]:
    """The home opened for putting it right, at the test's instant."""
    services = open_quarantined(world.services.settings.home)
    services.store.clock = world.clock
    yield services
    services.store.engine.dispose()


def put_right(world: World) -> Released:
    world.store.engine.dispose()  # a process of before would still hold the replaced file
    with shut_home(world) as services:
        return release(services.store, PROGRAM, purge_erased_rows, KEEP)


def opens_at_all(world: World) -> bool:
    try:
        open_home(world.services.settings.home).store.engine.dispose()
    except HomeQuarantined:
        return False
    return True
