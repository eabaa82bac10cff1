"""架電先別結果, 架電明細 and the escalation list, byte by byte."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from reports_sample import (
    BEFORE,
    HARD,
    NAMES,
    OUTCOMES,
    at,
    call,
    case,
    days_of_cases,
    files_of,
    frame,
    lent_header,
    lent_row,
    promised,
    ticket,
    tickets_for,
)

from campaigns.calling.outcomes import Direction, Mark
from campaigns.cases.encodings import Encoding
from campaigns.cases.states import IdentityResult
from campaigns.errors import OutcomeUnknown, PackInconsistent
from campaigns.reports import layout
from campaigns.reports.csv_writer import (
    CellNotWritable,
    build_esc,
    build_kekka,
    build_meisai_call,
)
from campaigns.reports.result_row import ResultRow, result_row
from campaigns.reports.rows import CallSource, CaseRow, Revision, TicketFact

CP932, UTF8 = Encoding.CP932, Encoding.UTF_8_BOM


def text_of(data: bytes, encoding: Encoding = CP932) -> str:
    assert data.startswith(encoding.mark)
    return data[len(encoding.mark) :].decode(encoding.codec)


def dicts(data: bytes, encoding: Encoding = CP932) -> list[dict[str, str]]:
    """Read by another reader than the one the checks use."""
    return list(csv.DictReader(io.StringIO(text_of(data, encoding), newline="")))


def kekka(*cases: CaseRow, encoding: Encoding = CP932) -> bytes:
    return b"".join(build_kekka(frame(encoding), cases, OUTCOMES))


def esc(*cases: CaseRow, tickets: list[TicketFact] | None = None) -> bytes:
    given_tickets = tickets_for(cases) if tickets is None else tickets
    return b"".join(build_esc(frame(), cases, OUTCOMES, given_tickets))


def test_every_key_of_the_layout_is_a_cell_of_the_row() -> None:
    assert tuple(ResultRow.__dataclass_fields__) == layout.KEKKA.keys


def test_no_column_name_stands_twice_in_a_file() -> None:
    esc_names = (*layout.ESC_FRONT.names, *NAMES, *layout.KEKKA.names, *layout.ESC_BACK.names)
    assert len(set(esc_names)) == len(esc_names)


@pytest.mark.clause("S4-13.1b")
@pytest.mark.parametrize("encoding", list(Encoding))
def test_lent_cells_come_back_byte_for_byte_in_their_order(encoding: Encoding) -> None:
    cases = [case(n, encoding=encoding) for n in (3, 7, 8)]
    cases[1] = case(7, promised(7, 48_000), encoding=encoding)
    lines = kekka(*cases, encoding=encoding).removeprefix(encoding.mark).split(b"\r\n")
    assert lines[0].startswith(lent_header(encoding).rstrip() + b",")
    starts = [b",".join(lent_row(n, encoding)) + b"," for n in (3, 7, 8)]
    assert [line.startswith(start) for line, start in zip(lines[1:], starts, strict=False)] == [
        True
    ] * 3
    assert lines[4:] == [b""]


@pytest.mark.clause("S4-13.1b")
def test_the_columns_of_a_called_row_are_filled() -> None:
    fact = promised(
        1,
        48_000,
        serial=4711,
        note=f"9月末に全額。{HARD}\\",
        secondary_codes=("56",),
        script_version="A01-1.2",
        qa_version="1.3",
    )
    [row] = dicts(kekka(case(1, fact)))
    ours = {name: row[name] for name in layout.KEKKA.names}
    assert ours == {
        "業務日": "2022-09-20",
        "当日区分": "1",
        "当日発信数": "1",
        "当日架電回数": "1",
        "累計架電回数": "1",
        "最終架電日時": "2022-09-20 19:03:12",
        "方向": "1",
        "接続結果": "1",
        "対話者区分": "1",
        "本人確認結果": "1",
        "結果コード": "51",
        "結果ラベル": "納付約束（全額・期日あり）",
        "副コード1": "56",
        "副コード2": "",
        "副コード3": "",
        "印": "",
        "至急": "0",
        "約束日": "2022-09-30",
        "約束額": "48000",
        "約束対象期別": "2022-06;2022-07",
        "納付方法": "1",
        "口座振替案内": "0",
        "再架電予定日時": "",
        "対話概要": f"9月末に全額。{HARD}\\",
        "案件状態": "4",
        "終了区分": "",
        "訂正区分": "0",
        "訂正理由": "",
        "スクリプト版": "A01-1.2",
        "Q&A版": "1.3",
    }


def test_a_row_never_called_stays_empty() -> None:
    [row] = dicts(kekka(case(1)))
    assert {row[name] for name in layout.KEKKA.names} == {""}


def test_a_row_called_before_keeps_its_result_and_says_not_today() -> None:
    earlier = call(1, "61", at(12, 0, day=BEFORE), identity=IdentityResult.PASSED)
    [row] = dicts(kekka(case(1, earlier=[earlier])))
    assert (row["業務日"], row["当日区分"], row["印"]) == ("2022-09-16", "0", "★")
    assert (row["当日発信数"], row["当日架電回数"], row["累計架電回数"]) == ("0", "0", "1")
    assert row["最終架電日時"] == "2022-09-16 12:00:00"


def test_the_decisive_call_stands_for_the_day_with_the_union_of_marks() -> None:
    marked = call(1, "35", at(12, 0), serial=1)
    later = call(1, "11", at(19, 0), serial=2)
    [row] = dicts(kekka(case(1, marked, later)))
    assert (row["結果コード"], row["印"], row["至急"]) == ("35", "★", "1")
    assert row["最終架電日時"] == "2022-09-20 19:00:00"
    assert (row["当日発信数"], row["当日架電回数"]) == ("2", "2")


def test_a_promise_is_not_lost_behind_a_marked_call_of_the_same_day() -> None:
    promise = promised(1, 5_000, at(12, 0), serial=1)
    complaint = call(1, "71", at(18, 0), serial=2, direction=Direction.INBOUND)
    [row] = dicts(kekka(case(1, promise, complaint)))
    assert (row["結果コード"], row["方向"], row["約束額"]) == ("71", "2", "5000")


def test_a_cancelled_call_counts_for_nothing_and_is_told() -> None:
    gone = call(
        1, "35", revision=Revision.CANCELLATION, revision_reason="見本 別の案件に記録したため"
    )
    [row] = dicts(kekka(case(1, gone)))
    assert (row["訂正区分"], row["訂正理由"]) == ("2", "見本 別の案件に記録したため")
    assert (row["当日区分"], row["当日発信数"], row["結果コード"], row["印"]) == ("1", "0", "", "")
    assert dicts(esc(case(1, gone))) == []
    assert dicts(files_of([case(1, gone)]).meisai_call) == []


def test_a_correction_is_told_with_its_reason() -> None:
    corrected = call(1, "11", revision=Revision.CORRECTION, revision_reason="見本 入力誤り")
    [row] = dicts(kekka(case(1, corrected)))
    assert (row["訂正区分"], row["訂正理由"]) == ("1", "見本 入力誤り")


def test_an_attempt_without_an_outcome_is_written_as_not_entered() -> None:
    fact = call(1, "11", counts_attempt=True)
    blank = CaseRow(
        case_id=UUID(int=1), row_number=1, lent=lent_row(1), calls=(_with_code(fact, "00"),)
    )
    [row] = dicts(kekka(blank))
    assert (row["結果コード"], row["結果ラベル"], row["印"]) == ("00", "結果未入力", "")
    assert row["当日架電回数"] == "1"


def _with_code(fact, code):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(fact, call=replace(fact.call, outcome_code=code, mark=Mark.NONE))


def test_an_unknown_outcome_or_table_version_is_refused() -> None:
    fact = call(1, "11")
    with pytest.raises(OutcomeUnknown):
        kekka(case(1, _with_code(fact, "99")))
    with pytest.raises(OutcomeUnknown):
        kekka(case(1, call(1, "11", outcome_version=99)))


@pytest.mark.clause("S4-11.3b-2")
def test_a_callback_has_its_line_among_the_calls_of_the_day() -> None:
    rang_back = call(
        2, "54", at(17, 0), serial=12, direction=Direction.INBOUND, identity=IdentityResult.PASSED
    )
    rows = dicts(files_of([case(1, call(1, serial=13)), case(2, rang_back)]).meisai_call)
    assert [(row["通番"], row["方向"], row["結果コード"]) for row in rows] == [
        ("00000012", "2", "54"),
        ("00000013", "1", "11"),
    ]
    [result] = [row for row in dicts(kekka(case(2, rang_back))) if row["方向"] == "2"]
    assert (result["印"], result["当日発信数"]) == ("☆", "0")


def test_a_call_is_told_with_its_seconds_and_no_name() -> None:
    start = at(19, 3, 12)
    fact = call(
        1,
        "61",
        start,
        serial=4711,
        identity=IdentityResult.PASSED,
        answered_at=at(19, 3, 25),
        ended_at=at(19, 7, 40),
        wrap_up_seconds=48,
        source=CallSource.PAPER,
    )
    data = files_of([case(1, fact)]).meisai_call
    [row] = dicts(data)
    assert list(row.values()) == [
        "00004711", "2022-09-20", "A01", "A01-0000001", "1", "19:03:12", "19:03:25", "19:07:40",
        "13", "255", "48", "H3", "1", "0000", "OP012", "61", "1", "1", "1", "0", "1",
    ]  # fmt: skip
    assert list(row) == list(layout.MEISAI_CALL.names)
    assert HARD not in text_of(data)


@pytest.mark.clause("S4-13.1c")
def test_of_star_white_star_and_none_two_rows_are_escalated() -> None:
    cases = [
        case(1, call(1, "61", identity=IdentityResult.PASSED, serial=1)),
        case(2, call(2, "11", serial=2)),
        case(3, call(3, "34", serial=3)),
        case(4, earlier=[call(4, "61", at(12, 0, day=BEFORE), serial=4)]),
    ]
    rows = dicts(esc(*cases))
    assert [(row["区分"], row["印"], row["整理番号"]) for row in rows] == [
        ("★", "★", "A01-0000001"),
        ("☆", "☆", "A01-0000003"),
    ]
    assert rows[0]["エスカレーション番号"] == "E-A01-20220920-001"


@pytest.mark.clause("S4-13.1c")
def test_the_list_is_made_when_it_is_empty() -> None:
    data = esc(case(1, call(1)), case(2))
    assert dicts(data) == []
    assert text_of(data).startswith('"エスカレーション番号","区分","至急区分","債権コード"')


@pytest.mark.clause("S4-13.1c")
@settings(max_examples=60, deadline=None)
@given(days_of_cases())
def test_the_escalation_list_is_always_the_filter_of_the_results(cases: list[CaseRow]) -> None:
    files = files_of(cases)
    wanted = [row for row in dicts(files.kekka) if row["当日区分"] == "1" and row["印"]]
    listed = dicts(files.esc)
    names = (*NAMES, *layout.KEKKA.names)
    assert [[row[name] for name in names] for row in listed] == [
        [row[name] for name in names] for row in wanted
    ]
    # And the marks are those of the calls themselves.
    marked = {
        f"A01-{one.row_number:07d}"
        for one in cases
        if any(fact.counts and fact.call.mark is not Mark.NONE for fact in one.calls)
    }
    assert {row["整理番号"] for row in listed} == marked


def test_a_marked_row_without_a_ticket_is_refused_and_so_is_a_ticket_without_a_row() -> None:
    marked = case(1, call(1, "34"))
    with pytest.raises(PackInconsistent, match="ticket_missing"):
        esc(marked, tickets=[])
    with pytest.raises(PackInconsistent, match="row_missing"):
        esc(marked, tickets=[ticket(1), ticket(2)])


def test_the_columns_of_the_department_are_left_empty() -> None:
    [row] = dicts(esc(case(1, call(1, "34")), tickets=[ticket(1, phoned_at=at(19, 30))]))
    assert {row[name] for name in row if name.startswith("【所管課記入】")} == {""}
    assert (row["電話連絡済日時"], row["回答期限"]) == ("2022-09-20 19:30", "2022-09-26")


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


def test_a_row_that_does_not_fit_the_lent_header_is_refused() -> None:
    short = CaseRow(case_id=UUID(int=1), row_number=1, lent=lent_row(1)[:-1])
    with pytest.raises(PackInconsistent, match="lent_cells"):
        kekka(short)
    with pytest.raises(PackInconsistent, match="lent_order"):
        kekka(case(2), case(1))


def test_a_call_under_the_wrong_day_or_case_is_refused() -> None:
    for wrong in (call(1, when=at(12, 0, day=BEFORE)), call(2)):
        with pytest.raises(PackInconsistent, match="calls_of_row"):
            kekka(case(1, wrong))
    with pytest.raises(PackInconsistent, match="calls_of_row"):
        result_row(case(1, earlier=[call(1)]), date(2022, 9, 20), OUTCOMES, "A01")


def test_a_serial_stands_once() -> None:
    cases = [case(1, call(1, serial=5)), case(2, call(2, serial=5))]
    with pytest.raises(PackInconsistent, match="serial_repeated"):
        b"".join(build_meisai_call(frame(), cases, OUTCOMES))


def test_no_fact_shows_personal_values_when_printed() -> None:
    fact = promised(1, 48_123, note=HARD, last4="9876")
    shown = repr(case(1, fact)) + repr(ticket(1, wish=HARD))
    assert HARD not in shown
    assert "48123" not in shown
    assert "9876" not in shown
