"""A copy of the whole database at one instant, and the way back.

SQLite: its online backup interface, beside running writers. PostgreSQL: ``pg_dump`` in its custom
format, because the server's own tool knows every type, trigger and constraint, and restores them
in one transaction; the rows are counted in the very snapshot it dumps. What is copied is sealed
already; the copy lies for a moment beside the database, readable by its owner only.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from secure_store.backups.backup_errors import BackupFailed, BackupUnsound
from secure_store.database import sqlite_path
from secure_store.write_turn import WriteTurn

_POSTGRES_NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "username": "PGUSER",
    "password": "PGPASSWORD",
    "database": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """A copy in one file, with the rows of each table as they were at its instant."""

    path: Path
    kind: str
    rows: Mapping[str, int]


@contextmanager
def copied(engine: Engine, folder: Path) -> Iterator[DatabaseCopy]:
    """The copy, as long as the block lasts. Raises BackupFailed."""
    with private_folder(folder) as place:
        target = place / "database"
        path = sqlite_path(engine)
        if path is not None:
            _copy_sqlite(Path(path), target)
            yield DatabaseCopy(target, "sqlite", count_sqlite(target))
        else:
            yield DatabaseCopy(target, "postgresql", _dump(engine, target))


@contextmanager
def private_folder(folder: Path) -> Iterator[Path]:
    """A folder for a moment that only its owner can look into."""
    place = Path(tempfile.mkdtemp(dir=folder, prefix=".backup-"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            # One file, without a journal beside it.
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as fault:
        raise BackupFailed(reason=getattr(fault, "sqlite_errorname", "sqlite")) from None


def count_sqlite(path: Path) -> dict[str, int]:
    """Rows of every table. Raises BackupUnsound when the file is not a sound database."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            if opened.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise BackupUnsound(part="database")
            query = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            names = [name for (name,) in opened.execute(query)]
            return {
                name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for name in sorted(names)
            }
    except sqlite3.DatabaseError:
        raise BackupUnsound(part="database") from None


def _dump(engine: Engine, target: Path) -> dict[str, int]:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        arguments = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
        _run(engine, "pg_dump", *arguments, "--file", str(target))
        target.chmod(0o600)
        names = sorted(inspect(connection).get_table_names())
        quote = connection.dialect.identifier_preparer.quote
        return {
            name: int(
                connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one()  # noqa: S608
            )
            for name in names
        }


def _run(engine: Engine, program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(reason="program_missing", program=program)
    done = subprocess.run(  # noqa: S603 - a program of the server, our own arguments
        [found, *arguments],
        env={"PATH": os.defpath, **_environment(engine)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # it may quote a value
        check=False,
    )
    if done.returncode != 0:
        raise BackupFailed(reason="program_failed", program=program)


def _environment(engine: Engine) -> dict[str, str]:
    """How to reach the server; nothing of it may stand on a command line."""
    given = {**engine.url.query, **engine.url.translate_connect_args()}
    return {_POSTGRES_NAMES[k]: str(v) for k, v in given.items() if k in _POSTGRES_NAMES and v}


def check_dump(engine: Engine, dump: Path) -> None:
    """Reads a dump through to its end. Raises BackupUnsound."""
    try:
        _run(engine, "pg_restore", "--file", os.devnull, str(dump))
    except BackupFailed:
        raise BackupUnsound(part="database") from None


def put_back(engine: Engine, copy: DatabaseCopy) -> None:
    """The database becomes the copy; what stood there is gone. Raises BackupFailed.

    The caller has shut the home before and checked the copy.
    """
    path = sqlite_path(engine)
    engine.dispose()
    if path is not None:
        _swap_sqlite(copy.path, Path(path))
        return
    _drop_tables(engine)
    arguments = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error")
    database = ("--single-transaction", "--dbname", str(engine.url.database))
    _run(engine, "pg_restore", *arguments, *database, str(copy.path))


def _drop_tables(engine: Engine) -> None:
    """Tables of a newer revision would stand in the way of those they refer to."""
    with engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {quote(name)} CASCADE"))


def _swap_sqlite(copy: Path, database: Path) -> None:
    with WriteTurn(str(database)).taken():
        with copy.open("rb") as stream:
            os.fsync(stream.fileno())
        for tail in ("-wal", "-shm"):
            Path(f"{database}{tail}").unlink(missing_ok=True)
        os.replace(copy, database)
        database.chmod(0o600)
        folder = os.open(database.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
