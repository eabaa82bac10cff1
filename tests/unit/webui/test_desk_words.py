"""What the desk tells before and after a result is saved."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from campaigns.api import (
    CaseStatus,
    CloseReason,
    EntryField,
    FaultKind,
    FieldFault,
    IdentityItem,
    LineKind,
    Mark,
    MovedReason,
    NextAction,
    NotCallable,
    OutcomeReport,
    RequiredField,
    sample_table,
)
from campaigns.errors import CaseNotCallable
from dialer.errors import OutsideCallingHours
from webui.words.desk import (
    FIELD_NAMES,
    IDENTITY_LABELS,
    LINE_KINDS,
    effect_lines,
    fault_sentence,
    fault_sentences,
    reading_of,
    refusal_text,
    short_label,
)

TABLE = sample_table()
EVENING = datetime.fromisoformat("2022-09-21T18:30:00+09:00")


def told(code: str, action: NextAction, **report: object) -> list[str]:
    return effect_lines(action, [TABLE.row(code)], OutcomeReport(**report))  # type: ignore[arg-type]


def test_a_promise_names_the_last_day_without_calls() -> None:
    action = NextAction(effect=None, status=CaseStatus.PROMISED, promise_until=date(2022, 10, 7))
    assert told("51", action, promised_on=date(2022, 9, 30)) == [
        "10月7日まで、この案件に電話しません。",
        "納付が確認できないときだけ、一覧に戻ります。",
    ]


def test_without_its_date_a_promise_asks_for_it() -> None:
    action = NextAction(effect=None, status=CaseStatus.PROMISED, promise_until=date(2022, 10, 7))
    assert told("51", action) == ["約束日を入れると、電話しない期間が決まります。"]


def test_a_case_that_is_over_asks_for_no_date_of_a_call() -> None:
    over = NextAction(effect=None, status=CaseStatus.CLOSED, close_reason=CloseReason.WITHDRAWN)
    assert told("43", over) == ["この案件を終わります（92 引抜き）。もう電話しません。"]


def test_a_moved_call_names_both_times() -> None:
    action = NextAction(
        effect=None,
        status=CaseStatus.FOLLOW_UP_BOOKED,
        follow_up_at=EVENING,
        moved_reason=MovedReason.OUTSIDE_HOURS,
    )
    named = datetime.fromisoformat("2022-09-21T14:00:00+09:00")
    assert told("31", action, follow_up_at=named) == [
        "9月21日（水）14:00 は実施時間の外なので、9月21日（水）18:30 に再架電します。"
    ]


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        (
            NextAction(effect=None, status=CaseStatus.WAITING, not_before=EVENING, counted=True),
            ["9月21日（水）18:30 から、また一覧に出ます。", "架電回数に 1回 数えます。"],
        ),
        (
            NextAction(
                effect=None,
                status=CaseStatus.CLOSED,
                close_reason=CloseReason.HANDED_OVER,
                mark=Mark.STAR,
                urgent=True,
            ),
            [
                "この案件を終わります（98 所管課へ引継ぎ）。もう電話しません。",
                "あすの引継ぎの一覧に ★ で載ります（11）。",
                "至急です。応援を呼び、業務管理者にすぐ伝えます。",
            ],
        ),
        (
            NextAction(
                effect=None,
                status=CaseStatus.WAITING,
                not_before=EVENING,
                block_number=True,
                next_number=True,
                needs_supervisor=True,
            ),
            [
                "9月21日（水）18:30 から、また一覧に出ます。",
                "この番号には、今後かけません。",
                "次は、別の番号にかけます。",
                "業務管理者の確認に回ります。",
            ],
        ),
        (
            NextAction(effect=None, status=CaseStatus.WITH_DEPARTMENT),
            ["所管課の回答があるまで、この案件に電話しません。"],
        ),
    ],
)
def test_every_effect_is_told(action: NextAction, wanted: list[str]) -> None:
    assert told("11", action) == wanted


def test_every_field_and_every_fault_has_its_sentence() -> None:
    assert set(FIELD_NAMES) == {*RequiredField, *EntryField}
    in_texts = {FaultKind.CONTROL_CHARACTER, FaultKind.FORMULA_START, FaultKind.NOT_ENCODABLE}
    for kind in set(FaultKind) - {FaultKind.MISSING}:
        fault = FieldFault(RequiredField.NOTE, kind, position=1 if kind in in_texts else None)
        assert fault_sentence(fault, "文").endswith("。")
    for field in (*RequiredField, EntryField.OUTCOME):
        assert len(fault_sentence(FieldFault(field, FaultKind.MISSING))) > 5


def test_a_character_the_files_cannot_hold_is_shown_with_its_place() -> None:
    fault = FieldFault(RequiredField.NOTE, FaultKind.NOT_ENCODABLE, position=3)
    assert fault_sentences([fault], {"note": "見本𠮷"}) == {
        "note": "3文字目「𠮷」は、提出ファイルの文字コードにありません。"
        "ほかの字に替えるか、かなで書いてください。"
    }


def test_a_refusal_names_the_next_opening_or_the_reason() -> None:
    closed = OutsideCallingHours(reason="between_windows", next_opening=EVENING.isoformat())
    assert refusal_text(closed).endswith("次は 9月21日（水）18:30 からかけられます。")
    sentences = {refusal_text(CaseNotCallable(reason=reason.value)) for reason in NotCallable}
    assert all(sentence.endswith("。") for sentence in sentences)
    resting = refusal_text(CaseNotCallable(reason=NotCallable.RESTING.value))
    assert "日数がたっていません" in resting


def test_every_item_and_line_has_a_word() -> None:
    assert set(IDENTITY_LABELS) == set(IdentityItem)
    assert set(LINE_KINDS) == set(LineKind)


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("不在（応答なし）", "不在"),
        ("現在使われておりません（欠番）", "欠番"),
        ("話中", "話中"),
        ("（見本）", "（見本）"),
    ],
)
def test_a_label_is_shortened_for_a_key(label: str, short: str) -> None:
    assert short_label(label) == short


def test_labels_are_found_by_their_reading() -> None:
    assert "やくそく" in reading_of(TABLE.row("51").label_ja)
    assert "ふざい" in reading_of(TABLE.row("11").label_ja)
