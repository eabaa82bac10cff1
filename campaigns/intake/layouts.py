"""The columns of the lent files, their encodings and their names. Pure.

The layout annex of the specification is not public. The layouts here are our sample: they are
values, passed to the checks as a parameter, so that the client's own can take their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from campaigns.cases.groups import Group
from secure_store.errors import Invalid


class Kind(StrEnum):
    """What the cells of a column hold, as far as it can be checked."""

    TEXT = "text"
    KANA = "kana"
    DATE = "date"
    MOMENT = "moment"
    MONTH = "month"
    DIGITS = "digits"
    AMOUNT = "amount"
    PHONE = "phone"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``max_len`` counts characters; ``allowed`` lists the codes, if they are few."""

    name: str
    group: Group
    kind: Kind
    max_len: int
    required: bool = False
    allowed: tuple[str, ...] = ()


class FileKind(StrEnum):
    """The files of one delivery."""

    TAISHO = "taisho"
    MEISAI = "meisai"
    KOYU = "koyu"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file, in the order of the file."""

    kind: StrEnum
    columns: tuple[Column, ...]
    names: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))

    def position(self, name: str) -> int:
        """The place of a column, from 0. Raises ValueError for a column the layout lacks."""
        return self.names.index(name)

    def positions_of(self, group: Group) -> tuple[int, ...]:
        """The places of all columns that are sealed in ``group``, from 0."""
        return tuple(at for at, column in enumerate(self.columns) if column.group is group)


_FLAG = ("0", "1")
_LINE_KINDS = ("1", "2", "3", "9")

# Phone cells are never "required" here: a row without a number is excluded and stays counted
# (S4-6.1), it does not refuse the file.
TAISHO = Layout(
    FileKind.TAISHO,
    (
        Column("債権コード", Group.G3, Kind.CODE, 3, True),
        Column("整理番号", Group.G2, Kind.CODE, 12, True),
        Column("債務者氏名", Group.G1, Kind.TEXT, 40, True),
        Column("債務者氏名カナ", Group.G1, Kind.KANA, 60, True),
        Column("外字有無", Group.G1, Kind.CODE, 1, True, _FLAG),
        Column("生年月日", Group.G2, Kind.DATE, 10),
        Column("郵便番号", Group.G2, Kind.CODE, 8),
        Column("住所", Group.G2, Kind.TEXT, 100, True),
        Column("方書", Group.G2, Kind.TEXT, 60),
        Column("電話番号1", Group.G1, Kind.PHONE, 11),
        Column("種別1", Group.G1, Kind.CODE, 1, False, _LINE_KINDS),
        Column("電話番号2", Group.G1, Kind.PHONE, 11),
        Column("種別2", Group.G1, Kind.CODE, 1, False, _LINE_KINDS),
        Column("電話番号3", Group.G1, Kind.PHONE, 11),
        Column("種別3", Group.G1, Kind.CODE, 1, False, _LINE_KINDS),
        Column("債務者区分", Group.G2, Kind.CODE, 1, True, ("1", "2", "3", "4")),
        Column("賦課年度", Group.G3, Kind.DIGITS, 4, True),
        Column("未納期別数", Group.G3, Kind.DIGITS, 3, True),
        Column("未納額合計", Group.G3, Kind.AMOUNT, 9, True),
        Column("延滞金案内区分", Group.G3, Kind.CODE, 1, True, _FLAG),
        Column("最古納期限", Group.G3, Kind.DATE, 10, True),
        Column("督促状発送日", Group.G3, Kind.DATE, 10),
        Column("納付書再送予定", Group.G3, Kind.CODE, 1, False, _FLAG),
        Column("口座振替状況", Group.G3, Kind.CODE, 1, True, ("0", "1", "2", "9")),
        Column("口座振替勧奨対象", Group.G3, Kind.CODE, 1, True, _FLAG),
        Column("架電配慮区分", Group.G1, Kind.CODE, 2, False, ("01", "02", "03", "04", "05", "06")),
        Column("架電配慮メモ", Group.G1, Kind.TEXT, 100),
        Column("優先順位", Group.G3, Kind.DIGITS, 3),
        Column("前回約束日", Group.G3, Kind.DATE, 10),
        Column("問合せ先課・係", Group.G3, Kind.TEXT, 40, True),
        Column("問合せ先電話", Group.G3, Kind.PHONE, 11, True),
        Column("データ基準日", Group.G3, Kind.DATE, 10, True),
    ),
)

_RECEIVABLE = Column("債権コード", Group.G3, Kind.CODE, 3, True)
_KEY = Column("整理番号", Group.G2, Kind.CODE, 12, True)

MEISAI = Layout(
    FileKind.MEISAI,
    (
        _RECEIVABLE,
        _KEY,
        Column("期別番号", Group.G3, Kind.DIGITS, 3, True),
        Column("対象年月", Group.G3, Kind.MONTH, 7, True),
        Column("期別名称", Group.G3, Kind.TEXT, 30, True),
        Column("当初納期限", Group.G3, Kind.DATE, 10, True),
        Column("調定額", Group.G3, Kind.AMOUNT, 9, True),
        Column("収納済額", Group.G3, Kind.AMOUNT, 9, True),
        Column("未納額", Group.G3, Kind.AMOUNT, 9, True),
        Column("納付書番号", Group.G3, Kind.CODE, 20),
        Column("備考", Group.G3, Kind.TEXT, 40),
    ),
)


def _koyu(*columns: Column) -> Layout:
    return Layout(FileKind.KOYU, (_RECEIVABLE, _KEY, *columns))


_CHILD = Column("児童氏名カナ", Group.G2, Kind.KANA, 60, True)
_FACILITY = Column("施設名", Group.G2, Kind.TEXT, 60, True)
_USED_IN = Column("利用年月", Group.G3, Kind.MONTH, 7)

KOYU: Mapping[str, Layout] = MappingProxyType(
    {
        "A01": _koyu(
            _CHILD,
            _FACILITY,
            Column("施設区分", Group.G2, Kind.CODE, 1, False, ("1", "2", "3", "4")),
            Column("退園日", Group.G2, Kind.DATE, 10),
        ),
        "A02": _koyu(
            _CHILD,
            _FACILITY,
            _USED_IN,
            Column("利用区分", Group.G3, Kind.CODE, 1, False, ("1", "2")),
        ),
        "A03": _koyu(
            _CHILD,
            _FACILITY,
            Column("主食・副食区分", Group.G3, Kind.CODE, 1, False, ("1", "2", "3")),
        ),
        "A04": _koyu(_CHILD, Column("児童会館名", Group.G2, Kind.TEXT, 60, True), _USED_IN),
        "A05": _koyu(
            Column("受診日", Group.G3, Kind.DATE, 10, True),
            Column("患者との続柄", Group.G2, Kind.DIGITS, 1),
            Column("区分", Group.G3, Kind.CODE, 1, True, ("1", "2")),
        ),
        "A06": _koyu(
            Column("返還決定日", Group.G3, Kind.DATE, 10, True),
            Column("納入期別", Group.G3, Kind.TEXT, 30),
        ),
        "A07": _koyu(
            Column("利用者氏名カナ", Group.G2, Kind.KANA, 60, True),
            Column("債務者との続柄", Group.G2, Kind.TEXT, 20),
            Column("対象年月", Group.G3, Kind.MONTH, 7),
            _FACILITY,
        ),
        "A08": _koyu(
            Column("生徒氏名カナ", Group.G2, Kind.KANA, 60, True),
            Column("学校名", Group.G2, Kind.TEXT, 60, True),
            Column("対象期", Group.G3, Kind.TEXT, 30),
        ),
    }
)

CONTROL_HEADER = (
    "ファイル名",
    "件数",
    "未納額合計",
    "SHA-256",
    "文字コード",
    "データ基準日",
    "作成課",
    "作成者",
)


@dataclass(frozen=True, slots=True)
class LayoutSet:
    """The layouts one contract lends by. ``is_sample`` is shown wherever they are used."""

    taisho: Layout
    meisai: Layout
    koyu: Mapping[str, Layout]
    label: str
    is_sample: bool


SAMPLE_LAYOUTS = LayoutSet(TAISHO, MEISAI, KOYU, "貸与データ様式（見本）", is_sample=True)


class NameUnusable(Invalid):
    """The name of a lent file does not follow the convention."""

    code = "lent_file_name"


@dataclass(frozen=True, slots=True)
class DeliveryName:
    """What the name of a lent file says. ``month`` is the first day of the campaign's month."""

    receivable: str
    month: date
    kind: FileKind
    date: date
    serial: int
    form: str = "csv"

    @property
    def file_name(self) -> str:
        """The name, written again by the convention (domain §2.0)."""
        head = f"{self.receivable}_{self.month:%Y%m}"
        tail = f"{self.date:%Y%m%d}_{self.serial:02d}"
        if self.kind is FileKind.CONTROL:
            return f"{head}_{tail}_CTL.csv"
        return f"{head}_{self.kind.value.upper()}_{tail}.{self.form}"


_NAME = re.compile(
    r"(?P<receivable>A[0-9]{2})_(?P<month>[0-9]{6})_(?:(?P<kind>TAISHO|MEISAI|KOYU)_)?"
    r"(?P<date>[0-9]{8})_(?P<serial>[0-9]{2})(?:(?P<control>_CTL)\.csv|\.(?P<form>csv|xlsx))"
)


def parse_name(file_name: str) -> DeliveryName:
    """Reads ``A01_202209_TAISHO_20220913_01.csv`` (or ``.xlsx``) or ``A01_202209_20220913_01_CTL.csv``.

    Raises ``NameUnusable`` for any other name; the error never repeats the name, which a
    sender may have filled with anything.
    """
    found = _NAME.fullmatch(file_name)
    if found is None or (found["kind"] is None) == (found["control"] is None):
        raise NameUnusable
    try:
        month = date.fromisoformat(f"{found['month'][:4]}-{found['month'][4:]}-01")
        day = found["date"]
        delivered = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    except ValueError:
        raise NameUnusable from None
    kind = FileKind(found["kind"].lower()) if found["kind"] else FileKind.CONTROL
    serial, form = int(found["serial"]), found["form"] or "csv"
    return DeliveryName(found["receivable"], month, kind, delivered, serial, form)
