"""架電先別結果: lent cells byte by byte, and the columns behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from reports_sample import (
    BEFORE,
    HARD,
    NAMES,
    OUTCOMES,
    at,
    call,
    case,
    dicts,
    esc,
    files_of,
    kekka,
    lent_header,
    lent_row,
    promised,
)

from campaigns.calling.outcomes import Direction, Mark
from campaigns.cases.encodings import Encoding
from campaigns.cases.states import IdentityResult
from campaigns.errors import OutcomeUnknown, PackInconsistent
from campaigns.reports import layout
from campaigns.reports.result_row import ResultRow, result_row
from campaigns.reports.rows import CallFact, CaseRow, Revision


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
    second = promised(1, 6_000, at(13, 0), serial=2)
    complaint = call(1, "71", at(18, 0), serial=3, direction=Direction.INBOUND)
    [row] = dicts(kekka(case(1, promise, second, complaint)))
    assert (row["結果コード"], row["方向"], row["約束額"]) == ("71", "2", "6000")


def test_an_agreed_time_is_shown_in_tokyo_wherever_the_clock_stands() -> None:
    when = datetime(2022, 9, 20, 10, 3, 12, tzinfo=UTC)
    fact = call(1, "43", when, follow_up_at=datetime(2022, 9, 21, 10, 0, tzinfo=UTC))
    [row] = dicts(kekka(case(1, fact)))
    assert row["最終架電日時"] == "2022-09-20 19:03:12"
    assert row["再架電予定日時"] == "2022-09-21 19:00"
    [detail] = dicts(files_of([case(1, fact)]).meisai_call)
    assert (detail["発信・着信時刻"], detail["時間帯区分"]) == ("19:03:12", "H3")


def test_an_agreed_time_stays_with_the_outcome_that_asks_for_it() -> None:
    agreed = call(1, "31", at(12, 0), serial=1, follow_up_at=at(19, 0))
    missed = call(1, "11", at(19, 0), serial=2)
    [row] = dicts(kekka(case(1, agreed, missed)))
    assert (row["結果コード"], row["再架電予定日時"]) == ("31", "2022-09-20 19:00")


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


def _with_code(fact: CallFact, code: str) -> CallFact:
    return replace(fact, call=replace(fact.call, outcome_code=code, mark=Mark.NONE))


def test_an_unknown_outcome_or_table_version_is_refused() -> None:
    fact = call(1, "11")
    with pytest.raises(OutcomeUnknown):
        kekka(case(1, _with_code(fact, "99")))
    with pytest.raises(OutcomeUnknown):
        kekka(case(1, call(1, "11", outcome_version=99)))


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
