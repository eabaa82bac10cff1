"""Pure: the measures of the reports, one function each, with numerator and denominator.

The specification names 接触率 and エスカレーション率 and defines neither (S4-6.3, S4-13.3a), so
every measure says what it divides by what, and which contact rate is meant is a parameter.
Persons are distinct cases of one receivable in one campaign; nothing is joined across
receivables, totals only add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

from campaigns.profile.parameters import ContactRateFormula
from campaigns.reports.counts import CampaignCounts, Rate

Measure = Callable[[CampaignCounts], Rate]
"""What most functions here are."""


def progress(counts: CampaignCounts) -> Rate:
    """架電進捗: dials made ÷ calls planned for the period (S4-6.3-1)."""
    return Rate(counts.dials, counts.planned)


def contact_rate_of_lent_persons(counts: CampaignCounts) -> Rate:
    """接触率A: persons reached ÷ persons lent and not withdrawn, Cp ÷ (N − X)."""
    return Rate(counts.reached, counts.standing)


def contact_rate_of_callable_persons(counts: CampaignCounts) -> Rate:
    """接触率B: persons reached ÷ persons with a usable number, Cp ÷ Nv."""
    return Rate(counts.reached, counts.callable_persons)


def household_contact_rate(counts: CampaignCounts) -> Rate:
    """接触率C: persons or households reached ÷ persons lent and not withdrawn, Cw ÷ (N − X)."""
    return Rate(counts.reached_wide, counts.standing)


def contact_rate(counts: CampaignCounts, formula: ContactRateFormula) -> Rate:
    """接触率 by the formula agreed on with the client."""
    return {
        ContactRateFormula.A: contact_rate_of_lent_persons,
        ContactRateFormula.B: contact_rate_of_callable_persons,
        ContactRateFormula.C: household_contact_rate,
    }[formula](counts)


class TargetState(StrEnum):
    """How a rate stands to its target."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_MEASURABLE = "not_measurable"


def against_target(rate: Rate, target: float) -> TargetState:
    """Is the exact rate at or above the target, such as 0.70 (S4-6.3-2)? Rounding plays no part."""
    if rate.value is None:
        return TargetState.NOT_MEASURABLE
    # By its decimal digits: as a binary number 0.7 lies beside seven tenths.
    wanted = Fraction(Decimal(str(target)))
    return TargetState.MET if rate.value >= wanted else TargetState.NOT_MET


def contacts_per_dial(counts: CampaignCounts) -> Rate:
    """発信コンタクト率: calls a human answered ÷ dials, H ÷ D. Per call, no contact rate."""
    return Rate(counts.answered, counts.dials)


def cover_rate(counts: CampaignCounts) -> Rate:
    """架電カバー率: persons attempted ÷ persons that can be dialled, T ÷ Nd."""
    return Rate(counts.attempted, counts.diallable)


def tried_enough_rate(counts: CampaignCounts) -> Rate:
    """規定回数到達率: persons reached or attempted as often as prescribed ÷ Nd."""
    return Rate(counts.tried_enough, counts.diallable)


def average_attempts(counts: CampaignCounts) -> Rate:
    """平均架電回数: counted attempts ÷ persons attempted, A ÷ T."""
    return Rate(counts.counted_attempts, counts.attempted)


def dials_per_hour(counts: CampaignCounts) -> Rate:
    """架電効率: dials ÷ hours worked by agents; the counts are dials × 60 and minutes."""
    return Rate(counts.dials * 60, counts.agent_minutes)


def contacts_per_hour(counts: CampaignCounts) -> Rate:
    """Persons reached ÷ hours worked by agents; the counts are persons × 60 and minutes."""
    return Rate(counts.reached * 60, counts.agent_minutes)


def promise_rate(counts: CampaignCounts) -> Rate:
    """納付約束率: persons who promised ÷ persons reached, P ÷ Cp."""
    return Rate(counts.promised, counts.reached)


def promised_amount_rate(counts: CampaignCounts) -> Rate:
    """約束額率: yen promised ÷ yen unpaid by the persons reached."""
    return Rate(counts.promised_yen, counts.arrears_of_reached_yen)


def promise_kept_rate(counts: CampaignCounts) -> Rate:
    """約束履行率（件数）: promises kept ÷ promises due of which payment data exist."""
    return Rate(counts.promises_kept, counts.promises_due)


def promise_kept_amount_rate(counts: CampaignCounts) -> Rate:
    """約束履行率（金額）: yen paid in time, at most as promised ÷ yen promised and due."""
    return Rate(counts.promises_kept_yen, counts.promises_due_yen)


def escalation_rate(counts: CampaignCounts) -> Rate:
    """エスカレーション率: persons with ★ or ☆ ÷ persons or households reached, Cw (S4-13.3a)."""
    return Rate(counts.escalated, counts.reached_wide)


def star_rate(counts: CampaignCounts) -> Rate:
    """Of these ★ alone: persons with ★ ÷ Cw."""
    return Rate(counts.escalated_star, counts.reached_wide)


def bad_number_rate(counts: CampaignCounts) -> Rate:
    """番号不良率: persons with a bad number found ÷ persons attempted, T."""
    return Rate(counts.with_bad_number, counts.attempted)


def identity_mismatch_rate(counts: CampaignCounts) -> Rate:
    """本人確認不一致率: mismatched checks ÷ calls in which a check was begun."""
    return Rate(counts.identity_mismatched, counts.identity_started)


def wrong_number_rate(counts: CampaignCounts) -> Rate:
    """誤架電率: calls that met another person ÷ dials; told per mille."""
    return Rate(counts.wrong_number_calls, counts.dials)


def complaint_rate(counts: CampaignCounts) -> Rate:
    """苦情率: complaints ÷ calls a human answered, H; told per mille."""
    return Rate(counts.complaints, counts.answered)


def transfer_offer_rate(counts: CampaignCounts) -> Rate:
    """口座振替案内率: promises of flagged persons with the offer made ÷ all promises of such."""
    return Rate(counts.transfer_offered, counts.transfer_targets_promised)


def transfer_wish_rate(counts: CampaignCounts) -> Rate:
    """口座振替希望率: persons who want it ÷ persons it was offered to."""
    return Rate(counts.transfer_wanted, counts.transfer_offered)


def callback_answer_rate(counts: CampaignCounts) -> Rate:
    """折返し応答率: answered ÷ (offered − out of hours)."""
    return Rate(counts.callbacks_answered, counts.callbacks_offered - counts.callbacks_out_of_hours)


def callback_abandonment_rate(counts: CampaignCounts) -> Rate:
    """折返し放棄率: hung up while waiting ÷ offered."""
    return Rate(counts.callbacks_abandoned, counts.callbacks_offered)


def callback_lost_rate(counts: CampaignCounts) -> Rate:
    """折返し呼損率: met a busy line ÷ tried, which is offered and lost together (S4-8.3c: 0)."""
    return Rate(counts.callbacks_lost, counts.callbacks_offered + counts.callbacks_lost)


def callback_rate(counts: CampaignCounts) -> Rate:
    """折返し率: callbacks of listed persons ÷ calls after which one was asked for."""
    return Rate(counts.callbacks_of_listed, counts.callbacks_asked_for)


def reports_in_time_rate(counts: CampaignCounts) -> Rate:
    """日報期限遵守率: daily reports confirmed by the due time ÷ days."""
    return Rate(counts.reports_in_time, counts.report_days)


def correction_rate(counts: CampaignCounts) -> Rate:
    """訂正率: corrected result rows ÷ result rows."""
    return Rate(counts.corrected_rows, counts.result_rows)


def guided_payment_rate(counts: CampaignCounts) -> Rate:
    """案内後納付率(30日): persons reached who paid within 30 days ÷ persons reached, Cp."""
    return Rate(counts.paid_of_reached, counts.reached)


def voluntary_payment_rate(counts: CampaignCounts) -> Rate:
    """非接触者自主納付率: persons never reached who paid within 30 days ÷ persons never reached."""
    return Rate(counts.paid_of_never_reached, counts.never_reached)


def uplift_points(guided: Rate, control: Rate) -> Fraction | None:
    """接触効果: paid of those reached − paid of those never reached, in percentage points."""
    if guided.value is None or control.value is None:
        return None
    return (guided.value - control.value) * 100


def reply_days(business_days: Iterable[int]) -> float | None:
    """所管課回答日数: the median of business days to the answer; None without an answer."""
    listed = list(business_days)
    return float(median(listed)) if listed else None
