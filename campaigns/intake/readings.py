"""Reads the three files of a delivery and gathers what must agree between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from campaigns.intake.cells import date_of, is_plausible_birth
from campaigns.intake.codes import FaultCode, QuestionCode
from campaigns.intake.findings import Expected, Notes, Question
from campaigns.intake.package import LentFile, Package
from campaigns.intake.tables import SoundRow, Tally, sound_rows


@dataclass(frozen=True, slots=True)
class Callee:
    """A sound row of TAISHO with what the other files are compared with."""

    number: int
    segments: tuple[bytes, ...] = field(repr=False)
    key: str = field(repr=False)
    period_count: int
    total_yen: int
    oldest_due_on: date


@dataclass(slots=True)
class Periods:
    """The rows of MEISAI of one key."""

    first_row: int
    segments: list[tuple[bytes, ...]] = field(default_factory=list, repr=False)
    unpaid_yen: int = 0
    oldest_due_on: date = date.max


@dataclass(frozen=True, slots=True)
class Contents:
    """The three files of a delivery, read and joined by nothing but the key."""

    received: int
    callees: list[Callee]
    periods: Mapping[str, Periods]
    types: Mapping[str, SoundRow]


def read_contents(package: Package, expected: Expected, notes: Notes) -> Contents:
    tally = Tally()
    callees = _read_taisho(package.taisho, expected, tally, notes)
    periods = _read_meisai(package.meisai, expected, notes)
    types = _read_koyu(package.koyu, expected, notes)
    return Contents(tally.rows, callees, periods, types)


def _read_taisho(file: LentFile, expected: Expected, tally: Tally, notes: Notes) -> list[Callee]:
    at = {name: place for place, name in enumerate(file.layout.names)}
    callees: list[Callee] = []
    seen: set[str] = set()
    for row in sound_rows(file, tally, notes):
        values = {name: row.values[place] for name, place in at.items()}
        _check_receivable(file, row.number, values["債権コード"], expected, notes)
        if values["整理番号"] in seen:
            notes.fault(file.file_name, FaultCode.DUPLICATE_KEY, row.number, "整理番号")
        seen.add(values["整理番号"])
        _check_debt(file, row.number, values, expected, notes)
        callees.append(
            Callee(
                row.number,
                row.segments,
                values["整理番号"],
                int(values["未納期別数"]),
                int(values["未納額合計"]),
                date.fromisoformat(values["最古納期限"]),
            )
        )
    _check_control_sum(file, sum(callee.total_yen for callee in callees), tally, notes)
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


def _read_meisai(file: LentFile, expected: Expected, notes: Notes) -> dict[str, Periods]:
    place = file.layout.position
    receivable_at, key_at, number_at = place("債権コード"), place("整理番号"), place("期別番号")
    due_at, levied_at = place("当初納期限"), place("調定額")
    paid_at, unpaid_at = place("収納済額"), place("未納額")
    periods: dict[str, Periods] = {}
    seen: set[tuple[str, int]] = set()
    tally = Tally()
    for row in sound_rows(file, tally, notes):
        _check_receivable(file, row.number, row.values[receivable_at], expected, notes)
        values = row.values
        period = (values[key_at], int(values[number_at]))
        if period in seen:
            notes.fault(file.file_name, FaultCode.DUPLICATE_PERIOD, row.number, "期別番号")
        seen.add(period)
        unpaid = int(values[unpaid_at])
        if unpaid < 1 or unpaid != int(values[levied_at]) - int(values[paid_at]):
            notes.fault(file.file_name, FaultCode.PERIOD_AMOUNT, row.number, "未納額")
        group = periods.setdefault(values[key_at], Periods(row.number))
        group.segments.append(row.segments)
        group.unpaid_yen += unpaid
        group.oldest_due_on = min(group.oldest_due_on, date.fromisoformat(values[due_at]))
    total = sum(group.unpaid_yen for group in periods.values())
    _check_control_sum(file, total, tally, notes)
    return periods


def _read_koyu(file: LentFile, expected: Expected, notes: Notes) -> dict[str, SoundRow]:
    receivable_at = file.layout.position("債権コード")
    key_at = file.layout.position("整理番号")
    types: dict[str, SoundRow] = {}
    tally = Tally()
    for row in sound_rows(file, tally, notes):
        _check_receivable(file, row.number, row.values[receivable_at], expected, notes)
        if row.values[key_at] in types:
            notes.fault(file.file_name, FaultCode.DUPLICATE_KEY, row.number, "整理番号")
        types[row.values[key_at]] = row
    _check_control_sum(file, 0, tally, notes)
    return types


def _check_receivable(
    file: LentFile, number: int, code: str, expected: Expected, notes: Notes
) -> None:
    if code != expected.receivable:
        notes.fault(file.file_name, FaultCode.RECEIVABLE_DIFFERS, number, "債権コード")


def _check_control_sum(file: LentFile, sum_yen: int, tally: Tally, notes: Notes) -> None:
    # The sum of rows of which one could not be read says nothing.
    if tally.is_whole and sum_yen != file.entry.sum_yen:
        notes.fault(file.file_name, FaultCode.CONTROL_SUM)
