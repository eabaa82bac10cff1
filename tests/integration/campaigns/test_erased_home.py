"""After the contract nobody finds anybody, whoever has every byte and the passphrase (T08).

Judged by `tests/erased/finder.py`, which knows nothing of the product.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from campaigns.closing.applying import plan_erasure
from campaigns.closing.certifying import certify
from campaigns.closing.run import run_all
from secure_store.backups.media import media, register_medium
from secure_store.backups.running import label_medium, run_backup
from secure_store.clock import FixedClock
from secure_store.erasure.states import ErasureState
from secure_store.models import FileKind
from secure_store.sealing.installed import installed_of
from secure_store.sealing.passphrase import read_passphrase
from secure_store.sealing.vault import FileLabel, vault_of
from secure_store.verifier.certificate_check import check
from tests.clusters import RunFolder
from tests.erased.finder import Found, control, find
from tests.integration.campaigns.erasure_world import (
    ACTORS,
    ADMINISTRATOR,
    MONTH,
    SUPERVISOR,
    World,
    make_world,
)
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services

RECEIVABLES = tuple(f"A0{number}" for number in range(1, 9))
PEOPLE = 50
PLANTED = ("債務者氏名", "電話番号1", "住所")
LEAST = 8  # bytes; shorter values turn up by chance


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def planted(people: int) -> set[str]:
    """Values of the first and the last person of every receivable."""
    found = set()
    for receivable in RECEIVABLES:
        files = make_delivery(receivable, MONTH, people, seed=7).files
        content = next(files[name] for name in files if "TAISHO" in name)
        rows = list(csv.DictReader(io.StringIO(_text(content))))
        for row in (rows[0], rows[-1]):
            found |= {row[column] for column in PLANTED}
    return {value for value in found if len(value.encode()) >= LEAST}


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp932")


class Bytes:
    """Where the bytes of a home's database lie; PostgreSQL: files of the cluster and its log."""

    def __init__(self, world: World, run: RunFolder, kind: str) -> None:
        self._world, self._run, self._kind = world, run, kind
        self._first_log = self._ask("SELECT pg_walfile_name(pg_current_wal_lsn())")

    def _ask(self, question: str) -> str:
        if self._kind == "sqlite":
            return ""
        url = self._world.store.engine.url.render_as_string(hide_password=False)
        with psycopg.connect(
            url.replace("postgresql+psycopg", "postgresql"), autocommit=True
        ) as connection:
            return str(connection.execute(question.encode()).fetchone()[0])  # type: ignore[index]

    def folders(self) -> list[Path]:
        home = self._world.services.settings.home
        if self._kind == "sqlite":
            return [home, Path(str(self._world.store.engine.url.database)).parent]
        self._run.cluster().say("CHECKPOINT")
        data = self._run.cluster().folder / "data"
        oid = self._ask("SELECT oid FROM pg_database WHERE datname = current_database()")
        logs = sorted((data / "pg_wal").glob("0*"))
        return [home, data / "base" / oid, *(one for one in logs if one.name >= self._first_log)]


def someone_with_everything(world: World, folders: list[Path], wanted: set[str]) -> Found:
    settings = world.services.settings
    passphrase = read_passphrase(settings.passphrase_file)
    return find(folders, settings.keystore, passphrase, wanted)


def copied(folders: list[Path], into: Path) -> list[Path]:
    """A plain copy of files is a backup too."""
    for number, folder in enumerate(folders):
        if folder.is_dir():
            shutil.copytree(
                folder, into / f"copy-{number}", ignore=shutil.ignore_patterns("copy-*", "backups")
            )
        else:
            shutil.copyfile(folder, into / f"copy-{number}")
    return [into]


@pytest.mark.clause("T08", "S4-14.10", "S4-16.1-2", "S2-PI8.2")
@pytest.mark.both_databases
def test_whoever_has_every_byte_finds_everybody_before_and_nobody_after(
    home: Services,
    clock: FixedClock,
    run_folder: RunFolder,
    database_kind: str,
    backups: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = make_world(home, clock, *RECEIVABLES, rows=PEOPLE)
    place = Bytes(world, run_folder, database_kind)
    wanted = planted(PEOPLE)
    assert {control(f"札幌見本{number}太郎") for number in range(3)} == {7}
    medium = backups / "medium"
    medium.mkdir()
    with world.store.work(ADMINISTRATOR) as work:
        register_medium(work, "M1", "SN-1", medium)
        label = media(work)[0]
    label_medium(world.store, label)
    taken = run_backup(world.store, ADMINISTRATOR, "M1", timedelta(days=30))
    with world.store.work(SUPERVISOR) as work:
        case = world.case_ids("A01-202209")[0]
        vault_of(work).put(
            FileLabel(FileKind.RECORDING, "0001.wav", "A01", "A01-202209", case),
            b"RIFF" + next(iter(wanted)).encode() * 100,
        )
    copies = copied(place.folders(), backups)
    shutil.copyfile(taken.path, backups / "kept-elsewhere.dialer-backup")
    before = someone_with_everything(world, [*place.folders(), *copies], wanted)
    sealed = len(world.cells())
    assert sealed == 8 * (3 * PEOPLE + 1)
    assert before.opened == before.values >= sealed
    assert before.inside == wanted
    assert before.plain == set()  # all of it lay sealed
    assert before.streams_opened == before.streams > 0

    began = monotonic()
    with world.store.work(SUPERVISOR) as work:
        erasure_id = plan_erasure(work, "contract").id
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED
    took = monotonic() - began
    after = someone_with_everything(world, [*place.folders(), *copies], wanted)
    assert (after.opened, after.inside, after.plain, after.streams_opened) == (0, set(), set(), 0)
    assert after.values >= sealed  # they still lie in the copies, and open no more
    assert not taken.path.exists()
    certificate = certify(world.store, SUPERVISOR, erasure_id)
    assert check(certificate, installed_of(world.store).keyring.public_key()).ok
    with capsys.disabled():
        figures = f"{before.told()} -> {after.told()}"
        sys.stdout.write(f"\nT08 {database_kind}: erased in {took:.1f} s; {figures}\n")
