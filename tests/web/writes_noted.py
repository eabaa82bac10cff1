"""Watches every request of a page test: rows that were committed stand with an event (T15)."""

from __future__ import annotations

import re
import threading
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import event

from webui.services import Services

# Presence and the counting of guesses are no acts; a job's ledger only saves work.
NO_ACT = frozenset({"login_session", "agent_state", "login_failure", "job_run"})
EVENTS = "audit_event"
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)


class UnnotedWriteError(AssertionError):
    """A request changed rows and left no event."""


class Watch:
    """The tables written by the commits of the request that this thread serves."""

    def __init__(self) -> None:
        self._local = threading.local()

    def begin(self) -> None:
        self._local.open, self._local.kept = set(), set()

    def note(self, statement: str) -> None:
        found = _WRITES.match(statement)
        if found and hasattr(self._local, "open"):
            self._local.open.add(found[1])

    def commit(self) -> None:
        tables: set[str] = getattr(self._local, "open", set())
        if tables - NO_ACT and EVENTS not in tables:
            self._local.kept |= tables - NO_ACT
        tables.clear()

    def rollback(self) -> None:
        getattr(self._local, "open", set()).clear()

    def unnoted(self) -> set[str]:
        return getattr(self._local, "kept", set())


def watch_writes(app: Flask, services: Services) -> Watch:
    """From now on a request of ``app`` that commits rows without an event fails its test."""
    watch, engine = Watch(), services.store.engine

    @event.listens_for(engine, "before_cursor_execute")
    def executed(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        watch.note(statement)

    event.listen(engine, "commit", lambda _connection: watch.commit())
    event.listen(engine, "rollback", lambda _connection: watch.rollback())
    app.before_request_funcs.setdefault(None, []).insert(0, watch.begin)

    @app.after_request
    def judged(response: Response) -> Response:
        if watch.unnoted():
            raise UnnotedWriteError(f"{request.endpoint}: {sorted(watch.unnoted())}")
        return response

    return watch
