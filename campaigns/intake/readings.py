"""Reads the three files of a delivery and gathers what must agree between them. Pure.

Of every row only numbers are kept: where it begins in its file, what it adds up to. A row is cut
again when it is wanted, so that memory does not grow by the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from campaigns.intake.cells import date_of, is_plausible_birth
from campaigns.intake.codes import FaultCode, QuestionCode
from campaigns.intake.columns import Columns, DigestIndex, Numbers
from campaigns.intake.csv_bytes import segments_at, value_of
from campaigns.intake.findings import Expected, Notes, Question
from campaigns.intake.package import LentFile, Package
from campaigns.intake.tables import Tally, sound_rows

NO_ROW = 0  # no data row begins at the first byte: the header stands there
NEVER = date.max.toordinal()

Segments = tuple[bytes, ...]


class Callees:
    """The sound rows of TAISHO in their order, with what the other files are compared with."""

    def __init__(self, file: LentFile, columns: Columns) -> None:
        self._file = file
        self._key_at = file.layout.position("整理番号")
        self._places = DigestIndex(columns)
        self._last: tuple[str, int | None] = ("", None)
        self.numbers = columns.numbers()
        self.starts = columns.numbers()
        self.period_counts = columns.numbers()
        self.totals_yen = columns.numbers()
        self.oldest_due = columns.numbers()  # as ordinals

    def place_of(self, key: str) -> int | None:
        """Which callee has this key; None for a key that was not lent."""
        if self._last[0] != key:  # rows of one person mostly follow each other
            self._last = key, self._places.find(key.encode(), lambda at: self._key_of(at) == key)
        return self._last[1]

    def add_key(self, key: str) -> None:
        """The row that is being read has this key."""
        self._places.add(key.encode(), len(self.numbers))
        self._last = ("", None)

    def forget_keys(self) -> None:
        """The files are compared: nobody is looked for any more."""
        self._places.clear()

    def _key_of(self, place: int) -> str:
        cells = _cut(self._file, self.starts[place])
        return value_of(cells[self._key_at], self._file.entry.encoding)


@dataclass(slots=True)
class Periods:
    """The rows of MEISAI: sums by callee, and where each callee's rows begin."""

    unpaid_yen: Numbers
    oldest_due: Numbers
    counts: Numbers
    owners: Numbers
    starts: Numbers
    strangers: dict[str, int] = field(default_factory=dict, repr=False)  # unknown key: first row
    sum_yen: int = 0

    def sort(self, columns: Columns) -> None:
        """Puts the beginnings in the order of the callees; ``owners`` then says where each ends."""
        ends, at = columns.numbers(), 0
        for count in self.counts:
            ends.append(at)
            at += count
        ordered = columns.numbers(len(self.starts))
        for owner, start in zip(self.owners, self.starts, strict=True):
            ordered[ends[owner]] = start
            ends[owner] += 1
        self.owners.clear()
        self.starts.clear()
        self.owners, self.starts = ends, ordered

    def of(self, callee: int) -> list[int]:
        """Where a callee's rows begin, in the order of the file; after ``sort``."""
        end = self.owners[callee]
        return self.starts[end - self.counts[callee] : end]


@dataclass(slots=True)
class Types:
    """The rows of KOYU: where each callee's begins."""

    starts: Numbers
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


def read_contents(package: Package, expected: Expected, notes: Notes, columns: Columns) -> Contents:
    """Reads the three files once. ``columns``: where what is remembered of every row lies."""
    tally = Tally()
    callees = _read_taisho(package.taisho, expected, tally, notes, columns)
    periods = _read_meisai(package.meisai, callees, expected, notes, columns)
    types = _read_koyu(package.koyu, callees, expected, notes, columns)
    return Contents(tally.rows, callees, periods, types)


def _read_taisho(
    file: LentFile, expected: Expected, tally: Tally, notes: Notes, columns: Columns
) -> Callees:
    at = {name: place for place, name in enumerate(file.layout.names)}
    callees = Callees(file, columns)
    for row in sound_rows(file, tally, notes):
        values = {name: row.values[place] for name, place in at.items()}
        _check_receivable(file, row.number, values["債権コード"], expected, notes)
        key = values["整理番号"]
        if callees.place_of(key) is None:
            callees.add_key(key)
        else:
            notes.fault(file.file_name, FaultCode.DUPLICATE_KEY, row.number, "整理番号")
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


def _read_meisai(
    file: LentFile, callees: Callees, expected: Expected, notes: Notes, columns: Columns
) -> Periods:
    place = file.layout.position
    receivable_at, key_at, number_at = place("債権コード"), place("整理番号"), place("期別番号")
    due_at, levied_at = place("当初納期限"), place("調定額")
    paid_at, unpaid_at = place("収納済額"), place("未納額")
    new, many = columns.numbers, len(callees.numbers)
    periods = Periods(new(many), new(many, filled_with=NEVER), new(many), new(), new())
    seen = _SeenPeriods(new(many))
    tally = Tally()
    for row in sound_rows(file, tally, notes):
        _check_receivable(file, row.number, row.values[receivable_at], expected, notes)
        values = row.values
        key = values[key_at]
        owner = callees.place_of(key)
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
    periods.sort(columns)
    return periods


_BITS = 62  # of a number in a column


class _SeenPeriods:
    """Which periods of a key were read: one bit each for callees, a set for what has no bit."""

    def __init__(self, bits: Numbers) -> None:
        self._bits = bits
        self._strange: set[tuple[str, int]] = set()

    def is_new(self, owner: int | None, key: str, number: int) -> bool:
        """Notes a period; False when it was there before."""
        if owner is None or number >= _BITS:
            known = (key, number) in self._strange
            self._strange.add((key, number))
            return not known
        before = self._bits[owner]
        self._bits[owner] = after = before | 1 << number
        return after != before


def _read_koyu(
    file: LentFile, callees: Callees, expected: Expected, notes: Notes, columns: Columns
) -> Types:
    receivable_at = file.layout.position("債権コード")
    key_at = file.layout.position("整理番号")
    types = Types(columns.numbers(len(callees.numbers)))
    tally = Tally()
    for row in sound_rows(file, tally, notes):
        _check_receivable(file, row.number, row.values[receivable_at], expected, notes)
        key = row.values[key_at]
        owner = callees.place_of(key)
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
