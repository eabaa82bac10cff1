"""No value leaves the check, and no byte of a lent column is lost in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.intake.validation import check_delivery
from tests.fixtures_lent import (
    EXPECTED,
    Draft,
    draft,
    name_of,
    with_bytes,
    with_file,
)

SPOIL: list[Callable[[bytes, int], bytes]] = [
    lambda data, at: data[:at] + b"\x81" + data[at:],
    lambda data, at: data[:at] + b'"' + data[at:],
    lambda data, at: data[:at] + b"\r\n" + data[at:],
    lambda data, at: data[:at] + b"," + data[at:],
    lambda data, at: data[:at] + b"9" + data[at:],
    lambda data, at: data[:at],
    lambda data, at: data[:at] + "見本".encode("cp932") + data[at:],
]


def lent_values(delivery: Draft) -> Iterator[str]:
    for kind in delivery.rows:
        for row in delivery.rows[kind]:
            yield from (cell for cell in row if len(cell) >= 4)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["TAISHO", "MEISAI", "KOYU", "CTL"]),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(SPOIL),
    st.integers(0, 5),
)
def test_no_fault_or_question_ever_holds_a_value(
    kind: str, place: float, spoil: Callable[[bytes, int], bytes], seed: int
) -> None:
    delivery = draft(4, seed=seed, with_unreachable=True)
    files = with_bytes(delivery.files(), kind, lambda data: spoil(data, int(len(data) * place)))
    report = check_delivery(files, EXPECTED)
    assert report.faults or report.received == len(report.accepted) + len(report.excluded)
    shown = repr(report.faults) + repr(report.questions) + repr(report)
    shown = re.sub(r"A01_202209_[A-Z0-9_]+\.csv|datetime\.date\([^)]*\)", "", shown)
    shown = re.sub(r"sha256='[0-9a-f]{64}'|(byte|size)=[0-9]+", "", shown)
    assert [value for value in lent_values(delivery) if value in shown and value != "2022"] == []


TRAPS = [
    *[f"見本{name}" for name in ("表", "ソ", "能", "十", "髙", "﨑", "〓", "①", "Ⅲ", "㈱", "㎝")],
    *["見本～", "見本－", "見本∥", "見本￠", "見本￡", "見本￢", "ｱﾞ", "ｶﾞｷﾞ", "￣", "・ー", "\\~"],
]
REFUSED_BYTES = [
    *[b"\x81", b"\x80", b"\xa0", b"\xfd", b"\xfe", b"\xff", b"\x81\xad", b"\x85\x40", b"\xfc\x4c"],
    *[b"\x00", b"\x07", b"\x09", b"\x0b", b"\x0c", b"\x1a", b"\x1b$B", b"\x7f", b"a\rb", b'a"b'],
]


@pytest.mark.clause("T45")
def test_forty_trap_files_are_identical_or_refused_with_their_row() -> None:
    assert len(TRAPS) + len(REFUSED_BYTES) >= 40
    for text in TRAPS:
        files = draft(2).set("TAISHO", 1, "方書", text).files()
        report = check_delivery(files, EXPECTED)
        assert report.faults == (), text
        assert report.accepted[1].taisho[8] == b'"' + text.encode("cp932") + b'"'
    for trap in REFUSED_BYTES:
        delivery = draft(2).set("TAISHO", 1, "方書", "TRAP")
        files = delivery.files()
        spoilt = files[name_of(files, "TAISHO")].replace(b"TRAP", trap)
        files = with_file(files, "TAISHO", spoilt)
        report = check_delivery(files, EXPECTED)
        assert report.faults[0].row == 2, trap
        assert report.accepted == ()
