"""Reads the three files of a delivery and gathers what must agree between them. Pure.

Of every row only numbers are kept: where it begins in its file, what it adds up to. A row is cut
again when it is wanted, so that memory does not grow by the whole list.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from campaigns.intake.cells import date_of, is_plausible_birth
from campaigns.intake.codes import FaultCode, QuestionCode
from campaigns.intake.csv_bytes import segments_at
from campaigns.intake.findings import Expected, Notes, Question
from campaigns.intake.package import LentFile, Package
from campaigns.intake.tables import Tally, sound_rows

NO_ROW = 0  # no data row begins at the first byte: the header stands there
NEVER = date.max.toordinal()

Segments = tuple[bytes, ...]


def _numbers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class Callees:
    """The sound rows of TAISHO in their order, with what the other files are compared with."""

    places: dict[str, int] = field(default_factory=dict, repr=False)  # by key
    numbers: array[int] = field(default_factory=_numbers)
    starts: array[int] = field(default_factory=_numbers)
    period_counts: array[int] = field(default_factory=_numbers)
    totals_yen: array[int] = field(default_factory=_numbers)
    oldest_due: array[int] = field(default_factory=_numbers)  # as ordinals


@dataclass(slots=True)
class Periods:
    """The rows of MEISAI: sums by callee, and where each callee's rows begin."""

    unpaid_yen: array[int]
    oldest_due: array[int]
    counts: array[int]
    owners: array[int] = field(default_factory=_numbers)
    starts: array[int] = field(default_factory=_numbers)
    strangers: dict[str, int] = field(default_factory=dict, repr=False)  # unknown key: first row
    sum_yen: int = 0

    def sort(self) -> None:
        """Puts the beginnings in the order of the callees; ``owners`` then says where each ends."""
        ends, at = _numbers(), 0
        for count in self.counts:
            ends.append(at)
            at += count
        ordered = array("q", bytes(8 * len(self.starts)))
        for owner, start in zip(self.owners, self.starts, strict=True):
            ordered[ends[owner]] = start
            ends[owner] += 1
        self.owners, self.starts = ends, ordered

    def of(self, callee: int) -> array[int]:
        """Where a callee's rows begin, in the order of the file; after ``sort``."""
        end = self.owners[callee]
        return self.starts[end - self.counts[callee] : end]


@dataclass(slots=True)
class Types:
    """The rows of KOYU: where each callee's begins."""

    starts: array[int]
    strangers: dict[str, int] = field(default_factory=dict, repr=False)  # unknown key: its row


@dataclass(frozen=True, slots=True)
class Contents:
    """The three files of a delivery, read and joined by nothing but the key."""

    received: int
    callees: Callees
    periods: Periods
    types: Types

    def segments_of(self, package: Package, callee: int) -> tuple[Segments, ...]:
        """The rows of one callee cut again: TAISHO, KOYU (empty when there is none), MEISAI."""
        taisho = _cut(package.taisho, self.callees.starts[callee])
        start = self.types.starts[callee]
        koyu = _cut(package.koyu, start) if start != NO_ROW else ()
        return (taisho, koyu, *(_cut(package.meisai, at) for at in self.periods.of(callee)))


def _cut(file: LentFile, start: int) -> Segments:
    return segments_at(file.data, start)


def read_contents(package: Package, expected: Expected, notes: Notes) -> Contents:
    tally = Tally()
    callees = _read_taisho(package.taisho, expected, tally, notes)
    periods = _read_meisai(package.meisai, callees, expected, notes)
    types = _read_koyu(package.koyu, callees, expected, notes)
    return Contents(tally.rows, callees, periods, types)


def _read_taisho(file: LentFile, expected: Expected, tally: Tally, notes: Notes) -> Callees:
    at = {name: place for place, name in enumerate(file.layout.names)}
    callees = Callees()
    for row in sound_rows(file, tally, notes):
        values = {name: row.values[place] for name, place in at.items()}
        _check_receivable(file, row.number, values["債権コード"], expected, notes)
        key = values["整理番号"]
        if key in callees.places:
            notes.fault(file.file_name, FaultCode.DUPLICATE_KEY, row.number, "整理番号")
        callees.places[key] = len(callees.numbers)
        _check_debt(file, row.number, values, expected, notes)
        callees.numbers.append(row.number)
        callees.starts.append(row.start)
        callees.period_counts.append(int(values["未納期別数"]))
        callees.totals_yen.append(int(values["未納額合計"]))
        callees.oldest_due.append(date.fromisoformat(values["最古納期限"]).toordinal())
    _check_control_sum(file, sum(callees.totals_yen), tally, notes)
    return callees


def _check_debt(
    file: LentFile, number: int, values: Mapping[str, str], expected: Expected, notes: Notes
) -> None:
    """Delinquent, of the levy year (S4-6.1), and dated in an order that can be true."""
    if int(values["賦課年度"]) != expected.levy_year:
        notes.fault(file.file_name, FaultCode.LEVY_YEAR, number, "賦課年度")
    if int(values["未納額合計"]) == 0:
        notes.fault(file.file_name, FaultCode.NOTHING_UNPAID, number, "未納額合計")
    data_as_of = date.fromisoformat(values["データ基準日"])
    if data_as_of != file.entry.data_as_of:
        notes.fault(file.file_name, FaultCode.DATA_AS_OF, number, "データ基準日")
    oldest_due_on = date.fromisoformat(values["最古納期限"])
    if oldest_due_on >= data_as_of:
        notes.fault(file.file_name, FaultCode.DATE_ORDER, number, "最古納期限")
    demanded_on = date_of(values["督促状発送日"])
    if demanded_on is not None and demanded_on <= oldest_due_on:
        notes.fault(file.file_name, FaultCode.DATE_ORDER, number, "督促状発送日")
    born_on = date_of(values["生年月日"])
    if born_on is not None and not is_plausible_birth(born_on, data_as_of):
        asked = QuestionCode.BIRTH_IMPLAUSIBLE
        notes.ask(Question(file.file_name, number, "生年月日", asked))


def _read_meisai(file: LentFile, callees: Callees, expected: Expected, notes: Notes) -> Periods:
    place = file.layout.position
    receivable_at, key_at, number_at = place("債権コード"), place("整理番号"), place("期別番号")
    due_at, levied_at = place("当初納期限"), place("調定額")
    paid_at, unpaid_at = place("収納済額"), place("未納額")
    empty = bytes(8 * len(callees.numbers))
    never = array("q", [NEVER]) * len(callees.numbers)
    periods = Periods(array("q", empty), never, array("q", empty))
    seen = _SeenPeriods(len(callees.numbers))
    tally = Tally()
    for row in sound_rows(file, tally, notes):
        _check_receivable(file, row.number, row.values[receivable_at], expected, notes)
        values = row.values
        key = values[key_at]
        owner = callees.places.get(key)
        if not seen.is_new(owner, key, int(values[number_at])):
            notes.fault(file.file_name, FaultCode.DUPLICATE_PERIOD, row.number, "期別番号")
        unpaid = int(values[unpaid_at])
        if unpaid < 1 or unpaid != int(values[levied_at]) - int(values[paid_at]):
            notes.fault(file.file_name, FaultCode.PERIOD_AMOUNT, row.number, "未納額")
        periods.sum_yen += unpaid
        if owner is None:
            periods.strangers.setdefault(key, row.number)
            continue
        due = date.fromisoformat(values[due_at]).toordinal()
        periods.counts[owner] += 1
        periods.unpaid_yen[owner] += unpaid
        periods.oldest_due[owner] = min(periods.oldest_due[owner], due)
        periods.owners.append(owner)
        periods.starts.append(row.start)
    _check_control_sum(file, periods.sum_yen, tally, notes)
    periods.sort()
    return periods


class _SeenPeriods:
    """Which periods of a key were read: one bit each for callees, a set for unknown keys."""

    def __init__(self, callees: int) -> None:
        self._bits = [0] * callees
        self._strange: set[tuple[str, int]] = set()

    def is_new(self, owner: int | None, key: str, number: int) -> bool:
        """Notes a period; False when it was there before."""
        if owner is None:
            known = (key, number) in self._strange
            self._strange.add((key, number))
            return not known
        before = self._bits[owner]
        self._bits[owner] = before | 1 << number
        return self._bits[owner] != before


def _read_koyu(file: LentFile, callees: Callees, expected: Expected, notes: Notes) -> Types:
    receivable_at = file.layout.position("債権コード")
    key_at = file.layout.position("整理番号")
    types = Types(array("q", bytes(8 * len(callees.numbers))))
    tally = Tally()
    for row in sound_rows(file, tally, notes):
        _check_receivable(file, row.number, row.values[receivable_at], expected, notes)
        key = row.values[key_at]
        owner = callees.places.get(key)
        is_known = key in types.strangers if owner is None else types.starts[owner] != NO_ROW
        if is_known:
            notes.fault(file.file_name, FaultCode.DUPLICATE_KEY, row.number, "整理番号")
        if owner is None:
            types.strangers[key] = row.number
        else:
            types.starts[owner] = row.start
    _check_control_sum(file, 0, tally, notes)
    return types


def unknown_keys(package: Package, contents: Contents) -> Iterator[tuple[str, int]]:
    """Rows of MEISAI, then of KOYU, whose person was not lent: file and row."""
    for number in contents.periods.strangers.values():
        yield package.meisai.file_name, number
    for number in contents.types.strangers.values():
        yield package.koyu.file_name, number


def _check_receivable(
    file: LentFile, number: int, code: str, expected: Expected, notes: Notes
) -> None:
    if code != expected.receivable:
        notes.fault(file.file_name, FaultCode.RECEIVABLE_DIFFERS, number, "債権コード")


def _check_control_sum(file: LentFile, sum_yen: int, tally: Tally, notes: Notes) -> None:
    # The sum of rows of which one could not be read says nothing.
    if tally.is_whole and sum_yen != file.entry.sum_yen:
        notes.fault(file.file_name, FaultCode.CONTROL_SUM)
