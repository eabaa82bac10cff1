"""Lent files as Excel workbooks: read exactly, or refused with the place (S4-8.5, S4-13.1b)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from campaigns.cases.encodings import Encoding
from campaigns.intake.codes import FaultCode
from campaigns.intake.csv_bytes import value_of
from campaigns.intake.findings import DeliveryReport
from campaigns.intake.layouts import TAISHO
from campaigns.intake.workbooks import check_files, read_workbook
from tests.fixtures_lent import EXPECTED, Draft, codes_of, draft, only_fault, with_bytes
from tests.workbooks import Cell, as_workbooks, table_of, with_member, workbook

SHEET = "xl/worksheets/sheet1.xml"


def check(files: dict[str, bytes]) -> DeliveryReport:
    return check_files(files, EXPECTED)


def changed(
    made: Draft, row: int, column: str, cell: Cell, kind: str = "TAISHO"
) -> dict[str, bytes]:
    """The delivery with one cell of its workbook replaced; ``row`` counts data rows from 1."""
    table = table_of(made, kind)
    table[row][made.headers[kind].index(column)] = cell
    return as_workbooks(made, {kind: workbook(table)}, [kind])


@pytest.mark.clause("S4-13.1b")
def test_a_delivery_of_workbooks_says_what_the_same_delivery_of_texts_says() -> None:
    made = draft(6)
    texts, books = made.check(), check(as_workbooks(made))
    assert books.faults == ()
    assert [row.key for row in books.accepted] == [row.key for row in texts.accepted]
    for book, text in zip(books.accepted, texts.accepted, strict=True):
        assert [value_of(cell, Encoding.CP932) for cell in book.taisho] == [
            value_of(cell, Encoding.CP932) for cell in text.taisho
        ]
        assert (book.facts, len(book.meisai)) == (text.facts, len(text.meisai))
    assert books.questions == tuple(
        type(one)(one.file.replace(".csv", ".xlsx"), one.row, one.column, one.code, one.rows_alike)
        for one in texts.questions
    )


def test_spaces_and_readings_of_a_text_cell_are_kept_out_and_in() -> None:
    made = draft(6)
    name = "　前 見本 後ろ"
    files = changed(made, 1, "債務者氏名", name)
    book = next(data for file, data in files.items() if file.endswith(".xlsx"))
    read = '<rPh sb="0" eb="2"><t>ヨミ</t></rPh>'.encode()
    with_reading = with_member(
        book,
        "xl/sharedStrings.xml",
        lambda xml: xml.replace(b"</t></si>", b"</t>" + read + b"</si>"),
    )
    report = check(as_workbooks(made, {"TAISHO": with_reading}, ["TAISHO"]))
    assert report.faults == ()
    at = TAISHO.position("債務者氏名")
    assert value_of(next(iter(report.accepted)).taisho[at], Encoding.CP932) == name


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("整理番号", 10000001, FaultCode.NUMBER_IN_TEXT),
        ("電話番号1", 9000000001, FaultCode.NUMBER_IN_TEXT),
        ("郵便番号", 600001, FaultCode.NUMBER_IN_TEXT),
        ("債務者氏名", 12, FaultCode.NUMBER_IN_TEXT),
        ("架電配慮区分", 4, FaultCode.NUMBER_IN_TEXT),
        ("未納額合計", 1.5, FaultCode.NOT_DIGITS),
        ("未納額合計", -1, FaultCode.NOT_DIGITS),
        ("未納額合計", 10**16, FaultCode.NOT_DIGITS),
        ("生年月日", 29000, FaultCode.NUMBER_IN_TEXT),
        ("生年月日", datetime(1980, 1, 2, 3, 4), FaultCode.DATE_IN_TEXT),
        ("整理番号", date(2022, 9, 1), FaultCode.DATE_IN_TEXT),
        ("外字有無", True, FaultCode.VALUE_KIND),
        ("債務者氏名", "山_x000D_田", FaultCode.CONTROL_CHARACTER),
        ("債務者氏名", "見" * 1001, FaultCode.TOO_LONG),
        ("債務者氏名", "𠮷野", FaultCode.NOT_ENCODABLE),
        ("債務者氏名", "山\u301c田", FaultCode.NOT_ENCODABLE),
        ("債務者氏名", "山\xa5田", FaultCode.NOT_ENCODABLE),
        ("債務者氏名", "山\n田", FaultCode.LINE_BREAK_IN_CELL),
        ("債務者氏名", "山\u202e田", FaultCode.NOT_ENCODABLE),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_longer_what_was_typed_is_refused_with_its_place(
    column: str, cell: Cell, code: FaultCode
) -> None:
    fault = only_fault(check(changed(draft(6), 3, column, cell)))
    assert (fault.code, fault.row, fault.column) == (code, 3, column)
    assert fault.byte is None


def test_numbers_and_dates_are_taken_where_they_mean_one_thing() -> None:
    made = draft(6)
    files = changed(made, 2, "未納期別数", int(made.get("TAISHO", 1, "未納期別数")))
    assert check(files).faults == ()
    files = changed(made, 2, "最古納期限", date.fromisoformat(made.get("TAISHO", 1, "最古納期限")))
    assert check(files).faults == ()
    files = changed(made, 2, "外字有無", int(made.get("TAISHO", 1, "外字有無")))
    assert check(files).faults == ()
    month = date.fromisoformat(made.get("MEISAI", 1, "対象年月") + "-01")
    assert check(changed(made, 2, "対象年月", month, "MEISAI")).faults == ()


def test_rows_and_columns_without_a_value_at_the_end_do_not_count() -> None:
    made = draft(6)
    table: list[list[Cell]] = [[*row, ""] for row in table_of(made, "TAISHO")]
    table += [["", ""], ["", None]]
    assert check(as_workbooks(made, {"TAISHO": workbook(table)}, ["TAISHO"])).faults == ()


def test_a_value_beyond_the_last_column_is_a_fault_of_its_row() -> None:
    made = draft(6)
    table = table_of(made, "TAISHO")
    table[4].append("x")
    fault = only_fault(check(as_workbooks(made, {"TAISHO": workbook(table)}, ["TAISHO"])))
    assert (fault.code, fault.row) == (FaultCode.COLUMN_COUNT, 4)


def add_sheet(book: Any, _sheet: Any) -> None:
    book.add_worksheet().write_string(0, 0, "x")


def hide_a_filled_sheet(book: Any, sheet: Any) -> None:
    add_sheet(book, sheet)
    book.worksheets()[1].hide()


def a_formula(_book: Any, sheet: Any) -> None:
    sheet.write_formula(2, 18, "=1+1", None, 2)


def a_link(_book: Any, sheet: Any) -> None:
    sheet.write_url(2, 2, "https://example.test/")


@pytest.mark.parametrize(
    ("more", "code", "row", "column"),
    [
        (add_sheet, FaultCode.WORKBOOK_SHEETS, None, None),
        (hide_a_filled_sheet, FaultCode.WORKBOOK_SHEETS, None, None),
        (a_formula, FaultCode.FORMULA_CELL, 2, "未納額合計"),
        (a_link, FaultCode.WORKBOOK_OUTSIDE, None, None),
    ],
)
def test_a_workbook_that_is_more_than_a_list_is_refused(
    more: Callable[[Any, Any], None], code: FaultCode, row: int | None, column: str | None
) -> None:
    sheet = read_workbook(workbook(table_of(draft(6), "TAISHO"), more=more), TAISHO)
    assert [(one.code, one.row, one.column) for one in sheet.faults] == [(code, row, column)]
    assert sheet.text == ""


def renamed(data: bytes, old: str, new: str) -> bytes:
    """The workbook with one part under another name, and everything that leads to it."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as whole,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for member in whole.infolist():
            content = whole.read(member).replace(old.encode(), new.encode())
            made.writestr(member.filename.replace(old, new), content)
    return buffer.getvalue()


@pytest.mark.parametrize("place", ["tables/one.xml", "one.dat", "worksheets/in/one.xml"])
@pytest.mark.clause("T43")
def test_a_formula_is_found_out_wherever_the_workbook_says_that_its_sheet_lies(place: str) -> None:
    data = workbook(table_of(draft(6), "TAISHO"), more=a_formula)
    moved = renamed(data, "worksheets/sheet1.xml", place)
    assert [one.code for one in read_workbook(moved, TAISHO).faults] == [
        FaultCode.WORKBOOK_UNREADABLE
    ]


@pytest.mark.clause("T43")
def test_a_formula_is_found_whatever_its_element_is_called_by() -> None:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def called_otherwise(xml: bytes) -> bytes:
        named = xml.replace(b"<worksheet ", b'<worksheet xmlns:\xe5\xbc\x8f="' + space + b'" ')
        return named.replace(b"<f>", b"<\xe5\xbc\x8f:f>").replace(b"</f>", b"</\xe5\xbc\x8f:f>")

    data = workbook(table_of(draft(6), "TAISHO"), more=a_formula)
    data = with_member(data, SHEET, called_otherwise)
    (fault,) = read_workbook(data, TAISHO).faults
    assert (fault.code, fault.row, fault.column) == (FaultCode.FORMULA_CELL, 2, "未納額合計")


@pytest.mark.parametrize("says", ["'[' * 100_000", "'{}'", "'[1'", "'\"x\"'"])
@pytest.mark.clause("T43")
def test_whatever_a_reader_that_was_taken_over_says_is_a_refusal(
    says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = f"import sys; sys.stdin.buffer.read(); print({says})"
    monkeypatch.setattr("campaigns.intake.workbooks._PROGRAM", program)
    sheet = read_workbook(workbook([["x"]]), TAISHO)
    assert sheet.text == ""
    assert sheet.faults


def test_an_empty_sheet_beside_the_list_is_no_fault() -> None:
    made = draft(6)
    data = workbook(table_of(made, "KOYU"), more=lambda book, _sheet: book.add_worksheet())
    assert check(as_workbooks(made, {"KOYU": data}, ["KOYU"])).faults == ()


def test_an_error_value_is_refused_with_its_place() -> None:
    data = workbook(table_of(draft(6), "TAISHO"), more=a_formula)
    value = b'<c r="S3"><f>1+1</f><v>2</v></c>'
    broken = with_member(
        data, SHEET, lambda xml: xml.replace(value, b'<c r="S3" t="e"><v>#N/A</v></c>')
    )
    fault = read_workbook(broken, TAISHO).faults[0]
    assert (fault.code, fault.row, fault.column) == (FaultCode.ERROR_CELL, 2, "未納額合計")


@pytest.mark.parametrize("kind", ["TAISHO", "MEISAI"])
def test_a_file_that_is_not_what_its_name_says_is_refused(kind: str) -> None:
    made = draft(6)
    text = made.files()
    book = as_workbooks(made, {kind: next(iter(text.values()))}, [kind])
    assert "file_form" in codes_of(check(book))
    swapped = {name.replace(".xlsx", ".csv"): data for name, data in as_workbooks(made).items()}
    assert codes_of(check(swapped)) >= {"file_form"}


@pytest.mark.parametrize(
    "begins",
    [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1", b"%PDF-1.7", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"MZ\x90",
     b"\x7fELF", b"<svg xmlns=''>", b"  <html>", b"\xef\xbb\xbf<script>", b"#!/bin/sh", b"\x1f\x8b\x08", b"{\\rtf1"],
)  # fmt: skip
def test_a_text_that_begins_like_something_else_is_refused(begins: bytes) -> None:
    files = with_bytes(draft(6).files(), "KOYU", lambda data: begins + data)
    assert check(files).faults[0].code is FaultCode.FILE_FORM


def test_nothing_of_a_refused_workbook_is_told() -> None:
    sheet = read_workbook(workbook([["秘密の見出し", "秘密"], ["秘密の値", 5]]), TAISHO)
    assert "秘密" not in repr(sheet)
