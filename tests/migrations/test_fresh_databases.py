"""The databases that tests are given: migrated, empty, private, and on a discreet server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, table, text

from secure_store.database import make_engine
from secure_store.schema import MIGRATIONS
from tests.clusters import SERVER_SETTINGS, RunFolder, ServerMissingError, newest_server


def test_a_fresh_database_is_at_the_newest_revision_and_empty(engine: Engine) -> None:
    names = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        counts = {
            name: connection.scalar(select(func.count()).select_from(table(name))) for name in names
        }
    assert revision == ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert counts
    assert set(counts.values()) == {0}


def test_two_databases_of_one_server_know_nothing_of_each_other(run_folder: RunFolder) -> None:
    cluster = run_folder.cluster()
    with cluster.fresh() as first, cluster.fresh() as second:
        for url, expected in ((first, 1), (second, 0)):
            engine = make_engine(url)
            with engine.begin() as connection:
                if expected:
                    connection.execute(text("CREATE TABLE seen (id integer)"))
            assert len(inspect(engine).get_table_names()) == expected
            engine.dispose()


def test_the_server_logs_no_values_and_listens_to_nobody_else(run_folder: RunFolder) -> None:
    with run_folder.cluster().fresh() as url:
        engine = make_engine(url)
        with engine.connect() as connection:
            shown = {
                name: connection.scalar(text("SELECT current_setting(:name)"), {"name": name})
                for name in SERVER_SETTINGS
            }
        engine.dispose()
    assert shown == SERVER_SETTINGS


def test_the_server_is_not_run_by_root(run_folder: RunFolder) -> None:
    cluster = run_folder.cluster()
    running = int((cluster.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    assert os.stat(f"/proc/{running}").st_uid != 0
    assert cluster.sockets.stat().st_mode & 0o077 == 0


def test_a_missing_server_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ServerMissingError):
        newest_server(tmp_path)


def test_the_newest_of_several_servers_is_taken(tmp_path: Path) -> None:
    for version in ("9.6", "15", "17"):
        programs = tmp_path / version / "bin"
        programs.mkdir(parents=True)
        (programs / "initdb").touch()
    assert newest_server(tmp_path) == tmp_path / "17" / "bin"
