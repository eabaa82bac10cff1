"""Pure: the cells of a workbook become the text that a CSV of the same layout would hold.

A text cell is taken as it stands. A number or a date is taken where it can mean one thing only;
anywhere else it is refused with its place, for a spreadsheet that made a number of a key has
already dropped its zeros, and nobody can say which (S4-13.1b).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonprefix

from campaigns.cases.encodings import Encoding
from campaigns.intake.codes import FaultCode
from campaigns.intake.findings import Notes
from campaigns.intake.layouts import Column, Kind, Layout
from secure_store import limits

NUMBER, DAY, MOMENT = "number", "day", "moment"
LINE_END = "\r\n"

_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")  # how a workbook writes what XML cannot hold
_COUNTED = (Kind.DIGITS, Kind.AMOUNT)


@dataclass(frozen=True, slots=True)
class SheetFault:
    """A fault of one cell or of the whole workbook. Rows as in the report: 0 is the header."""

    code: FaultCode
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a workbook says, as quoted lines of text; or why it is refused."""

    text: str = field(default="", repr=False)
    faults: tuple[SheetFault, ...] = ()

    def in_encoding(
        self, file_name: str, layout: Layout, encoding: Encoding, notes: Notes
    ) -> bytes:
        """The lines in the encoding of the delivery; what it cannot write goes to ``notes``."""
        data = self.text.encode(encoding.codec, "ignore")
        # Read again: CP932 turns some characters into look-alikes without a word.
        back = data.decode(encoding.codec)
        if back == self.text:
            return data
        before = commonprefix((back, self.text))
        row = before.count(LINE_END)
        column = before[before.rfind(LINE_END) + 1 :].count('","')
        name = layout.names[column] if column < len(layout.names) else None
        notes.fault(file_name, FaultCode.NOT_ENCODABLE, row, name)
        return b""


class SheetWriter:
    """Takes the rows of a sheet one after the other; the header first."""

    def __init__(self, layout: Layout, most_faults: int = 100) -> None:
        self._layout = layout
        self._most = most_faults
        self._lines: list[str] = []
        self._empty = 0  # rows without a value are dropped when nothing follows them
        self._faults: list[SheetFault] = []

    def add(self, cells: Sequence[object]) -> None:
        row = len(self._lines) + self._empty
        if not any(cell != "" for cell in cells):
            self._empty += 1
            return
        for _blank in range(self._empty):
            self._lines.append('""')
        self._empty = 0
        width = len(self._layout.columns)
        beyond = [cell for cell in cells[width:] if cell != ""]
        wanted = cells if beyond else [*cells[:width], *[""] * (width - len(cells))]
        self._lines.append(",".join(self._quoted(row, at, cell) for at, cell in enumerate(wanted)))

    def sheet(self) -> Sheet:
        if self._faults:
            return Sheet(faults=tuple(self._faults))
        return Sheet("".join(f"{line}{LINE_END}" for line in self._lines))

    def _quoted(self, row: int, at: int, cell: object) -> str:
        text = self._text(row, at, cell)
        return '"' + text.replace('"', '""') + '"'

    def _text(self, row: int, at: int, cell: object) -> str:
        columns = self._layout.columns
        column = columns[at] if at < len(columns) else None
        if isinstance(cell, str):
            if len(cell) > limits.CELL.most:
                self._fault(FaultCode.TOO_LONG, row, column)
            if _ESCAPED.search(cell):
                self._fault(FaultCode.CONTROL_CHARACTER, row, column)
            return cell
        kind, text = cell if isinstance(cell, list) and len(cell) == 2 else ("", "")
        taken, code = _typed(str(kind), str(text), column if row else None)
        if code is not None:
            self._fault(code, row, column)
        return taken

    def _fault(self, code: FaultCode, row: int, column: Column | None) -> None:
        if len(self._faults) < self._most:
            self._faults.append(SheetFault(code, row, column.name if column else None))


def _typed(kind: str, text: str, column: Column | None) -> tuple[str, FaultCode | None]:
    """The text of a cell that is no text, or why it cannot be taken."""
    wanted = column.kind if column is not None else None
    if kind == NUMBER:
        return _number(text, column)
    if kind == DAY and wanted is Kind.DATE:
        return text, None
    if kind == DAY and wanted is Kind.MONTH and text.endswith("-01"):
        return text[:7], None
    if kind in (DAY, MOMENT) and wanted is Kind.MOMENT and text[16:] in ("", ":00"):
        return f"{text[:10]} {text[11:16] or '00:00'}", None
    return "", FaultCode.DATE_IN_TEXT if kind in (DAY, MOMENT) else FaultCode.VALUE_KIND


def _number(text: str, column: Column | None) -> tuple[str, FaultCode | None]:
    if column is not None and text:
        one_of_few = column.kind is Kind.CODE and text in column.allowed
        if column.kind in _COUNTED or one_of_few:
            return text, None
    if column is not None and column.kind in _COUNTED:
        return "", FaultCode.NOT_DIGITS
    return "", FaultCode.NUMBER_IN_TEXT


def sheet_of(rows: Iterable[Sequence[object]], layout: Layout) -> Sheet:
    """All rows of a sheet as text in the order of the layout."""
    writer = SheetWriter(layout)
    for row in rows:
        writer.add(row)
    return writer.sheet()


Sheets = Mapping[str, Sheet]
NO_SHEETS: Sheets = {}
NOT_READ = Sheet(faults=(SheetFault(FaultCode.FILE_FORM),))
