"""指標 of campaigns: what the measures of ``kpis`` are made of, counted for all cases at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from campaigns.cases.cases import CampaignView, get_campaign
from campaigns.cases.volumes import planned_volumes
from campaigns.profile.instructions import calling_rules
from campaigns.profile.parameters import ContactRateFormula
from campaigns.reports import kpis
from campaigns.reports.counting import (
    call_counts,
    minutes_in_hand,
    person_counts,
    reply_days_of,
    report_counts,
)
from campaigns.reports.counts import CampaignCounts, Rate, total
from campaigns.reports.payments import PaymentCounts, payment_counts
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


class Shown(StrEnum):
    """How a measure is told."""

    PERCENT = "percent"
    PER_MILLE = "per_mille"
    NUMBER = "number"


class Unmeasured(StrEnum):
    """Why a measure cannot be told."""

    NO_PLAN = "no_plan"
    SEALED = "sealed"
    PAYMENTS_NOT_OPENED = "payments_not_opened"
    NO_PAYMENT_DATA = "no_payment_data"
    NO_SWITCHBOARD = "no_switchboard"
    NO_COST = "no_cost"
    TOO_FEW = "too_few"


_Row = tuple[kpis.Measure, Shown]
MEASURES: Mapping[str, _Row] = MappingProxyType(
    {
        measure.__name__: (measure, shown)
        for shown, measures in (
            (
                Shown.PERCENT,
                (
                    kpis.progress,
                    kpis.contact_rate_of_lent_persons,
                    kpis.contact_rate_of_callable_persons,
                    kpis.household_contact_rate,
                    kpis.contacts_per_dial,
                    kpis.cover_rate,
                    kpis.tried_enough_rate,
                    kpis.promise_rate,
                    kpis.promised_amount_rate,
                    kpis.promise_kept_rate,
                    kpis.promise_kept_amount_rate,
                    kpis.guided_payment_rate,
                    kpis.voluntary_payment_rate,
                    kpis.escalation_rate,
                    kpis.star_rate,
                    kpis.bad_number_rate,
                    kpis.identity_mismatch_rate,
                    kpis.transfer_offer_rate,
                    kpis.transfer_wish_rate,
                    kpis.callback_answer_rate,
                    kpis.callback_abandonment_rate,
                    kpis.callback_lost_rate,
                    kpis.callback_rate,
                    kpis.reports_in_time_rate,
                    kpis.correction_rate,
                ),
            ),
            (Shown.PER_MILLE, (kpis.wrong_number_rate, kpis.complaint_rate)),
            (
                Shown.NUMBER,
                (kpis.average_attempts, kpis.dials_per_hour, kpis.contacts_per_hour),
            ),
        )
        for measure in measures
    }
)
_NEVER: Mapping[str, Unmeasured] = {
    "promised_amount_rate": Unmeasured.SEALED,
    "callback_answer_rate": Unmeasured.NO_SWITCHBOARD,
    "callback_abandonment_rate": Unmeasured.NO_SWITCHBOARD,
    "callback_lost_rate": Unmeasured.NO_SWITCHBOARD,
}
_BY_PAYMENTS = (
    "promise_kept_rate",
    "promise_kept_amount_rate",
    "guided_payment_rate",
    "voluntary_payment_rate",
)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure; ``missing``: why there is no value."""

    name: str
    shown: Shown
    rate: Rate
    missing: Unmeasured | None = None

    @property
    def text(self) -> str:
        """The value as printed; ``－`` over nothing."""
        if self.shown is Shown.PERCENT:
            return self.rate.as_percent_text()
        if self.shown is Shown.PER_MILLE:
            return self.rate.as_per_mille_text()
        return self.rate.as_number_text()


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """All measures of one campaign, or of several added up count by count.

    The measures of payments count those campaigns alone whose payments the city told of.
    ``interim``: persons whose 30 days are not over in the payment data.
    """

    campaigns: tuple[CampaignView, ...]
    formula: ContactRateFormula
    target: float
    contact: Rate
    against_target: kpis.TargetState
    lines: tuple[MeasureLine, ...]
    uplift: float | None
    reply_days: float | None
    answered_tickets: int
    with_payments: bool
    interim: int


def campaign_measures(
    work: UnitOfWork, codes: Sequence[str], *, with_payments: bool = False
) -> MeasuresPage:
    """The measures of these campaigns together. Raises NotAllowed, NotFound.

    ``with_payments`` opens what was paid, which the audit log notes; the work must then write.
    Which contact rate is "the 70 %" is told by the rules of the first one (S4-6.3).
    """
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    campaigns = tuple(get_campaign(work, code) for code in codes)
    rules = calling_rules(work, campaigns[0].receivable if campaigns else None)
    counts = replace(
        total(_counts(work, one) for one in campaigns), **report_counts(work, campaigns)
    )
    told = _payments(work, campaigns) if with_payments else []
    paid = total(one.counts for one in told)
    replies = [days for one in campaigns for days in reply_days_of(work, one.code)]
    formula, target = rules.parameters.contact_rate_formula, rules.parameters.contact_rate_target
    contact = kpis.contact_rate(counts, formula)
    uplift = kpis.uplift_points(kpis.guided_payment_rate(paid), kpis.voluntary_payment_rate(paid))
    return MeasuresPage(
        campaigns=campaigns,
        formula=formula,
        target=target,
        contact=contact,
        against_target=kpis.against_target(contact, target),
        lines=tuple(
            _paid_line(name, paid, with_payments, bool(told))
            if name in _BY_PAYMENTS
            else _line(name, counts)
            for name in MEASURES
        ),
        uplift=float(uplift) if uplift is not None else None,
        reply_days=kpis.reply_days(replies),
        answered_tickets=len(replies),
        with_payments=bool(told),
        interim=sum(one.interim for one in told),
    )


def _line(name: str, counts: CampaignCounts) -> MeasureLine:
    measure, shown = MEASURES[name]
    missing = _NEVER.get(name)
    if name == "progress" and not counts.planned:
        missing = Unmeasured.NO_PLAN
    return MeasureLine(name, shown, measure(counts), missing)


def _paid_line(name: str, paid: CampaignCounts, opened: bool, has_data: bool) -> MeasureLine:
    measure, shown = MEASURES[name]
    missing = None
    if not has_data:
        missing = Unmeasured.NO_PAYMENT_DATA if opened else Unmeasured.PAYMENTS_NOT_OPENED
    elif name == "promise_kept_amount_rate" and paid.promises_due and not paid.promises_due_yen:
        missing = Unmeasured.TOO_FEW  # a sum over a few promises would tell one person's amount
    return MeasureLine(name, shown, measure(paid), missing)


def _counts(work: UnitOfWork, campaign: CampaignView) -> CampaignCounts:
    """Every count of one campaign but its reports and payments; names of no part stay 0."""
    planned = planned_volumes(work, campaign.month).get(campaign.receivable, 0)
    parts: Counter[str] = Counter({"planned": planned})
    parts.update(person_counts(work, campaign))
    parts.update(call_counts(work, campaign))
    parts["agent_minutes"] = minutes_in_hand(work, campaign)
    return CampaignCounts(**parts)


def _payments(work: UnitOfWork, campaigns: Sequence[CampaignView]) -> list[PaymentCounts]:
    """Of each campaign the city told payments of."""
    counted = [payment_counts(work, one.code) for one in campaigns]
    return [one for one in counted if one.known_until is not None]
