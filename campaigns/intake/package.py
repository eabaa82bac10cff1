"""Opens a delivery: are these the files that were announced, whole and unchanged? Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from campaigns.cases.encodings import BOM, Encoding
from campaigns.intake.codes import FaultCode
from campaigns.intake.control import ControlEntry, read_control
from campaigns.intake.findings import Expected, Notes, ReceivedFile
from campaigns.intake.layouts import (
    CONTROL_HEADER,
    DeliveryName,
    FileKind,
    Layout,
    LayoutSet,
    NameUnusable,
    parse_name,
)
from campaigns.intake.sheets import NO_SHEETS, NOT_READ, Sheets
from secure_store import limits
from secure_store.archives import MAGIC

MAX_FILE_BYTES = limits.LENT_FILE.most

DATA_KINDS = (FileKind.TAISHO, FileKind.MEISAI, FileKind.KOYU)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A delivered file whose name follows the convention."""

    text: str
    name: DeliveryName
    data: bytes = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True)
class LentFile:
    """One data file with its control entry and the layout it must have."""

    file_name: str
    data: bytes = field(repr=False)
    entry: ControlEntry
    layout: Layout
    is_sheet: bool = False  # read from a workbook: its bytes have no place in what was sent


@dataclass(frozen=True, slots=True)
class Package:
    """A delivery that is complete: the three data files, in one encoding, of one date."""

    taisho: LentFile
    meisai: LentFile
    koyu: LentFile
    encoding: Encoding
    data_as_of: date


def name_files(
    files: Mapping[str, bytes], expected: Expected, notes: Notes
) -> dict[FileKind, NamedFile]:
    """The files by their kind. A file with another name is spoken of by its place, ``#n``."""
    named: dict[FileKind, NamedFile] = {}
    for ordinal, (text, data) in enumerate(files.items(), start=1):
        try:
            name = parse_name(text)
        except NameUnusable:
            notes.fault(f"#{ordinal}", FaultCode.FILE_NAME)
            continue
        if (name.receivable, name.month) != (expected.receivable, expected.month):
            notes.fault(text, FaultCode.DELIVERY_DIFFERS)
        elif len(data) > MAX_FILE_BYTES:
            notes.fault(text, FaultCode.FILE_TOO_LARGE)
        elif not _is_of_form(data, name.form):
            notes.fault(text, FaultCode.FILE_FORM)
        elif name.kind in named:
            notes.fault(text, FaultCode.FILE_TWICE)
        else:
            named[name.kind] = NamedFile(text, name, data, hashlib.sha256(data).hexdigest())
    return named


# How files begin that are no text: archives, office and page formats, pictures, programs, pages.
_NO_TEXT = (
    MAGIC, b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"<", b"GIF8", b"\x89PNG", b"\xff\xd8\xff",
    b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"MZ", b"\x7fELF", b"#!",
)  # fmt: skip


def _is_of_form(data: bytes, form: str) -> bool:
    """Whether the first bytes are those of a workbook, or may be those of a text."""
    if form == "xlsx":
        return data.startswith(MAGIC)
    return not data.removeprefix(BOM).lstrip(b" \t\r\n").startswith(_NO_TEXT)


def received_files(named: Mapping[FileKind, NamedFile]) -> tuple[ReceivedFile, ...]:
    return tuple(
        ReceivedFile(file.text, kind, file.sha256, len(file.data)) for kind, file in named.items()
    )


def open_package(
    named: Mapping[FileKind, NamedFile],
    layouts: LayoutSet,
    expected: Expected,
    notes: Notes,
    sheets: Sheets = NO_SHEETS,
) -> Package | None:
    """The complete delivery, or None when its files cannot be read together.

    A wrong digest is noted and the file read all the same: rows missing at its end then show.
    """
    missing = [kind for kind in FileKind if kind not in named]
    for kind in missing:
        notes.fault(kind.value.upper(), FaultCode.FILE_MISSING)
    koyu_layout = layouts.koyu.get(expected.receivable)
    if koyu_layout is None:
        notes.fault(FileKind.KOYU.value.upper(), FaultCode.DELIVERY_DIFFERS)
    if missing or koyu_layout is None:
        return None
    entries = _entries(named, notes)
    before = notes.count_faults
    lent = partial(_lent_file, entries, sheets, notes)
    taisho = lent(named[FileKind.TAISHO], layouts.taisho)
    meisai = lent(named[FileKind.MEISAI], layouts.meisai)
    koyu = lent(named[FileKind.KOYU], koyu_layout)
    if taisho is None or meisai is None or koyu is None or notes.count_faults > before:
        return None
    for kind, file in zip(DATA_KINDS, (taisho, meisai, koyu), strict=True):
        if named[kind].sha256 != file.entry.sha256:
            notes.fault(file.file_name, FaultCode.DIGEST)
    return Package(taisho, meisai, koyu, taisho.entry.encoding, taisho.entry.data_as_of)


def _entries(named: Mapping[FileKind, NamedFile], notes: Notes) -> dict[str, ControlEntry]:
    """The control entries by file, checked against the files and against one another."""
    control = named[FileKind.CONTROL]
    listed: dict[str, ControlEntry] = {}
    delivered = {file.text for kind, file in named.items() if kind is not FileKind.CONTROL}
    for row, entry in read_control(control.text, control.data, notes):
        first = next(iter(listed.values()), entry)
        if entry.file_name in listed:
            notes.fault(control.text, FaultCode.FILE_TWICE, row, CONTROL_HEADER[0])
        elif entry.file_name not in delivered:
            notes.fault(control.text, FaultCode.FILE_MISSING, row, CONTROL_HEADER[0])
        elif entry.encoding is not first.encoding:
            notes.fault(control.text, FaultCode.ENCODING_DIFFERS, row, CONTROL_HEADER[4])
        elif entry.data_as_of != first.data_as_of:
            notes.fault(control.text, FaultCode.DATA_AS_OF, row, CONTROL_HEADER[5])
        else:
            listed[entry.file_name] = entry
    for kind, file in named.items():
        same = (file.name.date, file.name.serial) == (control.name.date, control.name.serial)
        if kind is not FileKind.CONTROL and not same:
            notes.fault(file.text, FaultCode.DELIVERY_DIFFERS)
    return listed


def _lent_file(
    entries: Mapping[str, ControlEntry],
    sheets: Sheets,
    notes: Notes,
    file: NamedFile,
    layout: Layout,
) -> LentFile | None:
    entry = entries.get(file.text)
    if entry is None:
        notes.fault(file.text, FaultCode.FILE_UNLISTED)
        return None
    if file.name.form == "xlsx":
        return _from_sheet(file, entry, layout, sheets, notes)
    return listed_file(LentFile(file.text, file.data, entry, layout), file.name.date, notes)


def _from_sheet(
    file: NamedFile, entry: ControlEntry, layout: Layout, sheets: Sheets, notes: Notes
) -> LentFile:
    """What the workbook says, as text in the encoding in which the delivery will be answered."""
    sheet = sheets.get(file.text, NOT_READ)
    for fault in sheet.faults:
        notes.fault(file.text, fault.code, fault.row, fault.column)
    if entry.data_as_of > file.name.date:
        notes.fault(file.text, FaultCode.DATE_ORDER)
    data = sheet.in_encoding(file.text, layout, entry.encoding, notes)
    return LentFile(file.text, data, entry, layout, is_sheet=True)


def listed_file(file: LentFile, delivered_on: date, notes: Notes) -> LentFile:
    """A file the control file lists: its byte order mark and its dates agree with the entry."""
    encoding = file.entry.encoding
    has_mark = file.data.startswith(BOM)
    if has_mark and not encoding.mark:
        notes.fault(file.file_name, FaultCode.BOM_UNEXPECTED, byte=0)
    if encoding.mark and not has_mark:
        notes.fault(file.file_name, FaultCode.BOM_MISSING, byte=0)
    if file.entry.data_as_of > delivered_on:
        notes.fault(file.file_name, FaultCode.DATE_ORDER)
    return file


def header_line(file: LentFile) -> bytes:
    """The line of headings without its mark and its end."""
    end = file.data.find(b"\n")
    line = file.data if end < 0 else file.data[:end]  # the whole file is never copied
    return line.removeprefix(BOM).rstrip(b"\r")
