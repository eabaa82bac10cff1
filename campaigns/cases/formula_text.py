"""Pure: would a spreadsheet take this text for a formula? (security.md 8.3)

Full-width signs count: a Japanese spreadsheet runs them too. Spaces, quotes and characters that
nobody sees do not hide what follows them.
"""

from __future__ import annotations

import unicodedata

# Minus signs come in several shapes; some programs fold them to the narrow one on opening.
_SIGNS = frozenset("=+-@|＝＋－＠｜−﹢﹣﹦﹫﹘")
_BREAKS = frozenset("\t\r\n")
_QUOTES = frozenset("\"'`´‘’“”＂＇")
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})


def formula_at(text: str) -> int | None:
    """The position of the sign that starts a formula, counted from 0; None for a plain text."""
    for position, character in enumerate(text):
        if character in _SIGNS:
            return position
        if character in _BREAKS:
            return position
        if character not in _QUOTES and unicodedata.category(character) not in _UNSEEN:
            return None
    return None
