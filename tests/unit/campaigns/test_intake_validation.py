"""The check of a whole delivery: what it accepts, what excludes a row, what is only asked."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.cases.encodings import Encoding
from campaigns.intake.codes import ExclusionReason, QuestionCode
from campaigns.intake.csv_bytes import split_rows
from campaigns.intake.findings import DeliveryReport, LentRow
from campaigns.intake.layouts import KOYU
from campaigns.intake.validation import check_delivery
from tests.fixtures_lent import (
    EXPECTED,
    Draft,
    draft,
    expected_of,
    name_of,
    with_bytes,
)


def all_rows(report: DeliveryReport) -> list[LentRow]:
    rows = [*report.accepted, *(one.row for one in report.excluded)]
    return sorted(rows, key=lambda row: row.row_number)


@pytest.mark.parametrize("receivable", KOYU)
@pytest.mark.parametrize("encoding", list(Encoding))
def test_a_sound_delivery_of_any_receivable_is_accepted_in_either_encoding(
    receivable: str, encoding: Encoding
) -> None:
    delivery = draft(9, receivable=receivable, encoding=encoding)
    report = delivery.check()
    assert report.faults == ()
    assert report.encoding is encoding
    assert (report.received, len(report.accepted), report.excluded) == (9, 9, ())


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 60), st.integers(), st.sampled_from(list(KOYU)), st.sampled_from(list(Encoding))
)
@pytest.mark.clause("S4-5.2b")
def test_every_received_row_is_accepted_or_excluded_and_keeps_its_bytes(
    rows: int, seed: int, receivable: str, encoding: Encoding
) -> None:
    """One entry per lent row, in lent order, each the very bytes of its line."""
    delivery = draft(
        rows, receivable=receivable, encoding=encoding, seed=seed, with_unreachable=True
    )
    files = delivery.files()
    report = check_delivery(files, expected_of(delivery.sent))
    assert report.faults == ()
    assert report.received == len(report.accepted) + len(report.excluded) == rows
    data = files[name_of(files, "TAISHO")].removeprefix(encoding.mark)
    lines = data.split(b"\r\n")[1:-1]
    assert [b",".join(row.taisho) for row in all_rows(report)] == lines
    periods = [b",".join(period) for row in all_rows(report) for period in row.meisai]
    meisai = files[name_of(files, "MEISAI")].removeprefix(encoding.mark)
    assert periods == meisai.split(b"\r\n")[1:-1]
    types = [b",".join(row.koyu or ()) for row in all_rows(report)]
    assert types == files[name_of(files, "KOYU")].removeprefix(encoding.mark).split(b"\r\n")[1:-1]


def test_a_report_that_loses_a_row_cannot_be_built() -> None:
    report = draft(3).check()
    with pytest.raises(ValueError, match="account for every"):
        replace(report, accepted=report.accepted[1:])


def test_hard_names_reach_the_rows_byte_for_byte() -> None:
    names = ["見本髙﨑", "見本表ソ能十", "見本〓", "見本ﾊﾝｶｸﾞ", "見本①㈱", "見本～－∥"]
    delivery = draft(len(names))
    for at, name in enumerate(names):
        delivery.set("TAISHO", at, "債務者氏名", name)
    report = delivery.check()
    assert [row.taisho[2] for row in report.accepted] == [
        b'"' + name.encode("cp932") + b'"' for name in names
    ]


def test_cells_keep_their_own_quoting() -> None:
    def unquote_first(data: bytes) -> bytes:
        return data.replace(b'"A01","A01-0000001"', b'A01,"A01-0000001"')

    report = check_delivery(with_bytes(draft(2).files(), "TAISHO", unquote_first), EXPECTED)
    assert report.accepted[0].taisho[:2] == (b"A01", b'"A01-0000001"')
    assert report.accepted[1].taisho[:2] == (b'"A01"', b'"A01-0000002"')


# --- what excludes a row -----------------------------------------------------------------------


def without_phones(delivery: Draft, row: int) -> Draft:
    for rank in (1, 2, 3):
        delivery.set("TAISHO", row, f"電話番号{rank}", "").set("TAISHO", row, f"種別{rank}", "")
    return delivery


@pytest.mark.clause("S4-6.1", "S4-5.2b")
def test_a_row_without_a_dialable_number_is_excluded_with_its_reason_and_stays_counted() -> None:
    delivery = draft(5)
    for row in (1, 2, 3):
        without_phones(delivery, row)
    delivery.set("TAISHO", 2, "電話番号1", "0900000").set("TAISHO", 2, "種別1", "2")
    delivery.set("TAISHO", 3, "電話番号2", "0110000004").set("TAISHO", 3, "種別2", "3")
    report = delivery.check()
    assert [row.row_number for row in report.accepted] == [1, 5]
    assert [(one.row.row_number, one.reason) for one in report.excluded] == [
        (2, ExclusionReason.NO_PHONE),
        (3, ExclusionReason.PHONE_INVALID),
        (4, ExclusionReason.WORKPLACE_ONLY),
    ]
    assert report.received == 5
    assert report.count_excluded(ExclusionReason.NO_PHONE) == 1


def test_a_workplace_number_is_called_where_the_instruction_says_so() -> None:
    delivery = without_phones(draft(1), 0)
    delivery.set("TAISHO", 0, "電話番号1", "0110000004").set("TAISHO", 0, "種別1", "3")
    report = delivery.check(replace(EXPECTED, dials_workplace=True))
    assert [phone.digits for phone in report.accepted[0].facts.phones] == ["0110000004"]


def test_an_overlong_number_excludes_its_row_and_refuses_nothing() -> None:
    delivery = without_phones(draft(2), 0)
    delivery.set("TAISHO", 0, "電話番号1", "090-0000-0001（見本の母の携帯）" * 5)
    report = delivery.check()
    assert report.faults == ()
    assert [one.reason for one in report.excluded] == [ExclusionReason.PHONE_INVALID]


def test_a_row_that_differs_in_its_key_only_is_a_duplicate() -> None:
    delivery = draft(3)
    copy_person(delivery, 0, 1)
    report = delivery.check()
    assert [row.row_number for row in report.accepted] == [1, 3]
    assert [(one.row.row_number, one.reason) for one in report.excluded] == [
        (2, ExclusionReason.DUPLICATE_IN_FILE)
    ]


def test_twins_of_one_parent_are_two_cases() -> None:
    delivery = draft(3)
    copy_person(delivery, 0, 1)
    delivery.set("KOYU", 1, "児童氏名カナ", "ミホン　モウヒトリ")
    report = delivery.check()
    assert len(report.accepted) == 3


def copy_person(delivery: Draft, source: int, target: int) -> None:
    """Makes one row say all that another says, but for its key."""
    keys = [delivery.get("TAISHO", row, "整理番号") for row in (source, target)]
    delivery.rows["TAISHO"][target] = delivery.rows["TAISHO"][source]
    delivery.set("TAISHO", target, "整理番号", keys[1])
    delivery.rows["KOYU"][target] = delivery.rows["KOYU"][source]
    delivery.set("KOYU", target, "整理番号", keys[1])
    periods = delivery.rows["MEISAI"]
    copies = [(row[0], keys[1], *row[2:]) for row in periods if row[1] == keys[0]]
    delivery.rows["MEISAI"] = [row for row in periods if row[1] != keys[1]] + copies
    at = delivery.headers["MEISAI"].index("未納額")
    total = sum(int(row[at]) for row in delivery.rows["MEISAI"])
    delivery.sums.update(TAISHO=total, MEISAI=total)


# --- what is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("債務者氏名", "見本〓", QuestionCode.SUBSTITUTED_CHARACTER),
        ("債務者氏名", "見本\ue000", QuestionCode.PRIVATE_USE_CHARACTER),
        ("債務者氏名カナ", "ミホン花子", QuestionCode.KANA_NOT_KANA),
        ("生年月日", "2020-01-01", QuestionCode.BIRTH_IMPLAUSIBLE),
        ("生年月日", "1890-01-01", QuestionCode.BIRTH_IMPLAUSIBLE),
        ("架電配慮メモ", "=1+1", QuestionCode.FORMULA_LIKE),
        ("架電配慮メモ", "　＝1+1", QuestionCode.FORMULA_LIKE),
        ("電話番号3", "0120000000", QuestionCode.PHONE_UNUSABLE),
    ],
)
def test_what_is_only_doubtful_is_asked_and_its_row_accepted(
    column: str, value: str, code: QuestionCode
) -> None:
    delivery = draft(4)
    for row in range(4):
        delivery.set("TAISHO", row, "債務者氏名", "見本").set("TAISHO", row, "外字有無", "0")
        delivery.set("TAISHO", row, "住所", "札幌市見本区見本条１丁目")
        delivery.set("KOYU", row, "施設名", "見本施設")
    report = delivery.set("TAISHO", 3, column, value).check()
    assert [(one.row, one.column, one.code) for one in report.questions] == [(4, column, code)]
    assert len(report.accepted) == 4


def test_one_number_for_three_keys_is_asked_about_and_for_two_it_is_not() -> None:
    def alike(count: int) -> list[tuple[int, str | None, int]]:
        delivery = draft(6)
        for row in range(count):
            written = ("09000009999", "090-0000-9999", "０９０００００９９９９")[row]
            delivery.set("TAISHO", row, "電話番号1", written).set("TAISHO", row, "種別1", "2")
        report = delivery.check()
        assert len(report.accepted) == 6
        return [
            (one.row, one.column, one.rows_alike)
            for one in report.questions
            if one.code is QuestionCode.SAME_NUMBER
        ]

    assert alike(2) == []
    assert alike(3) == [(row, "電話番号1", 3) for row in (1, 2, 3)]


def test_a_person_without_a_type_row_is_asked_about() -> None:
    delivery = draft(3)
    delivery.rows["KOYU"].pop(1)
    report = delivery.check()
    assert QuestionCode.TYPE_ROW_MISSING in {one.code for one in report.questions if one.row == 2}
    assert report.accepted[1].koyu is None


def test_the_report_names_each_file_with_its_digest() -> None:
    files = draft(1).files()
    report = check_delivery(files, EXPECTED)
    assert {(one.name, one.sha256, one.size) for one in report.files} == {
        (name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()
    }


def test_the_lines_of_the_sample_files_are_those_the_splitter_sees() -> None:
    files = draft(4).files()
    rows = list(split_rows(files[name_of(files, "TAISHO")], Encoding.CP932))
    assert [row.number for row in rows] == [0, 1, 2, 3, 4]
