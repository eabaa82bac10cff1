"""Erasures at full size: `make soak PART=erasures`.

- T08: 8 receivables × 3 batches × 1,000 people, 4 backup sets and plain copies, 50 recordings, on
  both databases, judged by `tests/erased/finder.py`;
- T13b: what deleted rows leave in the files of SQLite and PostgreSQL, step by step;
- raw image: a file system in a file, searched as the bare device it would be.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import psycopg

from campaigns.closing.applying import plan_erasure
from campaigns.closing.run import run_all
from secure_store.backups.media import media, register_medium
from secure_store.backups.running import label_medium, run_backup
from secure_store.clock import FixedClock
from secure_store.erasure.states import ErasureState
from secure_store.models import FileKind
from secure_store.sealing.passphrase import read_passphrase
from secure_store.sealing.vault import FileLabel, vault_of
from tests.clusters import Cluster, RunFolder, open_run_folder
from tests.erased.finder import Found, find
from tests.homes import make_home
from tests.integration.campaigns import erasure_world as worlds
from tests.integration.campaigns.erasure_world import ACTORS, ADMINISTRATOR, SUPERVISOR, World
from tests.integration.campaigns.test_erased_home import RECEIVABLES, planted

MONTHS = (date(2022, 7, 1), date(2022, 8, 1), date(2022, 9, 1))
PEOPLE, RECORDINGS, SETS = 1_000, 50, 4
CANARIES, CANARY_BYTES = 1_000, 16
MARK = b"\xca\x4a\x9e\x17"
IMAGE_BYTES = 192 * 1024 * 1024
LOG_SWITCHES = 6


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def must(holds: bool, fact: str) -> None:
    """Ends the part when a fact does not hold."""
    if not holds:
        raise SystemExit(f"soak erasures: {fact}")


def full_size(run: RunFolder, kind: str, folder: Path) -> None:
    """T08 on one database."""
    clock = FixedClock(datetime.fromisoformat("2022-06-20T10:00:00+09:00"))
    with run.fresh_database(kind, folder, migrated=True) as url:
        services = make_home(folder / "home", url, clock)
        world = World(services, clock)
        for month in MONTHS:
            for receivable in RECEIVABLES:
                worlds.lend(world, receivable, PEOPLE, month)
        clock.set(worlds.END)
        wanted = planted(PEOPLE)
        backups = folder / "backups"
        _backed_up(world, backups)
        _recorded(world, next(iter(wanted)))
        places = [
            services.settings.home,
            *_database_files(run, kind, folder, services.store.engine.url.database),
        ]
        for number in range(2):
            _copied(places, backups / f"copy-{number}")
        before = _seen(world, [*places, backups], wanted)
        sealed = len(world.cells())
        must(before.opened == before.values >= sealed, f"{kind}: opens all before: {before.told()}")
        must(before.inside == wanted and not before.plain, f"{kind}: finds all inside, none plain")
        must(before.streams_opened == before.streams >= SETS, f"{kind}: opens all backups")
        began = monotonic()
        with services.store.work(SUPERVISOR) as work:
            erasure_id = plan_erasure(work, "contract").id
        state = run_all(services.store, ACTORS, erasure_id).state
        took = monotonic() - began
        must(state is ErasureState.CERTIFIED, f"{kind}: certified")
        after = _seen(world, [*places, backups], wanted)
        must(not (after.opened or after.inside or after.plain), f"{kind}: {after.told()}")
        must(not after.streams_opened, f"{kind}: no backup opens")
        say(f"T08 {kind}: erased in {took:.1f} s; {before.told()} -> {after.told()}")
        services.store.engine.dispose()


def _backed_up(world: World, folder: Path) -> None:
    medium = folder / "medium"
    medium.mkdir(parents=True)
    with world.store.work(ADMINISTRATOR) as work:
        register_medium(work, "M1", "SN-1", medium)
        label = media(work)[0]
    label_medium(world.store, label)
    for _number in range(SETS):
        run_backup(world.store, ADMINISTRATOR, "M1", timedelta(days=30))


def _recorded(world: World, words: str) -> None:
    campaign = "A01-202209"
    for case in world.case_ids(campaign)[:RECORDINGS]:
        with world.store.work(SUPERVISOR) as work:
            label = FileLabel(FileKind.RECORDING, "call.wav", "A01", campaign, case)
            vault_of(work).put(label, b"RIFF" + words.encode() * 2000)


def _database_files(run: RunFolder, kind: str, folder: Path, name: str | None) -> list[Path]:
    if kind == "sqlite":
        return [folder / "dialer.db", folder / "dialer.db-wal"]
    cluster = run.cluster()
    cluster.say("CHECKPOINT")
    return [cluster.folder / "data"]


def _copied(places: Iterable[Path], into: Path) -> None:
    into.mkdir()
    for number, place in enumerate(places):
        if place.is_dir():
            shutil.copytree(place, into / str(number))
        elif place.exists():
            shutil.copyfile(place, into / str(number))


def _seen(world: World, places: list[Path], wanted: set[str]) -> Found:
    settings = world.services.settings
    passphrase = read_passphrase(settings.passphrase_file)
    return find(places, settings.keystore, passphrase, wanted)


def _canaries() -> list[bytes]:
    """Random values that begin alike, so that one walk over the bytes meets all of them."""
    return [MARK + secrets.token_bytes(CANARY_BYTES - len(MARK)) for _ in range(CANARIES)]


def _left(canaries: list[bytes], raws: Iterable[bytes]) -> int:
    met = {
        raw[one.start() : one.start() + CANARY_BYTES]
        for raw in raws
        for one in re.finditer(re.escape(MARK), raw)
    }
    return len(met & set(canaries))


def sqlite_remnants(folder: Path) -> None:
    """T13b on SQLite: our settings and our steps leave nothing; without them something stays."""
    for secure, wanted in (("ON", 0), ("OFF", 1)):
        path = folder / f"remnants-{secure}.db"
        canaries = _canaries()
        found = []
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            run = connection.execute
            run("PRAGMA journal_mode=WAL")
            run(f"PRAGMA secure_delete={secure}")
            run("CREATE TABLE box (id INTEGER PRIMARY KEY, value BLOB)")
            run("BEGIN")
            connection.executemany(
                "INSERT INTO box (value) VALUES (?)", [(one,) for one in canaries]
            )
            run("COMMIT")
            run("UPDATE box SET value = randomblob(16) WHERE id % 2 = 0")
            run("DELETE FROM box")
            steps = ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
            for step in ("", *steps):
                if step:
                    run(step)
                files = (path, path.with_name(path.name + "-wal"))
                found.append(_left(canaries, (one.read_bytes() for one in files if one.exists())))
        say(
            f"T13b sqlite secure_delete={secure}: left after delete, checkpoint, vacuum, checkpoint: {found}"
        )
        must(found[-1] == 0, "sqlite: our steps leave nothing")
        must(found[0] >= wanted * CANARIES // 2, "the search sees what lies there")


def postgresql_remnants(folder: Path) -> None:
    """T13b on PostgreSQL: rows and log, until the table is dropped and the log is switched."""
    cluster = Cluster(Path(folder / "cluster"))
    cluster.start()
    try:
        canaries = _canaries()
        found = []
        url = cluster.url("postgres").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET wal_recycle = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE TABLE box (id serial, value bytea)")
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO box (value) VALUES (%s)", [(one,) for one in canaries]
                )
            connection.execute("CHECKPOINT")
            found.append(_in_cluster(cluster, canaries))
            connection.execute("DELETE FROM box")
            connection.execute("VACUUM FULL box")
            connection.execute("CHECKPOINT")
            found.append(_in_cluster(cluster, canaries))
            connection.execute("DROP TABLE box")
            for _number in range(LOG_SWITCHES):
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CHECKPOINT")
            found.append(_in_cluster(cluster, canaries))
        say(f"T13b postgresql (base, log) with rows, vacuumed full, dropped and switched: {found}")
        # A few lie across two pages of the log, with a page's head in between.
        must(found[0][0] == CANARIES and found[0][1] > 0.95 * CANARIES, "the search sees it all")
        must(found[1][0] == 0, "vacuumed full: no row in the table's files")
        must(found[2] == (0, 0), "dropped and switched: nothing")
    finally:
        cluster.stop()


def _in_cluster(cluster: Cluster, canaries: list[bytes]) -> tuple[int, int]:
    data = cluster.folder / "data"
    found = [
        _left(canaries, (one.read_bytes() for one in (data / part).rglob("*") if one.is_file()))
        for part in ("base", "pg_wal")
    ]
    return found[0], found[1]


def raw_image(folder: Path) -> None:
    """Deleted files live on the bare device; a key that is gone makes that harmless (5.7).

    A file system in a plain file is filled without mounting it (mke2fs -d), so the search reads
    exactly what a device would hold. Where the tools for it are missing, that is said.
    """
    if shutil.which("mke2fs") is None or shutil.which("debugfs") is None:
        say("raw image: e2fsprogs is not installed, not done")
        return
    content, image = folder / "content", folder / "image"
    content.mkdir()
    canaries = _canaries()
    (content / "rows").write_bytes(b"".join(one + bytes(4080) for one in canaries))
    with image.open("wb") as stream:
        stream.truncate(IMAGE_BYTES)
    _run("mke2fs", "-q", "-t", "ext4", "-d", str(content), str(image))
    before = _left(canaries, [image.read_bytes()])
    _run("debugfs", "-w", "-R", "rm rows", str(image))
    after = _left(canaries, [image.read_bytes()])
    say(f"raw image: {before} of {CANARIES} canaries before the file is removed, {after} after")
    must(before == CANARIES, "the search reads the device")
    must(after == CANARIES, "removing a file is no erasure: only the keys are")


def _run(*words: str) -> None:
    path = os.environ.get("PATH", "") + ":/sbin:/usr/sbin"
    subprocess.run(words, check=True, capture_output=True, env={**os.environ, "PATH": path})


def main() -> int:
    run = open_run_folder()
    try:
        with TemporaryDirectory() as name:
            folder = Path(name)
            folder.chmod(0o755)
            parts: tuple[tuple[str, Callable[[Path], None]], ...] = (
                ("remnants", sqlite_remnants),
                ("image", raw_image),
                ("sqlite", lambda at: full_size(run, "sqlite", at)),
                ("postgresql", lambda at: full_size(run, "postgresql", at)),
            )
            for part, play in parts:
                place = folder / part
                place.mkdir(mode=0o755)
                play(place)
            with TemporaryDirectory(dir="/tmp", prefix="pg") as short:
                Path(short).chmod(0o755)
                postgresql_remnants(Path(short))
    finally:
        run.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
