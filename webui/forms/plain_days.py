"""Days typed in full, as they stand on papers: 2022-09-20, 2022/9/20, 2022年9月20日."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class DayFault(StrEnum):
    """Why a typed day is not taken."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    NO_SUCH_DAY = "no_such_day"


DAY_SENTENCES = {
    DayFault.EMPTY: "日付がまだです。例：2022-09-20",
    DayFault.UNREADABLE: "年月日で書いてください。例：2022-09-20、2022年9月20日",
    DayFault.NO_SUCH_DAY: "暦にない日です。月と日を確かめてください。",
}


@dataclass(frozen=True, slots=True)
class TypedDay:
    """What was typed and what it means; exactly one of ``day`` and ``fault`` is given."""

    text: str
    day: date | None
    fault: DayFault | None

    @property
    def sentence(self) -> str:
        """The sentence beneath the field, empty when the day is good."""
        return DAY_SENTENCES[self.fault] if self.fault else ""


def read_day(text: str) -> TypedDay:
    """Reads a day; full-width digits are understood."""
    kept = text.strip()[:20]
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", kept))
    if not plain:
        return TypedDay(kept, None, DayFault.EMPTY)
    found = _DAY.fullmatch(plain)
    if found is None:
        return TypedDay(kept, None, DayFault.UNREADABLE)
    try:
        return TypedDay(kept, date(*(int(part) for part in found.groups())), None)
    except ValueError:
        return TypedDay(kept, None, DayFault.NO_SUCH_DAY)


def typed_as(day: date | None) -> TypedDay:
    """A stored day as the field shows it."""
    return TypedDay(day.isoformat() if day else "", day, None)
