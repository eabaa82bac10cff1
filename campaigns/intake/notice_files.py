"""Checks a notice of the city: one data file and its control file. Pure: bytes in, report out.

As with lent data any fault refuses the whole notice, and a fault names row, column and code,
never a value (S4-14.4). Whether a key is in the campaign is no fault of the file: it is counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from campaigns.calling.payment_facts import NoticeKind
from campaigns.cases.encodings import Encoding
from campaigns.intake.cells import date_of
from campaigns.intake.codes import FaultCode
from campaigns.intake.control import ControlEntry, read_control
from campaigns.intake.findings import Fault, Notes
from campaigns.intake.layouts import (
    CONTROL_HEADER,
    DeliveryName,
    FileKind,
    NameUnusable,
    parse_name,
)
from campaigns.intake.notice_layouts import (
    SAMPLE_NOTICE_LAYOUTS,
    NoticeLayouts,
    NoticeName,
    parse_notice_name,
)
from campaigns.intake.package import MAX_FILE_BYTES, LentFile, listed_file
from campaigns.intake.tables import SoundRow, Tally, sound_rows

CONTROL = "CONTROL"
DATA = "HIKINUKI / SHUNO"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One row. Of a withdrawal ``reason`` is set, of a payment ``paid_on`` and ``yen``."""

    number: int
    key: str = field(repr=False)
    reason: str | None = None
    period: str = field(default="", repr=False)
    paid_on: date | None = None
    yen: int = field(default=0, repr=False)
    posted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReport:
    """How the check of a notice ended. With faults it has no rows and is refused as a whole."""

    kind: NoticeKind | None
    file_name: str
    data_until: date | None
    encoding: Encoding | None
    rows: tuple[NoticeRow, ...] = field(repr=False)
    faults: tuple[Fault, ...]
    faults_beyond: int = 0

    @property
    def is_refused(self) -> bool:
        return bool(self.faults) or self.kind is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A data file that passed the check, with what its control file had said."""

    name: str
    kind: NoticeKind
    encoding: Encoding
    data_until: date
    rows: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Files:
    """The two files of a notice by what they are."""

    name: NoticeName
    data: bytes = field(repr=False)
    control_name: str
    control: bytes = field(repr=False)


def check_notice_files(
    files: Mapping[str, bytes],
    receivable: str,
    month: date,
    today: date,
    layouts: NoticeLayouts = SAMPLE_NOTICE_LAYOUTS,
) -> NoticeReport:
    """Checks the files of one notice for the campaign of ``receivable`` in ``month``.

    Nobody knows the payments of days to come: a notice that says so would break promises whose
    time is not over. Never raises for anything in the files.
    """
    notes = Notes()
    found = _sort_out(files, receivable, month, notes)
    rows: tuple[NoticeRow, ...] = ()
    entry: ControlEntry | None = None
    if found is not None:
        entry = _entry(found, today, notes)
        if entry is not None:
            rows = _rows(found, entry, receivable, layouts, notes)
    return NoticeReport(
        kind=found.name.kind if found else None,
        file_name=found.name.file_name if found else "",
        data_until=entry.data_as_of if entry else None,
        encoding=entry.encoding if entry else None,
        rows=() if notes.faults else rows,
        faults=tuple(notes.faults),
        faults_beyond=notes.faults_beyond,
    )


def _sort_out(
    files: Mapping[str, bytes], receivable: str, month: date, notes: Notes
) -> _Files | None:
    """Which file is which: exactly one of each, sent together."""
    data: list[NoticeName] = []
    controls: list[DeliveryName] = []
    for name in _usable_names(files, receivable, month, notes):
        if isinstance(name, NoticeName):
            data.append(name)
        else:
            controls.append(name)
    if notes.faults:
        return None
    for what, number in ((DATA, len(data)), (CONTROL, len(controls))):
        if number != 1:
            notes.fault(what, FaultCode.FILE_TWICE if number else FaultCode.FILE_MISSING)
    if len(data) != 1 or len(controls) != 1:
        return None
    name, control = data[0], controls[0]
    if (name.date, name.serial) != (control.date, control.serial):
        notes.fault(name.file_name, FaultCode.DELIVERY_DIFFERS)
        return None
    return _Files(name, files[name.file_name], control.file_name, files[control.file_name])


def _usable_names(
    files: Mapping[str, bytes], receivable: str, month: date, notes: Notes
) -> Iterator[NoticeName | DeliveryName]:
    """The names that are in order. A file with another name is spoken of by its place, ``#n``."""
    for ordinal, (text, content) in enumerate(files.items(), start=1):
        name = _name(text)
        if name is None:
            notes.fault(f"#{ordinal}", FaultCode.FILE_NAME)
        elif (name.receivable, name.month) != (receivable, month):
            notes.fault(text, FaultCode.DELIVERY_DIFFERS)
        elif len(content) > MAX_FILE_BYTES:
            notes.fault(text, FaultCode.FILE_TOO_LARGE)
        else:
            yield name


def _name(text: str) -> NoticeName | DeliveryName | None:
    try:
        return parse_notice_name(text)
    except NameUnusable:
        pass
    try:
        found = parse_name(text)
    except NameUnusable:
        return None
    return found if found.kind is FileKind.CONTROL else None


def _entry(files: _Files, today: date, notes: Notes) -> ControlEntry | None:
    """The control file's one row; it must be about this file and no other."""
    listed = read_control(files.control_name, files.control, notes)
    for row, entry in listed:
        if entry.data_as_of > today:
            notes.fault(files.control_name, FaultCode.DATE_ORDER, row, "データ基準日")
        if entry.file_name != files.name.file_name:
            notes.fault(files.control_name, FaultCode.FILE_MISSING, row, CONTROL_HEADER[0])
    own = [entry for _row, entry in listed if entry.file_name == files.name.file_name]
    if len(own) > 1:
        notes.fault(files.control_name, FaultCode.FILE_TWICE)
    if not own and not notes.faults:
        notes.fault(files.name.file_name, FaultCode.FILE_UNLISTED)
    return own[0] if own else None


def _rows(
    files: _Files, entry: ControlEntry, receivable: str, layouts: NoticeLayouts, notes: Notes
) -> tuple[NoticeRow, ...]:
    lent = LentFile(files.name.file_name, files.data, entry, layouts.by_kind[files.name.kind])
    file = listed_file(lent, files.name.date, notes)
    if hashlib.sha256(files.data).hexdigest() != entry.sha256:
        notes.fault(file.file_name, FaultCode.DIGEST)
    tally = Tally()
    rows = _read(file, receivable, tally, notes)
    if tally.is_whole and sum(row.yen for row in rows) != entry.sum_yen:
        notes.fault(file.file_name, FaultCode.CONTROL_SUM)
    return rows


def _read(file: LentFile, receivable: str, tally: Tally, notes: Notes) -> tuple[NoticeRow, ...]:
    read = _withdrawals if file.layout.kind is NoticeKind.HIKINUKI else _payments
    return read(file, receivable, sound_rows(file, tally, notes), notes)


def read_checked(
    file: CheckedFile, receivable: str, layouts: NoticeLayouts = SAMPLE_NOTICE_LAYOUTS
) -> tuple[NoticeRow, ...]:
    """The rows of a notice that was checked before, out of its sealed file."""
    entry = ControlEntry(file.name, file.rows, 0, "", file.encoding, file.data_until, "", "")
    lent = LentFile(file.name, file.data, entry, layouts.by_kind[file.kind])
    return _read(lent, receivable, Tally(), Notes())


def _common(file: LentFile, row: SoundRow, receivable: str, notes: Notes) -> dict[str, str]:
    values = dict(zip(file.layout.names, row.values, strict=True))
    if values["債権コード"] != receivable:
        notes.fault(file.file_name, FaultCode.RECEIVABLE_DIFFERS, row.number, "債権コード")
    return values


def _withdrawals(
    file: LentFile, receivable: str, sound: Iterable[SoundRow], notes: Notes
) -> tuple[NoticeRow, ...]:
    rows: list[NoticeRow] = []
    seen: set[str] = set()
    for row in sound:
        values = _common(file, row, receivable, notes)
        if values["整理番号"] in seen:
            notes.fault(file.file_name, FaultCode.DUPLICATE_KEY, row.number, "整理番号")
        seen.add(values["整理番号"])
        rows.append(NoticeRow(number=row.number, key=values["整理番号"], reason=values["理由"]))
    return tuple(rows)


def _payments(
    file: LentFile, receivable: str, sound: Iterable[SoundRow], notes: Notes
) -> tuple[NoticeRow, ...]:
    rows: list[NoticeRow] = []
    seen: set[tuple[object, ...]] = set()
    for row in sound:
        values = _common(file, row, receivable, notes)
        paid_on, posted_on = date.fromisoformat(values["納付日"]), date_of(values["消込日"])
        yen, period = int(values["納付額"]), values["期別番号"]
        if yen == 0:
            notes.fault(file.file_name, FaultCode.NOTHING_PAID, row.number, "納付額")
        if paid_on > file.entry.data_as_of:
            notes.fault(file.file_name, FaultCode.DATE_ORDER, row.number, "納付日")
        if posted_on is not None and not paid_on <= posted_on <= file.entry.data_as_of:
            notes.fault(file.file_name, FaultCode.DATE_ORDER, row.number, "消込日")
        same = (values["整理番号"], period.lstrip("0"), paid_on, yen)
        if same in seen:
            notes.fault(file.file_name, FaultCode.DUPLICATE_PAYMENT, row.number, "整理番号")
        seen.add(same)
        rows.append(
            NoticeRow(
                number=row.number,
                key=values["整理番号"],
                period=period,
                paid_on=paid_on,
                yen=yen,
                posted_on=posted_on,
            )
        )
    return tuple(rows)
