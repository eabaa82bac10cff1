"""A payment or a withdrawal of one case, told by a document of the city."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from campaigns.api import EnteredPayment
from webui.forms.entry import Entries, EntryFault

LONGEST_SUM = 9


def read_document_no(values: Mapping[str, str]) -> str:
    """The number of the city's document. Raises FormRefused."""
    entries = Entries(values)
    document_no = entries.document_no("withdrawal_no")
    entries.finish()
    return document_no


def read_payment(values: Mapping[str, str], today: date) -> EnteredPayment:
    """A payment up to today. Raises FormRefused."""
    entries = Entries(values)
    document_no = entries.document_no("payment_no")
    paid_on = entries.day("paid_on")
    if "paid_on" not in entries.faults and paid_on > today:
        entries.fault("paid_on", EntryFault.NOT_PAID_YET)
    text = entries.text("paid_yen").replace(",", "")
    if not text:
        entries.fault("paid_yen", EntryFault.MISSING)
    elif not (text.isascii() and text.isdigit() and len(text) <= LONGEST_SUM and int(text)):
        entries.fault("paid_yen", EntryFault.NOT_A_SUM)
    entries.finish()
    return EnteredPayment(document_no, paid_on, int(text))
