"""Facts about inclusion proofs: the writer's paths lead the stand-alone checker to the root."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secure_store.audit.chain import MerkleAccumulator
from secure_store.audit.proofs import ProofTree, grown_path
from secure_store.verifier.tree import grew_from, is_included


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(b"\x00%d" % number).digest() for number in range(count)]


def grown(hashes: list[bytes]) -> MerkleAccumulator:
    tree = MerkleAccumulator()
    for leaf in hashes:
        tree.add(leaf)
    return tree


@pytest.mark.clause("S4-14.11b")
@given(st.integers(1, 300), st.data())
def test_every_leaf_leads_to_the_root_of_the_growing_tree(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    start = data.draw(st.integers(0, size - 1))
    before = grown(hashes[:start]).to_bytes()[8:]
    peaks = [before[at : at + 32] for at in range(0, len(before), 32)]
    tree = ProofTree(hashes[start:], start, peaks)
    root = grown(hashes).root()
    assert (tree.size, tree.root()) == (size, root)
    index = data.draw(st.integers(start, size - 1))
    path = tree.path(index)
    assert is_included(hashes[index], index, size, path, root)
    assert not is_included(hashes[index], (index + 1) % (size + 1), size, path, root)
    assert not is_included(bytes(32), index, size, path, root)
    assert not is_included(hashes[index], index, size, [*path, bytes(32)], root)
    assert not path or not is_included(hashes[index], index, size, path[:-1], root)


@pytest.mark.clause("S4-14.11b")
@given(st.integers(1, 300), st.data())
def test_a_tree_grew_from_each_of_its_beginnings_and_from_nothing_else(
    size: int, data: st.DataObject
) -> None:
    hashes = leaves(size)
    start = data.draw(st.integers(0, size - 1))
    before = grown(hashes[:start]).to_bytes()[8:]
    tree = ProofTree(
        hashes[start:], start, [before[at : at + 32] for at in range(0, len(before), 32)]
    )
    first = data.draw(st.integers(max(start, 1), size))
    older, newer = (first, grown(hashes[:first]).root()), (size, grown(hashes).root())
    path = grown_path(tree, first)
    assert grew_from(older, newer, path)
    other = (first, grown([*hashes[: first - 1], bytes(32)]).root())
    assert not grew_from(other, newer, path)
    assert not grew_from(older, (size, bytes(32)), path)
    assert not grew_from(older, newer, [*path, bytes(32)])
    assert not path or not grew_from(older, newer, path[:-1])


def test_what_was_taken_out_has_no_path() -> None:
    hashes = leaves(10)
    before = grown(hashes[:4]).to_bytes()[8:]
    tree = ProofTree(hashes[4:], 4, [before])
    for index in (-1, 3, 10):
        with pytest.raises(IndexError):
            tree.path(index)


def test_the_empty_tree_and_a_wrong_start() -> None:
    assert ProofTree([]).root() == hashlib.sha256(b"").digest()
    with pytest.raises(ValueError, match="full subtree"):
        ProofTree(leaves(2), 3, [bytes(32)])
