"""Measures recomputed by hand, their rounding, and the target of seventy per cent."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.profile.parameters import ContactRateFormula, Parameters
from campaigns.reports import kpis
from campaigns.reports.counts import CampaignCounts, Rate, total
from campaigns.reports.kpis import TargetState, against_target, contact_rate, progress

COUNTS = CampaignCounts(
    planned=500,
    lent=120,
    withdrawn=20,
    not_callable=10,
    numbers_unusable=15,
    attempted=80,
    reached=60,
    reached_wide=70,
    tried_enough=72,
    promised=45,
    escalated_star=7,
    escalated=14,
    with_bad_number=20,
    dials=450,
    counted_attempts=240,
    answered=150,
    identity_started=90,
    identity_mismatched=9,
    wrong_number_calls=3,
    complaints=6,
    agent_minutes=1_350,
    promised_yen=900_000,
    arrears_of_reached_yen=1_200_000,
    promises_due=40,
    promises_kept=30,
    promises_due_yen=800_000,
    promises_kept_yen=500_000,
    transfer_targets_promised=20,
    transfer_offered=16,
    transfer_wanted=4,
    callbacks_offered=50,
    callbacks_answered=36,
    callbacks_out_of_hours=10,
    callbacks_abandoned=3,
    callbacks_lost=0,
    callbacks_of_listed=12,
    callbacks_asked_for=48,
    result_rows=200,
    corrected_rows=3,
    report_days=22,
    reports_in_time=22,
)


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "text"),
    [
        (kpis.progress, 450, 500, "90.0%"),
        (kpis.contact_rate_of_lent_persons, 60, 100, "60.0%"),
        (kpis.contact_rate_of_callable_persons, 60, 75, "80.0%"),
        (kpis.household_contact_rate, 70, 100, "70.0%"),
        (kpis.contacts_per_dial, 150, 450, "33.3%"),
        (kpis.cover_rate, 80, 90, "88.9%"),
        (kpis.tried_enough_rate, 72, 90, "80.0%"),
        (kpis.promise_rate, 45, 60, "75.0%"),
        (kpis.promised_amount_rate, 900_000, 1_200_000, "75.0%"),
        (kpis.promise_kept_rate, 30, 40, "75.0%"),
        (kpis.promise_kept_amount_rate, 500_000, 800_000, "62.5%"),
        (kpis.escalation_rate, 14, 70, "20.0%"),
        (kpis.star_rate, 7, 70, "10.0%"),
        (kpis.bad_number_rate, 20, 80, "25.0%"),
        (kpis.identity_mismatch_rate, 9, 90, "10.0%"),
        (kpis.transfer_offer_rate, 16, 20, "80.0%"),
        (kpis.transfer_wish_rate, 4, 16, "25.0%"),
        (kpis.callback_answer_rate, 36, 40, "90.0%"),
        (kpis.callback_abandonment_rate, 3, 50, "6.0%"),
        (kpis.callback_lost_rate, 0, 50, "0.0%"),
        (kpis.callback_rate, 12, 48, "25.0%"),
        (kpis.reports_in_time_rate, 22, 22, "100.0%"),
        (kpis.correction_rate, 3, 200, "1.5%"),
    ],
)
def test_each_rate_divides_what_it_says(
    measure: kpis.Measure, numerator: int, denominator: int, text: str
) -> None:
    rate = measure(COUNTS)
    assert (rate.numerator, rate.denominator) == (numerator, denominator)
    assert rate.as_percent_text() == text


def test_averages_and_speeds() -> None:
    assert kpis.average_attempts(COUNTS).as_number_text() == "3.0"
    assert kpis.dials_per_hour(COUNTS).as_number_text() == "20.0"  # 450 in 22.5 hours
    assert kpis.contacts_per_hour(COUNTS).as_number_text() == "2.7"
    assert kpis.wrong_number_rate(COUNTS).as_per_mille_text() == "6.7‰"
    assert kpis.complaint_rate(COUNTS).as_per_mille_text() == "40.0‰"


@pytest.mark.clause("S4-6.3-1")
def test_planned_and_made_calls_stand_beside_each_other() -> None:
    rate = progress(CampaignCounts(planned=500, dials=450))
    assert (rate.denominator, rate.numerator, rate.as_percent_text()) == (500, 450, "90.0%")
    assert progress(CampaignCounts(dials=450)).as_percent_text() == "－"


@pytest.mark.clause("S4-6.3-2")
@pytest.mark.parametrize(
    ("reached", "lent", "text", "state"),
    [
        (7, 10, "70.0%", TargetState.MET),
        (6, 10, "60.0%", TargetState.NOT_MET),
        (0, 10, "0.0%", TargetState.NOT_MET),
        (6_999, 10_000, "70.0%", TargetState.NOT_MET),  # shown rounded, judged exactly
        (0, 0, "－", TargetState.NOT_MEASURABLE),
    ],
)
def test_the_contact_rate_is_held_against_seventy_per_cent(
    reached: int, lent: int, text: str, state: TargetState
) -> None:
    parameters = Parameters()
    counts = CampaignCounts(lent=lent, reached=reached, reached_wide=reached)
    rate = contact_rate(counts, parameters.contact_rate_formula)
    assert rate.as_percent_text() == text
    assert against_target(rate, parameters.contact_rate_target) is state


@pytest.mark.clause("S4-6.3-2")
def test_which_contact_rate_is_meant_is_a_parameter() -> None:
    texts = [contact_rate(COUNTS, one).as_percent_text() for one in ContactRateFormula]
    assert texts == ["60.0%", "80.0%", "70.0%"]


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_percent_texts_are_exact_to_half_a_tenth(numerator: int, denominator: int) -> None:
    text = Rate(numerator, denominator).as_percent_text()
    error = Fraction(text.removesuffix("%")) - Fraction(100 * numerator, denominator)
    assert Fraction(-1, 20) < error <= Fraction(1, 20)  # a half goes up


@given(st.integers(0, 1_000), st.integers(0, 1_000))
def test_any_share_of_seven_tenths_or_more_meets_the_target(reached: int, rest: int) -> None:
    state = against_target(Rate(reached, reached + rest), 0.70)
    if reached + rest == 0:
        assert state is TargetState.NOT_MEASURABLE
    else:
        assert (state is TargetState.MET) == (10 * reached >= 7 * (reached + rest))


def test_a_target_is_its_decimal_digits_and_not_the_binary_number_beside_them() -> None:
    assert Fraction(0.1) > Fraction(1, 10)
    assert against_target(Rate(1, 10), 0.1) is TargetState.MET
    assert against_target(Rate(10**17 * 7 - 1, 10**18), 0.7) is TargetState.NOT_MET


def test_several_receivables_add_up_count_by_count() -> None:
    both = total([COUNTS, CampaignCounts(lent=80, reached=0)])
    assert (both.lent, both.reached, both.dials) == (200, 60, 450)
    assert kpis.contact_rate_of_lent_persons(both) == Rate(60, 180)
    assert total([]) == CampaignCounts()


def test_no_count_is_negative_and_an_empty_campaign_measures_nothing() -> None:
    with pytest.raises(ValueError, match="negative"):
        CampaignCounts(lent=-1)
    nothing = CampaignCounts()
    assert all(getattr(nothing, one.name) == 0 for one in fields(nothing))
    assert kpis.dials_per_hour(nothing).as_number_text() == "－"
    assert kpis.complaint_rate(nothing).as_per_mille_text() == "－"


def test_uplift_is_a_difference_in_points_and_may_be_negative() -> None:
    assert kpis.uplift_points(Rate(558, 1000), Rate(341, 1000)) == Fraction(217, 10)
    assert kpis.uplift_points(Rate(1, 4), Rate(1, 2)) == -25
    assert kpis.uplift_points(Rate(1, 4), Rate(0, 0)) is None
    assert Rate(-1, 8).as_percent_text() == "-12.5%"


def test_reply_days_are_a_median() -> None:
    assert kpis.reply_days([1, 9, 2]) == 2.0
    assert kpis.reply_days([1, 2]) == 1.5
    assert kpis.reply_days([]) is None
