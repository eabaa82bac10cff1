"""What a database needs every night so that tomorrow is as fast as the first day.

PostgreSQL: rows of the queue change their place in its indexes all day long; the dead entries
are vacuumed away and the indexes built anew beside the running work. SQLite: fresh statistics,
and the write-ahead log goes into the database file. No row changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, Table
from sqlalchemy.engine import Connection

from secure_store.database import CHURNED, Base, sqlite_path
from secure_store.work import SecureStore
from secure_store.write_turn import WriteTurn

ANALYSIS_LIMIT = 1000  # rows looked at per index on SQLite: milliseconds, not minutes


@dataclass(frozen=True, slots=True)
class Maintained:
    """What was done: tables vacuumed or analysed, indexes built anew."""

    tables: int
    indexes: int


def churned_tables() -> tuple[Table, ...]:
    """The tables that are marked as churned, in the order of their names."""
    marked = [table for table in Base.metadata.tables.values() if table.info == CHURNED]
    return tuple(sorted(marked, key=lambda table: table.name))


def maintain(store: SecureStore) -> Maintained:
    """Does the night's work; agents may go on calling meanwhile."""
    path = sqlite_path(store.engine)
    if path is None:
        return _postgresql(store.engine)
    with WriteTurn(path).taken(), store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - narrows the type
        driver.execute(f"PRAGMA analysis_limit={ANALYSIS_LIMIT}")
        driver.execute("ANALYZE")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Maintained(len(Base.metadata.tables), 0)


def _postgresql(engine: Engine) -> Maintained:
    tables, indexes = churned_tables(), 0
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Waiting for a long report would be waiting in front of every agent.
        connection.exec_driver_sql("SET statement_timeout = 0")
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {table.name}")
            for index in _indexes(connection, table.name):
                connection.exec_driver_sql(f'REINDEX INDEX CONCURRENTLY "{index}"')
                indexes += 1
        connection.exec_driver_sql("RESET statement_timeout")
    return Maintained(len(tables), indexes)


def _indexes(connection: Connection, table: str) -> list[str]:
    found = connection.exec_driver_sql(
        "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s "
        "ORDER BY indexname",
        (table,),
    )
    return [name for (name,) in found]
