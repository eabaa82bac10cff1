"""Pure: inclusion proofs over the log's tree (RFC 6962 §2.1.1), also after old months are gone.

An event's path is the list of neighbours by which anybody recomputes the signed root from that
one event: some events can be handed over and shown to belong to the whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

HASH = 32


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class ProofTree:
    """The levels of a tree whose leaves from ``start`` on are known.

    ``peaks`` are the roots of the full subtrees over the leaves before, largest first. Takes 64
    bytes for each leaf.
    """

    def __init__(self, leaves: Iterable[bytes], start: int = 0, peaks: Sequence[bytes] = ()):
        if start.bit_count() != len(peaks):
            raise ValueError("one root for each full subtree before the start")
        self._first: list[int] = []
        self._levels: list[bytes] = []
        waiting = list(peaks)
        level, nodes = 0, b"".join(leaves)
        self.size = start + len(nodes) // HASH
        while True:
            before = start >> level
            if before & 1:
                nodes = waiting.pop() + nodes
                before -= 1
            self._first.append(before)
            self._levels.append(nodes)
            if before == 0 and len(nodes) <= HASH:
                return
            nodes = _joined(nodes)
            level += 1

    def root(self) -> bytes:
        """The root over all leaves; of an empty tree SHA-256 of nothing."""
        return self._levels[-1] or hashlib.sha256(b"").digest()

    def over(self, begin: int, end: int) -> bytes:
        """The root over a subtree's leaves, ``end`` not included. Raises ``IndexError``."""
        level = (end - begin - 1).bit_length()
        at = ((begin >> level) - self._first[level]) * HASH
        if not 0 <= at < len(self._levels[level]):
            raise IndexError(begin)
        return self._levels[level][at : at + HASH]

    def path(self, index: int) -> list[bytes]:
        """The neighbours of leaf ``index`` (from 0), lowest first. Raises ``IndexError``."""
        if not self._first[0] <= index < self.size:
            raise IndexError(index)
        found = []
        for first, nodes in zip(self._first, self._levels, strict=True):
            at = ((index ^ 1) - first) * HASH
            if 0 <= at < len(nodes):
                found.append(nodes[at : at + HASH])
            index >>= 1
        return found


def grown_path(tree: ProofTree, size: int) -> list[bytes]:
    """The nodes by which the root over the first ``size`` leaves leads to the tree's (RFC 6962 2.1.2).

    Raises ``IndexError`` for leaves that were taken out.
    """
    if not 0 < size <= tree.size:
        raise IndexError(size)
    begin, end, is_left = 0, tree.size, True
    found: list[bytes] = []
    while size != end:
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        if size <= middle:
            found.append(tree.over(middle, end))
            end = middle
        else:
            found.append(tree.over(begin, middle))
            begin, is_left = middle, False
    if not is_left:
        found.append(tree.over(begin, end))
    return found[::-1]


def _joined(nodes: bytes) -> bytes:
    """The level above; the last node of an odd level goes up as it is."""
    step = 2 * HASH
    whole = len(nodes) - len(nodes) % step
    above = b"".join(
        _node(nodes[at : at + HASH], nodes[at + HASH : at + step]) for at in range(0, whole, step)
    )
    return above + nodes[whole:]
