"""Nobody with the application's account changes or removes what the log holds (T17)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from secure_store.access import Actor, Role
from secure_store.audit.checkpoints import sign_now
from secure_store.audit.log import read_lines
from secure_store.audit.tags import Tag
from secure_store.work import SecureStore

SYSTEM = Actor(code="test", role=Role.SYSTEM)
KEYS = {"audit_event": "seq", "audit_checkpoint": "size", "audit_boundary": "size"}
FIRST = "(SELECT min({key}) FROM {table})"
EVERYWHERE = (
    "UPDATE {table} SET {key} = {key} + 1000",
    f"UPDATE {{table}} SET {{key}} = {{key}} WHERE {{key}} = {FIRST}",
    f"DELETE FROM {{table}} WHERE {{key}} = {FIRST}",
    "DELETE FROM {table}",
    "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT ({key}) DO UPDATE"
    " SET {key} = 7",
)
OWN_WAYS = {
    "sqlite": (
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
        "UPDATE OR REPLACE {table} SET {key} = {key}",
        "UPDATE OR IGNORE {table} SET {key} = {key} + 1",
    ),
    "postgresql": (
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "UPDATE {table} SET {key} = {key} WHERE 1 = 0",
        "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
    ),
}


def _filled(store: SecureStore) -> list[bytes]:
    with store.work(SYSTEM) as work:
        work.audit(Tag.SCHEDULER_JOB_RUN, reason="test")
    with store.work(SYSTEM) as work:
        sign_now(work, "test")
    row: dict[str, Any] = {
        "size": 1,
        "bytes": b"0",
        "note": "n",
        "until": "2022-01-01",
        "at": "2022-09-15 00:00:00",
        "by": "test",
    }
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_boundary (size, last_hash, peaks, note, until, at, by)"
                " VALUES (:size, :bytes, :bytes, :note, :until, :at, :by)"
            ),
            row,
        )
    return _log(store)


def _log(store: SecureStore) -> list[bytes]:
    with store.work(SYSTEM, readonly=True) as work:
        return list(read_lines(work))


def _rows(store: SecureStore, table: str) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.both_databases
@pytest.mark.clause("T17", "S4-8.6h")
def test_no_statement_changes_or_removes_an_event_a_head_or_a_boundary(store: SecureStore) -> None:
    before = _filled(store)
    refused = 0
    for table, key in KEYS.items():
        counted = _rows(store, table)
        for form in EVERYWHERE + OWN_WAYS[store.engine.dialect.name]:
            statement = text(form.format(table=table, key=key))
            with pytest.raises(DBAPIError, match="append only"), store.engine.begin() as connection:
                connection.execute(statement)
            refused += 1
        assert _rows(store, table) == counted
    assert refused == 3 * 9
    assert _log(store) == before


@pytest.mark.both_databases
def test_what_is_refused_is_refused_by_the_triggers(store: SecureStore) -> None:
    # The positive control: without its trigger the same statement goes through.
    before = _filled(store)
    with store.engine.begin() as connection:
        if store.engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_event_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_event_append_only ON audit_event"))
        connection.execute(text("DELETE FROM audit_event WHERE seq = 1"))
    assert len(_log(store)) == len(before) - 1
