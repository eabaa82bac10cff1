"""Unmistakable values of one run, and a lent delivery that carries them.

Every value is made of a random core and two signs: what kind of value it is, and whose. So one
search for a few cores finds all of them anywhere, and a page tells exactly what stands in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tests.fixtures_lent import Draft, draft

PEOPLE = 8  # rows that are lent; the last digit of an amount is 1 to 8
FIRST_OF = {"A01": 0, "A02": 5}
ROWS_OF = {"A01": 5, "A02": 3}

_KANJI = "葵茜梓楓桂椿柏榎檜杉桐柿桃梅萩菊蘭蓮菫葦蕨茄苺栗胡桑柚橘楠樫"
_KANA = "アイウエオカキクケサシスセタチテナニヌネハヒフヘマミムモヤユヨラリルレワ"
_CODE = "BCDFGHJKLMNPQRSTVWXZ2456789"
_ERA = (1925, "昭和")


class Kind(StrEnum):
    """What a marked value is; the value of the member is its sign in Japanese texts."""

    NAME = "名"
    ADDRESS = "住"
    DETAIL = "方"
    CARE = "配"
    FACILITY = "園"
    REMARK = "備"
    NOTE = "記"
    DRAFT = "稿"
    PAID_WHERE = "納"
    CONTACT = "係"
    ANSWER = "答"
    QUESTION = "問"
    KANA = "メ"
    CHILD = "ジ"
    KEY = "key"
    PHONE = "phone"
    AMOUNT = "amount"
    PROMISED = "promised"
    BORN = "born"
    SECRET = "secret"


IN_KANJI = tuple(kind for kind in Kind if len(kind.value) == 1 and kind.value > "ー")
IN_KANA = (Kind.KANA, Kind.CHILD)
LENT = frozenset(
    {Kind.NAME, Kind.ADDRESS, Kind.DETAIL, Kind.CARE, Kind.FACILITY, Kind.REMARK, Kind.KANA}
    | {Kind.CHILD, Kind.KEY, Kind.PHONE, Kind.AMOUNT, Kind.BORN}
)

Mark = tuple[Kind, int]


def _some(letters: str, count: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(count))


@dataclass(frozen=True, slots=True)
class Marks:
    """The cores of one run. ``whose`` counts the lent rows of all receivables from 0."""

    kanji: str
    kana: str
    code: str
    phone: str
    amount: str
    born: date

    @staticmethod
    def new() -> Marks:
        """Cores that no run had before."""
        return Marks(
            _some(_KANJI, 6),
            _some(_KANA, 7),
            _some(_CODE, 6),
            _some("56789", 1) + _some("0123456789", 2),
            _some("123456789", 8),
            date(1931, 1, 1) + timedelta(days=secrets.randbelow(365 * 40)),
        )

    def text(self, kind: Kind, whose: int = 0) -> str:
        """A value as it is lent or typed."""
        if kind in IN_KANJI:
            return f"{self.kanji}{kind.value}{'甲乙丙丁戊己庚辛'[whose]}"
        if kind in IN_KANA:
            return f"{self.kana}{kind.value}{'アカサタナハマヤ'[whose]}"
        return {
            Kind.KEY: f"A0{1 if whose < FIRST_OF['A02'] else 2}-{self.code}{whose}",
            Kind.PHONE: f"0900000{self.phone}{whose}",
            Kind.AMOUNT: f"{self.amount}{whose + 1}",
            Kind.PROMISED: f"{self.amount}0",
            Kind.BORN: self.born.isoformat(),
            Kind.SECRET: f"{self.code}-wrong-pass",
        }[kind]

    def cores(self) -> dict[str, tuple[str, ...]]:
        """What every marked value contains, in the ways it may be written."""
        amount = self.amount
        return {
            "kanji": (self.kanji,),
            "kana": (self.kana,),
            "code": (self.code,),
            "phone": (f"900000{self.phone}", f"90-0000-{self.phone}"),
            "amount": (amount, f"{amount[:3]},{amount[3:6]},{amount[6:]}"),
            "born": tuple(_writings(self.born)),
        }

    def find(self, text: str) -> set[Mark]:
        """Which values stand in a text a person can read. Birth dates are all the same: of 0."""
        if not any(core in text for cores in self.cores().values() for core in cores):
            return set()
        return {mark for mark, forms in self._forms() if any(form in text for form in forms)}

    def _forms(self) -> Iterator[tuple[Mark, tuple[str, ...]]]:
        for kind in Kind:
            for whose in range(PEOPLE):
                if kind in (Kind.BORN, Kind.PROMISED, Kind.SECRET) and whose:
                    continue
                yield (kind, whose), tuple(self._written(kind, whose))

    def _written(self, kind: Kind, whose: int) -> Iterator[str]:
        text = self.text(kind, whose)
        yield text
        if kind is Kind.PHONE:
            yield f"{text[:3]}-{text[3:7]}-{text[7:]}"
        if kind in (Kind.AMOUNT, Kind.PROMISED):
            yield f"{int(text):,}"
        if kind is Kind.BORN:
            yield from _writings(self.born)


def _writings(day: date) -> Iterator[str]:
    yield from (day.isoformat(), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}")
    year, month, number = day.year, day.month, day.day
    first, era = _ERA
    yield f"{year}年{month}月{number}日"
    yield f"{year}年{month:02d}月{number:02d}日"
    yield f"{era}{year - first}年{month}月{number}日"


def marked_delivery(marks: Marks, receivable: str) -> Draft:
    """A sound delivery in which every row is marked; each person owes one period."""
    made = draft(ROWS_OF[receivable], receivable=receivable)
    for row in range(ROWS_OF[receivable]):
        _mark_row(made, marks, row, FIRST_OF[receivable] + row)
    return made


def _mark_row(made: Draft, marks: Marks, row: int, whose: int) -> None:
    old = made.get("TAISHO", row, "整理番号")
    key, yen = marks.text(Kind.KEY, whose), marks.text(Kind.AMOUNT, whose)
    cells = {
        "整理番号": key,
        "債務者氏名": f"見本　{marks.text(Kind.NAME, whose)}",
        "債務者氏名カナ": f"ミホン　{marks.text(Kind.KANA, whose)}",
        "外字有無": "0",
        "生年月日": marks.text(Kind.BORN),
        "住所": f"札幌市見本区{marks.text(Kind.ADDRESS, whose)}",
        "方書": marks.text(Kind.DETAIL, whose),
        "電話番号1": marks.text(Kind.PHONE, whose),
        "種別1": "2",
        **dict.fromkeys(("電話番号2", "種別2", "電話番号3", "種別3"), ""),
        "債務者区分": "1",
        "架電配慮区分": "04",  # speak slowly: no hour is forbidden by it
        "架電配慮メモ": marks.text(Kind.CARE, whose),
        "未納期別数": "1",
        "未納額合計": yen,
        "口座振替勧奨対象": "0",
    }
    for column, cell in cells.items():
        made.set("TAISHO", row, column, cell)
    _mark_period(made, marks, row, old, whose)
    at = next(n for n, line in enumerate(made.rows["KOYU"]) if line[1] == old)
    made.set("KOYU", at, "整理番号", key)
    made.set("KOYU", at, "児童氏名カナ", f"ミホン　{marks.text(Kind.CHILD, whose)}")
    made.set("KOYU", at, "施設名", f"見本{marks.text(Kind.FACILITY, whose)}")


def _mark_period(made: Draft, marks: Marks, row: int, old: str, whose: int) -> None:
    """Keeps the person's oldest period only, with the marked sum."""
    yen = marks.text(Kind.AMOUNT, whose)
    mine = [n for n, line in enumerate(made.rows["MEISAI"]) if line[1] == old]
    for kind in ("TAISHO", "MEISAI"):
        unpaid = sum(int(made.get("MEISAI", n, "未納額")) for n in mine)
        made.sums[kind] += int(yen) - unpaid
    for at in reversed(mine[1:]):
        del made.rows["MEISAI"][at]
    cells = {
        "整理番号": marks.text(Kind.KEY, whose),
        "調定額": yen,
        "収納済額": "0",
        "未納額": yen,
        "納付書番号": f"{marks.text(Kind.KEY, whose)}-01",
        "備考": marks.text(Kind.REMARK, whose),
    }
    for column, cell in cells.items():
        made.set("MEISAI", mine[0], column, cell)
    made.set("TAISHO", row, "最古納期限", made.get("MEISAI", mine[0], "当初納期限"))
