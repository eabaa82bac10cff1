"""Files that are not whole, announced or readable refuse the whole delivery."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.intake import control, findings, package, tables
from campaigns.intake.codes import FaultCode
from campaigns.intake.validation import check_delivery
from tests.fixtures_lent import (
    AS_OF,
    EXPECTED,
    codes_of,
    draft,
    name_of,
    only_fault,
    with_bytes,
    with_file,
)


def test_a_wrong_sum_in_the_control_file_refuses_the_delivery() -> None:
    delivery = draft()
    delivery.sums["MEISAI"] += 1
    fault = only_fault(delivery.check())
    assert (fault.code, fault.file.split("_")[2]) == (FaultCode.CONTROL_SUM, "MEISAI")


def test_a_wrong_count_in_the_control_file_refuses_the_delivery() -> None:
    files = draft(6).files()
    listing = name_of(files, "CTL")
    files[listing] = files[listing].replace(b'"6"', b'"7"', 1)
    fault = only_fault(check_delivery(files, EXPECTED))
    assert (fault.code, fault.file) == (FaultCode.ROW_COUNT, name_of(files, "TAISHO"))


def test_one_changed_bit_is_seen_by_the_digest() -> None:
    files = draft().files()
    name = name_of(files, "KOYU")
    flipped = bytearray(files[name])
    flipped[flipped.index(b"A01-0000001") + 10] ^= 1
    files[name] = bytes(flipped)
    assert "digest" in codes_of(check_delivery(files, EXPECTED))


def test_a_truncated_file_is_seen_by_digest_and_count() -> None:
    files = draft().files()
    name = name_of(files, "TAISHO")
    files[name] = files[name][: files[name].rindex(b"\r\n", 0, -2) + 2]
    assert {"digest", "row_count", "control_sum"} <= codes_of(check_delivery(files, EXPECTED))


@pytest.mark.parametrize("kind", ["TAISHO", "MEISAI", "KOYU", "CTL"])
def test_a_delivery_lacking_a_file_is_refused(kind: str) -> None:
    files = draft().files()
    del files[name_of(files, kind)]
    assert "file_missing" in codes_of(check_delivery(files, EXPECTED))


@pytest.mark.parametrize("kind", ["TAISHO", "MEISAI", "KOYU", "CTL"])
@pytest.mark.parametrize("change", ["other", "swap", "extra", "cut"])
def test_a_header_that_is_not_exactly_the_layouts_refuses_the_delivery(
    kind: str, change: str
) -> None:
    def spoil(data: bytes) -> bytes:
        header, rest = data.split(b"\r\n", 1)
        cells = header.split(b",")
        if change == "other":
            cells[1] = '"番号"'.encode("cp932")
        elif change == "swap":
            cells[0], cells[1] = cells[1], cells[0]
        elif change == "extra":
            cells.append(b'"x"')
        else:
            cells.pop()
        return b",".join(cells) + b"\r\n" + rest

    report = check_delivery(with_bytes(draft().files(), kind, spoil), EXPECTED)
    headers = [fault for fault in report.faults if fault.code is FaultCode.HEADER]
    assert [fault.row for fault in headers] == [0]
    assert report.accepted == ()


@pytest.mark.parametrize("kind", ["TAISHO", "MEISAI", "KOYU", "CTL"])
def test_an_empty_file_refuses_the_delivery(kind: str) -> None:
    report = check_delivery(with_bytes(draft().files(), kind, lambda _: b""), EXPECTED)
    assert "header" in codes_of(report)


def test_a_row_with_a_cell_too_many_refuses_the_delivery() -> None:
    def widen(data: bytes) -> bytes:
        return data.replace(b'"2022-09-10"\r\n', b'"2022-09-10",""\r\n', 1)

    report = check_delivery(with_bytes(draft().files(), "TAISHO", widen), EXPECTED)
    assert [(fault.code, fault.row) for fault in report.faults][0] == (FaultCode.COLUMN_COUNT, 1)


@pytest.mark.parametrize("kind", ["TAISHO", "MEISAI", "KOYU", "CTL"])
def test_a_bad_byte_refuses_the_delivery_with_row_column_and_byte(kind: str) -> None:
    where: list[int] = []

    def spoil(data: bytes) -> bytes:
        second = data.index(b"\r\n", data.index(b"\r\n") + 2) + 2
        where.append(data.index(b'"', second) + 1)
        return data[: where[0]] + b"\x81\xfd" + data[where[0] :]

    report = check_delivery(with_bytes(draft().files(), kind, spoil), EXPECTED)
    fault = next(fault for fault in report.faults if fault.code is FaultCode.BAD_ENCODING)
    assert (fault.row, fault.byte) == (2, where[0])
    assert fault.column in ("債権コード", "ファイル名")


def test_files_in_another_encoding_than_declared_are_refused() -> None:
    files = draft().files()
    listing = name_of(files, "CTL")
    for name in files:
        if name != listing:
            text = files[name].decode("cp932")
            files[name] = b"\xef\xbb\xbf" + text.encode()
    assert "bom_unexpected" in codes_of(check_delivery(files, EXPECTED))
    files = draft().files()
    files[listing] = files[listing].replace(b"CP932", b"UTF-8-BOM")
    assert "bom_missing" in codes_of(check_delivery(files, EXPECTED))


@pytest.mark.parametrize("declared", [b"cp932", b"Cp932"])
def test_the_case_of_the_declared_encoding_does_not_matter(declared: bytes) -> None:
    files = with_bytes(draft().files(), "CTL", lambda data: data.replace(b"CP932", declared))
    assert check_delivery(files, EXPECTED).faults == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"CP932", b"Shift_JIS", "encoding_unknown"),
        (b"CP932", b"UTF-8", "encoding_unknown"),
        (b'"2022-09-10"', b'"2022-09-99"', "date_form"),
        (b'"2022-09-10"', b'"2022-09-11"', "data_as_of"),
        (b'"6"', b'"six"', "not_digits"),
        (b"_TAISHO_", b"_MEISAI_", "file_twice"),
        (b"_TAISHO_20220913", b"_TAISHO_20220914", "file_missing"),
    ],
)
def test_a_control_row_that_cannot_be_used_refuses_the_delivery(
    old: bytes, new: bytes, code: str
) -> None:
    files = with_bytes(draft().files(), "CTL", lambda data: data.replace(old, new, 1))
    report = check_delivery(files, EXPECTED)
    assert code in codes_of(report)
    assert report.accepted == ()


def test_a_short_digest_refuses_the_delivery() -> None:
    files = draft().files()
    listing = name_of(files, "CTL")
    files[listing] = re.sub(rb'"[0-9a-f]{64}"', b'"0123"', files[listing], count=1)
    assert "digest_form" in codes_of(check_delivery(files, EXPECTED))


def test_files_of_another_month_receivable_date_or_serial_are_refused() -> None:
    files = draft().files()
    other_month = replace(EXPECTED, month=EXPECTED.month.replace(month=10))
    for expected in (other_month, replace(EXPECTED, receivable="A02")):
        assert "delivery_differs" in codes_of(check_delivery(files, expected))
    name = name_of(files, "KOYU")
    renamed = {(key.replace("_01.", "_02.") if key == name else key): files[key] for key in files}
    assert "delivery_differs" in codes_of(check_delivery(renamed, EXPECTED))


def test_an_unlisted_or_doubled_file_is_refused() -> None:
    files = draft().files()
    name = name_of(files, "KOYU")
    doubled = {**files, name.replace("_01.", "_02."): files[name]}
    assert "file_twice" in codes_of(check_delivery(doubled, EXPECTED))
    listing = name_of(files, "CTL")
    files[listing] = files[listing][: files[listing].rindex(b"\r\n", 0, -2) + 2]
    assert "file_unlisted" in codes_of(check_delivery(files, EXPECTED))


def test_a_file_with_a_strange_name_is_spoken_of_by_its_place() -> None:
    files = {"見本　花子の一覧.csv": b"", **draft().files()}
    fault = only_fault(check_delivery(files, EXPECTED))
    assert (fault.file, fault.code) == ("#1", FaultCode.FILE_NAME)


def test_faults_beyond_the_listed_ones_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MAX_LISTED", 4)
    delivery = draft(10)
    for row in range(10):
        delivery.set("TAISHO", row, "賦課年度", "2021")
    report = delivery.check()
    assert (len(report.faults), report.faults_beyond) == (4, 6)


def in_last_control_row(old: bytes, new: bytes) -> dict[str, bytes]:
    files = draft().files()
    listing = files[name_of(files, "CTL")]
    at = listing.rindex(old)
    return with_file(files, "CTL", listing[:at] + new + listing[at + len(old) :])


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        (b"CP932", b"UTF-8-BOM", FaultCode.ENCODING_DIFFERS, "文字コード"),
        (b"2022-09-10", b"2022-09-09", FaultCode.DATA_AS_OF, "データ基準日"),
    ],
)
def test_control_rows_that_disagree_refuse_the_delivery(
    old: bytes, new: bytes, code: FaultCode, column: str
) -> None:
    report = check_delivery(in_last_control_row(old, new), EXPECTED)
    assert (report.faults[0].code, report.faults[0].row, report.faults[0].column) == (
        code,
        3,
        column,
    )


def test_a_digest_may_be_written_in_capitals() -> None:
    files = draft().files()
    name = name_of(files, "KOYU")
    digest = hashlib.sha256(files[name]).hexdigest()
    files = in_last_control_row(digest.encode(), digest.upper().encode())
    assert check_delivery(files, EXPECTED).faults == ()


def test_data_from_after_the_delivery_refuses_it() -> None:
    delivery = draft()
    delivery.sent = replace(delivery.sent, delivered_on=AS_OF - timedelta(days=1))
    assert codes_of(delivery.check()) == {"date_order"}


def test_files_rows_and_control_entries_beyond_the_limits_refuse_the_delivery(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delivery = draft(6)
    with monkeypatch.context() as limits:
        limits.setattr(package, "MAX_FILE_BYTES", 500)
        assert "file_too_large" in codes_of(delivery.check())
    with monkeypatch.context() as limits:
        limits.setattr(tables, "MAX_ROWS", 5)
        assert (FaultCode.TOO_MANY_ROWS, 6) in {
            (fault.code, fault.row) for fault in delivery.check().faults
        }
    with monkeypatch.context() as limits:
        limits.setattr(control, "MAX_ENTRIES", 2)
        assert "too_many_rows" in codes_of(delivery.check())
    assert delivery.check().faults == ()
