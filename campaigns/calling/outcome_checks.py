"""Pure: is an outcome table whole? Every fault names a row, a column and a code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.calling.outcomes import (
    Connection,
    ContactPerson,
    Direction,
    Mark,
    MarkCondition,
    OutcomeEffect,
    OutcomeRow,
    Position,
    RequiredField,
    Speaker,
)
from campaigns.calling.typed_text import text_fault
from campaigns.cases.states import CLOSING_CODES

_CODE = re.compile(r"[0-9]{2}")
MAX_WAIT_DAYS = 92
MAX_LABEL = 60


class TableFaultKind(StrEnum):
    """Why a cell, a row or a whole table is refused."""

    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    CELLS_DO_NOT_MATCH_HEADER = "cells_do_not_match_header"
    VALUE_UNKNOWN = "value_unknown"
    NOT_READABLE = "not_readable"
    NO_ROWS = "no_rows"
    CODE_MALFORMED = "code_malformed"
    CODE_RESERVED = "code_reserved"
    CODE_REPEATED = "code_repeated"
    CODE_NOT_IN_TABLE = "code_not_in_table"
    LABEL_MISSING = "label_missing"
    LABEL_UNFIT = "label_unfit"
    OUT_OF_RANGE = "out_of_range"
    FIELD_MISSING = "field_missing"
    NEEDS_MARK = "needs_mark"
    STAR_MUST_STOP = "star_must_stop"
    DOES_NOT_FIT = "does_not_fit"


@dataclass(frozen=True, slots=True)
class TableFault:
    """``row``: 1 is the first data row, 0 the table itself. ``code`` is the row's code."""

    row: int
    column: str
    code: str
    kind: TableFaultKind

    def __str__(self) -> str:
        return f"row {self.row} ({self.code or '-'}), {self.column}: {self.kind.value}"


_Faults = Iterator[tuple[str, TableFaultKind]]
_DOES_NOT_FIT = TableFaultKind.DOES_NOT_FIT


def _naming(row: OutcomeRow) -> _Faults:
    if not _CODE.fullmatch(row.code):
        yield "code", TableFaultKind.CODE_MALFORMED
    if row.code in CLOSING_CODES:
        yield "code", TableFaultKind.CODE_RESERVED
    if not row.label_ja.strip():
        yield "label_ja", TableFaultKind.LABEL_MISSING
    # Labels go into the daily files, whose smallest encoding is CP932 (domain 2.0).
    if text_fault(row.label_ja, codec="cp932", longest=MAX_LABEL):
        yield "label_ja", TableFaultKind.LABEL_UNFIT
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        yield "valid_until", _DOES_NOT_FIT


def _counting(row: OutcomeRow) -> _Faults:
    if row.counts_attempt and not row.counts_dial and row.direction is not Direction.INBOUND:
        yield "counts_attempt", _DOES_NOT_FIT
    if row.counts_grouped and (row.counts_attempt or not row.counts_dial):
        yield "counts_grouped", _DOES_NOT_FIT
    if row.direction is Direction.INBOUND and (row.counts_dial or row.counts_attempt):
        yield "direction", _DOES_NOT_FIT


def _contact(row: OutcomeRow) -> _Faults:
    reaches = row.contact_person is not ContactPerson.NO
    if reaches and not row.contact_wide:
        yield "contact_wide", _DOES_NOT_FIT
    if row.contact_wide and row.connection is not Connection.TALKED:
        yield "connection", _DOES_NOT_FIT
    if row.contact_person is ContactPerson.YES and row.speaker is not Speaker.RIGHT_PARTY:
        yield "speaker", _DOES_NOT_FIT
    # Contact with the right party means the check was passed (S4-11.3a-1), whatever a table says.
    if row.contact_person is ContactPerson.YES and row.before_identity:
        yield "before_identity", _DOES_NOT_FIT


def _marks(row: OutcomeRow) -> _Faults:
    effects = {row.effect, row.then_effect}
    stops = {OutcomeEffect.AWAIT_DEPARTMENT, OutcomeEffect.CLOSE}
    if row.mark is Mark.STAR and row.effect is not None and row.effect not in stops:
        yield "effect", TableFaultKind.STAR_MUST_STOP
    if row.mark is Mark.STAR and row.effect is None and row.direction is not Direction.INBOUND:
        yield "effect", TableFaultKind.STAR_MUST_STOP
    # Without a mark the department would never hear of the case that waits for it (S4-13.1c).
    if OutcomeEffect.AWAIT_DEPARTMENT in effects and row.mark is Mark.NONE:
        yield "mark", TableFaultKind.NEEDS_MARK
    if row.urgent and row.mark is Mark.NONE:
        yield "mark", TableFaultKind.NEEDS_MARK
    if (row.mark_if is Mark.NONE) != (row.mark_condition is MarkCondition.NEVER):
        yield "mark_condition", _DOES_NOT_FIT


_CONDITION_FIELDS = {
    MarkCondition.REST_LEFT_OPEN: RequiredField.REST_LEFT_OPEN,
    MarkCondition.ANSWER_WANTED: RequiredField.ANSWER_WANTED,
}


def _fields(row: OutcomeRow) -> _Faults:
    needed = {
        OutcomeEffect.RETRY_AGREED: RequiredField.FOLLOW_UP_AT,
        OutcomeEffect.AWAIT_PROMISE: RequiredField.PROMISED_ON,
    }
    for effect in (row.effect, row.then_effect):
        wanted = needed.get(effect) if effect else None
        waits_for_slip = effect is OutcomeEffect.AWAIT_PROMISE and row.wait_days > 0
        if wanted and wanted not in row.required_fields and not waits_for_slip:
            yield "required_fields", TableFaultKind.FIELD_MISSING
    condition = _CONDITION_FIELDS.get(row.mark_condition)
    if condition and condition not in row.required_fields:
        yield "required_fields", TableFaultKind.FIELD_MISSING
    if len(set(row.required_fields)) != len(row.required_fields):
        yield "required_fields", TableFaultKind.CODE_REPEATED


def _effects(row: OutcomeRow) -> _Faults:
    if row.effect is None and not (
        row.position is Position.SECONDARY or row.direction is Direction.INBOUND
    ):
        yield "effect", TableFaultKind.FIELD_MISSING
    limited = row.times is not None or row.counts_grouped
    if (row.then_effect is not None) != limited:
        yield "then_effect", _DOES_NOT_FIT
    if row.then_effect is not None and row.then_effect is row.effect:
        yield "then_effect", _DOES_NOT_FIT
    if row.if_agreed_effect not in (None, OutcomeEffect.RETRY_AGREED):
        yield "if_agreed_effect", _DOES_NOT_FIT
    # A second call on the day of a talk with the person would be pressing (domain 3.2).
    if row.effect is OutcomeEffect.RETRY_SOON and row.contact_person is not ContactPerson.NO:
        yield "effect", _DOES_NOT_FIT


def _limits(row: OutcomeRow) -> _Faults:
    if row.times is not None and not 1 <= row.times <= 9:
        yield "times", TableFaultKind.OUT_OF_RANGE
    if not 0 <= row.wait_days <= MAX_WAIT_DAYS:
        yield "wait_days", TableFaultKind.OUT_OF_RANGE
    if row.blocks_number and row.effect is not OutcomeEffect.NEXT_NUMBER:
        yield "blocks_number", _DOES_NOT_FIT
    if row.only_with and row.position is Position.PRIMARY:
        yield "only_with", _DOES_NOT_FIT


_ROW_CHECKS: tuple[Callable[[OutcomeRow], _Faults], ...] = (
    _naming,
    _counting,
    _contact,
    _marks,
    _fields,
    _effects,
    _limits,
)


def check_table(rows: Sequence[OutcomeRow]) -> tuple[TableFault, ...]:
    """Every fault of a table, in the order of its rows; empty when it may be used."""
    if not rows:
        return (TableFault(0, "code", "", TableFaultKind.NO_ROWS),)
    faults = [
        TableFault(number, column, row.code, kind)
        for number, row in enumerate(rows, start=1)
        for check in _ROW_CHECKS
        for column, kind in check(row)
    ]
    faults.extend(_repeated(rows))
    faults.extend(_companions(rows))
    return tuple(sorted(faults, key=lambda fault: fault.row))


def _repeated(rows: Sequence[OutcomeRow]) -> Iterator[TableFault]:
    """A code stands once per receivable and day."""
    for number, row in enumerate(rows, start=1):
        if any(_overlap(row, other) for other in rows[: number - 1]):
            yield TableFault(number, "code", row.code, TableFaultKind.CODE_REPEATED)


def _overlap(one: OutcomeRow, other: OutcomeRow) -> bool:
    if (one.code, one.receivable) != (other.code, other.receivable):
        return False
    starts_before_end = (one.valid_from or date.min) <= (other.valid_until or date.max)
    return starts_before_end and (other.valid_from or date.min) <= (one.valid_until or date.max)


def _companions(rows: Sequence[OutcomeRow]) -> Iterator[TableFault]:
    """``only_with`` names primary codes of the same table."""
    primary = {row.code for row in rows if row.position is not Position.SECONDARY}
    for number, row in enumerate(rows, start=1):
        if not primary.issuperset(row.only_with):
            yield TableFault(number, "only_with", row.code, TableFaultKind.CODE_NOT_IN_TABLE)
