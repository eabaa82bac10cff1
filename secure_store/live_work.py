"""Slow work that lives in one process: a lock tells others that it is not a crash's remains.

The operating system gives the lock back when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from secure_store.sealing_access import exchange_folder
from secure_store.work import SecureStore

FOLDER = "live"


def _path(store: SecureStore, name: str) -> Path:
    folder = exchange_folder(store).parent / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{name}.lock"


@contextmanager
def alive(store: SecureStore, name: str) -> Iterator[None]:
    """Holds the lock of a piece of work; ``name`` is made of ids and codes."""
    path = _path(store, name)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def is_alive(store: SecureStore, name: str) -> bool:
    """True while some process holds the lock."""
    path = _path(store, name)
    if not path.exists():
        return False
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
