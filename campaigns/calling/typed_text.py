"""Pure: may this text stand in a sealed note and, later, in a daily file? (decision 15)

A character the campaign's encoding cannot carry is refused at entry, with its place: at the
close of the day nobody is left who could rephrase it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from campaigns.cases.formula_text import formula_at

# Control, format (bidirectional, zero width), surrogate, private use, unassigned; separators
# of lines and paragraphs. Line breaks are control characters and so refused as well.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class TextFaultKind(StrEnum):
    """Why a text is refused."""

    CONTROL_CHARACTER = "control_character"
    FORMULA_START = "formula_start"
    NOT_ENCODABLE = "not_encodable"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class TextFault:
    """``position``: the first character at fault, counted from 1; never the character itself."""

    kind: TextFaultKind
    position: int


def text_fault(text: str, *, codec: str, longest: int) -> TextFault | None:
    """The first fault of a text, or None.

    ``codec``: Python's name of the campaign's encoding; ``longest``: in characters.
    """
    for position, character in enumerate(text, start=1):
        if unicodedata.category(character) in _REFUSED_CATEGORIES:
            return TextFault(TextFaultKind.CONTROL_CHARACTER, position)
        if not _survives(character, codec):
            return TextFault(TextFaultKind.NOT_ENCODABLE, position)
    start = formula_at(text)
    if start is not None:
        return TextFault(TextFaultKind.FORMULA_START, start + 1)
    if len(text) > longest:
        return TextFault(TextFaultKind.TOO_LONG, longest + 1)
    return None


def _survives(character: str, codec: str) -> bool:
    # The way back is tried too: CP932 turns some characters into look-alikes without a word.
    try:
        return character.encode(codec).decode(codec) == character
    except UnicodeError:
        return False
