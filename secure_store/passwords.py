"""Password rules and hashing (security.md 7.2): Argon2id, no expiry, no composition rules."""

from __future__ import annotations

import threading
import unicodedata
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from secure_store.errors import Invalid

SHORTEST = 12
LONGEST = 128
MOST_BYTES = 1024
CONTEXT_WORDS = (
    "password",
    "sapporo",
    "noufu",
    "nouhu",
    "center",
    "dialer",
    "納付",
    "札幌",
    "案内",
)

# Two at a time: a burst of log-ins must not take the memory of the machine.
_slots = threading.BoundedSemaphore(2)
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CONTAINS_CONTEXT_WORD = "contains_context_word"
    CONTAINS_STAFF_CODE = "contains_staff_code"
    ONE_CHARACTER_REPEATED = "one_character_repeated"
    SAME_AS_BEFORE = "same_as_before"


class PasswordRefused(Invalid):
    """This password cannot be used."""

    code = "password_refused"


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def check_new(password: str, staff_code: str) -> None:
    """Raises PasswordRefused with the fault's name, never the password."""
    text = _normal(password)
    lowered = text.lower()
    if len(text) < SHORTEST:
        raise PasswordRefused(fault=PasswordFault.TOO_SHORT.value)
    if len(text) > LONGEST or len(text.encode()) > MOST_BYTES:
        raise PasswordRefused(fault=PasswordFault.TOO_LONG.value)
    if len(set(text)) < 3:
        raise PasswordRefused(fault=PasswordFault.ONE_CHARACTER_REPEATED.value)
    if staff_code.lower() in lowered:
        raise PasswordRefused(fault=PasswordFault.CONTAINS_STAFF_CODE.value)
    if any(word in lowered for word in CONTEXT_WORDS):
        raise PasswordRefused(fault=PasswordFault.CONTAINS_CONTEXT_WORD.value)


def hash_password(password: str) -> str:
    """An Argon2id hash with its parameters and salt."""
    with _slots:
        return _hasher.hash(_normal(password))


def matches(stored: str, password: str) -> bool:
    """True when the password is the one that was hashed."""
    if len(password.encode()) > MOST_BYTES:
        return False
    with _slots:
        try:
            return _hasher.verify(stored, _normal(password))
        except (VerificationError, InvalidHashError):
            return False


def spend_the_same_time(password: str) -> None:
    """For an unknown account: costs what a real check costs, so that nobody learns which exist."""
    matches(_NOBODY, password)


_NOBODY = _hasher.hash("nobody has this account")
