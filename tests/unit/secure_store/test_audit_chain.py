"""Facts about audit chain."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from secure_store.audit.chain import (
    GENESIS,
    AuditFacts,
    EventRefused,
    MerkleAccumulator,
    canonical_bytes,
    checkpoint_text,
    event_hash,
    export_line,
    note_key_id,
    parse_note,
    signed_note,
    signer_name,
)
from secure_store.audit.tags import FieldGroup, Result, Tag
from secure_store.verifier.canonical import written

PLAIN = AuditFacts(
    seq=1,
    at=datetime(2026, 11, 2, 2, 30, tzinfo=UTC),
    actor="u-017",
    role="agent",
    tag=Tag.CASE_OPENED,
    prev=GENESIS,
)
FULL = replace(
    PLAIN,
    seq=10**9,
    at=datetime(2026, 11, 2, 2, 30, 0, 123456, tzinfo=UTC),
    result=Result.DENIED,
    session_ref="a1b2c3d4",
    terminal="op-12",
    receivable="A01",
    batch="A01-202209",
    object_kind="call_case",
    object_id=UUID(int=1),
    subject="0" * 32,
    groups=(FieldGroup.DEBT, FieldGroup.CONTACT, FieldGroup.DEBT),
    count=40,
    reason="outside_calling_hours",
    ref="f" * 64,
    request_id="req-0001",
)


def test_an_event_has_one_known_form_with_absent_fields_left_out() -> None:
    assert canonical_bytes(PLAIN).decode() == (
        '{"actor":"u-017","at":"2026-11-02T11:30:00+09:00","prev":"' + "00" * 32 + '",'
        '"result":"ok","role":"agent","seq":1,"tag":"case:opened"}'
    )


def test_groups_are_bits_and_the_fullest_event_stays_small() -> None:
    said = json.loads(canonical_bytes(FULL))
    assert said["groups"] == 5
    assert said["at"] == "2026-11-02T11:30:00.123456+09:00"
    widest = replace(
        FULL,
        actor="u" * 32,
        role="r" * 32,
        session_ref="s" * 32,
        terminal="t" * 32,
        receivable="R" * 32,
        batch="B" * 32,
        object_kind="o" * 32,
        reason="x" * 64,
        request_id="q" * 32,
        tag=max(Tag, key=len),
    )
    assert len(canonical_bytes(widest)) <= 1024
    assert len(canonical_bytes(replace(FULL, ref=None, batch=None, reason=None))) <= 512


def test_writer_and_checker_agree_on_the_form_though_they_share_no_code() -> None:
    for facts in (PLAIN, FULL):
        assert written(json.loads(canonical_bytes(facts))) == canonical_bytes(facts)


def test_the_hash_is_that_of_an_rfc_6962_leaf() -> None:
    body = canonical_bytes(PLAIN)
    assert event_hash(body) == hashlib.sha256(b"\x00" + body).digest()
    assert event_hash(b"").hex().startswith("6e340b9cffb37a98")


def test_an_export_line_is_json_and_keeps_the_bytes() -> None:
    body = canonical_bytes(FULL)
    line = export_line(body, event_hash(body))
    assert json.loads(line) == {"event": json.loads(body), "hash": event_hash(body).hex()}
    assert body in line
    assert line.endswith(b"\n")


@pytest.mark.clause("S4-8.6h")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("actor", "札幌　花子"),
        ("actor", "0112112111"),
        ("actor", "u 017"),
        ("actor", ""),
        ("terminal", "090-1234-5678"),
        ("ref", "+819012345678"),
        ("ref", "011-211-2111"),
        ("reason", "called back at noon"),
        ("reason", "=1+1"),
        ("reason", "a\nb"),
        ("object_kind", "x" * 33),
        ("request_id", "q" * 33),
        ("subject", "A01-0000123"),
        ("subject", "F" * 32),
        ("count", -1),
        ("seq", 0),
        ("prev", b""),
        ("at", datetime(2026, 11, 2, 2, 30)),
    ],
)
def test_no_name_number_or_free_text_fits_into_an_event(field: str, value: Any) -> None:
    with pytest.raises(EventRefused) as refused:
        replace(PLAIN, **{field: value})
    assert refused.value.details["field"] == field
    assert str(value) not in refused.value.sentence() or value in ("", b"", 0)


def test_a_random_reference_may_look_like_a_number() -> None:
    # Refusing these would refuse a rightful act once in some ten thousand times.
    assert replace(PLAIN, request_id="0112112111", session_ref="01234567").seq == 1


def _root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _leaf(number: int) -> bytes:
    return event_hash(str(number).encode())


def test_the_growing_root_equals_the_definition_at_every_size() -> None:
    tree, leaves = MerkleAccumulator(), []
    for number in range(130):
        assert tree.root() == _root(leaves)
        assert tree.size == number
        leaves.append(_leaf(number))
        tree.add(leaves[-1])


def test_the_root_of_the_published_eight_leaves_is_reproduced() -> None:
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    inputs.append("606162636465666768696a6b6c6d6e6f")
    roots = []
    tree = MerkleAccumulator()
    for text in inputs:
        tree.add(event_hash(bytes.fromhex(text)))
        roots.append(tree.root().hex())
    assert roots[0] == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert roots[1] == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert roots[7] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(0, 300), st.integers(0, 40))
def test_a_stored_tree_grows_on_as_if_it_had_never_been_put_away(size: int, more: int) -> None:
    tree = MerkleAccumulator()
    for number in range(size):
        tree.add(_leaf(number))
    again = MerkleAccumulator.from_bytes(tree.to_bytes())
    for number in range(size, size + more):
        tree.add(_leaf(number))
        again.add(_leaf(number))
    assert (again.root(), again.size) == (tree.root(), tree.size)


@pytest.mark.parametrize(
    "data", [b"", bytes(7), bytes(8) + b"x", (3).to_bytes(8, "big") + bytes(32)]
)
def test_a_damaged_tree_is_not_read(data: bytes) -> None:
    with pytest.raises(EventRefused):
        MerkleAccumulator.from_bytes(data)


def test_a_leaf_of_another_length_is_refused() -> None:
    with pytest.raises(EventRefused):
        MerkleAccumulator().add(b"short")


PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
RAW = PRIVATE.public_key().public_bytes_raw()


def _note() -> str:
    text = checkpoint_text("sapporo", "C-2026", 1000, bytes(range(32)))
    name = signer_name("sapporo")
    return signed_note(text, name, note_key_id(name, RAW), PRIVATE.sign(text.encode()))


def test_a_signed_head_has_the_known_lines() -> None:
    origin, size, root, empty, signature, end = _note().split("\n")
    assert (origin, size, empty, end) == ("dialer.sapporo/C-2026", "1000", "", "")
    assert base64.b64decode(root) == bytes(range(32))
    assert signature.startswith("\u2014 dialer.sapporo ")


def test_a_signed_head_can_be_taken_apart_again() -> None:
    parts = parse_note(_note())
    PRIVATE.public_key().verify(parts.signature, parts.text.encode())
    assert parts.name == "dialer.sapporo"
    assert parts.key_id == hashlib.sha256(b"dialer.sapporo\n\x01" + RAW).digest()[:4]


@pytest.mark.parametrize(
    "damage",
    [
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("\u2014", "-"),
        lambda note: note.replace("1000", "ten"),
        lambda note: note[:-6] + "\n",
        lambda note: note.replace("=\n", "\n"),
        lambda note: "",
    ],
)
def test_a_note_of_another_form_is_refused(damage: Any) -> None:
    with pytest.raises(EventRefused):
        parse_note(damage(_note()))


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a\nb", "札幌", "a+b"])
def test_a_name_that_would_break_the_lines_is_refused(name: str) -> None:
    with pytest.raises(EventRefused):
        checkpoint_text(name, "C-2026", 0, bytes(32))
    with pytest.raises(EventRefused):
        checkpoint_text("sapporo", name, 0, bytes(32))


def test_a_signature_of_another_length_is_refused() -> None:
    with pytest.raises(EventRefused):
        signed_note("a\n", "n", bytes(4), bytes(63))
