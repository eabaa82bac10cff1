"""Notices of the city: layouts, names and every fault by its place, never with a value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pytest

from campaigns.calling.payment_facts import NoticeKind
from campaigns.intake.layouts import NameUnusable
from campaigns.intake.notice_files import CheckedFile, check_notice_files, read_checked
from campaigns.intake.notice_layouts import (
    HIKINUKI,
    SAMPLE_NOTICE_LAYOUTS,
    SHUNO,
    parse_notice_name,
)
from webui.rehearsal.sample_notices import (
    HEADERS,
    SamplePayment,
    SampleWithdrawal,
    make_notice,
)

MONTH = date(2022, 9, 1)
AS_OF = date(2022, 9, 20)
AT = datetime(2022, 9, 20, 9, 5)
DATA = "A01_202209_SHUNO_20220920_01.csv"
CONTROL = "A01_202209_20220920_01_CTL.csv"
KEY = "A01-0000004"


def payment(**changes: object) -> SamplePayment:
    usual: dict[str, object] = {
        "key": KEY,
        "paid_on": date(2022, 9, 18),
        "yen": 12_345,
        "posted_on": date(2022, 9, 20),
        "period": "006",
    }
    return SamplePayment(**{**usual, **changes})  # type: ignore[arg-type]


def told(*entries: SamplePayment, encoding: str = "cp932") -> dict[str, bytes]:
    made = make_notice("A01", MONTH, entries, as_of=AS_OF, encoding=encoding, kind="SHUNO")
    return dict(made.files)


def withdrawn(*keys: str, reason: str = "2") -> dict[str, bytes]:
    entries = [SampleWithdrawal(key=key, received_at=AT, reason=reason) for key in keys]
    return dict(make_notice("A01", MONTH, entries, as_of=AS_OF, kind="HIKINUKI").files)


def places(files: Mapping[str, bytes]) -> list[tuple[int | None, str | None, str]]:
    report = check_notice_files(files, "A01", MONTH, AS_OF)
    assert report.is_refused is bool(report.faults)
    assert report.rows == () or not report.faults
    assert KEY not in repr(report.faults)
    return [(fault.row, fault.column, fault.code.value) for fault in report.faults]


def test_the_layouts_are_the_sample_and_the_sender_writes_their_headings() -> None:
    assert SAMPLE_NOTICE_LAYOUTS.is_sample
    assert "見本" in SAMPLE_NOTICE_LAYOUTS.label
    assert {"HIKINUKI": HIKINUKI.names, "SHUNO": SHUNO.names} == dict(HEADERS)


@pytest.mark.parametrize("encoding", ["cp932", "utf_8_bom"])
def test_a_sound_notice_is_read_row_by_row(encoding: str) -> None:
    report = check_notice_files(told(payment(), encoding=encoding), "A01", MONTH, AS_OF)
    assert (report.kind, report.data_until, report.faults) == (NoticeKind.SHUNO, AS_OF, ())
    (row,) = report.rows
    assert (row.number, row.key, row.yen, row.paid_on) == (1, KEY, 12_345, date(2022, 9, 18))
    assert "12345" not in repr(row)
    assert KEY not in repr(row)
    (taken,) = check_notice_files(withdrawn(KEY, reason="3"), "A01", MONTH, AS_OF).rows
    assert (taken.key, taken.reason, taken.yen) == (KEY, "3", 0)


def test_a_notice_without_rows_says_that_nothing_was_paid() -> None:
    report = check_notice_files(told(), "A01", MONTH, AS_OF)
    assert not report.is_refused
    assert (report.rows, report.data_until) == ((), AS_OF)


def test_the_sealed_file_is_read_again_as_it_was_checked() -> None:
    files = told(payment(), payment(key="A01-0000005", yen=9))
    report = check_notice_files(files, "A01", MONTH, AS_OF)
    assert report.encoding is not None
    again = CheckedFile(
        name=DATA,
        kind=NoticeKind.SHUNO,
        encoding=report.encoding,
        data_until=AS_OF,
        rows=2,
        data=files[DATA],
    )
    assert read_checked(again, "A01") == report.rows


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([payment(yen=0)], [(1, "納付額", "nothing_paid")]),
        ([payment(paid_on=date(2022, 9, 21), posted_on=None)], [(1, "納付日", "date_order")]),
        ([payment(posted_on=date(2022, 9, 21))], [(1, "消込日", "date_order")]),
        ([payment(posted_on=date(2022, 9, 17))], [(1, "消込日", "date_order")]),
        ([payment(), payment()], [(2, "整理番号", "duplicate_payment")]),
        ([payment(), payment(period="6")], [(2, "整理番号", "duplicate_payment")]),
        ([payment(), payment(period="007")], []),
        ([payment(), payment(yen=1)], []),
    ],
)
def test_a_payment_that_cannot_be_refuses_the_notice(
    entries: Sequence[SamplePayment], found: list[tuple[int | None, str | None, str]]
) -> None:
    assert places(told(*entries)) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("A01", "A02", [(1, "債権コード", "receivable_differs")]),
        ("12345", "12,345", [(1, "納付額", "not_digits")]),
        ("12345", "12346", [(None, None, "control_sum")]),
        ("2022-09-18", "2022-09-31", [(1, "納付日", "date_form")]),
        (KEY, "", [(1, "整理番号", "required_empty")]),
        ("納付額", "金額", [(0, "納付額", "header"), (None, None, "control_sum")]),
    ],
)
def test_a_cell_out_of_order_is_named_by_row_and_column(
    old: str, new: str, found: list[tuple[int | None, str | None, str]]
) -> None:
    files = told(payment())
    data = files[DATA].decode("cp932").replace(f'"{old}"', f'"{new}"', 1).encode("cp932")
    before, after = (hashlib.sha256(one).hexdigest() for one in (files[DATA], data))
    control = files[CONTROL].replace(before.encode(), after.encode())
    assert places({DATA: data, CONTROL: control}) == found


@pytest.mark.parametrize("reason", ["0", "5", ""])
def test_a_withdrawal_gives_one_of_the_listed_reasons(reason: str) -> None:
    (fault,) = places(withdrawn(KEY, reason=reason))
    assert fault[:2] == (1, "理由")


def test_a_case_is_taken_back_once_in_a_file() -> None:
    assert places(withdrawn(KEY, KEY)) == [(2, "整理番号", "duplicate_key")]


@pytest.mark.parametrize(
    ("clock", "code"),
    [("2022-09-20 09:05", None), ("2022-09-20", "date_form"), ("2022-09-20 24:00", "date_form")],
)
def test_the_moment_of_a_withdrawal_is_a_day_and_a_time(clock: str, code: str | None) -> None:
    files = withdrawn(KEY)
    name = next(one for one in files if "HIKINUKI" in one)
    data = files[name].replace(b"2022-09-20 09:05", clock.encode())
    before, after = (hashlib.sha256(one).hexdigest() for one in (files[name], data))
    files = {name: data, CONTROL: files[CONTROL].replace(before.encode(), after.encode())}
    assert places(files) == ([(1, "受付日時", code)] if code else [])


def test_the_control_file_detects_what_was_changed_or_lost() -> None:
    files = told(payment(), payment(period="007"))
    cut = files[DATA].splitlines(keepends=True)
    lost = {**files, DATA: b"".join(cut[:-1])}
    assert {code for _row, _column, code in places(lost)} == {"digest", "row_count", "control_sum"}
    assert places({CONTROL: files[CONTROL]}) == [(None, None, "file_missing")]
    assert places({DATA: files[DATA]}) == [(None, None, "file_missing")]


def test_a_notice_never_reaches_into_days_to_come() -> None:
    report = check_notice_files(told(payment()), "A01", MONTH, AS_OF - timedelta(days=1))
    (fault,) = report.faults
    assert (fault.file, fault.row, fault.column) == (CONTROL, 1, "データ基準日")
    assert fault.code.value == "date_order"


def test_a_file_of_another_campaign_or_name_is_refused() -> None:
    files = told(payment())
    other = check_notice_files(files, "A02", MONTH, AS_OF)
    assert {fault.code.value for fault in other.faults} == {"delivery_differs"}
    report = check_notice_files({"納付.csv": b"", **files}, "A01", MONTH, AS_OF)
    assert [(fault.file, fault.code.value) for fault in report.faults] == [("#1", "file_name")]
    both = {**files, **withdrawn(KEY)}
    assert "file_twice" in {code for _row, _column, code in places(both)}


@pytest.mark.parametrize(
    "name",
    [
        "A01_202209_TAISHO_20220920_01.csv",
        "A01_202213_SHUNO_20220920_01.csv",
        "A01_202209_SHUNO_20220931_01.csv",
        "A01_202209_SHUNO_20220920_1.csv",
        "A01_202209_shuno_20220920_01.csv",
    ],
)
def test_a_name_outside_the_convention_is_no_notice(name: str) -> None:
    with pytest.raises(NameUnusable):
        parse_notice_name(name)


def test_a_name_is_written_again_as_it_was_read() -> None:
    assert parse_notice_name(DATA).file_name == DATA
