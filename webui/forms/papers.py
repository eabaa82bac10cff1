"""The city's document in a form: its number, the post that signed it, when it was received."""

from __future__ import annotations

from datetime import date

from campaigns.api import CityPaper
from webui.forms.entry import Entries, EntryFault


def read_paper(entries: Entries, today: date) -> CityPaper:
    """The document as typed; what is wrong is noted beside its fields."""
    paper = CityPaper(
        entries.document_no("document_no"), entries.text("signer"), entries.day("received_on")
    )
    if not paper.signer:
        entries.fault("signer", EntryFault.MISSING)
    elif not paper.names_a_post:
        entries.fault("signer", EntryFault.NOT_A_POST)
    if "received_on" not in entries.faults and paper.received_on > today:
        entries.fault("received_on", EntryFault.DAY_TO_COME)
    return paper
