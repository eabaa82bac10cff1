"""Entries of the exchange: delivery settings, hand-overs, media, approvals of exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from secure_store.exchange.envelopes import Form
from webui.forms.entry import Entries, EntryFault

CONTRACT = "contract"
KEY_LONGEST = 100


@dataclass(frozen=True, slots=True)
class RecipientEntry:
    """A delivery setting as typed. ``receivable`` None: for the contract."""

    receivable: str | None
    form: Form
    public_key: str
    document_no: str


def read_recipient(
    values: Mapping[str, str], receivables: Iterable[str], forms: Iterable[Form]
) -> RecipientEntry:
    """Raises FormRefused."""
    entries = Entries(values)
    receivable = entries.choice("receivable", {CONTRACT, *receivables})
    form = entries.choice("form", {one.value for one in forms})
    key = entries.text("public_key")
    if form == Form.AGE and not key:
        entries.fault("public_key", EntryFault.MISSING)
    if len(key) > KEY_LONGEST:
        entries.fault("public_key", EntryFault.TOO_LONG)
    document_no = entries.document_no("document_no")
    entries.finish()
    chosen = None if receivable == CONTRACT else receivable
    return RecipientEntry(chosen, Form(form), key, document_no)
