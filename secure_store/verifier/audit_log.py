"""An exported audit log read event by event, and the tree recomputed over it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from secure_store.verifier.canonical import NotCanonicalError, NotJsonError, read

GENESIS = bytes(32)
NO_SEQ = -1
_HEAD, _MIDDLE, _TAIL = b'{"event":', b',"hash":"', b'"}'


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as exported: its exact bytes and the hash stored beside it."""

    canonical: bytes
    stored_hash: bytes


def read_lines(lines: Iterable[bytes]) -> Iterator[StoredEvent]:
    """Events of a JSON-lines export. A line of another form becomes an event that cannot pass."""
    for line in lines:
        body = line.removesuffix(b"\n")
        middle = len(body) - len(_TAIL) - 64 - len(_MIDDLE)
        cuts = body.startswith(_HEAD) and body.endswith(_TAIL) and middle > len(_HEAD)
        if not cuts or body[middle : middle + len(_MIDDLE)] != _MIDDLE:
            yield StoredEvent(body, b"")
            continue
        yield StoredEvent(body[len(_HEAD) : middle], _hex(body[middle + len(_MIDDLE) : -2]))


def _hex(text: bytes) -> bytes:
    try:
        value = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        return b""
    return value if value.hex().encode() == text else b""


@dataclass(slots=True)
class Link:
    """An event with everything the chain rules ask of it."""

    seq: int
    prev: bytes
    computed: bytes
    stored: bytes


@dataclass(slots=True)
class Walk:
    """The state of one pass: the tree so far and the heads met on the way."""

    heads: dict[int, set[bytes]]
    anchored: frozenset[int]
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    last_hash: bytes = GENESIS
    vouched: int = 0
    anchored_to: int = 0
    missed: int | None = None
    end: int = 0
    hash_at_end: bytes = GENESIS

    def take(self, link: Link) -> None:
        self._grow(link.computed)
        self.last_hash = link.computed
        if self.size == self.end:
            self.hash_at_end = link.computed
        self.compare()

    def compare(self) -> None:
        wanted = self.heads.get(self.size)
        if wanted is None or self.missed is not None:
            return
        if wanted != {_root(self.peaks)}:
            self.missed = self.size
            return
        self.vouched = self.size
        if self.size in self.anchored:
            self.anchored_to = self.size

    def _grow(self, node: bytes) -> None:
        size = self.size
        while size & 1:
            node = hashlib.sha256(b"\x01" + self.peaks.pop() + node).digest()
            size >>= 1
        self.peaks.append(node)
        self.size += 1


def _root(peaks: list[bytes]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = hashlib.sha256(b"\x01" + peak + root).digest()
    return root


def link_of(event: StoredEvent) -> Link:
    computed = hashlib.sha256(b"\x00" + event.canonical).digest()
    try:
        said = read(event.canonical)
    except (NotJsonError, NotCanonicalError):
        return Link(NO_SEQ, b"", computed, event.stored_hash)
    seq = said.get("seq") if isinstance(said, dict) else None
    prev = said.get("prev") if isinstance(said, dict) else None
    if type(seq) is not int or seq < 1 or not isinstance(prev, str):
        return Link(NO_SEQ, b"", computed, event.stored_hash)
    return Link(seq, _hex(prev.encode()), computed, event.stored_hash)
