"""Pure: reads the built files of a day again, strictly, with the splitter of the intake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.cases.encodings import Encoding
from campaigns.intake.csv_bytes import RawRow, split_rows, value_of
from campaigns.reports import layout
from campaigns.reports.csv_writer import LINE_END, CampaignFrame
from campaigns.reports.layout import Column, FileLayout
from secure_store.errors import Invalid


class PackFileUnreadable(Invalid):
    """A file of the day's pack is not in its form."""

    code = "pack_file_unreadable"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A data row, from 1. ``front`` and ``cells`` are ours before and behind the lent cells."""

    number: int
    lent: tuple[bytes, ...] = field(repr=False)
    front: Mapping[str, str] = field(repr=False)
    cells: Mapping[str, str] = field(repr=False)

    def count(self, key: str) -> int:
        """A cell as a number; 0 when empty. Raises PackFileUnreadable for anything else."""
        return number_of(self.cells[key])


def number_of(text: str) -> int:
    """Digits as a number, empty as 0. Raises PackFileUnreadable."""
    if text and not (text.isascii() and text.isdigit()):
        raise PackFileUnreadable
    return int(text or 0)


def read_kekka(frame: CampaignFrame, data: bytes) -> tuple[ReadRow, ...]:
    """架電先別結果. Raises PackFileUnreadable, as all readers here."""
    return _read(frame, data, (), frame.header_segments, frame.columns(layout.KEKKA))


def read_meisai_call(frame: CampaignFrame, data: bytes) -> tuple[ReadRow, ...]:
    """架電明細."""
    return _read(frame, data, (), (), frame.columns(layout.MEISAI_CALL))


def read_esc(frame: CampaignFrame, data: bytes) -> tuple[ReadRow, ...]:
    """エスカレーション案件リスト."""
    back = frame.columns(layout.KEKKA, layout.ESC_BACK)
    return _read(frame, data, layout.ESC_FRONT.columns, frame.header_segments, back)


def _read(
    frame: CampaignFrame,
    data: bytes,
    front: Sequence[Column],
    lent: tuple[bytes, ...],
    back: Sequence[Column],
) -> tuple[ReadRow, ...]:
    rows = _rows(data, frame.encoding)
    header = (*_quoted(front, frame.encoding), *lent, *_quoted(back, frame.encoding))
    if not rows or any(len(row.segments) != len(header) for row in rows):
        raise PackFileUnreadable
    if rows[0].segments != header:
        raise PackFileUnreadable
    first, after = len(front), len(front) + len(lent)
    return tuple(
        ReadRow(
            number=row.number,
            lent=row.segments[first:after],
            front=_by_key(front, row.segments[:first], frame.encoding),
            cells=_by_key(back, row.segments[after:], frame.encoding),
        )
        for row in rows[1:]
    )


def _rows(data: bytes, encoding: Encoding) -> list[RawRow]:
    if not data.startswith(encoding.mark) or not data.endswith(LINE_END):
        raise PackFileUnreadable
    rows = list(split_rows(data, encoding))
    if any(row.faults or row.line_end != LINE_END for row in rows):
        raise PackFileUnreadable
    return rows


def _quoted(columns: Sequence[Column], encoding: Encoding) -> tuple[bytes, ...]:
    return tuple(f'"{column.name}"'.encode(encoding.codec) for column in columns)


def _by_key(
    columns: Sequence[Column], segments: Sequence[bytes], encoding: Encoding
) -> dict[str, str]:
    return {
        column.key: value_of(segment, encoding)
        for column, segment in zip(columns, segments, strict=True)
    }


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Tables 1 and 2 of the daily report, cells by key, without the lines of totals."""

    by_receivable: Mapping[str, Mapping[str, str]]
    by_code: tuple[Mapping[str, str], ...]


def read_nippo(data: bytes, encoding: Encoding) -> ReadReport:
    """The daily report. Raises PackFileUnreadable when a table is not there."""
    lines = [
        tuple(value_of(one, encoding) for one in row.segments) for row in _rows(data, encoding)
    ]
    first = _table(lines, layout.TABLE_1)
    return ReadReport(
        by_receivable={row["receivable"]: row for row in first},
        by_code=_table(lines, layout.TABLE_2),
    )


def _table(lines: Sequence[tuple[str, ...]], table: FileLayout) -> tuple[dict[str, str], ...]:
    try:
        start = lines.index((table.file,))
        stop = lines.index(("",), start)
    except ValueError:
        raise PackFileUnreadable from None
    body = lines[start + 1 : stop]
    if not body or body[0] != table.names or any(len(line) != len(table.keys) for line in body):
        raise PackFileUnreadable
    rows = (dict(zip(table.keys, line, strict=True)) for line in body[1:])
    return tuple(row for row in rows if row["receivable"] != layout.TOTAL)
