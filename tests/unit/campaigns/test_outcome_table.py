"""The sample outcome table against a hand-typed list, and the checks of a whole table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from campaigns.calling.outcome_checks import TableFaultKind, check_table
from campaigns.calling.outcome_files import sample_table
from campaigns.calling.outcomes import (
    Connection,
    ContactPerson,
    Direction,
    Mark,
    MarkCondition,
    OutcomeEffect,
    OutcomeTable,
    Position,
    RequiredField,
    Speaker,
    union_of_marks,
)
from campaigns.cases.states import IdentityResult
from campaigns.errors import OutcomeUnknown

TABLE = sample_table()

# code, dial, attempt, contact, person, rule, mark, urgent, supervisor. Person X = as checked.
# Rule: R0 to R6; +n days; xN then; "g" grouped by day; "/" if a time is agreed; "=" as it is.
TYPED_BY_HAND = """
11 1 1 0 0 R1 - 0 0
12 1 0 0 0 R2gR1 - 0 0
13 1 1 0 0 R1 - 0 0
14 1 1 0 0 R1+3 - 0 0
15 1 1 0 0 R1 - 0 0
16 1 1 0 0 R1x1R6 - 0 0
17 1 1 0 0 R6 - 0 0
18 0 0 0 0 R2 - 0 0
19 1 1 0 0 R1 - 0 0
21 1 0 0 0 R6 - 0 0
22 1 0 0 0 R4 ☆ 0 0
23 1 0 0 0 R6b ☆ 0 1
24 1 0 0 0 R6b ☆ 0 1
31 1 1 1 0 R3 - 0 0
32 1 1 1 0 R1+2 - 0 0
33 1 1 1 0 R1x1R0 - 0 0
34 1 1 1 0 R4 ☆ 0 0
35 1 1 1 0 R0 ★ 1 1
36 1 1 1 0 R4 ☆ 0 0
37 1 1 1 0 R4/R3 ☆ 0 1
38 1 1 0 0 R6 - 0 0
41 1 1 1 0 R1x1R0 - 0 0
42 1 1 0 0 R4 ☆ 0 1
43 1 1 1 X R3 - 0 0
44 1 1 0 0 R2x1R1 - 0 0
51 1 1 1 1 R5 - 0 0
52 1 1 1 1 R5 - 0 0
53 1 1 1 1 R1+7x1R0 - 0 0
54 1 1 1 1 R4 ☆ 0 0
55 1 1 1 1 R5+7 ☆ 0 0
56 1 1 1 1 = ☆ 0 0
57 1 1 1 1 R1+7x1R0 - 0 0
61 1 1 1 1 R4 ★ 0 0
62 1 1 1 1 R4 ★ 0 1
63 1 1 1 1 R4 ☆ 0 0
64 1 1 1 1 R4 ★ 0 1
65 1 1 1 1 R4 ★ 0 0
66 1 1 1 1 R0 ★ 0 1
67 1 1 1 1 R0 ★ 1 1
68 1 1 1 1 R4 ★ 0 0
69 1 1 1 1 R4/R3 ★ 0 1
70 1 1 1 1 = ☆ 0 0
71 1 1 1 X R4 ★ 0 1
72 1 1 1 X R4 ☆ 0 1
73 1 1 1 X R4 ★ 0 1
74 1 1 1 X R0 ★ 1 1
75 1 1 1 X R0 ★ 1 1
76 1 1 1 X R0 ★ 1 1
77 1 1 1 0 R4 ☆ 0 0
78 1 1 1 X R4 ★ 0 1
79 1 1 1 X R4 ☆ 0 1
"""
RULES = {
    OutcomeEffect.CLOSE: "R0",
    OutcomeEffect.RETRY: "R1",
    OutcomeEffect.RETRY_SOON: "R2",
    OutcomeEffect.RETRY_AGREED: "R3",
    OutcomeEffect.AWAIT_DEPARTMENT: "R4",
    OutcomeEffect.AWAIT_PROMISE: "R5",
    OutcomeEffect.NEXT_NUMBER: "R6",
}
PERSON = {ContactPerson.NO: "0", ContactPerson.YES: "1", ContactPerson.AS_CHECKED: "X"}


def as_typed(code: str) -> str:
    row = TABLE.row(code)
    rule = "=" if row.effect is None else RULES[row.effect]
    rule += f"+{row.wait_days}" if row.wait_days else ""
    rule += "b" if row.blocks_number else ""
    if row.then_effect:
        rule += ("g" if row.counts_grouped else f"x{row.times}") + RULES[row.then_effect]
    if row.if_agreed_effect:
        rule += "/" + RULES[row.if_agreed_effect]
    numbers = [row.counts_dial, row.counts_attempt, row.contact_wide]
    flags = [row.urgent, row.needs_supervisor]
    return " ".join(
        [row.code, *(str(int(one)) for one in numbers), PERSON[row.contact_person], rule]
        + [row.mark.symbol or "-", *(str(int(one)) for one in flags)]
    )


@pytest.mark.clause("S4-11.2e")
@pytest.mark.parametrize("line", TYPED_BY_HAND.split("\n")[1:-1], ids=lambda line: line[:2])
def test_the_row_is_as_typed_by_hand(line: str) -> None:
    assert as_typed(line[:2]) == line


def test_the_sample_has_51_codes_of_calls_and_five_for_incoming_ones() -> None:
    typed = {line[:2] for line in TYPED_BY_HAND.split("\n")[1:-1]}
    assert len(typed) == 51
    assert {row.code for row in TABLE.rows} == typed | {"81", "82", "83", "84", "85"}
    assert TABLE.is_sample


def test_the_sample_passes_the_checks() -> None:
    assert check_table(TABLE.rows) == ()


@pytest.mark.clause("S4-11.3b-1")
def test_codes_31_to_79_serve_both_directions() -> None:
    inbound = {row.code for row in TABLE.rows_for(Direction.INBOUND)}
    outbound = {row.code for row in TABLE.rows_for(Direction.OUTBOUND)}
    both = {row.code for row in TABLE.rows if 31 <= int(row.code) <= 79}
    assert inbound == both | {"81", "82", "83", "84", "85"}
    assert outbound == both | {row.code for row in TABLE.rows if int(row.code) < 31}


@pytest.mark.clause("S4-11.3a-1")
def test_codes_51_to_70_need_a_passed_check_and_the_others_do_not() -> None:
    needing = {row.code for row in TABLE.rows if not row.before_identity}
    assert needing == {str(code) for code in (*range(51, 58), *range(61, 71))}


def test_required_fields_follow_the_rules_on_entry() -> None:
    fields = {row.code: set(row.required_fields) for row in TABLE.rows}
    promise = {
        RequiredField.PROMISED_ON,
        RequiredField.PROMISED_YEN,
        RequiredField.PAYMENT_METHOD,
        RequiredField.PROMISED_PERIODS,
    }
    assert fields["31"] == fields["43"] == fields["82"] == {RequiredField.FOLLOW_UP_AT}
    assert fields["51"] == promise
    assert fields["52"] == promise | {RequiredField.REST_LEFT_OPEN}
    assert fields["54"] == {RequiredField.PAID_ON, RequiredField.PAID_YEN}
    assert fields["22"] == fields["34"] == fields["70"] == {RequiredField.NOTE}
    for code in (*range(61, 70), *range(71, 80)):
        assert RequiredField.NOTE_10 in fields[str(code)]
    assert RequiredField.RECORDING in fields["74"]


@pytest.mark.clause("S4-12.1h")
def test_account_transfer_stands_only_beside_a_promise() -> None:
    row = TABLE.row("56")
    assert row.position is Position.SECONDARY
    assert row.only_with == ("51", "52")


def test_conditional_marks_of_the_sample() -> None:
    assert TABLE.row("52").mark_condition is MarkCondition.REST_LEFT_OPEN
    assert TABLE.row("85").mark_condition is MarkCondition.ANSWER_WANTED
    assert TABLE.row("52").mark_if is TABLE.row("85").mark_if is Mark.WHITE_STAR


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(OutcomeUnknown):
        TABLE.row("99")


def test_an_unknown_code_is_not_repeated_when_it_is_text() -> None:
    with pytest.raises(OutcomeUnknown) as refusal:
        TABLE.row("見本花子")
    assert "見本花子" not in str(refusal.value)


def test_a_row_of_a_receivable_replaces_the_common_one_there_only() -> None:
    own = replace(TABLE.row("66"), receivable="A05", label_ja="納付しない")
    table = OutcomeTable((*TABLE.rows, own), 2, "表", False)
    assert check_table(table.rows) == ()
    assert table.row("66", receivable="A05") is own
    assert table.row("66", receivable="A01") is TABLE.row("66")
    chosen = table.rows_for(Direction.OUTBOUND, receivable="A05")
    assert [row for row in chosen if row.code == "66"] == [own]


def test_the_row_of_the_day_counts() -> None:
    old = replace(TABLE.row("11"), valid_until=date(2022, 8, 31))
    new = replace(TABLE.row("11"), valid_from=date(2022, 9, 1), label_ja="応答なし")
    rest = tuple(row for row in TABLE.rows if row.code != "11")
    table = OutcomeTable((old, new, *rest), 2, "表", False)
    assert check_table(table.rows) == ()
    assert table.row("11", on=date(2022, 8, 31)) is old
    assert table.row("11", on=date(2022, 9, 1)) is new
    assert table.row("11") is new
    assert [row.label_ja for row in table.rows_for(Direction.OUTBOUND, on=date(2022, 9, 1))][
        :1
    ] == ["応答なし"]


def test_two_rows_of_one_code_on_the_same_day_are_refused() -> None:
    again = replace(TABLE.row("11"), valid_from=date(2022, 9, 1))
    faults = check_table((*TABLE.rows, again))
    assert [(fault.code, fault.kind) for fault in faults] == [("11", TableFaultKind.CODE_REPEATED)]


def test_an_empty_table_is_refused() -> None:
    assert [fault.kind for fault in check_table(())] == [TableFaultKind.NO_ROWS]


E_ = OutcomeEffect


@pytest.mark.parametrize(
    ("code", "change", "column", "kind"),
    [
        ("11", {"code": "1"}, "code", TableFaultKind.CODE_MALFORMED),
        ("11", {"code": "１１"}, "code", TableFaultKind.CODE_MALFORMED),
        ("11", {"code": "93"}, "code", TableFaultKind.CODE_RESERVED),
        ("11", {"label_ja": " "}, "label_ja", TableFaultKind.LABEL_MISSING),
        ("11", {"label_ja": "あ" * 61}, "label_ja", TableFaultKind.LABEL_UNFIT),
        ("11", {"label_ja": "=1+1"}, "label_ja", TableFaultKind.LABEL_UNFIT),
        ("11", {"label_ja": "不在\n"}, "label_ja", TableFaultKind.LABEL_UNFIT),
        ("11", {"counts_dial": False}, "counts_attempt", TableFaultKind.DOES_NOT_FIT),
        ("12", {"counts_attempt": True}, "counts_grouped", TableFaultKind.DOES_NOT_FIT),
        ("83", {"counts_dial": True}, "direction", TableFaultKind.DOES_NOT_FIT),
        ("51", {"contact_wide": False}, "contact_wide", TableFaultKind.DOES_NOT_FIT),
        ("51", {"connection": Connection.NONE}, "connection", TableFaultKind.DOES_NOT_FIT),
        ("51", {"speaker": Speaker.HOUSEHOLD}, "speaker", TableFaultKind.DOES_NOT_FIT),
        ("51", {"before_identity": True}, "before_identity", TableFaultKind.DOES_NOT_FIT),
        ("61", {"effect": E_.RETRY}, "effect", TableFaultKind.STAR_MUST_STOP),
        ("61", {"mark": Mark.NONE}, "mark", TableFaultKind.NEEDS_MARK),
        ("35", {"mark": Mark.NONE}, "mark", TableFaultKind.NEEDS_MARK),
        ("33", {"then_effect": E_.AWAIT_DEPARTMENT}, "mark", TableFaultKind.NEEDS_MARK),
        ("52", {"mark_if": Mark.NONE}, "mark_condition", TableFaultKind.DOES_NOT_FIT),
        ("31", {"required_fields": ()}, "required_fields", TableFaultKind.FIELD_MISSING),
        ("51", {"required_fields": ()}, "required_fields", TableFaultKind.FIELD_MISSING),
        ("55", {"wait_days": 0}, "required_fields", TableFaultKind.FIELD_MISSING),
        ("85", {"required_fields": ()}, "required_fields", TableFaultKind.FIELD_MISSING),
        ("11", {"effect": None}, "effect", TableFaultKind.FIELD_MISSING),
        ("16", {"then_effect": None}, "then_effect", TableFaultKind.DOES_NOT_FIT),
        ("16", {"times": None}, "then_effect", TableFaultKind.DOES_NOT_FIT),
        ("16", {"then_effect": E_.RETRY}, "then_effect", TableFaultKind.DOES_NOT_FIT),
        ("16", {"times": 0}, "times", TableFaultKind.OUT_OF_RANGE),
        ("37", {"if_agreed_effect": E_.CLOSE}, "if_agreed_effect", TableFaultKind.DOES_NOT_FIT),
        ("14", {"wait_days": 93}, "wait_days", TableFaultKind.OUT_OF_RANGE),
        ("11", {"blocks_number": True}, "blocks_number", TableFaultKind.DOES_NOT_FIT),
        ("51", {"only_with": ("52",)}, "only_with", TableFaultKind.DOES_NOT_FIT),
        ("56", {"only_with": ("58",)}, "only_with", TableFaultKind.CODE_NOT_IN_TABLE),
        ("56", {"only_with": ("70",)}, "only_with", TableFaultKind.CODE_NOT_IN_TABLE),
    ],
)
def test_a_row_that_does_not_hold_together_is_refused(
    code: str, change: dict[str, Any], column: str, kind: TableFaultKind
) -> None:
    rows = [replace(row, **change) if row.code == code else row for row in TABLE.rows]
    number = [row.code for row in TABLE.rows].index(code) + 1
    found = {(fault.row, fault.column, fault.kind) for fault in check_table(rows)}
    assert (number, column, kind) in found


def test_contact_depends_on_the_check_where_the_table_says_so() -> None:
    row = TABLE.row("72")
    assert row.reaches_person(IdentityResult.PASSED)
    assert not row.reaches_person(IdentityResult.PENDING)
    assert row.speaker_with(IdentityResult.PASSED) is Speaker.RIGHT_PARTY
    assert row.speaker_with(IdentityResult.REFUSED) is Speaker.UNKNOWN


@pytest.mark.clause("S4-13.1c")
def test_the_two_marks_are_distinct_and_the_star_goes_first() -> None:
    assert (Mark.STAR.symbol, Mark.WHITE_STAR.symbol, Mark.NONE.symbol) == ("★", "☆", "")
    assert union_of_marks([Mark.NONE, Mark.STAR, Mark.WHITE_STAR]) is Mark.STAR
    assert union_of_marks([Mark.WHITE_STAR, Mark.NONE]) is Mark.WHITE_STAR
    assert union_of_marks([]) is Mark.NONE


def test_axes_have_the_codes_of_the_files() -> None:
    assert [one.file_code for one in Connection] == ["0", "1", "2"]
    assert [one.file_code for one in Speaker] == ["0", "1", "2", "3", "4"]
    assert list(Speaker)[1] is Speaker.RIGHT_PARTY
