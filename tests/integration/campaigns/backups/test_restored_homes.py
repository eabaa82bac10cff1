"""What is brought back from the past: shut at once, and open only after the tombstones."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.api import plan_erasure
from campaigns.closing.destroying import destroy_keys, freeze_now
from campaigns.closing.scanning import scan_before
from secure_store.audit.tags import Tag
from secure_store.backups import running
from secure_store.backups.backup_errors import (
    BackupUnsound,
    HomeQuarantined,
    MediumMissing,
    MediumUnregistered,
)
from secure_store.backups.labels import LABEL
from secure_store.backups.models import Destruction, KeyTombstone
from secure_store.backups.quarantine import keep_watch
from secure_store.backups.register import live_backups, record_destroyed
from secure_store.database import sqlite_path
from secure_store.erasure import destruction, scan
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.sealing.installed import installed_of
from secure_store.sealing.keystore import KEY_STORE_FILE
from secure_store.sealing.sealing_errors import KeyDestroyed
from tests.integration.campaigns.backup_world import (
    KEEP,
    PROGRAM,
    opens_at_all,
    put_right,
    shut_home,
    take,
)
from tests.integration.campaigns.erasure_world import (
    ADMINISTRATOR,
    SUPERVISOR,
    World,
    write_note,
)
from webui.runtime.wiring import open_home


@pytest.mark.both_databases
@pytest.mark.clause("T12")
@pytest.mark.clause("S4-16.1-2")
def test_five_generations_of_backups_open_nothing_that_was_erased(world: World) -> None:
    """Each is restored; the home stays shut until the tombstones are applied, then opens 0 of N."""
    first, *_others = world.case_ids("A01-202209")
    sets = []
    for _generation in range(5):
        write_note(world, first)
        world.clock.set(world.clock.now() + timedelta(hours=1))
        sets.append(take(world))
    neighbours = ErasureScope(ScopeKind.CAMPAIGN, "A01", "A01-202209")
    erased = ErasureScope(ScopeKind.CASE, "A01", "A01-202209", first)
    destruction.destroy_keys(world.store, erased)
    opened = []
    for number, backup in enumerate(sets, start=1):
        with shut_home(world) as services:
            restored = running.restore(services.store, backup.path)
            assert restored.number == backup.number
        assert not opens_at_all(world)
        with shut_home(world) as services:
            there = World(services, world.clock)
            gone, rest = [], []
            for cell in there.cells(neighbours):
                (gone if cell.key_row == first else rest).append(cell)
            assert len(gone) == 3 + 1 + number  # its lent boxes, and a note for each generation
            opened.append(scan.opens(services.store, gone))
            assert scan.opens(services.store, rest) == len(rest) > 0
        released = put_right(world)
        assert released.rows_removed > 0
        assert opens_at_all(world)
        assert not [cell for cell in world.cells(neighbours) if cell.key_row == first]
    assert opened == [0] * 5


@pytest.mark.clause("T12")
def test_an_erased_campaign_comes_back_as_ciphertext_and_goes_again(world: World) -> None:
    backup = take(world)
    scope = ErasureScope(ScopeKind.CAMPAIGN, "A01", "A01-202209")
    assert scan.opens(world.store, world.cells()) == len(world.cells()) > 0
    destruction.destroy_keys(world.store, scope)
    with shut_home(world) as services:
        running.restore(services.store, backup.path)
        cells = World(services, world.clock).cells(scope)
        assert cells
        assert scan.opens(services.store, cells) == 0
    put_right(world)
    assert world.cells() == []
    assert set(world.rows().values()) == {0}


@pytest.mark.both_databases
@pytest.mark.clause("T12")
def test_a_running_process_refuses_as_soon_as_the_home_is_shut(world: World) -> None:
    backup = take(world)
    services = open_home(world.services.settings.home)
    services.store.clock = world.clock
    with services.store.work(SUPERVISOR, readonly=True):
        pass
    with shut_home(world) as shut:
        running.restore(shut.store, backup.path)
    for readonly in (True, False):
        with (
            pytest.raises(HomeQuarantined),
            services.store.work(SUPERVISOR, readonly=readonly),
        ):
            pass
    services.store.engine.dispose()


@pytest.mark.clause("T12")
def test_a_database_put_back_by_hand_is_noticed(world: World, tmp_path: Path) -> None:
    path = Path(sqlite_path(world.store.engine) or "")
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(older),))
    with world.store.work(SUPERVISOR) as work:
        work.audit(Tag.CLOCK_SYNCED)
    keep_watch(world.store, PROGRAM)
    assert opens_at_all(world)
    world.store.engine.dispose()
    for tail in ("-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
    shutil.copy2(older, path)
    with pytest.raises(HomeQuarantined) as refused:
        open_home(world.services.settings.home)
    assert refused.value.details == {"reason": "database_older"}
    assert put_right(world).reason is not None
    assert opens_at_all(world)


@pytest.mark.clause("T12")
def test_a_key_store_put_back_by_hand_is_noticed_and_gives_nothing_back(
    world: World, tmp_path: Path
) -> None:
    keys = world.services.settings.keystore / KEY_STORE_FILE
    shutil.copy2(keys, tmp_path / "older-keys")
    scope = ErasureScope(ScopeKind.CAMPAIGN, "A01", "A01-202209")
    cells = world.cells(scope)
    destruction.destroy_keys(world.store, scope)
    keep_watch(world.store, PROGRAM)
    shutil.copy2(tmp_path / "older-keys", keys)
    assert scan.opens(world.store, cells) == len(cells) > 0  # what the thief of a mirror has
    with pytest.raises(HomeQuarantined) as refused:
        open_home(world.services.settings.home)
    assert refused.value.details == {"reason": "key_store_older"}
    assert put_right(world).keys_destroyed_again > 0
    assert opens_at_all(world)
    assert scan.opens(world.store, cells) == 0


@pytest.mark.clause("T12")
def test_a_database_put_back_under_a_running_process_is_noticed_at_the_next_watch(
    world: World, tmp_path: Path
) -> None:
    """The file stays the same one, so nothing shows outside; the log ends too early."""
    path = sqlite_path(world.store.engine) or ""
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(older),))
    with world.store.work(SUPERVISOR) as work:
        work.audit(Tag.CLOCK_SYNCED)
    keep_watch(world.store, PROGRAM)
    world.store.engine.dispose()
    with closing(sqlite3.connect(older)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    with pytest.raises(HomeQuarantined) as refused:
        keep_watch(world.store, PROGRAM)
    assert refused.value.details == {"reason": "database_older"}
    assert not opens_at_all(world)
    put_right(world)
    assert opens_at_all(world)


@pytest.mark.clause("T12", "S4-16.1-2")
def test_a_key_store_put_back_under_a_running_process_shuts_the_home(
    world: World, tmp_path: Path
) -> None:
    keys = world.services.settings.keystore / KEY_STORE_FILE
    shutil.copy2(keys, tmp_path / "older-keys")
    running_home = open_home(world.services.settings.home)
    running_home.store.clock = world.clock
    scope = ErasureScope(ScopeKind.CAMPAIGN, "A01", "A01-202209")
    destruction.destroy_keys(world.store, scope)
    with running_home.store.work(SUPERVISOR, readonly=True):
        pass
    shutil.copyfile(tmp_path / "older-keys", keys)  # the same file, with the content of before
    for _again in range(2):
        with (
            pytest.raises(HomeQuarantined) as refused,
            running_home.store.work(SUPERVISOR, readonly=True),
        ):
            pass
        assert refused.value.details == {"reason": "key_store_older"}
    running_home.store.engine.dispose()
    assert not opens_at_all(world)  # nor after a new start


@pytest.mark.clause("T12", "S4-16.1-2")
def test_an_erasure_is_known_to_the_database_as_soon_as_its_keys_are_gone(
    world: World, tmp_path: Path
) -> None:
    """Nobody has looked in between: a key store from before is noticed all the same."""
    keys = world.services.settings.keystore / KEY_STORE_FILE
    shutil.copy2(keys, tmp_path / "older-keys")
    first, *_others = world.case_ids("A01-202209")
    with world.store.work(SUPERVISOR) as work:
        erasure_id = plan_erasure(work, f"case:{first}").id
    freeze_now(world.store, SUPERVISOR, erasure_id)
    scan_before(world.store, SUPERVISOR, erasure_id)
    destroy_keys(world.store, SUPERVISOR, ADMINISTRATOR, erasure_id)
    shutil.copy2(tmp_path / "older-keys", keys)
    assert not opens_at_all(world)
    assert put_right(world).keys_destroyed_again > 0
    assert opens_at_all(world)


@pytest.mark.clause("S4-16.1-1")
def test_a_backup_goes_to_a_registered_medium_only(world: World, medium: Path) -> None:
    with pytest.raises(MediumUnregistered):
        running.run_backup(world.store, ADMINISTRATOR, "BK02", KEEP)
    (medium / LABEL).write_text('{"medium": "BK09"}')
    with pytest.raises(MediumMissing):
        take(world)
    assert [path.name for path in medium.iterdir()] == [LABEL]


@pytest.mark.clause("S4-16.1-1")
def test_neither_key_nor_passphrase_is_in_a_backup(world: World, tmp_path: Path) -> None:
    backup = take(world)
    names: set[str] = set()
    with running.opened_backup(world.store, backup.path) as unpacked:
        names = {path.name for path in (unpacked.database, *unpacked.files)}
        content = b"".join(path.read_bytes() for path in (unpacked.database, *unpacked.files))
    ring = installed_of(world.store).keyring
    with ring.store.read() as table:
        wrapped = [key.wrapped for key in table.keys_under("004")]
    assert "database" in names
    assert not any(name.startswith("keys") for name in names)
    assert len(wrapped) > 3
    assert not any(piece in content for piece in wrapped)
    passphrase = world.services.settings.passphrase_file.read_bytes().strip()
    assert passphrase not in content


def test_a_destroyed_backup_opens_no_more_and_is_counted_as_gone(world: World) -> None:
    backup, other = take(world), take(world)
    kept = backup.path.read_bytes()
    with world.store.work(ADMINISTRATOR) as work:
        assert [view.number for view in live_backups(work)] == [backup.number, other.number]
        gone = record_destroyed(work, backup.id, Destruction.ERASURE)
        assert gone.is_file_removed
        assert [view.number for view in live_backups(work)] == [other.number]
    backup.path.write_bytes(kept)  # a copy somebody made of the medium
    with pytest.raises(KeyDestroyed), running.opened_backup(world.store, backup.path):
        pass


def test_a_backup_the_restored_database_does_not_know_is_entered_again(world: World) -> None:
    first, second = take(world), take(world)
    with shut_home(world) as services:
        running.restore(services.store, first.path)
    put_right(world)
    with world.store.work(ADMINISTRATOR) as work:
        found = {view.number: view.sha256 for view in live_backups(work)}
    assert found == {first.number: first.sha256, second.number: second.sha256}


def test_every_changed_byte_of_a_backup_is_found_before_anything_changes(world: World) -> None:
    backup = take(world)
    content = bytearray(backup.path.read_bytes())
    for at in (0, 25, len(content) // 2, len(content) - 1):
        changed = bytes(content[:at]) + bytes([content[at] ^ 1]) + bytes(content[at + 1 :])
        backup.path.write_bytes(changed)
        with pytest.raises(BackupUnsound), shut_home(world) as services:
            running.restore(services.store, backup.path)
        with pytest.raises(BackupUnsound):
            running.verify_backup(world.store, ADMINISTRATOR, backup.number)
    backup.path.write_bytes(bytes(content[:-1]))
    with pytest.raises(BackupUnsound):
        running.verify_backup(world.store, ADMINISTRATOR, backup.number)
    assert opens_at_all(world)


def test_tombstones_are_known_to_the_database_too(world: World) -> None:
    destruction.destroy_keys(world.store, ErasureScope(ScopeKind.RECEIVABLE, "A01"))
    keep_watch(world.store, PROGRAM)
    buried = {stone.key_id for stone in installed_of(world.store).keyring.tombstones()}
    with world.store.work(ADMINISTRATOR, readonly=True) as work:
        known = set(work.session.scalars(select(KeyTombstone.key_id)))
    assert known == buried
    assert len(buried) > 2
