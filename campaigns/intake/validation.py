"""Checks a whole delivery of lent data. Pure: bytes in, report out.

Structure faults refuse everything, for a list with a hole in it cannot be accounted for. A row
that merely cannot be called is excluded with its reason and stays counted (S4-6.1, S4-5.2b):
received = accepted + excluded, always. Nothing is compared with another receivable (S4-14.4).
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.intake.codes import ExclusionReason, FaultCode, QuestionCode
from campaigns.intake.csv_bytes import value_of
from campaigns.intake.facts import PhoneReading, call_facts, phones_of
from campaigns.intake.findings import (
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
) -> DeliveryReport:
    """Checks the files of one delivery, by their names, against what the campaign expects.

    ``sheets``: what the workbooks among them say, by file name; without it none may be there.
    Never raises for anything in the files. The report holds the accepted and excluded rows,
    or the faults for which the delivery as a whole is refused.
    """
    notes = Notes()
    named = name_files(files, expected, notes)
    package = open_package(named, layouts, expected, notes, sheets)
    received = 0
    accepted: Sequence[LentRow] = ()
    excluded: Sequence[ExcludedRow] = ()
    if package is not None:
        contents = read_contents(package, expected, notes)
        received = contents.received
        if not notes.faults:
            _compare(package, contents, notes)
        if not notes.faults:
            accepted, excluded = _select(package, contents, expected, notes)
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
    package: Package, contents: Contents, expected: Expected, notes: Notes
) -> tuple[Sequence[LentRow], Sequence[ExcludedRow]]:
    contents.callees.places.clear()  # compared by now, and the largest thing in memory
    reader = _Reader(package, contents, expected.dials_workplace)
    accepted, excluded = array("q"), array("q")
    reasons: dict[int, ExclusionReason] = {}
    seen: set[bytes] = set()
    shared = _Numbers()
    for place in range(len(contents.callees.numbers)):
        row, reading = reader.row_and_phones(place)
        _ask_about(package.taisho.file_name, row, reading, notes)
        reason = _why_not_called(package, row, reading, seen)
        if reason is None:
            accepted.append(place)
            shared.add(row)
        else:
            excluded.append(place)
            reasons[place] = reason
    shared.ask(package.taisho.file_name, notes)
    return (
        ReadAgain(accepted, reader.row),
        ReadAgain(excluded, lambda place: ExcludedRow(reader.row(place), reasons[place])),
    )


def _why_not_called(
    package: Package, row: LentRow, reading: PhoneReading, seen: set[bytes]
) -> ExclusionReason | None:
    if not reading.phones:
        if reading.workplace_ranks:
            return ExclusionReason.WORKPLACE_ONLY
        return ExclusionReason.PHONE_INVALID if reading.unusable_ranks else ExclusionReason.NO_PHONE
    # Only a row that differs in nothing but its key is a duplicate: twins have equal amounts
    # and one parent, but not one name and not one payment slip.
    content = _without_key(package, row)
    if content in seen:
        return ExclusionReason.DUPLICATE_IN_FILE
    seen.add(content)
    return None


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


class _Numbers:
    """The telephone numbers of a file, to find those of many keys; as numbers, not as texts.

    Only within this file: across receivables nothing is ever compared (S4-14.4).
    """

    def __init__(self) -> None:
        self._digits, self._places = array("q"), array("q")

    def add(self, row: LentRow) -> None:
        for phone in row.facts.phones:
            self._digits.append(int(f"1{phone.digits}"))  # the 1 keeps leading zeros
            self._places.append(row.row_number * 10 + phone.rank)

    def ask(self, file: str, notes: Notes) -> None:
        """Asks about every number of many keys, in the order in which they first stand."""
        often = self._often()
        places: dict[int, list[int]] = {}
        for digits, place in zip(self._digits, self._places, strict=True):
            if digits in often:
                places.setdefault(digits, []).append(place)
        for shared in places.values():
            for place in shared:
                number, rank = divmod(place, 10)
                column, asked = f"電話番号{rank}", QuestionCode.SAME_NUMBER
                notes.ask(Question(file, number, column, asked, len(shared)))

    def _often(self) -> set[int]:
        ordered = sorted(self._digits)
        later = ordered[MANY_KEYS - 1 :]
        return {one for one, other in zip(ordered, later, strict=False) if one == other}
