"""Makes a lent delivery of sample people for any receivable: files as a department sends them.

The headings are written here once more on purpose: the generator plays the sender, who does
not read our layouts. Rehearsal only; production homes refuse sample data.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from webui.rehearsal.sample_people import SamplePerson, SamplePhone, sample_people

TAISHO = (
    "債権コード", "整理番号", "債務者氏名", "債務者氏名カナ", "外字有無", "生年月日", "郵便番号",
    "住所", "方書", "電話番号1", "種別1", "電話番号2", "種別2", "電話番号3", "種別3", "債務者区分",
    "賦課年度", "未納期別数", "未納額合計", "延滞金案内区分", "最古納期限", "督促状発送日",
    "納付書再送予定", "口座振替状況", "口座振替勧奨対象", "架電配慮区分", "架電配慮メモ", "優先順位",
    "前回約束日", "問合せ先課・係", "問合せ先電話", "データ基準日",
)  # fmt: skip
MEISAI = (
    "債権コード", "整理番号", "期別番号", "対象年月", "期別名称", "当初納期限", "調定額", "収納済額",
    "未納額", "納付書番号", "備考",
)  # fmt: skip
KOYU: Mapping[str, tuple[str, ...]] = {
    "A01": ("児童氏名カナ", "施設名", "施設区分", "退園日"),
    "A02": ("児童氏名カナ", "施設名", "利用年月", "利用区分"),
    "A03": ("児童氏名カナ", "施設名", "主食・副食区分"),
    "A04": ("児童氏名カナ", "児童会館名", "利用年月"),
    "A05": ("受診日", "患者との続柄", "区分"),
    "A06": ("返還決定日", "納入期別"),
    "A07": ("利用者氏名カナ", "債務者との続柄", "対象年月", "施設名"),
    "A08": ("生徒氏名カナ", "学校名", "対象期"),
}
CONTROL = (
    "ファイル名", "件数", "未納額合計", "SHA-256", "文字コード", "データ基準日", "作成課", "作成者",
)  # fmt: skip

_WRITINGS = {"cp932": ("cp932", b"", "CP932"), "utf_8_bom": ("utf-8", b"\xef\xbb\xbf", "UTF-8-BOM")}
_MONTHLY_YEN = (4_000, 9_300, 12_500, 24_000, 31_400, 48_000)

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleTable:
    """One file before it is written: heading and rows of text, and the sum for the control."""

    kind: str
    header: Row
    rows: tuple[Row, ...]
    sum_yen: int


@dataclass(frozen=True, slots=True)
class Consignment:
    """What the names and the control file of a delivery say. ``encoding``: cp932, utf_8_bom."""

    receivable: str
    month: date
    encoding: str
    as_of: date
    delivered_on: date
    serial: int = 1


@dataclass(frozen=True, slots=True)
class SampleDelivery:
    """The files of a delivery by their names, the control file last."""

    files: Mapping[str, bytes]

    def write_to(self, folder: Path) -> tuple[Path, ...]:
        """Writes every file into an existing folder; never over a file that is there."""
        written: list[Path] = []
        for name, data in self.files.items():
            path = folder / name
            with path.open("xb") as file:
                file.write(data)
            written.append(path)
        return tuple(written)


@dataclass(frozen=True, slots=True)
class _Period:
    number: int
    month: date
    due_on: date
    levied_yen: int
    paid_yen: int

    @property
    def unpaid_yen(self) -> int:
        return self.levied_yen - self.paid_yen


def make_delivery(
    receivable: str,
    month: date,
    rows: int,
    seed: int,
    encoding: str = "cp932",
    *,
    serial: int = 1,
    as_of: date | None = None,
    levy_year: int = 2022,
    with_unreachable: bool = True,
) -> SampleDelivery:
    """A delivery of ``rows`` sample people, the same bytes for the same arguments.

    ``as_of`` is the date of the data (default: the 10th of the month); the files are dated
    three days later. ``encoding`` is cp932 or utf_8_bom.
    """
    data_as_of = as_of or month.replace(day=10)
    first = month.replace(day=1)
    sent = Consignment(
        receivable, first, encoding, data_as_of, data_as_of + timedelta(days=3), serial
    )
    tables = sample_tables(sent, rows, seed, levy_year, with_unreachable=with_unreachable)
    return SampleDelivery(pack(sent, tables))


def sample_tables(
    sent: Consignment, rows: int, seed: int, levy_year: int = 2022, *, with_unreachable: bool = True
) -> tuple[SampleTable, SampleTable, SampleTable]:
    """TAISHO, MEISAI and KOYU of a delivery, with sums that agree."""
    chance = Random(f"{seed}/{sent.receivable}/{sent.month}")
    taisho: list[Row] = []
    meisai: list[Row] = []
    koyu: list[Row] = []
    total = 0
    for person in sample_people(rows, seed, with_unreachable=with_unreachable):
        key = f"{sent.receivable}-{person.ordinal:07d}"
        periods = _periods(sent.as_of, chance)
        taisho.append(_taisho_row(sent, person, key, periods, levy_year, chance))
        meisai += [_meisai_row(sent, key, period) for period in periods]
        koyu.append((sent.receivable, key, *_koyu_cells(sent, person, chance)))
        total += sum(period.unpaid_yen for period in periods)
    koyu_header = ("債権コード", "整理番号", *KOYU[sent.receivable])
    return (
        SampleTable("TAISHO", TAISHO, tuple(taisho), total),
        SampleTable("MEISAI", MEISAI, tuple(meisai), total),
        SampleTable("KOYU", koyu_header, tuple(koyu), 0),
    )


def pack(sent: Consignment, tables: Sequence[SampleTable]) -> dict[str, bytes]:
    """Writes the tables as files and adds the control file with counts, sums and digests."""
    codec, mark, declared = _WRITINGS[sent.encoding]
    head = f"{sent.receivable}_{sent.month:%Y%m}"
    tail = f"{sent.delivered_on:%Y%m%d}_{sent.serial:02d}"
    files: dict[str, bytes] = {}
    listed: list[Row] = [CONTROL]
    for table in tables:
        name = f"{head}_{table.kind}_{tail}.csv"
        data = mark + written((table.header, *table.rows), codec)
        digest = hashlib.sha256(data).hexdigest()
        files[name] = data
        counts = (str(len(table.rows)), str(table.sum_yen))
        about = (declared, sent.as_of.isoformat(), "見本課", "見本　担当")
        listed.append((name, *counts, digest, *about))
    files[f"{head}_{tail}_CTL.csv"] = mark + written(listed, codec)
    return files


def written(rows: Sequence[Row], codec: str) -> bytes:
    """Rows as CSV: every cell in quotes, lines ended by CR LF."""
    lines = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode(codec)


def _periods(as_of: date, chance: Random) -> tuple[_Period, ...]:
    """One to four unpaid months in a row, all due before the data's date."""
    count = chance.choice((1, 1, 2, 2, 3, 4))
    latest = as_of.replace(day=1) - timedelta(days=1)
    monthly = chance.choice(_MONTHLY_YEN)
    months = [_month_before(latest, back) for back in range(count - 1, -1, -1)]
    return tuple(
        _Period(
            number=month.month,
            month=month,
            due_on=month.replace(day=monthrange(month.year, month.month)[1]),
            levied_yen=monthly,
            paid_yen=chance.choice((0, 0, 0, 1_000)),
        )
        for month in months
    )


def _month_before(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 - months, 12)
    return date(day.year + years, month + 1, 1)


def _taisho_row(
    sent: Consignment,
    person: SamplePerson,
    key: str,
    periods: Sequence[_Period],
    levy_year: int,
    chance: Random,
) -> Row:
    demanded_on = periods[0].due_on + timedelta(days=25)
    priority = chance.choice(("", "010", "020", "100"))
    return (
        sent.receivable,
        key,
        person.name,
        person.kana,
        "1" if person.has_gaiji else "0",
        person.born_on.isoformat() if person.born_on else "",
        person.postal_code,
        person.address,
        person.address_detail,
        *_phone_cells(person.phones),
        person.debtor_code,
        str(levy_year),
        str(len(periods)),
        str(sum(period.unpaid_yen for period in periods)),
        chance.choice("01"),
        periods[0].due_on.isoformat(),
        demanded_on.isoformat() if demanded_on < sent.as_of else "",
        chance.choice(("", "0", "1")),
        chance.choice("0129"),
        chance.choice("01"),
        person.care_code,
        person.care_note,
        priority,
        "",
        "見本区役所見本課見本係",
        "0110000000",
        sent.as_of.isoformat(),
    )


def _phone_cells(phones: Sequence[SamplePhone]) -> Row:
    cells = [cell for phone in phones for cell in (phone.text, phone.line_code)]
    return tuple(cells + [""] * (6 - len(cells)))


def _meisai_row(sent: Consignment, key: str, period: _Period) -> Row:
    era_year = period.month.year - 2018
    return (
        sent.receivable,
        key,
        f"{period.number:03d}",
        f"{period.month:%Y-%m}",
        f"令和{era_year}年{period.month.month}月分",
        period.due_on.isoformat(),
        str(period.levied_yen),
        str(period.paid_yen),
        str(period.unpaid_yen),
        f"{key}-{period.month:%y%m}",
        "",
    )


def _koyu_cells(sent: Consignment, person: SamplePerson, chance: Random) -> Row:
    """The type-specific cells, in the order of ``KOYU``."""
    last_month = sent.as_of.replace(day=1) - timedelta(days=1)
    month = f"{last_month:%Y-%m}"
    day = last_month.isoformat()
    by_heading = {
        "児童氏名カナ": person.child_kana,
        "生徒氏名カナ": person.child_kana,
        "利用者氏名カナ": person.child_kana,
        "施設名": f"見本{chance.choice(('ソ能', '髙﨑', '十条'))}施設",
        "児童会館名": "見本児童会館",
        "学校名": "見本高等学校",
        "施設区分": chance.choice("1234"),
        "退園日": "",
        "利用年月": month,
        "対象年月": month,
        "利用区分": chance.choice("12"),
        "主食・副食区分": chance.choice("123"),
        "受診日": day,
        "患者との続柄": chance.choice("129"),
        "区分": chance.choice("12"),
        "返還決定日": day,
        "納入期別": "見本第1期",
        "債務者との続柄": chance.choice(("子", "配偶者", "その他")),
        "対象期": "見本前期",
    }
    return tuple(by_heading[heading] for heading in KOYU[sent.receivable])
