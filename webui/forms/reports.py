"""Entries of the daily close: the day in the address, and the receipt number of the city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from secure_store.errors import NotFound

RECEIPT_LONGEST = 60


@dataclass(frozen=True, slots=True)
class ReceiptForm:
    """The receipt number as typed, with its fault."""

    number: str = ""
    error: str = ""


def read_receipt(form: Mapping[str, str]) -> ReceiptForm:
    """One short line; the number is the city's, so its wide forms stay as they are."""
    number = form.get("receipt_no", "").strip()
    if not number:
        return ReceiptForm(number, "市の受領番号を入れてください。例：R-0920")
    if len(number) > RECEIPT_LONGEST:
        return ReceiptForm(number, f"長すぎます。{RECEIPT_LONGEST}文字までにしてください。")
    if not number.isprintable():
        return ReceiptForm("", "改行や見えない文字は使えません。")
    return ReceiptForm(number)


def read_day(text: str) -> date:
    """A day as addresses write it, ``20220920``. Raises NotFound for anything else."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise NotFound(kind="day")
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise NotFound(kind="day") from None
