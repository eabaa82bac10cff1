"""Puts several byte strings into one and takes them out again, exactly.

One box is sealed per column group, so the lent columns of a group travel together and come
back byte for byte (S4-13.1).
"""

from __future__ import annotations

from collections.abc import Sequence

from secure_store.sealing.sealing_errors import SealBroken

_LENGTH_BYTES = 4
_COUNT_BYTES = 2


def with_lengths(*parts: bytes) -> bytes:
    """Join parts, each behind its length (4 bytes, big-endian), so no two lists look alike."""
    return b"".join([len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts])


def pack_fields(fields: Sequence[bytes]) -> bytes:
    """The fields as one string: their number (2 bytes), then each behind its length.

    At most 65,535 fields; more raise OverflowError.
    """
    return len(fields).to_bytes(_COUNT_BYTES, "big") + with_lengths(*fields)


def unpack_fields(packed: bytes) -> tuple[bytes, ...]:
    """The fields that `pack_fields` packed, in their order.

    Raises SealBroken for anything `pack_fields` cannot have made: a cut string, a length
    beyond the end, bytes left over.
    """
    count = int.from_bytes(packed[:_COUNT_BYTES], "big")
    position = _COUNT_BYTES
    fields: list[bytes] = []
    while len(fields) < count and position + _LENGTH_BYTES <= len(packed):
        start = position + _LENGTH_BYTES
        position = start + int.from_bytes(packed[position:start], "big")
        fields.append(packed[start:position])
    if len(fields) != count or position != len(packed):
        raise SealBroken
    return tuple(fields)
