"""The secret under which passwords, sessions and terminals are kept; it is not in the database.

It is what the key store's signing key says to one fixed sentence that is signed nowhere else; the
signature is deterministic (RFC 8032) and never leaves the process. That key survives every erasure
and every change of the passphrase: people log in to the very end. Whoever can only write the
database can neither forge a session nor put a password of his own into an account.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from weakref import WeakKeyDictionary

from secure_store.work import SecureStore

_SENTENCE = b"dialer/login-secret/v1: never a head, a certificate or a manifest"
_secrets: WeakKeyDictionary[SecureStore, bytes] = WeakKeyDictionary()


def install_login_secret(store: SecureStore, sign: Callable[[bytes], bytes]) -> None:
    """Called once by wiring, before the first unit of work."""
    _secrets[store] = hashlib.sha256(sign(_SENTENCE)).digest()


def keyed(store: SecureStore, purpose: str, *parts: str | None) -> str:
    """64 hex characters for these parts; no two lists of parts, nor two purposes, give the same.

    Raises KeyError when the store was wired without keys.
    """
    message = b"".join(
        b"-" if part is None else len(part.encode()).to_bytes(4, "big") + part.encode()
        for part in (purpose, *parts)
    )
    return hmac.new(_secrets[store], message, hashlib.sha256).hexdigest()


def matches_keyed(store: SecureStore, stored: str, purpose: str, *parts: str | None) -> bool:
    """True when ``stored`` is what ``keyed`` gives for these parts."""
    return hmac.compare_digest(stored, keyed(store, purpose, *parts))
