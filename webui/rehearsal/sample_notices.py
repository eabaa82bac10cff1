"""Makes the city's notices of sample people: 引抜き and 納付確認 as a department sends them.

The headings are written here once more on purpose, as for lent data: the generator plays the
sender. Rehearsal only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from webui.rehearsal.sample_delivery import Consignment, Row, SampleDelivery, SampleTable, pack

HEADERS: Mapping[str, Row] = {
    "HIKINUKI": ("債権コード", "整理番号", "理由", "受付日時"),
    "SHUNO": ("債権コード", "整理番号", "期別番号", "納付日", "納付額", "消込日"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWithdrawal:
    """One case the city takes back. ``reason``: 1 納付 2 所管課対応 3 秘匿 4 その他."""

    key: str
    received_at: datetime
    reason: str = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePayment:
    """One payment. ``period``: 期別番号, empty when it is not named."""

    key: str
    paid_on: date
    yen: int
    period: str = ""
    posted_on: date | None = None


def make_notice(
    receivable: str,
    month: date,
    entries: Sequence[SampleWithdrawal] | Sequence[SamplePayment],
    *,
    as_of: date,
    kind: str | None = None,
    encoding: str = "cp932",
    serial: int = 1,
) -> SampleDelivery:
    """A notice file and its control file, the same bytes for the same arguments.

    ``kind``: HIKINUKI or SHUNO, needed only when there are no entries. ``as_of``: payments to
    this day are told; the files are dated the same day.
    """
    wanted = kind or ("HIKINUKI" if isinstance(entries[0], SampleWithdrawal) else "SHUNO")
    sent = Consignment(receivable, month.replace(day=1), encoding, as_of, as_of, serial)
    rows = tuple(_row(receivable, entry) for entry in entries)
    total = sum(entry.yen for entry in entries if isinstance(entry, SamplePayment))
    return SampleDelivery(pack(sent, (SampleTable(wanted, HEADERS[wanted], rows, total),)))


def _row(receivable: str, entry: SampleWithdrawal | SamplePayment) -> Row:
    if isinstance(entry, SampleWithdrawal):
        return (receivable, entry.key, entry.reason, f"{entry.received_at:%Y-%m-%d %H:%M}")
    posted = entry.posted_on.isoformat() if entry.posted_on else ""
    return (receivable, entry.key, entry.period, entry.paid_on.isoformat(), str(entry.yen), posted)
