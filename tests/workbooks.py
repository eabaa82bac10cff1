"""Makes lent deliveries whose data files are Excel workbooks, as a department would save them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from tests.fixtures_lent import Draft, name_of

Cell = str | int | float | bool | date | datetime | None
DATA = ("TAISHO", "MEISAI", "KOYU")


def workbook(
    rows: Sequence[Sequence[Cell]], *, more: Callable[[Any, Any], None] | None = None
) -> bytes:
    """One sheet; texts are written as texts. ``more(book, sheet)`` adds what a test wants."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, at, cell)
            elif isinstance(cell, bool):
                sheet.write_boolean(number, at, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(number, at, cell, day)
            elif cell is not None:
                sheet.write_number(number, at, cell)
    if more:
        more(book, sheet)
    book.close()
    return buffer.getvalue()


def table_of(made: Draft, kind: str) -> list[list[Cell]]:
    """The cells of one file of a delivery, the header first; all texts."""
    return [list(made.headers[kind]), *(list(row) for row in made.rows[kind])]


def as_workbooks(
    made: Draft, changed: Mapping[str, bytes] | None = None, kinds: Sequence[str] = DATA
) -> dict[str, bytes]:
    """The delivery with its data files as workbooks, and a control file that agrees with them."""
    files = made.files()
    control = name_of(files, "CTL")
    listing = files[control]
    sent: dict[str, bytes] = {}
    for kind in kinds:
        old = name_of(files, kind)
        new = old.replace(".csv", ".xlsx")
        sent[new] = (changed or {}).get(kind) or workbook(table_of(made, kind))
        digest = hashlib.sha256(files[old]).hexdigest().encode()
        listing = listing.replace(old.encode(), new.encode())
        listing = listing.replace(digest, hashlib.sha256(sent[new]).hexdigest().encode())
    left = {name: data for name, data in files.items() if not any(f"_{k}_" in name for k in kinds)}
    return {**left, **sent, control: listing}


def with_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed, or a new one added."""
    buffer, seen = io.BytesIO(), False
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            content = old.read(member)
            if member.filename == name:
                content, seen = change(content), True
            new.writestr(member.filename, content)
        if not seen:
            new.writestr(name, change(b""))
    return buffer.getvalue()
