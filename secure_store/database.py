"""The database: declarative base, column kinds, engine.

Every text column is either sealed bytes or declared free of personal data with a reason
(`plain`), so that the inventory of personal data (S4-8.6e) is made from the models.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Engine, Enum, LargeBinary, MetaData, create_engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Marks a table whose rows change their place in an index all day long; see maintenance.py.
CHURNED = {"churned": True}

# The whole list is checked on every connection: an acknowledged outcome must survive kill -9
# (synchronous=FULL) and a deleted row must not linger in free pages (secure_delete=ON).
SQLITE_PRAGMAS: dict[str, str] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "secure_delete": "ON",
    "foreign_keys": "ON",
    "busy_timeout": "5000",
    "temp_store": "MEMORY",
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
    "wal_autocheckpoint": "1000",
}

POSTGRES_SETTINGS = (
    "-c idle_in_transaction_session_timeout=60000 -c statement_timeout=30000 -c lock_timeout=5000 "
    "-c timezone=UTC"
)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """Stores an instant in UTC and gives it back aware. Refuses naive values instead of guessing."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_enum(kind: type[StrEnum], name: str | None = None) -> Enum:
    """An enum stored by its value, with a CHECK that refuses any other.

    ``name`` tells two columns of the same kind in one table apart.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def plain(column_type: Any, because: str, *constraints: Any, **options: Any) -> MappedColumn[Any]:
    """A text column that holds no personal data of a callee; ``because`` says why."""
    return mapped_column(column_type, *constraints, info={"plain_because": because}, **options)


def sealed(group: str, **options: Any) -> MappedColumn[Any]:
    """A sealed box of one column group; its name must end in ``_sealed``."""
    return mapped_column(LargeBinary, info={"sealed_group": group}, **options)


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # transactions are begun by us, see _begin_sqlite
    for name, value in SQLITE_PRAGMAS.items():
        dbapi_connection.execute(f"PRAGMA {name}={value}")
    level = dbapi_connection.execute("PRAGMA synchronous").fetchone()[0]
    if level != 2:
        raise RuntimeError("SQLite does not run with synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads before it writes fails with "database is locked".
    reading = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for SQLite or PostgreSQL with the settings that keep the promises."""
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"options": POSTGRES_SETTINGS},
    )


def sqlite_path(engine: Engine) -> str | None:
    """The database file, or None when the database is a server."""
    return engine.url.database if engine.dialect.name == "sqlite" else None
