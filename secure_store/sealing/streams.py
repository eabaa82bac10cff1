"""Long files sealed in chunks, so that nothing of them is held whole and nothing unchecked is used.

``magic 4 · file id 16``, then chunks of 1 MiB, each AES-256-GCM with the number of the chunk and
"is the last" as its nonce: a chunk that was moved, left out, repeated or cut off is refused.
The key seals exactly one file. Reading gives a chunk only after its tag was checked.
"""

from __future__ import annotations

import io
from typing import BinaryIO, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from secure_store.sealing.aead import KEY_BYTES, derive_stream_key
from secure_store.sealing.boxes import with_lengths
from secure_store.sealing.sealing_errors import SealBroken

CHUNK_BYTES = 1024 * 1024
MAGIC = b"\xd1BK\x01"
_HEAD_BYTES = len(MAGIC) + 16
_TAG_BYTES = 16


class Target(Protocol):
    """Where sealed bytes go."""

    def write(self, content: bytes, /) -> object: ...


class SealingWriter(io.RawIOBase):
    """Takes clear bytes and writes sealed chunks; ``finish`` writes the last one."""

    def __init__(self, target: Target, key: bytes, file_id: UUID, purpose: str) -> None:
        self._target = target
        self._cipher, self._bound = _cipher(key, file_id, purpose)
        self._waiting = bytearray()
        self._number = 0
        target.write(MAGIC + file_id.bytes)

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Seals what fills a chunk; the rest waits."""
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def finish(self) -> None:
        """Seals the last chunk. A file without it does not open."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last)
        self._target.write(self._cipher.encrypt(nonce, chunk, self._bound))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """Gives the clear bytes back. Raises SealBroken for anything the writer did not make."""

    def __init__(self, source: BinaryIO, key: bytes, file_id: UUID, purpose: str) -> None:
        self._source = source
        self._cipher, self._bound = _cipher(key, file_id, purpose)
        self._clear = b""
        self._number = 0
        self._is_over = False
        if source.read(_HEAD_BYTES) != MAGIC + file_id.bytes:
            raise SealBroken
        self._next = source.read(CHUNK_BYTES + _TAG_BYTES)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, fewer at the end only; all that is left when negative."""
        parts, wanted = [], size
        while wanted:
            if not self._clear and not self._open_next():
                break
            part = self._clear if wanted < 0 else self._clear[:wanted]
            self._clear = self._clear[len(part) :]
            wanted -= len(part) if wanted > 0 else 0
            parts.append(part)
        return b"".join(parts)

    def _open_next(self) -> bool:
        if self._is_over:
            return False
        chunk, self._next = self._next, self._source.read(CHUNK_BYTES + _TAG_BYTES)
        self._is_over = not self._next
        try:
            nonce = _nonce(self._number, self._is_over)
            self._clear = self._cipher.decrypt(nonce, chunk, self._bound)
        except InvalidTag:
            raise SealBroken from None
        self._number += 1
        return bool(self._clear) or not self._is_over


def file_id_of(source: BinaryIO) -> UUID:
    """Which file this is, from its unsealed head. Raises SealBroken for another kind of file."""
    head = source.read(_HEAD_BYTES)
    if len(head) != _HEAD_BYTES or not head.startswith(MAGIC):
        raise SealBroken
    return UUID(bytes=head[len(MAGIC) :])


def _cipher(key: bytes, file_id: UUID, purpose: str) -> tuple[AESGCM, bytes]:
    if len(key) != KEY_BYTES:
        raise SealBroken
    bound = with_lengths(b"dialer/stream/v1", purpose.encode(), file_id.bytes)
    return AESGCM(derive_stream_key(key)), bound


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
