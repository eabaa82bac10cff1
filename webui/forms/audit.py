"""Forms of the audit screens: the filter, and anchors brought from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from secure_store.audit.reading import EventFilter, families
from secure_store.verifier.notes import notes_in

MOST_ANCHORS = 400  # one for each business day of a contract year, and some more
ANCHOR_BYTES = 1024 * 1024  # the file of a year: one head of some 250 bytes a quarter of an hour
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:-]{0,31}")


def read_filter(arguments: Mapping[str, str]) -> EventFilter:
    """The filter of the address line; what is no known word filters nothing."""
    family = arguments.get("family", "")
    actor = arguments.get("actor", "").strip()
    return EventFilter(
        family=family if family in families() else "",
        actor=actor if _CODE.fullmatch(actor) else "",
    )


def read_before(arguments: Mapping[str, str]) -> int | None:
    """The number to go on from, None at the newest."""
    text = arguments.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def read_anchors(documents: Iterable[bytes]) -> tuple[str, ...]:
    """Signed heads as text. What is no text is kept as such: the check must report it."""
    kept = [document for document in documents if document][:MOST_ANCHORS]
    texts = (
        document[:ANCHOR_BYTES].decode("utf-8", errors="replace").replace("\r\n", "\n")
        for document in kept
    )
    return tuple(note for text in texts for note in notes_in(text))
