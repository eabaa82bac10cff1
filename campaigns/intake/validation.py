"""Checks a whole delivery of lent data. Pure: bytes in, report out.

Structure faults refuse everything, for a list with a hole in it cannot be accounted for. A row
that merely cannot be called is excluded with its reason and stays counted (S4-6.1, S4-5.2b):
received = accepted + excluded, always. Nothing is compared with another receivable (S4-14.4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from campaigns.intake.codes import ExclusionReason, FaultCode, QuestionCode
from campaigns.intake.facts import PhoneReading, call_facts, phones_of
from campaigns.intake.findings import (
    DeliveryReport,
    ExcludedRow,
    Expected,
    LentRow,
    Notes,
    Question,
)
from campaigns.intake.layouts import SAMPLE_LAYOUTS, Layout, LayoutSet
from campaigns.intake.package import Package, name_files, open_package, received_files
from campaigns.intake.readings import Callee, Contents, Periods, read_contents

MANY_KEYS = 3
"""From so many keys on, one number is asked about: it may belong to an office (domain §2.1d)."""


def check_delivery(
    files: Mapping[str, bytes], expected: Expected, layouts: LayoutSet = SAMPLE_LAYOUTS
) -> DeliveryReport:
    """Checks the files of one delivery, by their names, against what the campaign expects.

    Never raises for anything in the files. The report holds the accepted and excluded rows,
    or the faults for which the delivery as a whole is refused.
    """
    notes = Notes()
    named = name_files(files, expected, notes)
    package = open_package(named, layouts, expected, notes)
    received = 0
    accepted: tuple[LentRow, ...] = ()
    excluded: tuple[ExcludedRow, ...] = ()
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
    )


def _compare(package: Package, contents: Contents, notes: Notes) -> None:
    """Every period and every type row belongs to a lent person, and the sums agree."""
    file = package.taisho.file_name
    for callee in contents.callees:
        number = callee.number
        periods = contents.periods.get(callee.key, Periods(0))
        if len(periods.segments) != callee.period_count:
            notes.fault(file, FaultCode.PERIOD_COUNT, number, "未納期別数")
        if periods.unpaid_yen != callee.total_yen:
            notes.fault(file, FaultCode.PERIOD_SUM, number, "未納額合計")
        if periods.segments and periods.oldest_due_on != callee.oldest_due_on:
            notes.fault(file, FaultCode.DATE_ORDER, number, "最古納期限")
    keys = {callee.key for callee in contents.callees}
    orphans = [
        (package.meisai.file_name, periods.first_row)
        for key, periods in contents.periods.items()
        if key not in keys
    ]
    orphans += [
        (package.koyu.file_name, row.number)
        for key, row in contents.types.items()
        if key not in keys
    ]
    for name, number in orphans:
        notes.fault(name, FaultCode.UNKNOWN_KEY, number, "整理番号")


def _select(
    package: Package, contents: Contents, expected: Expected, notes: Notes
) -> tuple[tuple[LentRow, ...], tuple[ExcludedRow, ...]]:
    accepted: list[LentRow] = []
    excluded: list[ExcludedRow] = []
    seen: set[tuple[object, ...]] = set()
    for callee in contents.callees:
        cells = dict(zip(package.taisho.layout.names, callee.segments, strict=True))
        reading = phones_of(cells, package.encoding, dials_workplace=expected.dials_workplace)
        row = _lent_row(package, contents, callee, cells, reading)
        _ask_about(package.taisho.file_name, row, reading, notes)
        reason = _why_not_called(package, row, reading, seen)
        if reason is None:
            accepted.append(row)
        else:
            excluded.append(ExcludedRow(row, reason))
    _ask_about_shared_numbers(package.taisho.file_name, accepted, notes)
    return tuple(accepted), tuple(excluded)


def _lent_row(
    package: Package,
    contents: Contents,
    callee: Callee,
    cells: Mapping[str, bytes],
    reading: PhoneReading,
) -> LentRow:
    type_row = contents.types.get(callee.key)
    return LentRow(
        row_number=callee.number,
        key=callee.key,
        taisho=callee.segments,
        meisai=tuple(contents.periods[callee.key].segments),
        koyu=None if type_row is None else type_row.segments,
        facts=call_facts(cells, package.encoding, reading.phones),
    )


def _why_not_called(
    package: Package, row: LentRow, reading: PhoneReading, seen: set[tuple[object, ...]]
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


def _without_key(package: Package, row: LentRow) -> tuple[object, ...]:
    return (
        _rest(package.taisho.layout, row.taisho),
        tuple(_rest(package.meisai.layout, period) for period in row.meisai),
        None if row.koyu is None else _rest(package.koyu.layout, row.koyu),
    )


def _rest(layout: Layout, segments: tuple[bytes, ...]) -> tuple[bytes, ...]:
    at = layout.position("整理番号")
    return segments[:at] + segments[at + 1 :]


def _ask_about(file: str, row: LentRow, reading: PhoneReading, notes: Notes) -> None:
    for rank in reading.unusable_ranks:
        column = f"電話番号{rank}"
        notes.ask(Question(file, row.row_number, column, QuestionCode.PHONE_UNUSABLE))
    if row.koyu is None:
        notes.ask(Question(file, row.row_number, None, QuestionCode.TYPE_ROW_MISSING))


def _ask_about_shared_numbers(file: str, rows: Iterable[LentRow], notes: Notes) -> None:
    """Only within this file: across receivables nothing is ever compared (S4-14.4)."""
    places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        for phone in row.facts.phones:
            places[phone.digits].append((row.row_number, phone.rank))
    for shared in places.values():
        if len(shared) < MANY_KEYS:
            continue
        for number, rank in shared:
            column = f"電話番号{rank}"
            asked = QuestionCode.SAME_NUMBER
            notes.ask(Question(file, number, column, asked, len(shared)))
