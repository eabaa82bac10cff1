"""The city's document in a form: its number, the post that signed it, when it was received."""

from __future__ import annotations

from datetime import date

from campaigns.api import CityPaper, is_post
from webui.forms.entry import Entries, EntryFault


def read_paper(entries: Entries, today: date) -> CityPaper:
    """The document as typed; what is wrong is noted beside its fields."""
    number = entries.document_no("document_no")
    signer = entries.text("signer")
    if not signer:
        entries.fault("signer", EntryFault.MISSING)
    elif not is_post(signer):
        entries.fault("signer", EntryFault.NOT_A_POST)
    received_on = entries.day("received_on")
    if "received_on" not in entries.faults and received_on > today:
        entries.fault("received_on", EntryFault.DAY_TO_COME)
    return CityPaper(number, signer, received_on)
