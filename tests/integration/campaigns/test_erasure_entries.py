"""One entry is erased on instruction: from the rows, the packs and every backup made before."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.closing.applying import plan_erasure
from campaigns.closing.run import run_all
from secure_store.clock import FixedClock
from secure_store.database import make_engine
from secure_store.erasure import scan
from secure_store.models import SealedFile
from secure_store.sealing.installed import install, installed_of
from secure_store.sealing.sealing_errors import KeyDestroyed
from secure_store.sealing.vault import FileGone, vault_of
from secure_store.work import SecureStore
from tests.integration.campaigns.erasure_world import (
    ACTORS,
    SUPERVISOR,
    World,
    backed_up,
    make_world,
    write_note,
)
from webui.services import Services

BACKUPS = 5


def restored(world: World, path: Path, folder: Path | None = None) -> World:
    """The backup opened with the key store of now."""
    store = SecureStore(make_engine(f"sqlite:///{path}"), world.clock, lambda _work, _notes: None)
    now = installed_of(world.store)
    install(store, replace(now, vault_folder=folder or now.vault_folder))
    return World(replace(world.services, store=store), world.clock)


@pytest.mark.clause("S4-16.1-2", "T10")
def test_an_erased_entry_opens_in_no_backup_and_its_neighbours_in_all(
    home: Services, clock: FixedClock, tmp_path: Path
) -> None:
    world = make_world(home, clock)
    erased = world.case_ids("A01-202209")[1]
    backups = []
    for number in range(BACKUPS):
        write_note(world, erased)
        backups.append(backed_up(world, tmp_path / f"backup-{number}.db"))
    packs = shutil.copytree(installed_of(world.store).vault_folder, tmp_path / "packs")
    with world.store.work(SUPERVISOR) as work:
        row = plan_erasure(work, f"case:{erased}")
    run_all(world.store, ACTORS, row.id)
    for number, path in enumerate(backups):
        copy = restored(world, path, packs)
        cells = copy.cells()
        gone = [cell for cell in cells if cell.key_row == erased]
        kept = [cell for cell in cells if cell.key_row != erased]
        assert (len(gone), len(kept)) == (3 + number + 1, 29)
        assert scan.opens(copy.store, gone) == 0
        assert scan.opens(copy.store, kept) == len(kept)
        assert packs_that_open(copy) == {"A02_20220915_result.csv"}
        copy.store.engine.dispose()


def packs_that_open(world: World) -> set[str]:
    """Which whole files of a home open, by what its database says and by trying."""
    found = set()
    with world.store.work(SUPERVISOR, readonly=True) as work:
        for file in work.session.scalars(select(SealedFile)):
            try:
                vault_of(work).get(file.id)
            except (FileGone, KeyDestroyed):
                continue
            found.add(file.name)
    return found


def test_the_packs_open_until_an_entry_in_them_is_erased(home: Services, clock: FixedClock) -> None:
    world = make_world(home, clock)
    both = {"A01_20220915_result.csv", "A02_20220915_result.csv"}
    assert packs_that_open(world) == both
    with world.store.work(SUPERVISOR) as work:
        row = plan_erasure(work, f"case:{world.case_ids('A01-202209')[0]}")
    run_all(world.store, ACTORS, row.id)
    assert packs_that_open(world) == {"A02_20220915_result.csv"}
