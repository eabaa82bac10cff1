"""JSON lines with ids: one event, one line, redacted on its way out (S4-9.3, security.md 7.7)."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from secure_store.redaction import ID_FORMS, log_line

MOST_BYTES = 10_000_000
KEPT_FILES = 10
OURS = ("webui", "campaigns", "dialer", "scripts_talk", "secure_store")


class JsonLines(logging.Formatter):
    """A record as one line: instant, level, logger, event and the known ids, nothing else."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        for name in ID_FORMS:
            value = record.__dict__.get(name)
            if name not in fields and value is not None and value != "":
                fields[name] = value
        fields.update(_fault(record))
        return log_line(fields)


def _event(record: logging.LogRecord) -> object:
    if isinstance(record.msg, bytes) or any(isinstance(one, bytes) for one in _values(record)):
        return b""  # refused where it is written
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return record.msg


def _values(record: logging.LogRecord) -> tuple[object, ...]:
    if isinstance(record.args, Mapping):
        return tuple(record.args.values())
    return record.args or ()


def _fault(record: logging.LogRecord) -> dict[str, object]:
    """Kind and place of an exception. Its text may hold a statement or a value: never that."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault is None:
        return {}
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return {"kind": type(fault).__name__, "where": place}


class OwnerOnlyFile(RotatingFileHandler):
    """A log file that only its owner reads."""

    def _open(self):  # type: ignore[no-untyped-def]
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8")


def set_up(folder: Path, process: str) -> logging.Handler:
    """Sends our events to ``folder/process.jsonl``, and of other libraries only warnings."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = OwnerOnlyFile(
        folder / f"{process}.jsonl", maxBytes=MOST_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    # It logs the arguments of its jobs.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return handler


def take_down(handler: logging.Handler) -> None:
    """Ends what ``set_up`` began."""
    logging.getLogger().removeHandler(handler)
    handler.close()
