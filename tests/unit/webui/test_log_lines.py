"""The log file: JSON lines, ids, no text of an exception, readable by its owner only."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from webui.runtime import log_setup

SECRET = "見本 09012345678"


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[logging.Handler]:
    handler = log_setup.set_up(tmp_path / "logs", "test")
    yield handler
    log_setup.take_down(handler)


def lines(tmp_path: Path) -> list[dict[str, Any]]:
    written = (tmp_path / "logs" / "test.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in written.splitlines()]


def test_an_event_is_one_line_with_its_ids(handler: logging.Handler, tmp_path: Path) -> None:
    log = logging.getLogger("webui.test_log_lines")
    log.info("refused", extra={"code": "day_not_over", "campaign": "A01-202209", "typed": SECRET})
    (line,) = lines(tmp_path)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "webui.test_log_lines",
        "event": "refused",
        "code": "day_not_over",
        "campaign": "A01-202209",
    }


def test_a_forged_line_stays_inside_the_event(handler: logging.Handler, tmp_path: Path) -> None:
    log = logging.getLogger("webui.test_log_lines")
    log.info("typed %s", 'x\r\n{"level": "info", "event": "login"}\x1b[2K')
    (line,) = lines(tmp_path)
    assert line["event"].startswith("typed x")


def test_an_exception_tells_its_kind_and_place_and_never_its_text(
    handler: logging.Handler, tmp_path: Path
) -> None:
    log = logging.getLogger("webui.test_log_lines")
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("job_failed")
    (line,) = lines(tmp_path)
    assert line["kind"] == "ValueError"
    assert line["where"].startswith("test_log_lines.py:")
    written = (tmp_path / "logs" / "test.jsonl").read_text(encoding="utf-8")
    assert "見本" not in written
    assert "Traceback" not in written


def test_sealed_bytes_are_refused_also_as_an_argument(
    handler: logging.Handler, tmp_path: Path
) -> None:
    logging.getLogger("webui.test_log_lines").info("box %r", b"\xd1\x01secret")
    assert [line["event"] for line in lines(tmp_path)] == ["[refused]"]


def test_an_event_written_wrongly_is_logged_without_its_arguments() -> None:
    record = logging.LogRecord("webui", logging.INFO, "", 1, "a %d b", (SECRET,), None)
    assert json.loads(log_setup.JsonLines().format(record))["event"] == "a %d b"


def test_other_libraries_are_heard_from_warnings_on(
    handler: logging.Handler, tmp_path: Path
) -> None:
    logging.getLogger("somebody").info("chatter")
    logging.getLogger("apscheduler.executors").warning("args=%s", SECRET)
    logging.getLogger("somebody").warning("trouble")
    assert [line["event"] for line in lines(tmp_path)] == ["trouble"]


def test_only_its_owner_reads_the_log(handler: logging.Handler, tmp_path: Path) -> None:
    assert (tmp_path / "logs" / "test.jsonl").stat().st_mode & 0o777 == 0o600
