"""Outcome tables as CSV files (UTF-8): read with every fault named, and written back.

The first line says what the file is, then header and rows follow::

    # version=1; label=架電結果分類表（共通）; sample=見本

Columns are the fields of ``OutcomeRow``; yes and no are 1 and 0, marks are ★ and ☆, several
values stand in one cell with spaces between them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any, TypeVar

from campaigns.calling.outcome_checks import TableFault, TableFaultKind, check_table
from campaigns.calling.outcomes import (
    Connection,
    ContactPerson,
    Content,
    Direction,
    Mark,
    MarkCondition,
    OutcomeEffect,
    OutcomeRow,
    OutcomeTable,
    Permission,
    Position,
    RequiredField,
    Speaker,
)
from campaigns.errors import OutcomeTableInvalid

SAMPLE_WORD = "見本"
MAX_BYTES = 1_000_000
_COMMENT = "#"
_EnumT = TypeVar("_EnumT", bound=StrEnum)


def _text(cell: str) -> str:
    return cell.strip()


def _truth(cell: str) -> bool:
    return {"0": False, "1": True}[cell.strip()]


def _whole(cell: str) -> int:
    text = cell.strip()
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _mark(cell: str) -> Mark:
    return {mark.symbol: mark for mark in Mark}[cell.strip()]


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(cell.split())


def _required(cell: str) -> tuple[RequiredField, ...]:
    return tuple(RequiredField(word) for word in cell.split())


def _member(kind: type[_EnumT]) -> Callable[[str], _EnumT]:
    return lambda cell: kind(cell.strip())


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda cell: read(cell) if cell.strip() else None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "code": _text,
    "label_ja": _text,
    "label_en": _text,
    "content": _member(Content),
    "connection": _member(Connection),
    "speaker": _member(Speaker),
    "direction": _member(Direction),
    "position": _member(Position),
    "only_with": _codes,
    "before_identity": _truth,
    "counts_dial": _truth,
    "counts_attempt": _truth,
    "counts_grouped": _truth,
    "contact_wide": _truth,
    "contact_person": _member(ContactPerson),
    "effect": _or_none(_member(OutcomeEffect)),
    "times": _or_none(_whole),
    "then_effect": _or_none(_member(OutcomeEffect)),
    "if_agreed_effect": _or_none(_member(OutcomeEffect)),
    "wait_days": _whole,
    "other_band": _truth,
    "blocks_number": _truth,
    "mark": _mark,
    "mark_if": _mark,
    "mark_condition": _member(MarkCondition),
    "urgent": _truth,
    "needs_supervisor": _truth,
    "required_fields": _required,
    "permission": _member(Permission),
    "receivable": _text,
    "valid_from": _or_none(lambda cell: date.fromisoformat(cell.strip())),
    "valid_until": _or_none(lambda cell: date.fromisoformat(cell.strip())),
}
COLUMNS = tuple(one.name for one in fields(OutcomeRow))


def read_outcome_table(data: bytes) -> OutcomeTable:
    """The table in ``data`` (UTF-8, with or without byte order mark).

    Raises OutcomeTableInvalid; ``details["faults"]`` is a tuple of TableFault. A file without
    the ``sample`` word is the client's own table.
    """
    lines = _lines(data)
    version, label, is_sample = _about(lines[0] if lines else "")
    header, *body = _cells(lines[1:])
    _refuse(_header_faults(header))
    rows: list[OutcomeRow] = []
    faults: list[TableFault] = []
    for number, cells in enumerate(body, start=1):
        row = _row(number, dict(zip(header, cells, strict=False)), len(cells) == len(header))
        if isinstance(row, OutcomeRow):
            rows.append(row)
        else:
            faults.extend(row)
    _refuse(faults)
    _refuse(check_table(rows))
    return OutcomeTable(tuple(rows), version, label, is_sample)


def sample_table() -> OutcomeTable:
    """The table shipped for contract 004, marked 見本: the annex itself is not public."""
    return read_outcome_table(
        resources.files(__package__).joinpath("data/outcomes_004.csv").read_bytes()
    )


def write_outcome_table(table: OutcomeTable) -> bytes:
    """The file ``read_outcome_table`` reads back to the same table; CRLF, UTF-8."""
    target = io.StringIO()
    about = f"# version={table.version}; label={table.label}"
    target.write(about + (f"; sample={SAMPLE_WORD}" if table.is_sample else "") + "\r\n")
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for row in table.rows:
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
    return target.getvalue().encode("utf-8")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mark):
        return value.symbol
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value)


def _refuse(faults: Sequence[TableFault]) -> None:
    if faults:
        raise OutcomeTableInvalid(faults=tuple(faults))


def _lines(data: bytes) -> list[str]:
    if len(data) > MAX_BYTES:
        _refuse([TableFault(0, "file", "", TableFaultKind.OUT_OF_RANGE)])
    try:
        return data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise OutcomeTableInvalid(
            faults=(TableFault(0, "file", "", TableFaultKind.NOT_READABLE),)
        ) from None


def _about(line: str) -> tuple[int, str, bool]:
    # A spreadsheet pads the first line with commas up to the width of the table.
    text = line.strip().strip('"').rstrip(",")
    parts = (part.partition("=") for part in text.lstrip(_COMMENT).split(";"))
    said = {name.strip(): value.strip() for name, _, value in parts}
    number = said.get("version", "")
    label = said.get("label", "")
    if not text.startswith(_COMMENT) or not (number.isascii() and number.isdigit()):
        _refuse([TableFault(0, "version", "", TableFaultKind.FIELD_MISSING)])
    if not label:
        _refuse([TableFault(0, "label", "", TableFaultKind.LABEL_MISSING)])
    if "sample" in said and said["sample"] != SAMPLE_WORD:
        _refuse([TableFault(0, "sample", "", TableFaultKind.VALUE_UNKNOWN)])
    return int(number), label, "sample" in said


def _cells(lines: Sequence[str]) -> list[list[str]]:
    try:
        rows = [cells for cells in csv.reader(lines, strict=True) if any(cells)]
    except csv.Error:
        raise OutcomeTableInvalid(
            faults=(TableFault(0, "file", "", TableFaultKind.NOT_READABLE),)
        ) from None
    if not rows:
        _refuse([TableFault(0, "file", "", TableFaultKind.NO_ROWS)])
    return rows


def _header_faults(header: Sequence[str]) -> list[TableFault]:
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    faults = [TableFault(0, name, "", TableFaultKind.COLUMN_MISSING) for name in missing]
    # An unknown header is told by its place: its words are not ours.
    faults += [
        TableFault(0, f"column {header.index(name) + 1}", "", TableFaultKind.COLUMN_UNKNOWN)
        for name in unknown
    ]
    if len(set(header)) != len(header):
        faults.append(TableFault(0, "header", "", TableFaultKind.CODE_REPEATED))
    return faults


def _row(number: int, cells: Mapping[str, str], whole: bool) -> OutcomeRow | list[TableFault]:
    code = cells.get("code", "").strip()[:2]
    if not whole:
        return [TableFault(number, "row", code, TableFaultKind.CELLS_DO_NOT_MATCH_HEADER)]
    values: dict[str, Any] = {}
    faults: list[TableFault] = []
    for name, read in _READERS.items():
        try:
            values[name] = read(cells[name])
        except (ValueError, KeyError):
            faults.append(TableFault(number, name, code, TableFaultKind.VALUE_UNKNOWN))
    return faults or OutcomeRow(**values)
