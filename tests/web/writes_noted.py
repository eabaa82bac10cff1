"""Watches every request of a page test: rows that were committed stand with an event (T15)."""

from __future__ import annotations

import re
import threading
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, event

from webui.services import Services

# Presence and the counting of guesses are no acts; a job's ledger only saves work.
NO_ACT = frozenset({"login_session", "agent_state", "login_failure", "job_run"})
EVENTS = "audit_event"
WRITTEN = "tables written since the last commit"
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)


class UnnotedWriteError(AssertionError):
    """A request changed rows and left no event."""


class Watch:
    """The tables written by the commits of the request that this thread serves.

    Kept by connection: a page asks for its frame in a unit of its own before the first commits.
    """

    def __init__(self) -> None:
        self._local = threading.local()

    def begin(self) -> None:
        self._local.kept = set()

    def note(self, connection: Connection, statement: str) -> None:
        found = _WRITES.match(statement)
        if found:
            connection.info.setdefault(WRITTEN, set()).add(found[1])

    def commit(self, connection: Connection) -> None:
        tables: set[str] = connection.info.pop(WRITTEN, set())
        if tables - NO_ACT and EVENTS not in tables and hasattr(self._local, "kept"):
            self._local.kept |= tables - NO_ACT

    def rollback(self, connection: Connection) -> None:
        connection.info.pop(WRITTEN, None)

    def unnoted(self) -> set[str]:
        return getattr(self._local, "kept", set())


def watch_writes(app: Flask, services: Services) -> Watch:
    """From now on a request of ``app`` that commits rows without an event fails its test."""
    watch, engine = Watch(), services.store.engine

    @event.listens_for(engine, "before_cursor_execute")
    def executed(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        watch.note(connection, statement)

    event.listen(engine, "commit", watch.commit)
    event.listen(engine, "rollback", watch.rollback)
    app.before_request_funcs.setdefault(None, []).insert(0, watch.begin)

    @app.after_request
    def judged(response: Response) -> Response:
        if watch.unnoted():
            raise UnnotedWriteError(f"{request.endpoint}: {sorted(watch.unnoted())}")
        return response

    return watch
