"""Ids of lent rows that grow in the order of the file. Pure.

Random ids would put every new row on another page of every index, and the cost of a row would
grow with the table. These are UUIDs of version 7 (RFC 9562): the instant, the row's number, then
48 random bits, so that nobody can guess one from another.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 2 << 62
_RANDOM_BITS = 48


def ordered_id(at: datetime, number: int) -> UUID:
    """The id of the row with this number (1 to 67 million) of an intake that began ``at``."""
    millis = int(at.timestamp() * 1000) & (1 << 48) - 1
    high, low = number >> 14 & 0xFFF, number & 0x3FFF
    tail = low << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return UUID(int=millis << 80 | _VERSION | high << 64 | _VARIANT | tail)
