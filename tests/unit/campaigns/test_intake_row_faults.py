"""Rows and cells that cannot be true refuse the whole delivery."""

from __future__ import annotations

import pytest

from campaigns.intake.codes import FaultCode
from tests.fixtures_lent import (
    codes_of,
    draft,
    name_of,
    only_fault,
)


@pytest.mark.clause("S4-6.1")
def test_a_levy_of_another_year_refuses_the_delivery() -> None:
    fault = only_fault(draft().set("TAISHO", 2, "賦課年度", "2021").check())
    assert (fault.code, fault.row, fault.column) == (FaultCode.LEVY_YEAR, 3, "賦課年度")


@pytest.mark.clause("S4-6.1")
def test_a_person_who_owes_nothing_refuses_the_delivery() -> None:
    delivery = draft(2)
    owed = int(delivery.get("TAISHO", 0, "未納額合計"))
    key = delivery.get("TAISHO", 0, "整理番号")
    delivery.rows["MEISAI"] = [row for row in delivery.rows["MEISAI"] if row[1] != key]
    delivery.set("TAISHO", 0, "未納額合計", "0").set("TAISHO", 0, "未納期別数", "0")
    delivery.sums = {kind: max(total - owed, 0) for kind, total in delivery.sums.items()}
    assert only_fault(delivery.check()).code is FaultCode.NOTHING_UNPAID


@pytest.mark.parametrize(
    ("kind", "column", "value", "code"),
    [
        ("TAISHO", "債権コード", "A02", FaultCode.RECEIVABLE_DIFFERS),
        ("MEISAI", "債権コード", "A02", FaultCode.RECEIVABLE_DIFFERS),
        ("KOYU", "債権コード", "A02", FaultCode.RECEIVABLE_DIFFERS),
        ("TAISHO", "債務者氏名", "", FaultCode.REQUIRED_EMPTY),
        ("TAISHO", "債務者氏名", "　 ", FaultCode.REQUIRED_EMPTY),
        ("TAISHO", "債務者氏名", "見" * 41, FaultCode.TOO_LONG),
        ("TAISHO", "外字有無", "2", FaultCode.CODE_UNKNOWN),
        ("TAISHO", "種別1", "4", FaultCode.CODE_UNKNOWN),
        ("TAISHO", "架電配慮区分", "3", FaultCode.CODE_UNKNOWN),
        ("TAISHO", "生年月日", "1990-02-30", FaultCode.DATE_FORM),
        ("TAISHO", "生年月日", "19900201", FaultCode.DATE_FORM),
        ("TAISHO", "生年月日", "1990/02/01", FaultCode.DATE_FORM),
        ("TAISHO", "生年月日", "１９９０-02-01", FaultCode.DATE_FORM),
        ("TAISHO", "生年月日", " ", FaultCode.DATE_FORM),
        ("TAISHO", "未納額合計", "1,000", FaultCode.NOT_DIGITS),
        ("TAISHO", "未納額合計", "-1000", FaultCode.NOT_DIGITS),
        ("TAISHO", "未納額合計", "１０００", FaultCode.NOT_DIGITS),
        ("TAISHO", "優先順位", "²", FaultCode.NOT_DIGITS),
        ("TAISHO", "最古納期限", "2022-09-10", FaultCode.DATE_ORDER),
        ("TAISHO", "督促状発送日", "2022-01-01", FaultCode.DATE_ORDER),
        ("TAISHO", "データ基準日", "2022-09-09", FaultCode.DATA_AS_OF),
        ("MEISAI", "対象年月", "2022-13", FaultCode.MONTH_FORM),
        ("MEISAI", "未納額", "0", FaultCode.PERIOD_AMOUNT),
        ("MEISAI", "未納額", "999999999", FaultCode.PERIOD_AMOUNT),
        ("KOYU", "退園日", "令和4年9月1日"[:10], FaultCode.DATE_FORM),
        ("KOYU", "整理番号", "A01-9999999", FaultCode.UNKNOWN_KEY),
    ],
)
def test_a_cell_that_cannot_be_true_refuses_the_delivery_with_row_and_column(
    kind: str, column: str, value: str, code: FaultCode
) -> None:
    delivery = draft(encoding="utf_8_bom").set(kind, 1, column, value)
    report = delivery.check()
    assert (report.accepted, report.excluded) == ((), ())
    hit = [fault for fault in report.faults if fault.code is code]
    assert (2, column) in {(fault.row, fault.column) for fault in hit}
    assert {fault.row for fault in hit} == {2}
    assert hit[0].file == name_of(delivery.files(), kind)


def test_one_key_twice_refuses_the_delivery() -> None:
    delivery = draft()
    delivery.set("TAISHO", 4, "整理番号", delivery.get("TAISHO", 1, "整理番号"))
    fault = only_fault(delivery.check())
    assert (fault.code, fault.row) == (FaultCode.DUPLICATE_KEY, 5)


def test_one_period_twice_refuses_the_delivery() -> None:
    delivery = draft()
    delivery.rows["MEISAI"].append(delivery.rows["MEISAI"][0])
    assert codes_of(delivery.check()) >= {"duplicate_period", "control_sum"}


def test_a_type_row_twice_refuses_the_delivery() -> None:
    delivery = draft()
    delivery.rows["KOYU"].append(delivery.rows["KOYU"][0])
    assert only_fault(delivery.check()).code is FaultCode.DUPLICATE_KEY


def test_a_total_that_is_not_the_sum_of_its_periods_refuses_the_delivery() -> None:
    delivery = draft()
    owed = int(delivery.get("TAISHO", 0, "未納額合計"))
    delivery.set("TAISHO", 0, "未納額合計", str(owed + 2_000))
    delivery.sums["TAISHO"] += 2_000
    fault = only_fault(delivery.check())
    assert (fault.code, fault.row, fault.column) == (FaultCode.PERIOD_SUM, 1, "未納額合計")


def test_a_number_of_periods_that_is_not_theirs_refuses_the_delivery() -> None:
    fault = only_fault(draft().set("TAISHO", 0, "未納期別数", "9").check())
    assert (fault.code, fault.row) == (FaultCode.PERIOD_COUNT, 1)


def test_periods_of_nobody_refuse_the_delivery() -> None:
    delivery = draft(3)
    gone = delivery.rows["TAISHO"].pop()
    at = delivery.headers["TAISHO"].index("未納額合計")
    delivery.sums["TAISHO"] -= int(gone[at])
    report = delivery.check()
    assert codes_of(report) == {"unknown_key"}
    assert {fault.file.split("_")[2] for fault in report.faults} == {"MEISAI", "KOYU"}


def test_an_oldest_due_date_that_no_period_has_refuses_the_delivery() -> None:
    delivery = draft().set("TAISHO", 0, "最古納期限", "2022-04-01")
    fault = only_fault(delivery.check())
    assert (fault.code, fault.row, fault.column) == (FaultCode.DATE_ORDER, 1, "最古納期限")


def test_a_sum_with_an_unreadable_row_in_it_is_not_judged() -> None:
    delivery = draft().set("MEISAI", 0, "未納額", "not a sum")
    fault = only_fault(delivery.check())
    assert (fault.code, fault.column) == (FaultCode.NOT_DIGITS, "未納額")
