"""Forms of the outcome table: the file to import, and from which day it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from campaigns.api import TableFault
from webui.forms.plain_days import TypedDay, read_day

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ImportForm:
    """What was sent. ``faults`` are those of the file, by row and column."""

    day: TypedDay = field(default_factory=lambda: TypedDay("", None, None))
    file_error: str = ""
    day_error: str = ""
    faults: tuple[TableFault, ...] = ()


def read_import(day_text: str, document: bytes) -> ImportForm:
    """The form before the file is looked into."""
    day = read_day(day_text)
    missing = "" if document else "分類表のファイル（CSV）を選んでください。"
    too_large = "1MB までにしてください。" if len(document) > MOST_BYTES else ""
    return ImportForm(day=day, file_error=missing or too_large, day_error=day.sentence)


def faults_of(details: dict[str, Any]) -> tuple[TableFault, ...]:
    """The faults that a refused table names."""
    found = details.get("faults", ())
    return tuple(fault for fault in found if isinstance(fault, TableFault))
