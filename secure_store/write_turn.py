"""One writer at a time on SQLite, in the order of asking.

SQLite's own busy handler retries with growing pauses, so a busy process can starve the others.
Writers therefore queue: threads of one process by ticket, processes by a lock on a file
beside the database.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class WriteTurn:
    """A first-come-first-served turn over threads and processes."""

    def __init__(self, database_path: str) -> None:
        self._path = database_path + ".turn"
        self._mutex = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._busy = False

    def _wait(self) -> None:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return
            ticket = threading.Event()
            self._queue.append(ticket)
        ticket.wait()

    def _pass_on(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._busy = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        self._wait()
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            finally:
                os.close(handle)  # closing gives the lock back, also when this process dies
        finally:
            self._pass_on()
