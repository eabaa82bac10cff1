"""Pure: what a log line may hold. One event is one line, and no line tells who was called.

Bytes are refused (a sealed box, a key), runs of seven digits and more are masked (a telephone
number, 整理番号, an amount), control and invisible characters are escaped, length is limited
(S4-9.3, T35). Ids pass only through fields of their own, and only in their exact form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

MOST_CHARACTERS = 512
MASK = "[number]"
REFUSED = "[refused]"
CUT = "[cut]"

# Digits of any script; one or two joining characters between them do not hide a number.
_NUMBER = re.compile(r"\d(?:[\s().\-‐‑–—−ー－・/_,]{0,2}\d){6,}")

_WORD = re.compile(r"[A-Za-z]+\d{0,3}(?:[_.:-][A-Za-z]+\d{0,3})*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
ID_FORMS: Mapping[str, re.Pattern[str]] = {
    "request": re.compile(r"(?=[0-9a-f]*[a-f])[0-9a-f]{16,32}"),
    "object": re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    "campaign": re.compile(r"[A-Z]\d{2}-\d{6}"),
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "due": _INSTANT,
    "at": _INSTANT,
    "code": _WORD,
    "kind": _WORD,
    "job": _WORD,
    "where": re.compile(r"[A-Za-z_][A-Za-z0-9_.]*:\d{1,6}"),
    "worker": re.compile(r"[a-z]+-[0-9a-f]{8}"),
    "staff": re.compile(r"[A-Z]{1,4}\d{1,4}"),
}
"""Fields of a log line and the only form in which each may stand unmasked."""


def redacted(value: object) -> str:
    """Any value as text that may stand in a log: masked, escaped, at most 512 characters."""
    if isinstance(value, bytes | bytearray | memoryview):
        return REFUSED
    if value is None or isinstance(value, bool):
        return str(value)
    if not isinstance(value, str | int | float):
        return REFUSED
    # Masked before it is cut: a cut through a number would leave its first digits.
    shown = "".join(_escaped(character) for character in _NUMBER.sub(MASK, str(value)))
    if len(shown) <= MOST_CHARACTERS:
        return shown
    return shown[: MOST_CHARACTERS - len(CUT)] + CUT


def field_text(name: str, value: object) -> str:
    """The value of a named field: an id in its own form as it is, anything else redacted."""
    form = ID_FORMS.get(name)
    if isinstance(value, str) and form is not None and form.fullmatch(value):
        return value[:MOST_CHARACTERS]
    return redacted(value)


def log_line(fields: Mapping[str, object]) -> str:
    """One event as one line of JSON, without the line end."""
    shown = {name: field_text(name, value) for name, value in fields.items()}
    return json.dumps(shown, ensure_ascii=False)


def _escaped(character: str) -> str:
    # Controls, line separators, bidirectional marks, surrogates, invisible spaces.
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
