"""Strict reading of canonical JSON and of public keys, for the checkers that work alone.

The writer has its own canonical JSON in ``secure_store/canonical.py``. That it is written twice
is deliberate: this package shares no line with what it checks, so one mistake cannot hide in
both. It imports the standard library and ``cryptography`` only, and runs wherever this folder lies.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

RAW_KEY_BYTES = 32


class NotJsonError(ValueError):
    """The bytes are not JSON at all."""


class NotCanonicalError(ValueError):
    """JSON, but not in its one allowed form: doubled keys, spaces, other order, fractions."""


class UnusableKeyError(ValueError):
    """Neither 32 raw bytes nor the PEM of an Ed25519 public key."""


def read(data: bytes) -> Any:
    """The value of canonical JSON. Raises ``NotJsonError`` or ``NotCanonicalError``."""
    try:
        value = _READER.decode(data.decode("utf-8"))
        again = written(value)
    except NotCanonicalError:
        raise
    except (ValueError, RecursionError) as fault:
        raise NotJsonError from fault
    if again != data:
        raise NotCanonicalError
    return value


def written(value: Any) -> bytes:
    """``value`` in its one form."""
    return _WRITER.encode(value).encode("utf-8")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or None in found.values():
        raise NotCanonicalError
    return found


def _refuse_number(_text: str) -> Any:
    raise NotCanonicalError


# Made once: an audit log has millions of events.
_READER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_refuse_number, parse_constant=_refuse_number
)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def public_key_of(data: bytes) -> Ed25519PublicKey:
    """A public key from 32 raw bytes or from PEM. Raises ``UnusableKeyError``."""
    if len(data) == RAW_KEY_BYTES:
        return Ed25519PublicKey.from_public_bytes(data)
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise UnusableKeyError from fault
    if not isinstance(key, Ed25519PublicKey):
        raise UnusableKeyError
    return key


def raw_key(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of the key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id_of(key: Ed25519PublicKey) -> str:
    """Sixteen hexadecimal characters by which a certificate names its key."""
    return hashlib.sha256(raw_key(key)).hexdigest()[:16]


def signed_by(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether ``signature`` over ``message`` is the key's."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
