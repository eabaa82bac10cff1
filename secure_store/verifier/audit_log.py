"""An exported audit log read event by event, and the tree recomputed over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from secure_store.verifier.canonical import NotCanonicalError, NotJsonError, read
from secure_store.verifier.notes import Head, head_of

GENESIS = bytes(32)
# A boundary is signed under a name of its own: an ordinary head is no leave to take events out.
BOUNDARY = ".kept-from"
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


@dataclass(frozen=True, slots=True)
class Start:
    """Where the kept part of a log begins: the events before were taken out in whole months.

    ``peaks`` are the roots of the full subtrees over them, largest first; ``note`` is the signed
    head that vouches for them.
    """

    size: int
    last_hash: bytes
    peaks: tuple[bytes, ...]
    note: str

    def head(self, key: Ed25519PublicKey) -> Head | None:
        """The head of the whole log that the boundary vouches for; None unless it is signed so."""
        said = head_of(self.note, key)
        if said is None or not said.origin.endswith(BOUNDARY):
            return None
        return Head(said.origin.removesuffix(BOUNDARY), said.size, said.root)


def read_start(document: bytes) -> Start:
    """A start as it is exported; what is no start gives one that no check passes."""
    try:
        said = json.loads(document)
        peaks = tuple(_hex(peak.encode()) for peak in said["peaks"])
        return Start(int(said["size"]), _hex(said["last_hash"].encode()), peaks, str(said["note"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Start(-1, b"", (), "")


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

    def begin_at(self, start: Start) -> bool:
        """Goes on from the boundary; False unless a signed head reproduces it."""
        if start.size < 1 or start.size.bit_count() != len(start.peaks):
            return False
        if self.heads.get(start.size) != {_root(list(start.peaks))}:
            return False
        # What lies before cannot be recomputed any more; the boundary's own head vouches for it.
        self.heads = {size: root for size, root in self.heads.items() if size >= start.size}
        self.size = self.vouched = self.anchored_to = start.size
        self.peaks, self.last_hash = list(start.peaks), start.last_hash
        if self.end == start.size:
            self.hash_at_end = start.last_hash
        return True

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
