"""The daily report as a page: read back from the built file, so that it shows what was built."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.api import REPORT_ENCODING

REMARKS = "特記事項"
# A table with more columns stands on its side: no paper is that wide.
MOST_COLUMNS = 12
_NUMBER = re.compile(r"[0-9,.%]*|計測なし")
_NAMES = ("コード", "ID")
Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperTable:
    """One table; ``rows`` have as many cells as there are ``columns``."""

    title: str
    columns: Line
    rows: tuple[Line, ...]

    def is_numeric(self, column: int) -> bool:
        """Whether a column counts something: codes are digits too, but nobody adds them up."""
        if self.columns[column].endswith(_NAMES):
            return False
        return all(_NUMBER.fullmatch(row[column]) for row in self.rows)


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """業務日報 in its parts: the head with its values, the tables, the remarks."""

    title: str
    head: tuple[tuple[str, Line], ...]
    tables: tuple[PaperTable, ...]
    remarks: tuple[tuple[str, str], ...]


def read_paper(data: bytes) -> ReportPaper:
    """The report of a built file (S4-13.1a)."""
    text = data.decode(REPORT_ENCODING.codec)
    lines = [tuple(line) for line in csv.reader(io.StringIO(text, newline=""))]
    head, *parts = _parts(lines)
    tables = [part for part in parts if part[0] != (REMARKS,)]
    remarks = [line for part in parts if part[0] == (REMARKS,) for line in part[1:]]
    return ReportPaper(
        title=head[0][0],
        head=tuple((line[0], line[1:]) for line in head[1:]),
        tables=tuple(_table(part) for part in tables),
        remarks=tuple((line[0], "　".join(line[1:])) for line in remarks),
    )


def _parts(lines: Sequence[Line]) -> list[list[Line]]:
    """What stands between empty lines."""
    parts: list[list[Line]] = [[]]
    for line in lines:
        if line == ("",):
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for part in parts if part]


def _table(part: Sequence[Line]) -> PaperTable:
    title, columns, rows = part[0][0], part[1], tuple(part[2:])
    if len(columns) <= MOST_COLUMNS:
        return PaperTable(title, columns, rows)
    turned = list(zip(columns, *rows, strict=True))
    # The first two columns name a receivable: together they head its column.
    names = tuple("　".join(cell for cell in row[:2] if cell) for row in rows)
    return PaperTable(title, ("項目", *names), tuple(turned[2:]))
