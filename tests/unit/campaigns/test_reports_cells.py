"""What may stand in a cell of ours: encodings, quotes, typed text, the rehearsal mark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from reports_sample import (
    HARD,
    TABLE,
    call,
    case,
    days_of_cases,
    dicts,
    files_of,
    kekka,
    promised,
    text_of,
    ticket,
)

from campaigns.reports import layout
from campaigns.reports.csv_writer import (
    CellNotWritable,
)
from campaigns.reports.rows import CaseRow, Outcomes


@settings(max_examples=30, deadline=None)
@given(days_of_cases())
def test_the_same_facts_give_the_same_bytes(cases: list[CaseRow]) -> None:
    one, again = files_of(cases), files_of(cases)
    assert (one.kekka, one.meisai_call, one.esc) == (again.kekka, again.meisai_call, again.esc)


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("見本\U0002363a", "not_encodable"),
        ("10〜12時", "not_encodable"),  # would come back as another wave dash
        ("100¥", "not_encodable"),
        ("一行目\r\n二行目", "control_character"),
        ("=HYPERLINK", "formula_start"),
        ("　＝1+1", "formula_start"),
    ],
)
def test_text_that_should_have_been_refused_is_named_by_place_only(note: str, reason: str) -> None:
    with pytest.raises(CellNotWritable) as caught:
        kekka(case(1), case(2, call(2, note=note)))
    details = caught.value.details
    assert (details["file"], details["row"], details["column"]) == ("KEKKA", 2, "note")
    assert details["reason"] == reason
    assert note not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_quotes_commas_and_backslash_bytes_of_typed_text_survive() -> None:
    note = '見本,"表",ソ\\能'
    [row] = dicts(kekka(case(1, call(1, note=note))))
    assert row["対話概要"] == note


def test_every_cell_of_ours_is_quoted_and_every_line_ends_in_crlf() -> None:
    data = files_of([case(1, call(1))]).meisai_call
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert all(line.startswith(b'"') and line.endswith(b'"') for line in lines[:-1])
    assert all(line.count(b'","') == len(layout.MEISAI_CALL.names) - 1 for line in lines[:-1])


def test_files_of_a_rehearsal_say_so_in_their_header_and_rows() -> None:
    files = files_of([case(1, call(1, "34")), case(2)], rehearsal=True)
    for data in (files.kekka, files.meisai_call, files.esc):
        lines = text_of(data).splitlines()
        assert all(line.endswith('"訓練"') for line in lines)
    assert "訓練" not in text_of(files_of([case(1, call(1, "34"))]).kekka)


def test_no_fact_shows_personal_values_when_printed() -> None:
    fact = promised(1, 48_123, note=HARD, last4="9876")
    shown = repr(case(1, fact)) + repr(ticket(1, wish=HARD))
    assert HARD not in shown
    assert "48123" not in shown
    assert "9876" not in shown


def test_outcomes_of_an_older_table_keep_their_labels() -> None:
    newer = replace(
        TABLE, version=2, rows=tuple(replace(row, label_ja="新しい見本") for row in TABLE.rows)
    )
    cases = [case(1, call(1, serial=1)), case(2, call(2, serial=2, outcome_version=2))]
    row = Outcomes((TABLE, newer)).row
    assert row(cases[0].calls[0], "A01").label_ja == "不在（応答なし）"
    assert row(cases[1].calls[0], "A01").label_ja == "新しい見本"
