"""Columns of numbers beside the memory: sealed pages in a file that has no name.

What an intake has to remember of every row (where it begins, what it adds up to, which keys there
were) would grow with the file, and may not lie on a disk in clear. Here it lies there under a key
that is drawn for one use, is nowhere written down and is gone with the process. Only some pages
are in memory, however many rows there are.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from array import array
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias, overload

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PAGE = 512  # numbers of eight bytes
_SHIFT, _INSIDE = PAGE.bit_length() - 1, PAGE - 1
PAGES_IN_MEMORY = 512  # 2 MiB
_NONCE, _TAG = 12, 16
_STORED = _NONCE + 8 * PAGE + _TAG
_EMPTY = bytes(8 * PAGE)

Page: TypeAlias = "array[int]"


class SealedScratch:
    """The pages of all columns of one use: some in memory, the others sealed in the file."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=256))
        self._nonces = 0
        self._places: dict[int, array[int]] = {}  # by column: where each of its pages lies
        self._written = 0
        self._kept: OrderedDict[tuple[int, int], Page] = OrderedDict()

    def numbers(self, count: int = 0, *, filled_with: int = 0) -> SealedNumbers:
        """A new column of so many equal numbers."""
        column = secrets.randbits(62)
        self._places[column] = array("q")
        return SealedNumbers(self, column, count, filled_with)

    def take(self, column: int, page: int) -> Page | None:
        """Hands a page over to be changed; None when it was never put back."""
        kept = self._kept.pop((column, page), None)
        if kept is not None:
            return kept
        places = self._places[column]
        at = places[page] if page < len(places) else -1
        return None if at < 0 else self._read(column, page, at)

    def put(self, column: int, page: int, numbers: Page) -> None:
        """Takes a page back; the one that was not wanted for longest goes into the file."""
        self._kept[column, page] = numbers
        if len(self._kept) > PAGES_IN_MEMORY:
            (old, number), content = self._kept.popitem(last=False)
            self._write(old, number, content)

    def forget(self, column: int) -> None:
        """The column is wanted no more."""
        del self._places[column]
        for key in [key for key in self._kept if key[0] == column]:
            del self._kept[key]

    def _read(self, column: int, page: int, at: int) -> Page:
        stored = os.pread(self._file, _STORED, at)
        said = _name(column, page)
        return array("q", self._cipher.decrypt(stored[:_NONCE], stored[_NONCE:], said))

    def _write(self, column: int, page: int, numbers: Page) -> None:
        places = self._places[column]
        places.extend([-1] * (page + 1 - len(places)))
        if places[page] < 0:
            places[page] = self._written
            self._written += _STORED
        self._nonces += 1  # never twice: the key is used by this object alone
        nonce = self._nonces.to_bytes(_NONCE, "big")
        sealed = self._cipher.encrypt(nonce, numbers.tobytes(), _name(column, page))
        os.pwrite(self._file, nonce + sealed, places[page])


def _name(column: int, page: int) -> bytes:
    return column.to_bytes(8, "big") + page.to_bytes(8, "big")


class SealedNumbers:
    """One column, used as a list of numbers of 64 bits with sign."""

    def __init__(self, scratch: SealedScratch, column: int, count: int, filled_with: int) -> None:
        self._scratch = scratch
        self._column = column
        self._count = count
        self._new = array("q", _EMPTY) if filled_with == 0 else array("q", [filled_with]) * PAGE
        self._at = 0
        self._page = self._new[:]

    def __len__(self) -> int:
        return self._count

    def append(self, number: int) -> None:
        at = self._count
        self._count = at + 1
        self[at] = number

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> list[int]: ...
    def __getitem__(self, at: int | slice) -> int | list[int]:
        if isinstance(at, slice):
            return self._between(*at.indices(self._count)[:2])
        if at < 0:
            at += self._count
        if not 0 <= at < self._count:
            raise IndexError(at)
        if at >> _SHIFT != self._at:
            self._turn_to(at >> _SHIFT)
        return self._page[at & _INSIDE]

    def __setitem__(self, at: int, number: int) -> None:
        if not 0 <= at < self._count:
            raise IndexError(at)
        if at >> _SHIFT != self._at:
            self._turn_to(at >> _SHIFT)
        self._page[at & _INSIDE] = number

    def __iter__(self) -> Iterator[int]:
        for at in range(0, self._count, PAGE):
            yield from self._between(at, min(at + PAGE, self._count))

    def _between(self, start: int, stop: int) -> list[int]:
        found: list[int] = []
        while start < stop:
            self._turn_to(start >> _SHIFT)
            inside = start & _INSIDE
            part = self._page[inside : inside + stop - start]
            found += part
            start += len(part)
        return found

    def clear(self) -> None:
        """Forgets all numbers and gives their pages back."""
        self._scratch.forget(self._column)
        fresh = self._scratch.numbers()
        self._column, self._count, self._at = fresh._column, 0, 0
        self._page = self._new[:]

    def _turn_to(self, page: int) -> None:
        if page == self._at:
            return
        self._scratch.put(self._column, self._at, self._page)
        self._page = self._scratch.take(self._column, page) or self._new[:]
        self._at = page


@contextmanager
def sealed_scratch(folder: Path | None = None) -> Iterator[SealedScratch]:
    """A scratch for one use, in a folder or where the system keeps temporary files."""
    with tempfile.TemporaryFile(dir=folder) as file:
        yield SealedScratch(file.fileno())
