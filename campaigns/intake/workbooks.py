"""Reads lent workbooks, each in a process of its own that is limited and then thrown away.

The library that reads them ends its process when memory runs out; and whatever a hostile file
makes it do, it does there, without files, without a network and without the record store. The
workbook goes in and its rows come out through pipes: nothing of it lies on a disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO, Any

from campaigns.intake.codes import FaultCode
from campaigns.intake.columns import IN_MEMORY, Columns
from campaigns.intake.findings import DeliveryReport, Expected
from campaigns.intake.layouts import (
    SAMPLE_LAYOUTS,
    FileKind,
    Layout,
    LayoutSet,
    NameUnusable,
    parse_name,
)
from campaigns.intake.sheets import Sheet, SheetFault, Sheets, SheetWriter
from campaigns.intake.validation import check_delivery
from secure_store import limits
from secure_store.archives import MAGIC

AT_ONCE = BoundedSemaphore(2)  # each may take as much memory as its limit says
LONGEST_LINE = limits.COLUMNS.most * (limits.CELL.most + 1) * 12
_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from campaigns.intake.workbook_child import main; main()"
)
_ROOT = str(Path(__file__).resolve().parents[2])


class _NoAnswer(Exception):
    """The reading process ended, or said what it never says."""


def check_files(
    files: Mapping[str, bytes], expected: Expected, columns: Columns = IN_MEMORY
) -> DeliveryReport:
    """Checks the plain files of one delivery, CSV and xlsx alike, by what the campaign expects.

    Never raises for anything in the files.
    """
    sheets = read_sheets(files, expected.receivable)
    return check_delivery(files, expected, sheets=sheets, columns=columns)


def read_sheets(
    files: Mapping[str, bytes], receivable: str, layouts: LayoutSet = SAMPLE_LAYOUTS
) -> Sheets:
    """The workbooks among the files of a delivery, by their names."""
    return {
        name: read_workbook(data, layout)
        for name, data in files.items()
        if data.startswith(MAGIC) and (layout := _layout_of(name, receivable, layouts)) is not None
    }


def _layout_of(name: str, receivable: str, layouts: LayoutSet) -> Layout | None:
    try:
        kind = parse_name(name).kind
    except NameUnusable:
        return None
    by_kind = {
        FileKind.TAISHO: layouts.taisho,
        FileKind.MEISAI: layouts.meisai,
        FileKind.KOYU: layouts.koyu.get(receivable),
    }
    return by_kind.get(kind) if name.endswith(".xlsx") else None


def read_workbook(data: bytes, layout: Layout) -> Sheet:
    """The one sheet of a workbook by its layout, or why it is refused. Never raises for content."""
    writer = SheetWriter(layout)
    try:
        with AT_ONCE:
            answer = _read_in_child(data, writer)
    except _NoAnswer:
        return Sheet(faults=(SheetFault(FaultCode.WORKBOOK_TOO_LARGE),))
    if "rows" in answer:
        return writer.sheet()
    try:
        code = FaultCode(answer["code"])
    except (KeyError, ValueError):
        code = FaultCode.WORKBOOK_UNREADABLE
    return Sheet(faults=(_fault(code, answer.get("row"), answer.get("column"), layout),))


def _fault(code: FaultCode, row: object, column: object, layout: Layout) -> SheetFault:
    known = isinstance(column, int) and 0 < column <= len(layout.names)
    name = layout.names[column - 1] if isinstance(column, int) and known else None
    return SheetFault(code, row - 1 if isinstance(row, int) and row > 0 else None, name)


def _read_in_child(data: bytes, writer: SheetWriter) -> Mapping[str, Any]:
    """The last line of the child; its rows go to ``writer``. Raises _NoAnswer."""
    command = [sys.executable, "-I", "-B", "-c", _PROGRAM, _ROOT]
    with subprocess.Popen(  # noqa: S603 - our own program, without a shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONUTF8": "1"},
        cwd="/",
    ) as child:
        patience = Timer(limits.READER_TIME.most, child.kill)
        patience.start()
        try:
            _hand_in(child.stdin, data)
            return _last_line(child.stdout, writer)
        finally:
            patience.cancel()
            child.kill()


def _hand_in(pipe: IO[bytes] | None, data: bytes) -> None:
    """The child reads everything before it answers, so nobody waits for the other."""
    if pipe is None:
        raise _NoAnswer
    try:
        pipe.write(data)
        pipe.close()
    except BrokenPipeError:
        raise _NoAnswer from None


def _last_line(pipe: IO[bytes] | None, writer: SheetWriter) -> Mapping[str, Any]:
    for said in _lines(pipe):
        if isinstance(said, dict):
            return said
        if not isinstance(said, list):
            break
        writer.add(said)
    raise _NoAnswer


def _lines(pipe: IO[bytes] | None) -> Iterator[object]:
    in_all = 0
    while pipe is not None and (line := pipe.readline(LONGEST_LINE)):
        in_all += len(line)
        if in_all > limits.READER_OUTPUT.most or not line.endswith(b"\n"):
            return
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            return
