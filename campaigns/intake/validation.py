"""Checks a whole delivery of lent data. Pure: bytes in, report out.

Structure faults refuse everything, for a list with a hole in it cannot be accounted for. A row
that merely cannot be called is excluded with its reason and stays counted (S4-6.1, S4-5.2b):
received = accepted + excluded, always. Nothing is compared with another receivable (S4-14.4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.intake.codes import ExclusionReason, FaultCode, QuestionCode
from campaigns.intake.columns import IN_MEMORY, Columns, DigestIndex
from campaigns.intake.csv_bytes import value_of
from campaigns.intake.facts import PhoneReading, call_facts, phones_of
from campaigns.intake.findings import (
    MAX_LISTED,
    DeliveryReport,
    ExcludedRow,
    Expected,
    LentRow,
    Notes,
    Question,
    ReadAgain,
)
from campaigns.intake.layouts import SAMPLE_LAYOUTS, Layout, LayoutSet
from campaigns.intake.package import (
    Package,
    header_line,
    name_files,
    open_package,
    received_files,
)
from campaigns.intake.readings import Contents, read_contents, unknown_keys
from campaigns.intake.sheets import NO_SHEETS, Sheets

MANY_KEYS = 3
"""From so many keys on, one number is asked about: it may belong to an office (domain §2.1d)."""


def check_delivery(
    files: Mapping[str, bytes],
    expected: Expected,
    layouts: LayoutSet = SAMPLE_LAYOUTS,
    sheets: Sheets = NO_SHEETS,
    columns: Columns = IN_MEMORY,
) -> DeliveryReport:
    """Checks the files of one delivery, by their names, against what the campaign expects.

    ``sheets``: what the workbooks among them say, by file name; without it none may be there.
    ``columns``: where that lies which grows with the files and by which the report's rows are read.
    Never raises for anything in the files. A refused delivery has faults, and no rows.
    """
    notes = Notes()
    named = name_files(files, expected, notes)
    package = open_package(named, layouts, expected, notes, sheets)
    received = 0
    accepted: Sequence[LentRow] = ()
    excluded: Sequence[ExcludedRow] = ()
    if package is not None:
        contents = read_contents(package, expected, notes, columns)
        received = contents.received
        if not notes.faults:
            _compare(package, contents, notes)
        if not notes.faults:
            accepted, excluded = _select(package, contents, expected, notes, columns)
    return DeliveryReport(
        expected=expected,
        files=received_files(named),
        encoding=package.encoding if package else None,
        data_as_of=package.data_as_of if package else None,
        received=received,
        accepted=accepted,
        excluded=excluded,
        questions=tuple(notes.questions),
        faults=tuple(notes.faults),
        questions_beyond=notes.questions_beyond,
        faults_beyond=notes.faults_beyond,
        header=header_line(package.taisho) if package else b"",
    )


def _compare(package: Package, contents: Contents, notes: Notes) -> None:
    """Every period and every type row belongs to a lent person, and the sums agree."""
    file = package.taisho.file_name
    callees, periods = contents.callees, contents.periods
    for place, number in enumerate(callees.numbers):
        if periods.counts[place] != callees.period_counts[place]:
            notes.fault(file, FaultCode.PERIOD_COUNT, number, "未納期別数")
        if periods.unpaid_yen[place] != callees.totals_yen[place]:
            notes.fault(file, FaultCode.PERIOD_SUM, number, "未納額合計")
        if periods.counts[place] and periods.oldest_due[place] != callees.oldest_due[place]:
            notes.fault(file, FaultCode.DATE_ORDER, number, "最古納期限")
    for name, number in unknown_keys(package, contents):
        notes.fault(name, FaultCode.UNKNOWN_KEY, number, "整理番号")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes a row of a delivery from its place, as often as it is wanted."""

    package: Package
    contents: Contents
    dials_workplace: bool

    def cells(self, taisho: tuple[bytes, ...]) -> dict[str, bytes]:
        return dict(zip(self.package.taisho.layout.names, taisho, strict=True))

    def phones(self, cells: Mapping[str, bytes]) -> PhoneReading:
        return phones_of(cells, self.package.encoding, dials_workplace=self.dials_workplace)

    def row(self, place: int) -> LentRow:
        return self.row_and_phones(place)[0]

    def row_and_phones(self, place: int) -> tuple[LentRow, PhoneReading]:
        taisho, koyu, *meisai = self.contents.segments_of(self.package, place)
        cells = self.cells(taisho)
        reading = self.phones(cells)
        encoding = self.package.encoding
        row = LentRow(
            row_number=self.contents.callees.numbers[place],
            key=value_of(cells["整理番号"], encoding),
            taisho=taisho,
            meisai=tuple(meisai),
            koyu=koyu or None,
            facts=call_facts(cells, encoding, reading.phones),
        )
        return row, reading


def _select(
    package: Package, contents: Contents, expected: Expected, notes: Notes, columns: Columns
) -> tuple[Sequence[LentRow], Sequence[ExcludedRow]]:
    contents.callees.forget_keys()
    reader = _Reader(package, contents, expected.dials_workplace)
    accepted, excluded, reasons = columns.numbers(), columns.numbers(), columns.numbers()
    seen = _SeenContents(reader, columns)
    shared = _SharedNumbers(columns)
    for place in range(len(contents.callees.numbers)):
        row, reading = reader.row_and_phones(place)
        _ask_about(package.taisho.file_name, row, reading, notes)
        reason = _why_not_called(place, row, reading, seen)
        if reason is None:
            accepted.append(place)
            shared.add(row)
        else:
            excluded.append(place)
            reasons.append(_REASONS.index(reason))
    shared.ask(package.taisho.file_name, notes)
    return (
        ReadAgain(range(len(accepted)), lambda at: reader.row(accepted[at])),
        ReadAgain(
            range(len(excluded)),
            lambda at: ExcludedRow(reader.row(excluded[at]), _REASONS[reasons[at]]),
        ),
    )


_REASONS = tuple(ExclusionReason)


def _why_not_called(
    place: int, row: LentRow, reading: PhoneReading, seen: _SeenContents
) -> ExclusionReason | None:
    if not reading.phones:
        if reading.workplace_ranks:
            return ExclusionReason.WORKPLACE_ONLY
        return ExclusionReason.PHONE_INVALID if reading.unusable_ranks else ExclusionReason.NO_PHONE
    # Only a row that differs in nothing but its key is a duplicate: twins have equal amounts
    # and one parent, but not one name and not one payment slip.
    return None if seen.is_new(place, row) else ExclusionReason.DUPLICATE_IN_FILE


class _SeenContents:
    """The rows of a file by everything but their keys."""

    def __init__(self, reader: _Reader, columns: Columns) -> None:
        self._reader = reader
        self._places = DigestIndex(columns)

    def is_new(self, place: int, row: LentRow) -> bool:
        """Notes a row; False when one before it says the same of another key."""
        package = self._reader.package
        content = _without_key(package, row)

        def is_same(earlier: int) -> bool:
            return _without_key(package, self._reader.row(earlier)) == content

        if self._places.find(content, is_same) is not None:
            return False
        self._places.add(content, place)
        return True


def _without_key(package: Package, row: LentRow) -> bytes:
    """A digest over everything but the key, each part behind the number of its cells."""
    parts = [_rest(package.taisho.layout, row.taisho)]
    parts += [_rest(package.meisai.layout, period) for period in row.meisai]
    if row.koyu is not None:
        parts.append(_rest(package.koyu.layout, row.koyu))
    said = repr((row.koyu is None, parts))  # cells as Python writes bytes: no two lists look alike
    return hashlib.blake2b(said.encode(), digest_size=16).digest()


def _rest(layout: Layout, segments: tuple[bytes, ...]) -> tuple[bytes, ...]:
    at = layout.position("整理番号")
    return segments[:at] + segments[at + 1 :]


def _ask_about(file: str, row: LentRow, reading: PhoneReading, notes: Notes) -> None:
    for rank in reading.unusable_ranks:
        column = f"電話番号{rank}"
        notes.ask(Question(file, row.row_number, column, QuestionCode.PHONE_UNUSABLE))
    if row.koyu is None:
        notes.ask(Question(file, row.row_number, None, QuestionCode.TYPE_ROW_MISSING))


class _SharedNumbers:
    """The telephone numbers of a file, to find those of many keys; as numbers, not as texts.

    Only within this file: across receivables nothing is ever compared (S4-14.4).
    """

    def __init__(self, columns: Columns) -> None:
        self._digits, self._places = columns.numbers(), columns.numbers()
        self._first = DigestIndex(columns)  # of each number, where it first stands
        self._times = columns.numbers()  # there: how often it stands in all

    def add(self, row: LentRow) -> None:
        for phone in row.facts.phones:
            digits = int(f"1{phone.digits}")  # the 1 keeps leading zeros
            first = self._first_of(digits)
            if first is None:
                first = len(self._digits)
                self._first.add(digits.to_bytes(8), first)
            self._digits.append(digits)
            self._places.append(row.row_number * 10 + phone.rank)
            self._times.append(0)
            self._times[first] += 1

    def _first_of(self, digits: int) -> int | None:
        return self._first.find(digits.to_bytes(8), lambda at: self._digits[at] == digits)

    def ask(self, file: str, notes: Notes) -> None:
        """Asks about every number of many keys, in the order in which they first stand."""
        shared: dict[int, list[int]] = {}
        beyond = 0
        for digits, place in zip(self._digits, self._places, strict=True):
            first = self._first_of(digits)
            if first is None or self._times[first] < MANY_KEYS:
                continue
            if digits in shared or len(shared) < MAX_LISTED:
                shared.setdefault(digits, []).append(place)
            else:  # behind more questions than are listed
                beyond += 1
        for places in shared.values():
            for place in places:
                number, rank = divmod(place, 10)
                column, asked = f"電話番号{rank}", QuestionCode.SAME_NUMBER
                notes.ask(Question(file, number, column, asked, len(places)))
        notes.questions_beyond += beyond
