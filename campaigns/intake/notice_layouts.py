"""The columns and names of the city's notices between deliveries. Pure.

Like the lent layouts these are our sample (domain §2.1e): values, passed to the check as a
parameter, so that the client's own can take their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from campaigns.calling.payment_facts import NoticeKind
from campaigns.cases.groups import Group
from campaigns.intake.layouts import Column, Kind, Layout, NameUnusable

_RECEIVABLE = Column("債権コード", Group.G3, Kind.CODE, 3, True)
_KEY = Column("整理番号", Group.G2, Kind.CODE, 12, True)

REASONS = ("1", "2", "3", "4")
"""理由 of a withdrawal: 1 納付 2 所管課対応 3 秘匿 4 その他."""

HIKINUKI = Layout(
    NoticeKind.HIKINUKI,
    (
        _RECEIVABLE,
        _KEY,
        Column("理由", Group.G3, Kind.CODE, 1, True, REASONS),
        Column("受付日時", Group.G3, Kind.MOMENT, 16, True),
    ),
)
SHUNO = Layout(
    NoticeKind.SHUNO,
    (
        _RECEIVABLE,
        _KEY,
        Column("期別番号", Group.G3, Kind.DIGITS, 3),
        Column("納付日", Group.G3, Kind.DATE, 10, True),
        Column("納付額", Group.G3, Kind.AMOUNT, 9, True),
        Column("消込日", Group.G3, Kind.DATE, 10),
    ),
)


@dataclass(frozen=True, slots=True)
class NoticeLayouts:
    """The layouts of both kinds. ``is_sample`` is shown wherever they are used."""

    by_kind: Mapping[NoticeKind, Layout]
    label: str
    is_sample: bool


SAMPLE_NOTICE_LAYOUTS = NoticeLayouts(
    MappingProxyType({NoticeKind.HIKINUKI: HIKINUKI, NoticeKind.SHUNO: SHUNO}),
    "引抜き・納付確認データ様式（見本）",
    is_sample=True,
)


@dataclass(frozen=True, slots=True)
class NoticeName:
    """What the name of a notice file says. ``month`` is the first day of the campaign's month."""

    receivable: str
    month: date
    kind: NoticeKind
    date: date
    serial: int

    @property
    def file_name(self) -> str:
        """The name, written again by the convention (domain §2.0)."""
        head = f"{self.receivable}_{self.month:%Y%m}_{self.kind.value.upper()}"
        return f"{head}_{self.date:%Y%m%d}_{self.serial:02d}.csv"


_NAME = re.compile(
    r"(?P<receivable>A[0-9]{2})_(?P<month>[0-9]{6})_(?P<kind>HIKINUKI|SHUNO)_"
    r"(?P<date>[0-9]{8})_(?P<serial>[0-9]{2})\.csv"
)


def parse_notice_name(file_name: str) -> NoticeName:
    """Reads ``A01_202209_SHUNO_20220927_01.csv``. Raises NameUnusable, never with the name."""
    found = _NAME.fullmatch(file_name)
    if found is None:
        raise NameUnusable
    day = found["date"]
    try:
        month = date.fromisoformat(f"{found['month'][:4]}-{found['month'][4:]}-01")
        sent = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    except ValueError:
        raise NameUnusable from None
    kind = NoticeKind(found["kind"].lower())
    return NoticeName(found["receivable"], month, kind, sent, int(found["serial"]))
