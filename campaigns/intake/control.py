"""The control file of a delivery: which files come, how many rows, which digests. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from campaigns.cases.encodings import BOM, Encoding
from campaigns.cases.groups import Group
from campaigns.intake.cells import cell_fault
from campaigns.intake.codes import FaultCode
from campaigns.intake.csv_bytes import RawRow, split_rows, value_of
from campaigns.intake.findings import Notes
from campaigns.intake.layouts import CONTROL_HEADER, Column, Kind

MAX_ENTRIES = 64

_COLUMNS = (
    Column(CONTROL_HEADER[0], Group.G3, Kind.TEXT, 100, True),
    Column(CONTROL_HEADER[1], Group.G3, Kind.DIGITS, 9, True),
    Column(CONTROL_HEADER[2], Group.G3, Kind.DIGITS, 15, True),
    Column(CONTROL_HEADER[3], Group.G3, Kind.TEXT, 64, True),
    Column(CONTROL_HEADER[4], Group.G3, Kind.TEXT, 20, True),
    Column(CONTROL_HEADER[5], Group.G3, Kind.DATE, 10, True),
    Column(CONTROL_HEADER[6], Group.G3, Kind.TEXT, 100, True),
    Column(CONTROL_HEADER[7], Group.G3, Kind.TEXT, 100),
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ENCODINGS = {encoding.declared.lower(): encoding for encoding in Encoding}


@dataclass(frozen=True, slots=True)
class ControlEntry:
    """What the sender says of one file. ``rows`` are data rows, ``sum_yen`` is in yen."""

    file_name: str
    rows: int
    sum_yen: int
    sha256: str
    encoding: Encoding
    data_as_of: date
    section: str = field(repr=False)
    author: str = field(repr=False)


def read_control(file_name: str, data: bytes, notes: Notes) -> tuple[tuple[int, ControlEntry], ...]:
    """The entries of a control file with their rows (from 1); what is wrong with it goes to ``notes``.

    No other file declares this one's encoding: with a byte order mark it is UTF-8, else CP932.
    """
    encoding = Encoding.UTF_8_BOM if data.startswith(BOM) else Encoding.CP932
    entries: list[tuple[int, ControlEntry]] = []
    header_seen = False
    for row in split_rows(data, encoding):
        if row.number > MAX_ENTRIES:
            notes.fault(file_name, FaultCode.TOO_MANY_ROWS, row.number)
            break
        values = _values(file_name, row, encoding, notes)
        if values is None:
            continue
        if row.number == 0:
            header_seen = True
            if values != CONTROL_HEADER:
                notes.fault(file_name, FaultCode.HEADER, 0)
                return ()
            continue
        entry = _entry(file_name, row.number, values, notes)
        if entry is not None:
            entries.append((row.number, entry))
    if not header_seen:
        notes.fault(file_name, FaultCode.HEADER, 0)
    return tuple(entries)


def _values(
    file_name: str, row: RawRow, encoding: Encoding, notes: Notes
) -> tuple[str, ...] | None:
    for fault in row.faults:
        known = fault.column is not None and fault.column <= len(CONTROL_HEADER)
        column = CONTROL_HEADER[fault.column - 1] if fault.column and known else None
        notes.fault(file_name, fault.code, row.number, column, fault.byte)
    if row.faults:
        return None
    if row.number and len(row.segments) != len(CONTROL_HEADER):
        notes.fault(file_name, FaultCode.COLUMN_COUNT, row.number)
        return None
    return tuple(value_of(segment, encoding) for segment in row.segments)


def _entry(
    file_name: str, number: int, values: tuple[str, ...], notes: Notes
) -> ControlEntry | None:
    before = notes.count_faults
    for column, value in zip(_COLUMNS, values, strict=True):
        code = cell_fault(value, column)
        if code is not None:
            notes.fault(file_name, code, number, column.name)
    name, rows, sum_yen, digest, declared, as_of, section, author = values
    if _SHA256.fullmatch(digest.lower()) is None:
        notes.fault(file_name, FaultCode.DIGEST_FORM, number, CONTROL_HEADER[3])
    encoding = _ENCODINGS.get(declared.lower())
    if encoding is None:
        notes.fault(file_name, FaultCode.ENCODING_UNKNOWN, number, CONTROL_HEADER[4])
    if encoding is None or notes.count_faults > before:
        return None
    return ControlEntry(
        name,
        int(rows),
        int(sum_yen),
        digest.lower(),
        encoding,
        date.fromisoformat(as_of),
        section,
        author,
    )
