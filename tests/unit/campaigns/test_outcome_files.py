"""Reading and writing outcome tables: every fault named by row, column and code."""

from __future__ import annotations

import pytest

from campaigns.calling.outcome_checks import TableFault, TableFaultKind
from campaigns.calling.outcome_files import (
    COLUMNS,
    read_outcome_table,
    sample_table,
    write_outcome_table,
)
from campaigns.calling.outcomes import OutcomeRow
from campaigns.errors import OutcomeTableInvalid

DATA = write_outcome_table(sample_table())
TEXT = DATA.decode("utf-8")


def faults_of(data: bytes) -> tuple[TableFault, ...]:
    with pytest.raises(OutcomeTableInvalid) as refusal:
        read_outcome_table(data)
    faults: tuple[TableFault, ...] = refusal.value.details["faults"]
    return faults


def kinds_of(text: str) -> set[tuple[int, str, TableFaultKind]]:
    return {(one.row, one.column, one.kind) for one in faults_of(text.encode("utf-8"))}


def test_a_written_table_is_read_back_equal() -> None:
    assert read_outcome_table(DATA) == sample_table()


def test_a_byte_order_mark_and_spreadsheet_commas_are_accepted() -> None:
    first, rest = TEXT.split("\r\n", 1)
    padded = "\ufeff" + first + "," * (len(COLUMNS) - 1) + "\n" + rest
    assert read_outcome_table(padded.encode("utf-8")) == sample_table()


def test_the_sample_says_that_it_is_one_and_a_clients_table_does_not() -> None:
    assert TEXT.startswith("# version=1; label=架電結果分類表（共通）; sample=見本\r\n")
    own = read_outcome_table(TEXT.replace("; sample=見本", "").encode("utf-8"))
    assert not own.is_sample
    assert read_outcome_table(write_outcome_table(own)) == own


def test_a_value_outside_the_closed_set_is_refused_by_row_column_and_code() -> None:
    text = TEXT.replace(",retry_agreed,", ",call_daily,", 1)
    (fault,) = faults_of(text.encode("utf-8"))
    number = [row.code for row in sample_table().rows].index("31") + 1
    assert fault == TableFault(number, "effect", "31", TableFaultKind.VALUE_UNKNOWN)
    assert "call_daily" not in str(fault)


def test_every_wrong_cell_is_told_at_once() -> None:
    text = TEXT.replace("11,不在（応答なし）,no answer,not_reached,none", "11,不在,x,nowhere,maybe")
    assert kinds_of(text) == {
        (1, "content", TableFaultKind.VALUE_UNKNOWN),
        (1, "connection", TableFaultKind.VALUE_UNKNOWN),
    }


def test_a_missing_and_an_unknown_column_are_refused() -> None:
    text = TEXT.replace(",urgent,", ",hurry,", 1)
    place = COLUMNS.index("urgent") + 1
    assert kinds_of(text) == {
        (0, "urgent", TableFaultKind.COLUMN_MISSING),
        (0, f"column {place}", TableFaultKind.COLUMN_UNKNOWN),
    }


def test_a_row_with_too_few_cells_is_refused() -> None:
    lines = TEXT.split("\r\n")
    lines[2] = lines[2].rsplit(",", 1)[0]
    assert kinds_of("\r\n".join(lines)) == {(1, "row", TableFaultKind.CELLS_DO_NOT_MATCH_HEADER)}


def test_a_table_that_contradicts_itself_is_refused() -> None:
    text = TEXT.replace("66,納付拒否", "67,納付拒否")
    assert {kind for _, _, kind in kinds_of(text)} == {TableFaultKind.CODE_REPEATED}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", TableFaultKind.FIELD_MISSING),
        (TEXT.encode("cp932"), TableFaultKind.NOT_READABLE),
        (TEXT.split("\r\n", 1)[1].encode("utf-8"), TableFaultKind.FIELD_MISSING),
        (TEXT.replace("version=1", "version=一").encode(), TableFaultKind.FIELD_MISSING),
        (TEXT.replace("sample=見本", "sample=はい").encode(), TableFaultKind.VALUE_UNKNOWN),
        (TEXT.replace("label=架電結果分類表（共通）", "label=").encode(), TableFaultKind.LABEL_MISSING),
        (b"# version=1; label=x\r\n", TableFaultKind.NO_ROWS),
        (TEXT.split("\r\n")[0].encode() + b"\r\n" + ",".join(COLUMNS).encode(),
         TableFaultKind.NO_ROWS),
        (TEXT.encode() + b'"open', TableFaultKind.NOT_READABLE),
        (b"#" * 1_000_001, TableFaultKind.OUT_OF_RANGE),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(data: bytes, kind: TableFaultKind) -> None:
    assert kind in {fault.kind for fault in faults_of(data)}


def test_the_columns_are_the_fields_of_a_row() -> None:
    assert set(COLUMNS) == set(OutcomeRow.__dataclass_fields__)
