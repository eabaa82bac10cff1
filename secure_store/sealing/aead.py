"""The sealed value, and the wrapping of keys: AES-256-GCM with everything bound in.

A sealed value is ``magic 2 · suite 1 · key id 8 · nonce 12 · commitment 16 · padded content ·
tag 16``. The commitment ties the value to one key, the associated data to one place (see
`Context`), the padding hides how long a name or a note is.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from secure_store.sealing.boxes import with_lengths
from secure_store.sealing.scopes import Context, DestroyedKey, KeyLabel, WrappedKey
from secure_store.sealing.sealing_errors import KeyStoreDamaged, SealBroken

KEY_BYTES = 32
SALT_BYTES = 16
_ID_BYTES = 8
_NONCE_BYTES = 12
_COMMITMENT_BYTES = 16
_TAG_BYTES = 16
_SUITE = b"\xd1\x01\x01"  # magic, then suite 1: HKDF-SHA256, AES-256-GCM, commitment
KEY_ID_AT = len(_SUITE)  # where the id of the key begins in a sealed value
_HEAD_BYTES = len(_SUITE) + _ID_BYTES + _NONCE_BYTES
_LENGTH_BYTES = 4
_SMALL_SIZES = (64, 128, 256, 512)
_LARGE_STEP = 1024
_PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The key of one row, and the id of the data key it comes from. Never shown, never kept."""

    key: bytes = field(repr=False)
    key_id: bytes


def seal(record_key: bytes, key_id: bytes, context: Context, plaintext: bytes) -> bytes:
    """Seal bytes for one place. A fresh random nonce each time; 64 bytes of room at least."""
    return _sealed(record_key, key_id, context, plaintext, secrets.token_bytes(_NONCE_BYTES))


def seal_pieces(
    record_key: bytes, key_id: bytes, context: Context, plaintext: bytes
) -> Iterator[bytes]:
    """What `seal` makes, piece by piece: a whole file is not held in memory three times."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    head = _SUITE + key_id + nonce
    encryptor = Cipher(AES(_expand(record_key, "seal")), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(context.associated_data())
    yield head + _commitment(record_key, head)
    yield encryptor.update(len(plaintext).to_bytes(_LENGTH_BYTES, "big"))
    for start in range(0, len(plaintext), _PIECE_BYTES):
        yield encryptor.update(plaintext[start : start + _PIECE_BYTES])
    needed = _LENGTH_BYTES + len(plaintext)
    yield encryptor.update(bytes(_padded_size(needed) - needed))
    yield encryptor.finalize() + encryptor.tag


def key_id_in(box: bytes) -> bytes:
    """Under which data key a value says it was sealed; not checked before it is opened."""
    return box[KEY_ID_AT : KEY_ID_AT + _ID_BYTES]


def open_sealed(record_key: bytes, key_id: bytes, context: Context, box: bytes) -> bytes:
    """What was sealed for exactly this place under exactly this key.

    Raises SealBroken, always the same, whatever is wrong; nothing of the content is in it.
    """
    content = _opened(record_key, key_id, context, box)
    if content is None:
        raise SealBroken
    return content


def _sealed(
    record_key: bytes, key_id: bytes, context: Context, plaintext: bytes, nonce: bytes
) -> bytes:
    head = _SUITE + key_id + nonce
    ciphertext = AESGCM(_expand(record_key, "seal")).encrypt(
        nonce, _padded(plaintext), context.associated_data()
    )
    return head + _commitment(record_key, head) + ciphertext


def _opened(record_key: bytes, key_id: bytes, context: Context, box: bytes) -> bytes | None:
    head, rest = box[:_HEAD_BYTES], box[_HEAD_BYTES:]
    commitment, ciphertext = rest[:_COMMITMENT_BYTES], rest[_COMMITMENT_BYTES:]
    # The commitment first: a value made to open under two keys stops here.
    if not hmac.compare_digest(commitment, _commitment(record_key, head)):
        return None
    if head[:-_NONCE_BYTES] != _SUITE + key_id or len(ciphertext) < _TAG_BYTES:
        return None
    try:
        padded = AESGCM(_expand(record_key, "seal")).decrypt(
            head[-_NONCE_BYTES:], ciphertext, context.associated_data()
        )
    except InvalidTag:
        return None
    return _without_padding(padded)


def _padded(content: bytes) -> bytes:
    size = _padded_size(_LENGTH_BYTES + len(content))
    return (len(content).to_bytes(_LENGTH_BYTES, "big") + content).ljust(size, b"\0")


def _padded_size(needed: int) -> int:
    size = next((small for small in _SMALL_SIZES if needed <= small), None)
    return -(-needed // _LARGE_STEP) * _LARGE_STEP if size is None else size


def _without_padding(padded: bytes) -> bytes | None:
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    content = padded[_LENGTH_BYTES : _LENGTH_BYTES + length]
    return content if _padded(content) == padded else None


def _commitment(record_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_expand(record_key, "commit"), head, "sha256")[:_COMMITMENT_BYTES]


def _expand(key: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    return _one_block(key, f"dialer/{purpose}/v1".encode())[:length]


def _one_block(key: bytes, info: bytes) -> bytes:
    """HKDF-Expand (RFC 5869) up to 32 bytes: one HMAC, at a sixth of the general form's cost."""
    return hmac.digest(key, info + b"\x01", "sha256")


def key_id_of(key: bytes) -> bytes:
    """The 8 bytes by which a key is named; they say nothing about the key."""
    return _expand(key, "kid", _ID_BYTES)


def check_value_of(key: bytes) -> bytes:
    """The 8 bytes printed on certificates, by which a found key could be recognised."""
    return hmac.digest(key, b"kcv", "sha256")[:_ID_BYTES]


def derive_record_key(data_key: bytes, salt: bytes, row_id: UUID) -> bytes:
    """The key of a row, from its data key and the row's 16-byte salt."""
    extracted = hmac.digest(salt, data_key, "sha256")
    return _one_block(extracted, b"dialer/rec/v1" + row_id.bytes)


def derive_index_key(data_key: bytes, table: str, column: str) -> bytes:
    """The key of the blind index of one column; it dies with the data key."""
    info = with_lengths(b"dialer/bidx/v1", table.encode(), column.encode())
    return _one_block(data_key, info)


def derive_stream_key(key: bytes) -> bytes:
    """The key under which the chunks of one long file are sealed."""
    return _expand(key, "stream")


def wrap_key(
    wrapping: bytes, label: KeyLabel, secret: bytes, epoch: int, created_at: datetime
) -> WrappedKey:
    """Wrap a 32-byte key; its id, kind and scope are bound in."""
    key_id, nonce = key_id_of(secret), secrets.token_bytes(_NONCE_BYTES)
    wrapped = nonce + AESGCM(wrapping).encrypt(nonce, secret, _wrapping_data(label, key_id))
    return WrappedKey(label, key_id, epoch, created_at, check_value_of(secret), wrapped)


def unwrap_key(wrapping: bytes, key: WrappedKey) -> bytes:
    """The 32 bytes of a wrapped key. Raises KeyStoreDamaged when it is not what it says."""
    nonce, ciphertext = key.wrapped[:_NONCE_BYTES], key.wrapped[_NONCE_BYTES:]
    try:
        secret = AESGCM(wrapping).decrypt(nonce, ciphertext, _wrapping_data(key.label, key.key_id))
    except (InvalidTag, ValueError):
        raise KeyStoreDamaged(key_id=key.key_id.hex()) from None
    return secret


def _wrapping_data(label: KeyLabel, key_id: bytes) -> bytes:
    parts = (label.kind.value, label.scope, label.name)
    return with_lengths(b"dialer/wrap/v1", key_id, *(part.encode() for part in parts))


def unwrap_with_any(wrapping: Iterable[bytes], key: WrappedKey) -> tuple[bytes, ...]:
    """What the key unwraps to under each of these keys that opens it."""
    opened: list[bytes] = []
    for each in wrapping:
        with suppress(KeyStoreDamaged):
            opened.append(unwrap_key(each, key))
    return tuple(opened)


def tombstone_of(label: KeyLabel, key: bytes, made: datetime, now: datetime) -> DestroyedKey:
    """The tombstone of a key that was derived and never stored."""
    key_id, kcv = key_id_of(key).hex(), check_value_of(key).hex()
    return DestroyedKey(key_id, label.kind, label.scope, label.name, made, now, kcv)


def signature_of(seed: bytes, message: bytes) -> bytes:
    """The 64-byte Ed25519 signature under a 32-byte signing key."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public_key_of(seed: bytes, encoding: Encoding, form: PublicFormat) -> bytes:
    """The public key that belongs to a 32-byte signing key."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(encoding, form)
