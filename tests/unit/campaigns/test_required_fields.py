"""What must be entered with an outcome, and what is refused in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.call_report import (
    CaseLimits,
    OutcomeReport,
    PaymentMethod,
    TransferNotice,
)
from campaigns.calling.outcome_files import sample_table
from campaigns.calling.outcomes import Direction, RequiredField
from campaigns.calling.required_fields import (
    EntryField,
    FaultKind,
    FieldFault,
    missing_fields,
)
from campaigns.calling.typed_text import TextFaultKind, text_fault
from campaigns.cases.states import IdentityResult
from campaigns.profile.parameters import Parameters
from dialer.calendar.holidays import TOKYO

TABLE = sample_table()
NOW = datetime(2022, 9, 13, 12, 0, tzinfo=TOKYO)
CASE = CaseLimits(
    unpaid_yen=48_000,
    codec="cp932",
    periods=frozenset({"2022-06", "2022-07"}),
    is_transfer_target=True,
    follow_ups_until=date(2022, 9, 30),
)
PROMISE = OutcomeReport(
    promised_on=date(2022, 9, 20),
    promised_yen=48_000,
    payment_method=PaymentMethod.SLIP,
    promised_periods=("2022-06", "2022-07"),
)
TEN = "担当課から連絡を希望"


def faults(
    codes: str,
    report: OutcomeReport | None = None,
    identity: IdentityResult = IdentityResult.PASSED,
    case: CaseLimits = CASE,
    parameters: Parameters | None = None,
    now: datetime = NOW,
) -> set[tuple[str, str]]:
    rows = [TABLE.row(code) for code in codes.split()]
    found = missing_fields(
        rows, report or OutcomeReport(), identity, parameters or Parameters(), now, case
    )
    return {(fault.field.value, fault.kind.value) for fault in found}


@pytest.mark.clause("S4-11.2e")
def test_a_call_without_an_outcome_is_not_complete() -> None:
    assert faults("") == {("outcome", "missing")}


def test_an_outcome_that_asks_for_nothing_is_complete() -> None:
    assert faults("11", identity=IdentityResult.PENDING) == set()


def test_a_complete_promise_is_complete() -> None:
    assert faults("51", PROMISE) == set()


def test_everything_missing_is_told_at_once() -> None:
    assert faults("51") == {
        ("promised_on", "missing"),
        ("promised_yen", "missing"),
        ("payment_method", "missing"),
        ("promised_periods", "missing"),
    }
    assert faults("52", PROMISE) == {("rest_left_open", "missing")}
    assert faults("54") == {("paid_on", "missing"), ("paid_yen", "missing")}
    assert faults("31") == faults("43") == {("follow_up_at", "missing")}
    assert faults("74") == {("note_10", "missing"), ("recording", "missing")}


@pytest.mark.clause("S4-11.3a-1")
@pytest.mark.parametrize(
    "identity", [IdentityResult.PENDING, IdentityResult.REFUSED, IdentityResult.MISMATCHED]
)
@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.INBOUND])
def test_guidance_cannot_be_recorded_without_a_passed_check(
    identity: IdentityResult, direction: Direction
) -> None:
    for row in TABLE.rows:
        if row.code in ("56", "70") or not 51 <= int(row.code) <= 69:
            continue
        report = replace(PROMISE, direction=direction, note=TEN)
        assert ("identity", "not_passed") in faults(row.code, report, identity), row.code
    assert ("identity", "not_passed") in faults("71 70", identity=identity)
    assert ("identity", "not_passed") not in faults("71", OutcomeReport(note=TEN), identity)


def test_a_promise_may_be_for_today_but_not_for_yesterday() -> None:
    assert faults("51", replace(PROMISE, promised_on=date(2022, 9, 13))) == set()
    late = faults("51", replace(PROMISE, promised_on=date(2022, 9, 12)))
    assert late == {("promised_on", "in_the_past")}


def test_today_is_the_day_in_tokyo() -> None:
    half_past_midnight = datetime(2022, 9, 14, 0, 30, tzinfo=TOKYO)
    report = replace(PROMISE, promised_on=date(2022, 9, 13))
    assert faults("51", report, now=half_past_midnight) == {("promised_on", "in_the_past")}


def test_a_promise_beyond_fourteen_days_is_a_matter_for_the_department() -> None:
    assert faults("51", replace(PROMISE, promised_on=date(2022, 9, 27))) == set()
    beyond = faults("51", replace(PROMISE, promised_on=date(2022, 9, 28)))
    assert beyond == {("promised_on", "beyond_horizon")}


def test_the_end_of_the_month_may_be_the_horizon() -> None:
    parameters = Parameters(promise_until_month_end=True)
    at_end = replace(PROMISE, promised_on=date(2022, 9, 30))
    assert faults("51", at_end, parameters=parameters) == set()
    beyond = replace(PROMISE, promised_on=date(2022, 10, 1))
    assert faults("51", beyond, parameters=parameters) == {("promised_on", "beyond_horizon")}


def test_the_horizon_of_a_new_slip_begins_when_it_arrives() -> None:
    report = OutcomeReport(promised_on=date(2022, 10, 4))
    assert faults("55", report) == set()
    assert faults("55") == set()
    late = OutcomeReport(promised_on=date(2022, 10, 5))
    assert faults("55", late) == {("promised_on", "beyond_horizon")}


@pytest.mark.parametrize(
    ("yen", "kind"), [(0, "not_positive"), (-1, "not_positive"), (48_001, "more_than_unpaid")]
)
def test_an_impossible_amount_is_refused(yen: int, kind: str) -> None:
    assert faults("51", replace(PROMISE, promised_yen=yen)) == {("promised_yen", kind)}


@pytest.mark.parametrize("yen", [1, 48_000])
def test_every_amount_up_to_the_whole_debt_is_possible(yen: int) -> None:
    assert faults("51", replace(PROMISE, promised_yen=yen)) == set()


def test_only_periods_of_the_case_may_be_promised() -> None:
    other = replace(PROMISE, promised_periods=("2022-08",))
    assert faults("51", other) == {("promised_periods", "period_unknown")}
    twice = replace(PROMISE, promised_periods=("2022-06", "2022-06"))
    assert faults("51", twice) == {("promised_periods", "repeated")}


def test_a_payment_said_to_be_made_is_not_in_the_future() -> None:
    paid = OutcomeReport(paid_on=date(2022, 9, 13), paid_yen=1)
    assert faults("54", paid) == set()
    assert faults("54", replace(paid, paid_on=date(2022, 9, 14))) == {("paid_on", "in_the_future")}
    assert faults("54", replace(paid, paid_yen=0)) == {("paid_yen", "not_positive")}


def test_an_agreed_time_lies_ahead_inside_the_campaign_and_has_a_zone() -> None:
    def agreed(at: datetime) -> set[tuple[str, str]]:
        return faults("43", OutcomeReport(follow_up_at=at))

    assert agreed(NOW + timedelta(minutes=1)) == set()
    assert agreed(NOW) == {("follow_up_at", "in_the_past")}
    assert agreed(datetime(2022, 9, 30, 20, tzinfo=TOKYO)) == set()
    assert agreed(datetime(2022, 10, 1, 10, tzinfo=TOKYO)) == {("follow_up_at", "after_campaign")}
    naive = datetime(2022, 9, 14, 19)
    assert agreed(naive) == {("follow_up_at", "without_time_zone")}


@pytest.mark.clause("S4-12.1h", "S4-12.2b")
def test_account_transfer_only_for_targets_that_promised() -> None:
    told = replace(PROMISE, transfer_notice=TransferNotice.TOLD)
    assert faults("51", told) == set()
    assert faults("51 56", PROMISE) == set()
    not_a_target = replace(CASE, is_transfer_target=False)
    assert faults("51", told, case=not_a_target) == {("transfer_notice", "not_a_target")}
    assert faults("51 56", PROMISE, case=not_a_target) == {("transfer_notice", "not_a_target")}
    without = OutcomeReport(transfer_notice=TransferNotice.WANTED)
    assert faults("57", without) == {("transfer_notice", "without_promise")}
    assert ("secondary", "not_together") in faults("57 56")


def test_one_primary_and_at_most_three_secondary_outcomes() -> None:
    noted = replace(PROMISE, note=TEN)
    assert faults("51 56 70 72", noted) == set()
    assert faults("51 56 70 72 79", noted) == {("secondary", "too_many")}
    assert faults("51 70 70", noted) == {("secondary", "repeated")}
    assert ("outcome", "not_together") in faults("70", noted)
    assert ("secondary", "not_together") in faults("51 11", noted)


def test_an_outcome_of_the_other_direction_is_refused() -> None:
    inbound = OutcomeReport(direction=Direction.INBOUND)
    assert faults("11", inbound) == {("outcome", "wrong_direction")}
    assert faults("83", OutcomeReport()) == {("outcome", "wrong_direction")}
    assert faults("83", inbound) == set()


def test_a_message_on_a_machine_needs_the_instruction() -> None:
    assert faults("14") == {("outcome", "not_permitted")}
    assert faults("14", parameters=Parameters(voicemail_message_allowed=True)) == set()


def test_a_recording_made_says_whether_there_was_consent() -> None:
    report = OutcomeReport(note=TEN, recording_made=True)
    assert faults("74", report) == {("recording", "missing")}
    assert faults("74", replace(report, recording_consent=False)) == set()
    assert faults("74", replace(report, recording_made=False)) == set()


def test_a_note_for_the_department_has_ten_characters() -> None:
    assert faults("61", OutcomeReport(note=TEN)) == set()
    assert faults("61", OutcomeReport(note=TEN[:9])) == {("note_10", "too_short")}
    assert faults("61", OutcomeReport(note=TEN[:9] + "　")) == {("note_10", "too_short")}
    assert faults("61", OutcomeReport(note="　")) == {("note_10", "missing")}
    assert faults("34", OutcomeReport(note="転")) == set()


@pytest.mark.parametrize(
    ("text", "kind", "position"),
    [
        ("髙﨑様①～", None, None),
        ("表ソ能", None, None),
        ("連絡は19時-20時", None, None),
        ("了解😀", "not_encodable", 3),
        ("𠮷野", "not_encodable", 1),
        ("9〜10時", "not_encodable", 2),  # wave dash: CP932 gives back another character
        ("a−b", "not_encodable", 2),
        ("一行目\n二行目", "control_character", 4),
        ("\t待", "control_character", 1),
        ("待\r", "control_character", 2),
        ("\u202eabc", "control_character", 1),
        ("a\u200bb", "control_character", 2),
        ("a\u2028b", "control_character", 2),
        ("\ue000", "control_character", 1),
        ("=1+1", "formula_start", 1),
        ("＝1", "formula_start", 1),
        ("+81", "formula_start", 1),
        ("＋", "formula_start", 1),
        ("-1", "formula_start", 1),
        ("－1", "formula_start", 1),
        ("@sum", "formula_start", 1),
        ("＠sum", "formula_start", 1),
        ("|cmd", "formula_start", 1),
        ("　 =1", "formula_start", 3),
        ("あ" * 400, None, None),
        ("あ" * 401, "too_long", 401),
    ],
)
def test_texts_that_a_daily_file_cannot_carry_are_refused_with_their_place(
    text: str, kind: str | None, position: int | None
) -> None:
    found = text_fault(text, codec="cp932", longest=400)
    assert (found.kind.value if found else None) == kind
    assert (found.position if found else None) == position


def test_a_unicode_campaign_carries_more_but_no_control_characters() -> None:
    assert text_fault("𠮷野〜😀", codec="utf-8-sig", longest=400) is None
    found = text_fault("a\u0000", codec="utf-8-sig", longest=400)
    assert found is not None
    assert found.kind is TextFaultKind.CONTROL_CHARACTER


@given(st.text(max_size=40))
def test_an_accepted_text_survives_the_encoding_on_one_line(text: str) -> None:
    if text_fault(text, codec="cp932", longest=400) is None:
        assert text.encode("cp932").decode("cp932") == text
        assert len(text.splitlines()) <= 1
        assert text.lstrip()[:1] not in tuple("=+-@|＝＋－＠")


def test_the_place_of_the_bad_character_reaches_the_agent() -> None:
    report = OutcomeReport(note="連絡は9〜10時に希望されました")
    (fault,) = missing_fields(
        [TABLE.row("61")], report, IdentityResult.PASSED, Parameters(), NOW, CASE
    )
    assert fault == FieldFault(RequiredField.NOTE, FaultKind.NOT_ENCODABLE, position=5)


def test_other_typed_text_is_checked_as_well() -> None:
    report = OutcomeReport(paid_on=date(2022, 9, 1), paid_yen=1, paid_where="=コンビニ")
    assert faults("54", report) == {(EntryField.PAID_WHERE.value, "formula_start")}


def test_no_text_or_amount_shows_in_a_printed_report() -> None:
    shown = repr(replace(PROMISE, note="見本花子", paid_where="見本銀行", paid_yen=777))
    assert not any(value in shown for value in ("見本", "48000", "777", "2022-06"))
    assert "48000" not in repr(CASE)


def test_codes_of_the_files() -> None:
    assert [method.file_code for method in PaymentMethod] == [1, 2, 3, 4, 9]
    assert [notice.file_code for notice in TransferNotice] == [0, 1, 2, 3]
