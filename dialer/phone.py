"""Japanese telephone numbers: to digits, to E.164, their kind, and how they are shown.

The one spelling kept and dialled is national digits with the leading 0. Nothing here says
whether a number is in use, and no error holds the number.
"""

from __future__ import annotations

import re
from enum import StrEnum

from dialer.errors import NumberUnusable

LONGEST_TEXT = 40
"""Characters; anything longer is no number however it is written."""


class PhoneKind(StrEnum):
    """What a number is, by its leading digits."""

    LANDLINE = "landline"
    MOBILE = "mobile"
    IP = "ip"
    TOLL_FREE = "toll_free"
    SERVICE = "service"
    UNKNOWN = "unknown"


class NumberFault(StrEnum):
    """Why a text is no number that may be dialled."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"
    WRONG_PREFIX = "wrong_prefix"
    SERVICE_NUMBER = "service_number"


_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋", "0123456789+")
# ASCII, full-width and typographic hyphens, minus signs, dashes, the long-vowel marks people
# type for them, brackets and spaces. Anything else (ext., 内線, letters) is refused, not dropped.
_SEPARATORS = dict.fromkeys(
    map(
        ord,
        "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe63\u30fc\uff70"
        "()\uff08\uff09 \t\u00a0\u3000",
    )
)

_ELEVEN = re.compile(r"0[5-9]0[0-9]{8}")
_TEN = re.compile(r"0[1-9][0-9]{8}")
_ELEVEN_PREFIX = re.compile(r"0[5-9]0")
_TOLL_FREE = re.compile(r"0120|0800")
# Three-digit numbers (110, 118, 119 …), pagers and machines, and the services that are paid,
# shared or recorded. A callee is never reached under one of them.
_SERVICE = re.compile(r"1[0-9]{2}$|020|0120|0170|0180|0570|0800|0990")
# International access and carrier selection; no subscriber number of Japan begins so.
_NOT_NATIONAL = re.compile(r"00|010")


def normalise(text: str) -> str:
    """National digits of a number as people write it: 10 digits, 11 for mobile and IP (050).

    Accepts full-width digits, hyphens of any make, spaces, brackets and +81. Raises
    NumberUnusable whose ``reason`` is a NumberFault.
    """
    digits = _plain(text)
    if not digits:
        raise NumberUnusable(reason=NumberFault.EMPTY)
    if not (digits.isascii() and digits.isdigit()):
        raise NumberUnusable(reason=NumberFault.NOT_DIGITS)
    fault = _fault_of(digits)
    if fault is not None:
        raise NumberUnusable(reason=fault)
    return digits


def kind_of(digits: str) -> PhoneKind:
    """The kind of a number in national digits; UNKNOWN for whatever is none."""
    if _TOLL_FREE.match(digits):
        return PhoneKind.TOLL_FREE
    if _SERVICE.match(digits):
        return PhoneKind.SERVICE
    if _ELEVEN.fullmatch(digits):
        return PhoneKind.IP if digits.startswith("050") else PhoneKind.MOBILE
    if _fault_of(digits) is None:
        return PhoneKind.LANDLINE
    return PhoneKind.UNKNOWN


def e164(digits: str) -> str:
    """The international spelling (+81…) of a number that ``normalise`` gave."""
    return f"+81{digits.removeprefix('0')}"


def grouped(digits: str) -> str:
    """A number with hyphens, for reading on a screen. Other lengths come back unchanged.

    Landline groups follow the usual length of the area code; a few small exchanges are
    written otherwise by their people, so never compare numbers in this form.
    """
    if len(digits) == 11:
        first, second = (4, 3) if digits.startswith("0800") else (3, 4)
    elif len(digits) == 10:
        first = _area_code_length(digits)
        second = 3 if _SERVICE.match(digits) else 6 - first
    else:
        return digits
    return f"{digits[:first]}-{digits[first : first + second]}-{digits[first + second :]}"


def mask(digits: str) -> str:
    """Stars and the last four digits; only stars when fewer than eight characters are given."""
    shown = digits[-4:] if len(digits) >= 8 else ""
    return "*" * (len(digits) - len(shown)) + shown


def _plain(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise NumberUnusable(reason=NumberFault.WRONG_LENGTH)
    plain = text.strip().translate(_FULL_WIDTH).translate(_SEPARATORS)
    if plain.startswith("+81"):
        return "0" + plain[3:].removeprefix("0")
    return plain


def _fault_of(digits: str) -> NumberFault | None:
    if _SERVICE.match(digits):
        return NumberFault.SERVICE_NUMBER
    if not digits.startswith("0") or _NOT_NATIONAL.match(digits):
        return NumberFault.WRONG_PREFIX
    wanted = _ELEVEN if _ELEVEN_PREFIX.match(digits) else _TEN
    if not wanted.fullmatch(digits):
        return NumberFault.WRONG_LENGTH
    return None


# Area codes by their leading digits, longest first; every other one is taken as three digits.
# Hokkaido outside of Sapporo (011) has four; the callees of the first contract live there.
_AREA_CODE_LENGTHS = {
    "0120": 4, "0170": 4, "0180": 4, "0570": 4, "0990": 4,
    "011": 3, "012": 4, "013": 4, "014": 4, "015": 4, "016": 4,
    "03": 2, "06": 2,
}  # fmt: skip


def _area_code_length(digits: str) -> int:
    for length in (4, 3, 2):
        known = _AREA_CODE_LENGTHS.get(digits[:length])
        if known is not None:
            return known
    return 3
