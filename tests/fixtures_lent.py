"""Builds lent deliveries for tests, sound ones and ones with a chosen defect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from campaigns.intake.findings import DeliveryReport, Expected, Fault
from campaigns.intake.validation import check_delivery
from webui.rehearsal.sample_delivery import Consignment, SampleTable, pack, sample_tables

MONTH = date(2022, 9, 1)
AS_OF = date(2022, 9, 10)
DELIVERED_ON = date(2022, 9, 13)
EXPECTED = Expected("A01", MONTH, 2022)

Row = tuple[str, ...]


@dataclass(slots=True)
class Draft:
    """A delivery that can still be changed. ``rows[kind]`` excludes the header; rows count from 0."""

    sent: Consignment
    headers: dict[str, Row]
    rows: dict[str, list[Row]]
    sums: dict[str, int]

    def set(self, kind: str, row: int, column: str, value: str) -> Draft:
        at = self.headers[kind].index(column)
        cells = self.rows[kind][row]
        self.rows[kind][row] = (*cells[:at], value, *cells[at + 1 :])
        return self

    def get(self, kind: str, row: int, column: str) -> str:
        return self.rows[kind][row][self.headers[kind].index(column)]

    def files(self) -> dict[str, bytes]:
        """The files with a control file that agrees with them in count and digest."""
        return pack(
            self.sent,
            [
                SampleTable(kind, self.headers[kind], tuple(self.rows[kind]), self.sums[kind])
                for kind in self.headers
            ],
        )

    def check(self, expected: Expected | None = None) -> DeliveryReport:
        return check_delivery(self.files(), expected or expected_of(self.sent))


def draft(
    rows: int = 6,
    *,
    receivable: str = "A01",
    encoding: str = "cp932",
    seed: int = 1,
    with_unreachable: bool = False,
) -> Draft:
    """A sound delivery, to be spoilt by the test."""
    sent = Consignment(receivable, MONTH, encoding, AS_OF, DELIVERED_ON)
    tables = sample_tables(sent, rows, seed, with_unreachable=with_unreachable)
    return Draft(
        sent,
        {table.kind: table.header for table in tables},
        {table.kind: list(table.rows) for table in tables},
        {table.kind: table.sum_yen for table in tables},
    )


def expected_of(sent: Consignment) -> Expected:
    return replace(EXPECTED, receivable=sent.receivable, month=sent.month)


def name_of(files: Mapping[str, bytes], kind: str) -> str:
    """The name of the file of a kind: TAISHO, MEISAI, KOYU or CTL."""
    return next(name for name in files if f"_{kind}" in name)


def with_file(files: Mapping[str, bytes], kind: str, data: bytes) -> dict[str, bytes]:
    """The files with one of them replaced, and the control file's digest with it."""
    name = name_of(files, kind)
    control = name_of(files, "CTL")
    changed = {**files, name: data}
    if name == control:
        return changed
    old, new = (hashlib.sha256(text).hexdigest().encode() for text in (files[name], data))
    changed[control] = files[control].replace(old, new)
    return changed


def with_bytes(
    files: Mapping[str, bytes], kind: str, change: Callable[[bytes], bytes]
) -> dict[str, bytes]:
    """The files with one of them changed in its bytes, and the control file's digest with it."""
    return with_file(files, kind, change(files[name_of(files, kind)]))


def codes_of(report: DeliveryReport) -> set[str]:
    return {fault.code.value for fault in report.faults}


def only_fault(report: DeliveryReport) -> Fault:
    assert len(report.faults) == 1, report.faults
    return report.faults[0]
