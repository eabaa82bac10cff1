"""Where backups lie: a medium that is away, files of others, and newer sets in the safe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from secure_store.backups import running
from secure_store.backups.labels import LABEL
from secure_store.backups.models import Destruction
from secure_store.backups.register import record_destroyed
from secure_store.orphan_files import sweep_orphan_files
from secure_store.sealing.streams import MAGIC
from tests.integration.campaigns.backup_world import (
    PROGRAM,
    put_right,
    shut_home,
    take,
)
from tests.integration.campaigns.erasure_world import ADMINISTRATOR, World


@pytest.mark.clause("S4-14.10")
def test_a_file_on_a_medium_that_is_not_mounted_is_not_said_to_be_gone(
    world: World, medium: Path
) -> None:
    backup = take(world)
    away = medium.rename(medium.with_name("in the safe"))
    medium.mkdir()  # what a mount point is without its medium
    with world.store.work(ADMINISTRATOR) as work:
        gone = record_destroyed(work, backup.id, Destruction.ERASURE)
    assert gone.destroyed_at is not None
    assert not gone.is_file_removed
    medium.rmdir()
    away.rename(medium)
    with world.store.work(ADMINISTRATOR) as work:
        assert record_destroyed(work, backup.id, Destruction.ERASURE).is_file_removed
    assert not backup.path.exists()


def test_a_newer_backup_in_the_safe_outlives_the_restore_of_an_older_one(
    world: World, medium: Path
) -> None:
    first, second = take(world), take(world)
    away = medium.rename(medium.with_name("in the safe"))
    world.clock.set(world.clock.now() + timedelta(hours=1))
    with shut_home(world) as services:
        running.restore(services.store, away / first.path.name)
    put_right(world)
    world.clock.set(world.clock.now() + timedelta(days=2))
    assert sweep_orphan_files(world.store, PROGRAM) == 0
    with running.opened_backup(world.store, away / second.path.name, second.sha256):
        pass
    world.clock.set(world.clock.now() + timedelta(days=30))
    assert sweep_orphan_files(world.store, PROGRAM) > 0  # nobody's for ever: gone in the end


def test_backups_of_others_are_never_taken_away(world: World, medium: Path) -> None:
    """Another installation's medium in the place of ours, or a file whose key nobody knows here."""
    first = take(world)
    kept = first.path.read_bytes()
    strange = medium / first.path.name.replace("-001", "-002")
    stranger = MAGIC + bytes(range(16)) + kept[len(MAGIC) + 16 :]
    strange.write_bytes(stranger)
    assert take(world).number.endswith("-003")
    assert strange.read_bytes() == stranger
    label = (medium / LABEL).read_text()
    (medium / LABEL).write_text(label.replace('"BK01"', '"BK77"'))
    theirs = medium / "B-20220902-001.partial"
    theirs.write_bytes(kept)
    with shut_home(world) as services:
        running.restore(services.store, first.path)
    put_right(world)
    assert {strange.exists(), theirs.exists(), first.path.exists()} == {True}
