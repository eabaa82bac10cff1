"""What an outsider recomputes of the log's tree: that an event is in it, that it grew from an older one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_included(leaf: bytes, index: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Whether a leaf at ``index`` of a tree of ``size`` leaves leads to ``root`` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, at, last = leaf, index, size - 1
    for neighbour in path:
        if last == 0 or len(neighbour) != HASH_BYTES:
            return False
        if at & 1 or at == last:
            node = _node(neighbour, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = _node(node, neighbour)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def grew_from(older: tuple[int, bytes], newer: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether the tree of ``newer`` (size, root) begins with all of ``older`` (RFC 9162 2.1.4.2)."""
    (first, first_root), (second, second_root) = older, newer
    if not 0 < first <= second or any(len(node) != HASH_BYTES for node in path):
        return False
    if first == second:
        return not path and first_root == second_root
    nodes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return bool(nodes) and _both(nodes, at, last) == (first_root, second_root)


def _both(nodes: Sequence[bytes], at: int, last: int) -> tuple[bytes, bytes] | None:
    """The older and the newer root out of one path; None when the path has another length."""
    left = whole = nodes[0]
    for neighbour in nodes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            left, whole = _node(neighbour, left), _node(neighbour, whole)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            whole = _node(whole, neighbour)
        at, last = at >> 1, last >> 1
    return (left, whole) if last == 0 else None
