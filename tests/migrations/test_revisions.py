"""Every revision goes up and down on both databases, with rows; the newest equals the models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Uuid,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.schema import CreateTable

from secure_store.database import Base, make_engine
from secure_store.schema import MIGRATIONS, downgrade, upgrade
from tests.all_models import import_all_models

BOOKKEEPING = "alembic_version"
WORDS = re.compile(r"'([a-z0-9_]+)'")


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def revisions() -> list[str]:
    """The ids of all revisions, the oldest first."""
    found = [script.revision for script in scripts().walk_revisions()][::-1]
    assert found, "there is no revision at all"
    return found


@pytest.fixture
def bare_engine(bare_database_url: str) -> Iterator[Engine]:
    engine = make_engine(bare_database_url)
    yield engine
    engine.dispose()


def at_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def reflected(engine: Engine) -> MetaData:
    metadata = MetaData()
    metadata.reflect(engine)
    if BOOKKEEPING in metadata.tables:
        metadata.remove(metadata.tables[BOOKKEEPING])
    return metadata


def rows_in(engine: Engine, metadata: MetaData) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def sample_value(column: Column[Any], allowed: list[str]) -> Any:
    """Some value that the column takes."""
    kind = column.type
    if allowed:
        return allowed[0]
    for kinds, value in (
        (Boolean, True),
        (Uuid, UUID(int=1)),
        (DateTime, datetime(2022, 9, 15, 2, 30, tzinfo=UTC)),
        (Date, date(2022, 9, 15)),
        ((Integer, Numeric), 1),
        (LargeBinary, b"\x01" * 16),
    ):
        if isinstance(kind, kinds):
            return value
    return "x" * min(getattr(kind, "length", None) or 3, 3)


def sample_row(
    connection: Connection, table: Table, rows: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """A row that satisfies the table's foreign keys and its lists of allowed words."""
    checks = inspect(connection).get_check_constraints(table.name)
    row: dict[str, Any] = {}
    for column in table.columns:
        words = [
            word
            for check in checks
            if re.search(rf"\b{column.name}\b", check["sqltext"])
            for word in WORDS.findall(check["sqltext"])
        ]
        parent = next(iter(column.foreign_keys), None)
        if parent is None:
            row[column.name] = sample_value(column, words)
        elif parent.column.table.name in rows:
            row[column.name] = rows[parent.column.table.name][parent.column.name]
        else:  # points to its own table, or forward: such a column must allow nothing
            row[column.name] = None
    return row


def fill(engine: Engine) -> dict[str, int]:
    """Puts one row into every table; the counts."""
    metadata = reflected(engine)
    rows: dict[str, dict[str, Any]] = {}
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            rows[table.name] = sample_row(connection, table, rows)
            if connection.scalar(select(func.count()).select_from(table)) == 0:
                connection.execute(table.insert(), rows[table.name])
    return rows_in(engine, metadata)


def functions_of(engine: Engine) -> list[str]:
    """What is left of triggers' functions on PostgreSQL."""
    if engine.dialect.name != "postgresql":
        return []
    query = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def test_there_is_one_newest_revision() -> None:
    assert revisions()
    assert len(scripts().get_heads()) == 1


def test_the_recorded_head_is_the_newest_revision() -> None:
    recorded = (MIGRATIONS / ".current-head").read_text(encoding="ascii").split()
    assert recorded == list(scripts().get_heads())


def test_file_names_begin_with_the_number_of_their_revision() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert [name.partition("_")[0] for name in names] == revisions()


@pytest.mark.both_databases
def test_every_revision_goes_up_and_down_and_up_again(bare_engine: Engine) -> None:
    below = "base"
    for revision in revisions():
        upgrade(bare_engine, revision)
        assert at_revision(bare_engine) == revision
        downgrade(bare_engine, below)
        assert at_revision(bare_engine) == (None if below == "base" else below)
        upgrade(bare_engine, revision)
        below = revision


@pytest.mark.both_databases
def test_every_revision_comes_down_from_the_top_and_leaves_nothing(bare_engine: Engine) -> None:
    upgrade(bare_engine)
    for below in [*reversed(revisions()[:-1]), "base"]:
        downgrade(bare_engine, below)
    assert set(inspect(bare_engine).get_table_names()) <= {BOOKKEEPING}
    assert functions_of(bare_engine) == []


@pytest.mark.both_databases
def test_rows_survive_the_way_up_and_do_not_stop_the_way_down(bare_engine: Engine) -> None:
    below = "base"
    for revision in revisions():
        before = rows_in(bare_engine, reflected(bare_engine))
        upgrade(bare_engine, revision)
        after = rows_in(bare_engine, reflected(bare_engine))
        assert {name: after[name] for name in before if name in after} == {
            name: count for name, count in before.items() if name in after
        }
        filled = fill(bare_engine)
        assert set(filled.values()) == {1}
        downgrade(bare_engine, below)
        upgrade(bare_engine, revision)
        fill(bare_engine)
        below = revision


def test_the_models_equal_the_newest_revision(engine: Engine) -> None:
    import_all_models()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_database_allows_the_same_words_as_the_models(engine: Engine) -> None:
    """Alembic compares no CHECK; an enum with a new member needs a revision all the same."""
    import_all_models()
    inspector = inspect(engine)
    in_database = {
        (table, check["name"]): sorted(WORDS.findall(check["sqltext"]))
        for table in Base.metadata.tables
        for check in inspector.get_check_constraints(table)
    }
    in_models = {
        (table.name, str(check.name)): sorted(WORDS.findall(_condition(check, table, engine)))
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert in_models
    assert in_database == in_models


def _condition(check: CheckConstraint, table: Table, engine: Engine) -> str:
    """The condition as the database is told it, out of the statement that makes the table."""
    statement = str(CreateTable(table).compile(dialect=engine.dialect))
    return next(line for line in statement.splitlines() if f"CONSTRAINT {check.name} " in line)
