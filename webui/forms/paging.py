"""Which page of a long list is asked for."""

from __future__ import annotations

DIGITS = 7


def read_first(text: str, total: int, page: int) -> int:
    """The place, from 0, at which a page of ``page`` rows begins; beyond the end the last page."""
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0
    return min(asked, max(0, total - 1)) // page * page
