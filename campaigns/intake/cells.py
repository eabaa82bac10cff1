"""Checks of single cells and readers of their typed values. Pure.

A check answers with a code or None; it never repeats what it was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from campaigns.cases.formula_text import formula_at
from campaigns.intake.codes import FaultCode, QuestionCode
from campaigns.intake.layouts import Column, Kind
from secure_store import limits

MAX_CELL_CHARACTERS = limits.CELL.most

YOUNGEST_DEBTOR_YEARS = 15
OLDEST_DEBTOR_YEARS = 115

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DIGITS = re.compile(r"[0-9]+")
_CODE = re.compile(r"[0-9A-Za-z-]+")
# Katakana of both widths, the long-vowel mark, iteration marks, middle dot, spaces.
_KANA = re.compile(r"[\u30a1-\u30fa\u30fb-\u30fe\uff65-\uff9f \u3000]*")
_SUBSTITUTES = re.compile("[〓\ufffd]")


def cell_fault(value: str, column: Column) -> FaultCode | None:
    """What is wrong with a cell, judged by its column alone."""
    if not value or value.isspace():
        return _fault_of_blank(value, column)
    # A number that cannot be one excludes its row, however long it is (S4-6.1).
    longest = MAX_CELL_CHARACTERS if column.kind is Kind.PHONE else column.max_len
    if len(value) > longest:
        return FaultCode.TOO_LONG
    if column.allowed and value not in column.allowed:
        return FaultCode.CODE_UNKNOWN
    check = _CHECKS.get(column.kind)
    return None if check is None else check(value)


def _fault_of_blank(value: str, column: Column) -> FaultCode | None:
    if column.required:
        return FaultCode.REQUIRED_EMPTY
    check = _CHECKS.get(column.kind)
    # Spaces in a date or a code are no empty cell: nobody can say what was meant.
    return check(value) if value and check is not None else None


def _date_fault(value: str) -> FaultCode | None:
    return None if _is_date(value) else FaultCode.DATE_FORM


def _moment_fault(value: str) -> FaultCode | None:
    day, _space, clock = value.partition(" ")
    return None if _is_date(day) and _CLOCK.fullmatch(clock) else FaultCode.DATE_FORM


def _month_fault(value: str) -> FaultCode | None:
    return None if _MONTH.fullmatch(value) else FaultCode.MONTH_FORM


def _digits_fault(value: str) -> FaultCode | None:
    return None if _DIGITS.fullmatch(value) else FaultCode.NOT_DIGITS


def _code_fault(value: str) -> FaultCode | None:
    return None if _CODE.fullmatch(value) else FaultCode.CODE_UNKNOWN


_CHECKS: dict[Kind, Callable[[str], FaultCode | None]] = {
    Kind.DATE: _date_fault,
    Kind.MOMENT: _moment_fault,
    Kind.MONTH: _month_fault,
    Kind.DIGITS: _digits_fault,
    Kind.AMOUNT: _digits_fault,
    Kind.CODE: _code_fault,
}


def _is_date(value: str) -> bool:
    # fromisoformat alone would take "20220913" and week dates as well.
    if _DATE.fullmatch(value) is None:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def date_of(value: str) -> date | None:
    """The date of a cell that ``cell_fault`` has passed; None for an empty one."""
    return date.fromisoformat(value) if value else None


def text_questions(value: str, kind: Kind) -> tuple[QuestionCode, ...]:
    """What to ask about the text of a cell that is accepted as it stands."""
    asked: list[QuestionCode] = []
    if kind is Kind.KANA and _KANA.fullmatch(value) is None:
        asked.append(QuestionCode.KANA_NOT_KANA)
    if _SUBSTITUTES.search(value):
        asked.append(QuestionCode.SUBSTITUTED_CHARACTER)
    if formula_at(value) is not None:
        asked.append(QuestionCode.FORMULA_LIKE)
    return tuple(asked)


def is_plausible_birth(born_on: date, data_as_of: date) -> bool:
    """Whether a debtor may have been born that day: 15 to 115 years before the data's date."""
    years = data_as_of.year - born_on.year
    if (data_as_of.month, data_as_of.day) < (born_on.month, born_on.day):
        years -= 1
    return YOUNGEST_DEBTOR_YEARS <= years <= OLDEST_DEBTOR_YEARS
