"""Everything that was written while the marked day ran, by the kind of place it lies in."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch
from urllib.parse import unquote

from secure_store.access import Actor, Role
from secure_store.audit.log import checkpoints, read_lines
from tests.clusters import Cluster
from tests.leaks.marked_day import MarkedDay
from tests.leaks.searching import files_in, rows_in

Parts = list[tuple[str, bytes]]
AUDITOR = Actor("AU01", Role.AUDITOR)


def _kept(folder: Path, mode: str = "w+b", *_args: Any, **_more: Any) -> IO[Any]:
    """A temporary file that stays: its bytes lie on the disk also when it has no name."""
    handle, _path = tempfile.mkstemp(dir=folder)
    return os.fdopen(handle, mode)


@contextmanager
def temporary_files_kept(folder: Path) -> Iterator[None]:
    """Temporary files of this process go into ``folder`` and are not removed."""
    kept = partial(_kept, folder)
    with (
        patch.object(tempfile, "tempdir", str(folder)),
        patch.dict(os.environ, {"TMPDIR": str(folder)}),
        patch.object(tempfile, "TemporaryFile", kept),
        patch.object(tempfile, "NamedTemporaryFile", kept),
    ):
        yield


@contextmanager
def output_kept(path: Path) -> Iterator[None]:
    """Standard output and error go into a file, of Python and of the libraries below it."""
    saved = [(number, os.dup(number)) for number in (1, 2)]
    with path.open("w", encoding="utf-8", buffering=1) as out:
        sys.stdout.flush()
        for number, _copy in saved:
            os.dup2(out.fileno(), number)
        try:
            with redirect_stdout(out), redirect_stderr(out):
                yield
        finally:
            for number, copy in saved:
                os.dup2(copy, number)
                os.close(copy)


def sinks_of(day: MarkedDay, root: Path, cluster: Cluster | None) -> dict[str, Parts]:
    """All places, read while the database is still open, so that its journal is there.

    ``root`` holds the home, the database file of SQLite, ``temp`` and ``output.txt``.
    """
    settings = day.services.settings
    with day.services.store.engine.connect() as connection:
        rows = list(rows_in(connection))
    if cluster:
        cluster.say("CHECKPOINT")
    database = cluster.folder if cluster else root / "database"
    placed = settings.exchange / "outbound"
    return {
        "application log": list(files_in(settings.logs)),
        "home": list(files_in(settings.home)),
        "database files": list(files_in(database)),
        "database rows": rows,
        "key store": list(files_in(settings.keystore)),
        "sealed files": list(files_in(settings.spool)),
        "exchange folder": list(files_in(placed)),
        "temporary files": list(files_in(root / "temp")),
        "output": [("output", (root / "output.txt").read_bytes())],
        **_of_the_wire(day),
        **_of_the_log(day),
    }


def _of_the_wire(day: MarkedDay) -> dict[str, Parts]:
    lines, titles, headers = [], [], []
    for one in day.exchanges:
        lines += [one.access_line, one.location, unquote(one.path), unquote(one.location)]
        titles.append(one.title)
        headers.append(one.headers)
    return {
        "addresses": [("access log", "\n".join(lines).encode())],
        "page titles": [("titles", "\n".join(titles).encode())],
        "answer headers": [("headers", "\n".join(headers).encode())],
    }


def _of_the_log(day: MarkedDay) -> dict[str, Parts]:
    with day.services.store.work(AUDITOR) as work:
        lines, notes = b"\n".join(read_lines(work)), "\n".join(checkpoints(work))
    return {"audit export": [("lines", lines), ("heads", notes.encode())]}
