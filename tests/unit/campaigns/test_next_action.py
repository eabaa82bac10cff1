"""What follows from each outcome: the acceptance cases of the calling rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from campaigns.calling.effect_plans import PLANS
from campaigns.calling.next_action import (
    CaseHistory,
    MovedReason,
    ReportFacts,
)
from campaigns.calling.outcomes import Direction, Mark, OutcomeEffect
from campaigns.cases.states import CaseStatus, CloseReason, IdentityResult
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import Band
from dialer.calendar.holidays import business_day
from tests.unit.campaigns.next_action_world import (
    INBOUND,
    TABLE,
    TUESDAY,
    after,
    attempt,
    jst,
)


def test_every_effect_has_a_plan() -> None:
    assert set(PLANS) == set(OutcomeEffect)


@pytest.mark.clause("S4-11.2f")
def test_after_no_answer_another_day_and_another_band_come() -> None:
    action = after("11")
    assert (action.status, action.effect) == (CaseStatus.WAITING, OutcomeEffect.RETRY)
    assert action.not_before == jst(9, 14, 18, 30)
    assert action.avoid_band is Band.H1
    assert action.counted


@pytest.mark.clause("S4-11.2f")
def test_the_sixth_attempt_without_contact_closes_with_93() -> None:
    fifth = CaseHistory(attempts=tuple(attempt("11", n * 2) for n in range(1, 5)))
    assert after("11", history=fifth).status is CaseStatus.WAITING
    sixth = CaseHistory(attempts=tuple(attempt("11", n * 2) for n in range(1, 6)))
    action = after("11", history=sixth)
    assert (action.status, action.close_reason) == (
        CaseStatus.CLOSED,
        CloseReason.ATTEMPTS_USED_UP,
    )
    assert action.not_before is None


@pytest.mark.clause("S4-11.2f")
def test_the_last_attempts_before_the_sixth_are_kept_for_the_evening_and_the_weekend() -> None:
    noons = tuple(attempt("11", day) for day in (5, 6))
    open_end = after("11", history=CaseHistory(attempts=noons, calls_until=date(2022, 9, 30)))
    assert open_end.not_before == jst(9, 14, 18, 30)  # the evening is owed and comes first
    evening = replace(noons[1], band=Band.H3)
    weekend_owed = CaseHistory(
        attempts=(noons[0], evening, noons[1]), calls_until=date(2022, 9, 30)
    )
    assert after("11", history=weekend_owed).not_before == jst(9, 17, 13)
    over_before = replace(weekend_owed, calls_until=date(2022, 9, 16))
    assert after("11", history=over_before).not_before == jst(9, 14, 16, 30)


@pytest.mark.clause("S4-11.2f")
def test_a_limit_of_three_closes_at_the_third() -> None:
    two = CaseHistory(attempts=(attempt("11", 2), attempt("13", 4)))
    limited = Parameters(max_counted_attempts=3)
    assert after("15", history=two, parameters=limited).status is CaseStatus.CLOSED


def test_the_attempt_limit_after_a_talk_with_the_person_closes_with_97() -> None:
    history = CaseHistory(
        attempts=tuple(attempt("11", n * 2) for n in range(1, 6)), last_talk_on=date(2022, 9, 1)
    )
    assert after("11", history=history).close_reason is CloseReason.GUIDED


def test_three_busy_calls_on_one_day_count_once() -> None:
    first = after("12")
    assert not first.counted
    assert first.effect is OutcomeEffect.RETRY_SOON
    assert first.not_before == jst(9, 13, 12, 15)
    once = attempt("12", 0, counted=False)
    second = after("12", history=CaseHistory(attempts=(once,)))
    assert not second.counted
    third = after("12", history=CaseHistory(attempts=(once, once)))
    assert third.counted
    assert third.effect is OutcomeEffect.RETRY
    assert third.not_before == jst(9, 14, 18, 30)


def test_busy_calls_of_other_days_and_of_theirs_do_not_add_up() -> None:
    earlier = attempt("12", 1, counted=False)
    theirs = attempt("12", 0, counted=False, direction=Direction.INBOUND)
    action = after("12", history=CaseHistory(attempts=(earlier, earlier, theirs, theirs)))
    assert not action.counted
    assert action.effect is OutcomeEffect.RETRY_SOON


def test_a_fault_of_ours_counts_nothing_and_is_tried_again_soon() -> None:
    action = after("18")
    assert (action.counted, action.not_before) == (False, jst(9, 13, 12, 15))


@pytest.mark.parametrize("code", ["23", "24"])
def test_a_wrong_or_workplace_number_is_blocked_at_once(code: str) -> None:
    action = after(code)
    assert action.block_number
    assert action.next_number
    assert not action.counted
    assert action.mark is Mark.WHITE_STAR
    assert action.ticket
    assert action.needs_supervisor
    assert action.not_before == TUESDAY  # the next number, nothing was counted


def test_without_another_number_a_bad_one_closes_with_96() -> None:
    action = after("21", history=CaseHistory(usable_numbers_left=0))
    assert (action.status, action.close_reason) == (
        CaseStatus.CLOSED,
        CloseReason.NUMBERS_UNUSABLE,
    )


def test_rejection_is_retried_once_and_then_the_next_number_comes() -> None:
    assert after("16").effect is OutcomeEffect.RETRY
    again = CaseHistory(attempts=(attempt("16", 2),), usable_numbers_left=1)
    assert after("16", history=again).effect is OutcomeEffect.NEXT_NUMBER


@pytest.mark.parametrize("code", ["33", "41"])
def test_a_second_refusal_closes_without_pressing(code: str) -> None:
    assert after(code, report=ReportFacts()).status is CaseStatus.WAITING
    again = CaseHistory(attempts=(attempt(code, 2),))
    action = after(code, history=again, report=ReportFacts())
    assert action.close_reason is CloseReason.ATTEMPTS_USED_UP


def test_a_call_cut_off_is_made_once_more_on_the_day_and_then_like_any_other() -> None:
    report = ReportFacts(band=Band.H1)
    assert after("44", report=report).not_before == jst(9, 13, 12, 15)
    again = CaseHistory(attempts=(attempt("44", 0),))
    assert after("44", history=again, report=report).effect is OutcomeEffect.RETRY


@pytest.mark.parametrize("code", ["53", "57"])
def test_after_a_talk_the_person_rests_seven_days_and_the_second_talk_closes(code: str) -> None:
    first = after(code)
    assert first.not_before is not None
    assert business_day(first.not_before) >= date(2022, 9, 20)
    again = CaseHistory(attempts=(attempt(code, 10),), last_talk_on=date(2022, 9, 3))
    assert after(code, history=again).close_reason is CloseReason.GUIDED


def test_rest_after_an_earlier_talk_holds_for_later_retries() -> None:
    history = CaseHistory(last_talk_on=date(2022, 9, 12))
    action = after("11", history=history, report=ReportFacts(band=Band.H1))
    assert action.not_before is not None
    assert business_day(action.not_before) == date(2022, 9, 19)


def test_a_promise_stops_calls_until_its_date_and_grace() -> None:
    report = ReportFacts(identity=IdentityResult.PASSED, promised_on=date(2022, 9, 20))
    action = after("51", report=report)
    assert action.status is CaseStatus.PROMISED
    assert action.promise_until == date(2022, 9, 27)
    assert action.not_before is None
    assert action.mark is Mark.NONE


def test_a_new_slip_is_waited_for_before_the_grace_runs() -> None:
    assert after("55").promise_until == date(2022, 9, 27)
    report = ReportFacts(promised_on=date(2022, 9, 25))
    assert after("55", report=report).promise_until == date(2022, 10, 2)


def test_a_rest_left_open_is_a_matter_to_check() -> None:
    report = ReportFacts(promised_on=date(2022, 9, 20), rest_left_open=True)
    assert after("52", report=report).mark is Mark.WHITE_STAR
    assert after("52", report=replace(report, rest_left_open=False)).mark is Mark.NONE


def test_account_transfer_and_changed_details_follow_the_promise() -> None:
    report = ReportFacts(promised_on=date(2022, 9, 20))
    action = after("51", "56", "70", report=report)
    assert action.status is CaseStatus.PROMISED
    assert action.promise_until == date(2022, 9, 27)
    assert action.mark is Mark.WHITE_STAR
    assert action.ticket


STARS = [row.code for row in TABLE.rows if row.mark is Mark.STAR]


@pytest.mark.parametrize("code", STARS)
@pytest.mark.parametrize(
    "status", [CaseStatus.WAITING, CaseStatus.FOLLOW_UP_BOOKED, CaseStatus.PROMISED]
)
def test_a_star_stops_calls_at_once(code: str, status: CaseStatus) -> None:
    history = CaseHistory(
        status=status,
        follow_up_at=jst(9, 13, 12) if status is CaseStatus.FOLLOW_UP_BOOKED else None,
        promise_until=date(2022, 9, 30) if status is CaseStatus.PROMISED else None,
    )
    action = after(code, history=history)
    assert action.status in (CaseStatus.WITH_DEPARTMENT, CaseStatus.CLOSED)
    assert action.not_before is None
    assert action.ticket


@pytest.mark.parametrize("code", [code for code in STARS if code != "35"])
def test_a_star_beside_a_promise_stops_calls_as_well(code: str) -> None:
    report = ReportFacts(identity=IdentityResult.PASSED, promised_on=date(2022, 9, 20))
    action = after("51", code, report=report)
    assert action.status in (CaseStatus.WITH_DEPARTMENT, CaseStatus.CLOSED)
    assert action.mark is Mark.STAR
    if action.status is CaseStatus.CLOSED:
        assert action.close_reason is CloseReason.HANDED_OVER
    else:
        assert action.promise_until == date(2022, 9, 27)


@pytest.mark.parametrize("code", ["35", "67", "74", "75", "76"])
def test_urgent_ends_are_handed_over_to_the_supervisor(code: str) -> None:
    action = after(code)
    assert (action.status, action.close_reason) == (CaseStatus.CLOSED, CloseReason.HANDED_OVER)
    assert action.urgent
    assert action.needs_supervisor


def test_other_hours_only_books_a_call_instead_of_stopping() -> None:
    assert after("69").status is CaseStatus.WITH_DEPARTMENT
    action = after("69", report=ReportFacts(follow_up_at=jst(9, 14, 19)))
    assert (action.status, action.follow_up_at) == (
        CaseStatus.FOLLOW_UP_BOOKED,
        jst(9, 14, 19),
    )
    assert action.mark is Mark.STAR


def test_an_agreed_time_outside_the_hours_is_moved_and_says_so() -> None:
    kept = after("43", report=ReportFacts(follow_up_at=jst(9, 14, 19)))
    assert (kept.follow_up_at, kept.moved_reason) == (jst(9, 14, 19), None)
    moved = after("43", report=ReportFacts(follow_up_at=jst(9, 14, 13, 30)))
    assert moved.follow_up_at == moved.not_before == jst(9, 14, 16, 30)
    assert moved.moved_reason is MovedReason.OUTSIDE_HOURS


def test_an_agreed_call_is_made_even_at_the_attempt_limit() -> None:
    full = CaseHistory(attempts=tuple(attempt("11", n * 2) for n in range(1, 6)))
    report = ReportFacts(follow_up_at=jst(9, 14, 19))
    assert after("43", history=full, report=report).status is CaseStatus.FOLLOW_UP_BOOKED


@pytest.mark.clause("S4-11.3a-2")
def test_a_callback_without_identity_makes_us_call_back() -> None:
    report = replace(INBOUND, follow_up_at=jst(9, 13, 16, 30))
    action = after("82", report=report)
    assert action.status is CaseStatus.FOLLOW_UP_BOOKED
    assert action.follow_up_at == jst(9, 13, 16, 30)
    assert not action.counted


def test_a_busy_line_at_the_agreed_time_leaves_the_call_owed() -> None:
    history = CaseHistory(status=CaseStatus.FOLLOW_UP_BOOKED, follow_up_at=TUESDAY)
    action = after("12", history=history)
    assert action.status is CaseStatus.FOLLOW_UP_BOOKED
    assert action.follow_up_at == jst(9, 13, 12, 15)
    assert action.moved_reason is MovedReason.NOT_GOT_THROUGH


def test_nobody_at_the_agreed_time_goes_back_to_waiting() -> None:
    history = CaseHistory(status=CaseStatus.FOLLOW_UP_BOOKED, follow_up_at=TUESDAY)
    action = after("11", history=history)
    assert (action.status, action.follow_up_at) == (CaseStatus.WAITING, None)


def test_a_relative_ringing_in_does_not_cancel_the_agreed_call() -> None:
    history = CaseHistory(status=CaseStatus.FOLLOW_UP_BOOKED, follow_up_at=jst(9, 14, 19))
    for code in ("32", "33", "38", "44", "83"):
        action = after(code, history=history, report=INBOUND)
        assert action.follow_up_at == jst(9, 14, 19), code
        assert action.status is CaseStatus.FOLLOW_UP_BOOKED
