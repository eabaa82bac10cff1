"""The people whom a simulated day calls: who answers, what they say of themselves, what they want.

They know only what the sample delivery says of them. Every share is an assumed figure, taken
from what call centres have published (domain §3.2) and made to reach every outcome of the table;
none of them says anything about real people. Rehearsal only.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from io import StringIO
from random import Random
from types import MappingProxyType

from campaigns.api import Content, Direction, IdentityItem, OutcomeRow, Position
from dialer.calendar.bands import nearest_band
from dialer.calendar.holidays import business_day, day_kind, load_holidays
from dialer.errors import NumberUnusable
from dialer.line_status import LineEnd
from dialer.phone import normalise
from webui.rehearsal.sample_delivery import SampleDelivery

CHILD_COLUMNS = ("児童氏名カナ", "利用者氏名カナ", "生徒氏名カナ")
SCHOOL_COLUMNS = ("学校名", "施設名", "児童会館名")
PHONE_COLUMNS = ("電話番号1", "電話番号2", "電話番号3")

ANSWERED: Mapping[str, float] = MappingProxyType(
    {"H1": 0.30, "H2": 0.26, "H3": 0.34, "H4": 0.34, "H5": 0.41}
)
"""Assumed share of calls that a person answers, by band."""
ANSWERED_LATER = 0.64
"""Assumed: after three calls without an answer a further one is answered so much less often."""
MANY_CALLS = 3

_WEIGHTS = """
11:60 12:10 13:30 14:4 15:8 16:3 17:2 18:2 19:4 21:4 22:2 23:3 24:2
31:8 32:9 33:3 34:2 35:1 36:2 37:2 38:2 41:4 42:3 43:5 44:3
51:22 52:8 53:7 54:7 55:5 57:6 61:6 62:4 63:4 64:2 65:2 66:2 68:2
81:4 83:5 84:2 85:3
"""
WEIGHTS: Mapping[str, int] = MappingProxyType(
    {code: int(weight) for code, weight in (pair.split(":") for pair in _WEIGHTS.split())}
)
"""Assumed weights of outcomes among those of their kind; an outcome not named weighs 1."""

LINE_ENDS: Mapping[str, LineEnd] = MappingProxyType(
    {
        "11": LineEnd.NO_ANSWER,
        "12": LineEnd.BUSY,
        "15": LineEnd.NO_ANSWER,
        "16": LineEnd.NO_ANSWER,
        "18": LineEnd.FAILED,
        "21": LineEnd.NO_ANSWER,
        "22": LineEnd.NO_ANSWER,
    }
)
"""What the line does for outcomes that nobody and nothing picked up."""
BY_MESSAGE = "14"


class Manner(StrEnum):
    """How the one who speaks meets the identity check."""

    NOT_ASKED = "not_asked"
    SAYS_ALL = "says_all"
    SLIPS_ONCE = "slips_once"
    MIXES_UP = "mixes_up"
    REFUSES = "refuses"


_MANNERS: Mapping[str, Manner] = MappingProxyType({"41": Manner.REFUSES, "42": Manner.MIXES_UP})
_TALKED = (Content.THIRD_PARTY, Content.IDENTITY_OPEN, Content.WILL_PAY, Content.DEPARTMENT)
_SPOKE_ELSEWHERE = ("23", "24")  # somebody answers, but not of this household


@dataclass(frozen=True, slots=True)
class Meeting:
    """One call as it will go: what the line does, how the speaker is met, what it comes to."""

    end: LineEnd
    row: OutcomeRow
    manner: Manner


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """One row of a sample delivery, as the person behind it tells it."""

    receivable: str
    numbers: tuple[str, ...] = field(repr=False)
    kana: str = field(repr=False)
    own: Mapping[IdentityItem, str] = field(repr=False)

    def says(self, item: IdentityItem, manner: Manner) -> str:
        """The answer to one question; empty when it is refused or not known."""
        if manner in (Manner.REFUSES, Manner.NOT_ASKED):
            return ""
        wrong = manner is Manner.MIXES_UP and item is not IdentityItem.NAME
        wrong = wrong or (manner is Manner.SLIPS_ONCE and item is IdentityItem.ADDRESS)
        return "見本の別の答え" if wrong else self.own.get(item, "")


def people_of(receivable: str, delivery: SampleDelivery) -> tuple[SimulatedPerson, ...]:
    """The people of a delivery in CP932, in the order of its rows; also those without a number."""
    koyu = {row["整理番号"]: row for row in rows_of(delivery, "KOYU")}
    taisho = rows_of(delivery, "TAISHO")
    return tuple(_person(receivable, row, koyu[row["整理番号"]]) for row in taisho)


def rows_of(delivery: SampleDelivery, kind: str) -> list[dict[str, str]]:
    """The rows of one file (TAISHO, MEISAI, KOYU) of a delivery in CP932, in its order."""
    tables = {name.split("_")[2]: content for name, content in delivery.files.items()}
    return list(_rows(tables[kind]))


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(StringIO(content.decode("cp932"), newline=""))


def _person(receivable: str, row: Mapping[str, str], more: Mapping[str, str]) -> SimulatedPerson:
    own = {
        IdentityItem.NAME: row["債務者氏名カナ"],
        IdentityItem.BIRTH_DATE: _spoken_date(row["生年月日"]),
        IdentityItem.ADDRESS: row["住所"],
        IdentityItem.CHILD_NAME: _first(more, CHILD_COLUMNS),
        IdentityItem.SCHOOL: _first(more, SCHOOL_COLUMNS),
    }
    numbers = tuple(_numbers(row[name] for name in PHONE_COLUMNS))
    return SimulatedPerson(receivable, numbers, row["債務者氏名カナ"], MappingProxyType(own))


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _spoken_date(text: str) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        try:
            yield normalise(text)
        except NumberUnusable:
            continue


def answered_share(at: datetime, calls_before: int) -> float:
    """The assumed chance that a person answers a call at this instant (aware)."""
    band = nearest_band(at, day_kind(business_day(at), load_holidays()))
    return ANSWERED[band.value] * (ANSWERED_LATER if calls_before >= MANY_CALLS else 1.0)


def choose(rows: Sequence[OutcomeRow], chance: Random) -> OutcomeRow:
    """One row by the assumed weights."""
    return chance.choices(rows, [WEIGHTS.get(row.code, 1) for row in rows])[0]


class Network:
    """The telephone network with the people on it: answers as the seed and the hour decide."""

    def __init__(
        self, seed: int, rows: Sequence[OutcomeRow], now: Callable[[], datetime], messages: bool
    ) -> None:
        self._seed = seed
        self._now = now
        self._calls: dict[str, int] = {}
        self._meetings: dict[str, Meeting] = {}
        primary = [
            row
            for row in rows
            if row.position is not Position.SECONDARY
            and row.direction.serves(Direction.OUTBOUND)
            and (messages or row.code != BY_MESSAGE)
        ]
        self.answered = [row for row in primary if row.content in _TALKED]
        self.unanswered = [row for row in primary if row.content not in _TALKED]

    def behaviour(self, number: str) -> LineEnd:
        """What the line does when this number is dialled; how the talk goes is decided here."""
        before = self._calls.get(number, 0)
        self._calls[number] = before + 1
        chance = Random(f"{self._seed}/{number}/{before}")
        share = answered_share(self._now(), before)
        row = choose(self.answered if chance.random() < share else self.unanswered, chance)
        end = LINE_ENDS.get(row.code, LineEnd.ANSWERED)
        self._meetings[number] = Meeting(end, row, manner_for(row, chance))
        return end

    def meeting(self, number: str) -> Meeting:
        """The call that was last placed to this number."""
        return self._meetings[number]


def manner_for(row: OutcomeRow, chance: Random) -> Manner:
    """How the speaker meets the identity check in a call that comes to this outcome."""
    passes = chance.choices((Manner.SAYS_ALL, Manner.SLIPS_ONCE), (9, 1))[0]
    if row.code in _MANNERS:
        return _MANNERS[row.code]
    if not row.before_identity:
        return passes
    # Complaints and the like are heard from anybody, with or without the check.
    may_pass = row.content is Content.DEPARTMENT
    return passes if may_pass and chance.random() < 0.5 else Manner.NOT_ASKED


def speaks(row: OutcomeRow) -> bool:
    """Does somebody speak in a call with this outcome?"""
    return row.content in _TALKED or row.code in _SPOKE_ELSEWHERE
