"""Entries of the exports: the city's approval, and what is taken out under it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.api import CityPaper, ExchangeRules
from secure_store.exchange.exports import NewApproval
from webui.forms.entry import Entries, EntryFault

CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """What somebody wants to take out."""

    day: date
    approval_id: UUID
    purpose: str
    place: str
    password: str | None


def read_approval(
    values: Mapping[str, str], rules: ExchangeRules, receivables: Collection[str]
) -> NewApproval:
    """Raises FormRefused."""
    entries = Entries(values)
    document_no = entries.document_no("document_no")
    signer = entries.text("signer")
    if not signer:
        entries.fault("signer", EntryFault.MISSING)
    elif not CityPaper(document_no, signer, date.min).names_a_post:
        entries.fault("signer", EntryFault.NOT_A_POST)
    purpose = entries.choice("purpose", set(rules.purposes))
    place = entries.choice("place", set(rules.take_out_places))
    receivable = entries.choice("receivable", {CONTRACT, *receivables})
    first, last = entries.day("valid_from"), entries.day("valid_until")
    if not entries.faults and last < first:
        entries.fault("valid_until", EntryFault.BEFORE_START)
    entries.finish()
    scope = None if receivable == CONTRACT else receivable
    return NewApproval(document_no, signer, purpose, place, scope, first, last)


def read_export(
    values: Mapping[str, str],
    rules: ExchangeRules,
    approvals: Collection[str],
    days: Collection[str],
) -> ExportEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    approval = entries.choice("approval", set(approvals))
    day = entries.choice("day", set(days))
    purpose = entries.choice("run_purpose", set(rules.purposes))
    place = entries.choice("run_place", set(rules.take_out_places))
    entries.finish()
    password = values.get("password") or None
    return ExportEntry(date.fromisoformat(day), UUID(approval), purpose, place, password)
