"""The escalation list: always the filter of the results, empty lists included."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from reports_sample import (
    BEFORE,
    NAMES,
    at,
    call,
    case,
    days_of_cases,
    dicts,
    esc,
    files_of,
    text_of,
    ticket,
)

from campaigns.calling.outcomes import Mark
from campaigns.cases.states import IdentityResult
from campaigns.errors import PackInconsistent
from campaigns.reports import layout
from campaigns.reports.rows import CaseRow


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
