"""Entries for a new campaign: a receivable, a month, three days (S4-7.1, S4-7.2a-1)."""

from __future__ import annotations

from collections.abc import Mapping

from campaigns.api import CampaignPlan, ContractProfile
from webui.forms.entry import Entries, EntryFault


def read_plan(values: Mapping[str, str], profile: ContractProfile) -> CampaignPlan:
    """The plan, with every day checked against the one before it. Raises FormRefused."""
    entries = Entries(values)
    plan = CampaignPlan(
        receivable=entries.choice("receivable", {one.code for one in profile.receivables}),
        month=entries.month("month"),
        calls_from=entries.day("calls_from"),
        calls_until=entries.day("calls_until"),
        callbacks_until=entries.day("callbacks_until"),
    )
    if "calls_from" not in entries.faults and plan.calls_from <= profile.preparation_until:
        entries.fault("calls_from", EntryFault.IN_PREPARATION)
    if plan.calls_until < plan.calls_from:
        entries.fault("calls_until", EntryFault.BEFORE_START)
    if plan.callbacks_until < plan.calls_until:
        entries.fault("callbacks_until", EntryFault.BEFORE_CALLS_END)
    if plan.callbacks_until > profile.contract_until:
        entries.fault("callbacks_until", EntryFault.AFTER_CONTRACT)
    entries.finish()
    return plan
