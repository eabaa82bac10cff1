"""The process that reads a workbook: limited before it sees the first byte (security.md 8.1).

It takes the workbook on its standard input and answers on its standard output, one JSON line per
row. A cell is its text, or a pair of what it is and its text; the last line says how many rows
there were. Once everything is imported no file and no socket can be opened any more.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

from python_calamine import CalamineSheet, CalamineWorkbook

from campaigns.intake.codes import FaultCode
from campaigns.intake.workbook_guard import WorkbookFault, look_over
from secure_store import limits

EXACT = 10**15  # from here on a spreadsheet has lost digits
NUMBER: Final = "number"
DAY: Final = "day"
MOMENT: Final = "moment"
OTHER: Final = "other"


def limit_this_process() -> None:
    """Memory, time, files; no core, for that would be a copy of the data on the disk."""
    for what, most in (
        (resource.RLIMIT_AS, limits.READER_MEMORY.most),
        (resource.RLIMIT_CPU, limits.READER_CPU.most),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, limits.READER_FILES.most),
    ):
        resource.setrlimit(what, (most, most))


def open_nothing_more() -> None:
    """From here on every attempt to open a file or a socket fails."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def rows_of(data: bytes) -> Iterable[list[object]]:
    """The rows of the one sheet that holds data. Raises WorkbookFault."""
    look_over(data)
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    count = len(workbook.sheet_names)
    sheets = [workbook.get_sheet_by_index(at) for at in range(count)]
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if len(filled) != 1:
        raise WorkbookFault(FaultCode.WORKBOOK_SHEETS)
    return _cells_of(filled[0])


def _cells_of(sheet: CalamineSheet) -> Iterable[list[object]]:
    (_top, left), (bottom, right) = sheet.start or (0, 0), sheet.end or (0, 0)
    if right >= limits.COLUMNS.most:
        raise WorkbookFault(FaultCode.COLUMN_COUNT, 1)
    if bottom > limits.ROWS.most:
        raise WorkbookFault(FaultCode.TOO_MANY_ROWS, limits.ROWS.most + 2)
    before = [""] * left  # the library leaves out the empty columns before the first cell
    for row in sheet.iter_rows():
        yield [*before, *map(_cell, row)]


def _cell(value: Any) -> object:
    match value:
        case str():
            return value[: limits.CELL.most + 1]  # more only says that it is too long
        case bool():
            return [OTHER, ""]
        case int() | float():
            return [NUMBER, _digits(value)]
        case datetime():
            return [MOMENT, value.isoformat(" ", "seconds")]
        case date():
            return [DAY, value.isoformat()]
        case time():
            return [OTHER, ""]
    return [OTHER, ""]


def _digits(value: float) -> str:
    """A whole number as its digits; nothing for one that is not whole, or not exact."""
    whole = float(value).is_integer() and abs(value) < EXACT
    return str(int(value)) if whole and value >= 0 else ""


def main() -> None:
    """Reads, answers, ends; a fault of the workbook is an answer too."""
    limit_this_process()
    data = sys.stdin.buffer.read()
    open_nothing_more()
    out = sys.stdout
    number = 0
    try:
        for row in rows_of(data):
            out.write(json.dumps(row, ensure_ascii=True) + "\n")
            number += 1
        answer: dict[str, object] = {"rows": number}
    except WorkbookFault as fault:
        answer = {"code": fault.code.value, "row": fault.row, "column": fault.column}
    except MemoryError:
        answer = {"code": FaultCode.WORKBOOK_TOO_LARGE.value}
    except Exception:
        # What the library says may hold a cell.
        answer = {"code": FaultCode.WORKBOOK_UNREADABLE.value}
    out.write(json.dumps(answer) + "\n")
    out.flush()
