"""What is remembered of every row of a delivery: columns of numbers, and an index by digest. Pure.

Where the columns lie is decided by whoever calls: in memory, or sealed beside it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Protocol, overload

_TAG_BITS = 39
_PLACE_BITS = 24
MOST_PLACES = (1 << _PLACE_BITS) - 2
_FIRST_BITS = 10


class Numbers(Protocol):
    """A column of numbers of 64 bits with sign."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, at: int, /) -> int: ...
    @overload
    def __getitem__(self, at: slice, /) -> list[int]: ...
    def __setitem__(self, at: int, number: int, /) -> None: ...
    def __iter__(self) -> Iterator[int]: ...
    def append(self, number: int, /) -> None: ...
    def clear(self) -> None: ...


class Columns(Protocol):
    """Where columns are made."""

    def numbers(self, count: int = 0, *, filled_with: int = 0) -> Numbers:
        """A new column of so many equal numbers."""


class InMemory:
    """Columns that are simply kept; for files of a size that does not matter."""

    def numbers(self, count: int = 0, *, filled_with: int = 0) -> list[int]:
        return [filled_with] * count


IN_MEMORY = InMemory()


class DigestIndex:
    """Finds the place of a value by its digest: a place in, a place out.

    A slot holds 39 bits of a keyed digest and the place. Whoever asks says whether the value at a
    found place is the same one, so that two values of one digest are never taken for each other.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._key = secrets.token_bytes(16)
        self._bits = _FIRST_BITS
        self._slots = columns.numbers(1 << _FIRST_BITS)
        self._used = 0

    def find(self, value: bytes, is_same: Callable[[int], bool]) -> int | None:
        """The place under which the value was added, or None."""
        tag, slots, mask = self._tag(value), self._slots, (1 << self._bits) - 1
        at = tag >> _TAG_BITS - self._bits
        while (slot := slots[at]) != 0:
            if slot >> _PLACE_BITS == tag:
                place = (slot & MOST_PLACES + 1) - 1
                if is_same(place):
                    return place
            at = at + 1 & mask
        return None

    def add(self, value: bytes, place: int) -> None:
        """Adds a value that is not there yet. ``place``: up to ``MOST_PLACES``."""
        if 2 * self._used >= len(self._slots):
            self._grow()
        self._put(self._tag(value), place)
        self._used += 1

    def clear(self) -> None:
        """Forgets all places."""
        self._slots.clear()

    def _tag(self, value: bytes) -> int:
        digest = hashlib.blake2b(value, digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "big") >> 64 - _TAG_BITS

    def _put(self, tag: int, place: int) -> None:
        at = tag >> _TAG_BITS - self._bits  # in the order of the tags: growing reads on and on
        while self._slots[at] != 0:  # half of them are free
            at = at + 1 & (1 << self._bits) - 1
        self._slots[at] = tag << _PLACE_BITS | place + 1

    def _grow(self) -> None:
        before = self._slots
        self._bits += 1
        self._slots = self._columns.numbers(1 << self._bits)
        for slot in before:
            if slot:
                self._put(slot >> _PLACE_BITS, (slot & MOST_PLACES + 1) - 1)
        before.clear()
