"""Reads a home's tables with a connection of its own, past our models: for checking only.

The rules are judged by what was stored, not by what the program says of it. Rehearsal only; the
rows hold ids, codes and instants, nothing sealed is opened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg

SQLITE, DRIVER = "sqlite:///", "postgresql+psycopg"
Row = tuple[Any, ...]


class Witness:
    """One reading connection; every question sees what is committed by then."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._sqlite: sqlite3.Connection | None = None
        self._server: psycopg.Connection[Any] | None = None
        if url.startswith(SQLITE):
            self._sqlite = sqlite3.connect(url.removeprefix(SQLITE), isolation_level=None)
        else:
            address = "postgresql" + url.removeprefix(DRIVER)
            self._server = psycopg.connect(address, autocommit=True)

    def ask(self, question: str, *values: object) -> list[Row]:
        """All rows of one SELECT; values stand for its question marks, in order."""
        given = tuple(self._given(value) for value in values)
        if self._sqlite is not None:
            return self._sqlite.execute(question, given).fetchall()
        if self._server is None:
            raise LookupError("the connection is closed")
        rows = self._server.execute(question.replace("?", "%s").encode(), given).fetchall()
        return [tuple(row) for row in rows]

    def close(self) -> None:
        if self._sqlite is not None:
            self._sqlite.close()
        if self._server is not None:
            self._server.close()

    def _given(self, value: object) -> object:
        if self._sqlite is None:
            return value
        if isinstance(value, UUID):
            return value.hex
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return value.isoformat() if isinstance(value, date) else value


def an_id(value: object) -> UUID:
    """An id as it stands in either database."""
    return value if isinstance(value, UUID) else UUID(str(value))


def an_instant(value: object) -> datetime:
    """An aware instant as it stands in either database."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def a_day(value: object) -> date:
    """A date as it stands in either database."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def ids(rows: Sequence[Row]) -> list[UUID]:
    """The first column of each row."""
    return [an_id(row[0]) for row in rows]
