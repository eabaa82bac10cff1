"""Password rules and hashing (security.md 7.2): Argon2id, no expiry, no composition rules.

What is hashed is the password under the login secret and the person's code: a hash is worth
nothing without the key store, and nothing in another person's account.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from secure_store.errors import Invalid, Unavailable
from secure_store.people.common_passwords import is_common
from secure_store.people.login_secret import keyed
from secure_store.work import SecureStore

SHORTEST_WITH_SECOND_FACTOR = 12
SHORTEST = 15
LONGEST = 128
MOST_BYTES = 1024
FIRST_PASSWORD_BYTES = 15  # 20 characters
AT_ONCE = 2
PATIENCE_SECONDS = 3.0
CONTEXT_WORDS = (
    "password",
    "sapporo",
    "noufu",
    "nouhu",
    "center",
    "dialer",
    "company",
    "納付",
    "札幌",
    "案内",
    "センター",
    "パスワード",
)

# Two at a time: a burst of log-ins must not take the memory of the machine.
_slots = threading.BoundedSemaphore(AT_ONCE)
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CONTAINS_CONTEXT_WORD = "contains_context_word"
    CONTAINS_STAFF_CODE = "contains_staff_code"
    ONE_CHARACTER_REPEATED = "one_character_repeated"
    COMMON = "common"
    SAME_AS_BEFORE = "same_as_before"


class PasswordRefused(Invalid):
    """This password cannot be used."""

    code = "password_refused"


class PasswordsBusy(Unavailable):
    """Too many passwords are being checked at this moment."""

    code = "passwords_busy"


def normal(password: str) -> str:
    """The characters as one form, however they were typed (NFC)."""
    return unicodedata.normalize("NFC", password)


def first_password() -> str:
    """A random first password of 20 characters; it must be changed at the first log-in."""
    return secrets.token_urlsafe(FIRST_PASSWORD_BYTES)


def check_new(password: str, staff_code: str, *, has_second_factor: bool = False) -> None:
    """Raises PasswordRefused with the fault's name, never the password."""
    text = normal(password)
    lowered = unicodedata.normalize("NFKC", text).lower()
    shortest = SHORTEST_WITH_SECOND_FACTOR if has_second_factor else SHORTEST
    tests = (
        (len(text) < shortest, PasswordFault.TOO_SHORT),
        (len(text) > LONGEST or len(text.encode()) > MOST_BYTES, PasswordFault.TOO_LONG),
        (len(set(text)) < 3, PasswordFault.ONE_CHARACTER_REPEATED),
        (staff_code.lower() in lowered, PasswordFault.CONTAINS_STAFF_CODE),
        (any(word in lowered for word in CONTEXT_WORDS), PasswordFault.CONTAINS_CONTEXT_WORD),
        (is_common(lowered), PasswordFault.COMMON),
    )
    fault = next((fault for applies, fault in tests if applies), None)
    if fault is not None:
        raise PasswordRefused(fault=fault.value)


@contextmanager
def slot() -> Iterator[None]:
    """One of the two places where hashes are made. Raises PasswordsBusy after a short wait."""
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise PasswordsBusy
    try:
        yield
    finally:
        _slots.release()


def hash_password(store: SecureStore, staff_code: str, password: str) -> str:
    """An Argon2id hash with its parameters and salt. Never while a database waits for it."""
    with slot():
        return hash_in_slot(store, staff_code, password)


def hash_in_slot(store: SecureStore, staff_code: str, password: str) -> str:
    """The same for whoever holds a ``slot`` already."""
    return _hasher.hash(_under_secret(store, staff_code, password))


def matches(store: SecureStore, stored: str | None, staff_code: str, password: str) -> bool:
    """True when the password is the one that was hashed; to be called inside a ``slot``.

    Without a stored hash it costs the same, so that nobody learns which accounts exist.
    """
    if len(password.encode()) > MOST_BYTES:
        return False
    guess = _under_secret(store, staff_code, password)
    try:
        return _hasher.verify(stored or _NOBODY, guess) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """True when the hash was made with parameters other than today's."""
    return _hasher.check_needs_rehash(stored)


def _under_secret(store: SecureStore, staff_code: str, password: str) -> str:
    return keyed(store, "password", staff_code, normal(password))


_NOBODY = _hasher.hash("nobody has this account")
