"""What the scheduler does for keys and backups, and what it must leave alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from secure_store.access import Actor, Role
from secure_store.backups import running
from secure_store.backups.alarm import backup_health
from secure_store.backups.media import register_medium
from secure_store.backups.register import all_backups, live_backups
from secure_store.clock import FixedClock
from secure_store.models import FileKind
from secure_store.orphan_files import sweep_orphan_files
from secure_store.sealing.installed import installed_of
from secure_store.sealing.sealing_errors import KeyDestroyed
from secure_store.sealing.vault import FileLabel, vault_of
from secure_store.work import SecureStore
from tests.architecture.source_tree import PACKAGES, files_of, module_name
from webui.runtime import backup_jobs
from webui.runtime.jobs import SCHEDULER

ADMINISTRATOR = Actor(code="AD01", role=Role.SYSTEM_ADMIN)
ALARM = timedelta(hours=26)


@pytest.fixture
def medium(store: SecureStore, tmp_path: Path) -> Path:
    folder = tmp_path / "medium"
    folder.mkdir()
    with store.work(ADMINISTRATOR) as work:
        view = register_medium(work, "BK01", "S-0001", folder)
    running.label_medium(store, view)
    return folder


def _live(store: SecureStore) -> int:
    with store.work(ADMINISTRATOR, readonly=True) as work:
        return len(live_backups(work))


def test_a_backup_is_taken_when_the_newest_is_older_than_an_hour(
    store: SecureStore, clock: FixedClock, medium: Path
) -> None:
    taken = []
    for minutes in (0, 15, 30, 20):
        clock.set(clock.now() + timedelta(minutes=minutes))
        backup_jobs.back_up(store, clock.now())
        taken.append(_live(store))
    assert taken == [1, 1, 1, 2]


def test_without_a_medium_nothing_is_taken_and_the_alarm_says_so(
    store: SecureStore, clock: FixedClock
) -> None:
    backup_jobs.back_up(store, clock.now())
    with store.work(ADMINISTRATOR, readonly=True) as work:
        health = backup_health(work, ALARM)
    assert (health.newest, health.is_missing, health.is_late) == (None, True, False)


def test_the_alarm_rings_when_the_newest_backup_is_too_old(
    store: SecureStore, clock: FixedClock, medium: Path
) -> None:
    backup_jobs.back_up(store, clock.now())
    late = []
    for hours in (26, 1):
        clock.set(clock.now() + timedelta(hours=hours))
        with store.work(ADMINISTRATOR, readonly=True) as work:
            late.append(backup_health(work, ALARM).is_late)
    assert late == [False, True]


def test_after_fourteen_days_a_backup_and_its_key_are_gone(
    store: SecureStore, clock: FixedClock, medium: Path
) -> None:
    backup_jobs.back_up(store, clock.now())
    (path,) = medium.glob("*.dialer-backup")
    kept = path.read_bytes()
    clock.set(clock.now() + timedelta(days=13, hours=23))
    backup_jobs.tidy_keys(store, clock.now())
    assert _live(store) == 1
    clock.set(clock.now() + timedelta(hours=1))
    backup_jobs.tidy_keys(store, clock.now())
    assert _live(store) == 0
    assert not path.exists()
    path.write_bytes(kept)
    with pytest.raises(KeyDestroyed), running.opened_backup(store, path):
        pass
    with store.work(ADMINISTRATOR, readonly=True) as work:
        (gone,) = all_backups(work)
    assert gone.destroyed_at == clock.now()


def test_keys_of_files_that_never_came_to_be_go_after_a_day(
    store: SecureStore, clock: FixedClock, medium: Path
) -> None:
    keyring = installed_of(store).keyring
    with store.work(ADMINISTRATOR) as work:
        label = FileLabel(FileKind.DAILY_PACK, "A01_sample.csv")
        kept = vault_of(work).put(label, b"sample")
    backup_jobs.back_up(store, clock.now())
    orphan = uuid4()
    keyring.file_key_create(orphan, clock.now())
    left = installed_of(store).vault_folder / f"{orphan}.sealed"
    left.write_bytes(b"half")
    assert sweep_orphan_files(store, SCHEDULER) == 0  # it may be on its way
    clock.set(clock.now() + timedelta(days=1, minutes=1))
    assert sweep_orphan_files(store, SCHEDULER) == 1
    assert sweep_orphan_files(store, SCHEDULER) == 0
    assert not left.exists()
    with pytest.raises(KeyDestroyed):
        keyring.file_key(orphan)
    with store.work(ADMINISTRATOR, readonly=True) as work:
        assert vault_of(work).get(kept) == b"sample"
    assert _live(store) == 1


def test_everybody_who_makes_file_keys_is_known_to_the_sweep() -> None:
    makers = {
        module_name(path)
        for path in files_of(*PACKAGES)
        if ".file_key_create(" in path.read_text(encoding="utf-8")
    }
    assert makers == {
        "secure_store.backups.running",
        "secure_store.exchange.exchange_keys",
        "secure_store.sealing.vault",
    }


def test_of_earlier_days_only_the_last_backup_is_kept(
    store: SecureStore, clock: FixedClock, medium: Path
) -> None:
    began = clock.now()
    for hours in (0, 4, 8, 24, 28):
        clock.set(began + timedelta(hours=hours))
        backup_jobs.back_up(store, clock.now())
    clock.set(began + timedelta(hours=34))
    backup_jobs.tidy_keys(store, clock.now())
    with store.work(ADMINISTRATOR, readonly=True) as work:
        kept = [view.taken_at - began for view in live_backups(work)]
    assert kept == [timedelta(hours=hours) for hours in (8, 24, 28)]


def test_an_erased_contract_is_backed_up_no_more(
    store: SecureStore, clock: FixedClock, medium: Path
) -> None:
    installed_of(store).keyring.destroy_contract(clock.now())
    backup_jobs.back_up(store, clock.now())
    assert _live(store) == 0
