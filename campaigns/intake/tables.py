"""Reads one lent file by its layout, row by row: text, header, cells, number of rows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from campaigns.intake.cells import cell_fault, text_questions
from campaigns.intake.codes import FaultCode, QuestionCode
from campaigns.intake.csv_bytes import RawRow, split_rows, value_of
from campaigns.intake.findings import Notes, Question
from campaigns.intake.layouts import Kind
from campaigns.intake.package import LentFile
from secure_store import limits

MAX_ROWS = limits.ROWS.most

GIVEN_UP_AFTER = 10_000  # faults: a file that has more is not mended row by row
_WORDS = (Kind.TEXT, Kind.KANA, Kind.PHONE)  # whatever may hold any character


@dataclass(frozen=True, slots=True)
class SoundRow:
    """A row whose every cell is usable by itself."""

    number: int
    segments: tuple[bytes, ...] = field(repr=False)
    values: tuple[str, ...] = field(repr=False)
    start: int = 0  # the offset in the file at which it begins


@dataclass(slots=True)
class Tally:
    """What a reading has counted. ``rows`` counts every data row, sound or not."""

    rows: int = 0
    sound_rows: int = 0
    unusual: dict[tuple[int, QuestionCode], list[int]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.rows == self.sound_rows


def sound_rows(file: LentFile, tally: Tally, notes: Notes) -> Iterator[SoundRow]:
    """The sound rows of a file in their order; every other row leaves its faults in ``notes``.

    A file with another header is not read further: its cells would all be misjudged.
    """
    rows = split_rows(file.data, file.entry.encoding)
    header = next(rows, None)
    if header is None:
        notes.fault(file.file_name, FaultCode.HEADER, 0)
        return
    if not _is_header(header, file, notes):
        return
    for row in rows:
        if row.number > MAX_ROWS:
            notes.fault(file.file_name, FaultCode.TOO_MANY_ROWS, row.number)
            return
        if notes.faults_beyond >= GIVEN_UP_AFTER:
            return
        tally.rows += 1
        _note_unusual(row, tally)
        sound = _sound(row, file, notes)
        if sound is not None:
            tally.sound_rows += 1
            yield sound
    if tally.rows != file.entry.rows:
        notes.fault(file.file_name, FaultCode.ROW_COUNT)
    _ask_about_unusual(file, tally, notes)


def _note_unusual(row: RawRow, tally: Tally) -> None:
    """Columns of characters that other systems may write differently: first row, rows in all."""
    for code, columns in (
        (QuestionCode.VENDOR_CHARACTER, row.vendor),
        (QuestionCode.DOUBLED_CODE, row.doubled),
    ):
        for column in columns:
            tally.unusual.setdefault((column, code), [row.number, 0])[1] += 1


def _ask_about_unusual(file: LentFile, tally: Tally, notes: Notes) -> None:
    """One line per column: a name like 髙 stands in many rows, and all are read as they are."""
    names = file.layout.names
    for (column, code), (first, count) in sorted(tally.unusual.items()):
        if column <= len(names):
            notes.ask(Question(file.file_name, first, names[column - 1], code, count))


def _is_header(row: RawRow, file: LentFile, notes: Notes) -> bool:
    if row.faults:
        _note_text_faults(row, file, notes)
        return False
    encoding = file.entry.encoding
    values = tuple(value_of(segment, encoding) for segment in row.segments)
    if values == file.layout.names:
        return True
    # Named is the heading that should stand there; the one that does may be anything.
    pairs = zip(file.layout.names, values, strict=False)
    wrong = [name for name, value in pairs if name != value]
    notes.fault(file.file_name, FaultCode.HEADER, 0, wrong[0] if wrong else None)
    return False


def _sound(row: RawRow, file: LentFile, notes: Notes) -> SoundRow | None:
    if row.faults:
        _note_text_faults(row, file, notes)
        return None
    columns = file.layout.columns
    if len(row.segments) != len(columns):
        notes.fault(file.file_name, FaultCode.COLUMN_COUNT, row.number)
        return None
    encoding = file.entry.encoding
    values = tuple([value_of(segment, encoding) for segment in row.segments])
    is_sound = True
    for column, value in zip(columns, values, strict=True):
        code = cell_fault(value, column)
        if code is not None:
            notes.fault(file.file_name, code, row.number, column.name)
            is_sound = False
        elif value and column.kind in _WORDS:
            for asked in text_questions(value, column.kind):
                notes.ask(Question(file.file_name, row.number, column.name, asked))
    for place in row.private_use:
        name = columns[place - 1].name
        question = QuestionCode.PRIVATE_USE_CHARACTER
        notes.ask(Question(file.file_name, row.number, name, question))
    return SoundRow(row.number, row.segments, values, row.start) if is_sound else None


def _note_text_faults(row: RawRow, file: LentFile, notes: Notes) -> None:
    names = file.layout.names
    for fault in row.faults:
        known = fault.column is not None and fault.column <= len(names)
        column = names[fault.column - 1] if fault.column and known else None
        byte = None if file.is_sheet else fault.byte
        notes.fault(file.file_name, fault.code, row.number, column, byte)
