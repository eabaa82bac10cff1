"""The sealed value: what it looks like, that it opens in one place only, and under one key."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from secure_store.sealing import aead
from secure_store.sealing.boxes import pack_fields, unpack_fields
from secure_store.sealing.scopes import BatchScope, Context, KeyKind, KeyLabel, ReceivableScope
from secure_store.sealing.sealing_errors import ScopeInvalid, SealBroken

VECTORS = json.loads(Path(__file__).with_name("sealed_value_vectors.json").read_text())
KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
KEY_ID = b"\x01\x02\x03\x04\x05\x06\x07\x08"
ROW = UUID(int=0x1234)
SCOPE = BatchScope("C004", "A01", "A01-202209")
PLACE = Context(SCOPE, "call_case", ROW, "G1", 3)
SECRET = "見本 太郎".encode()

contexts = st.builds(
    Context,
    scope=st.just(SCOPE),
    table=st.sampled_from(["call_case", "contact_note"]),
    row_id=st.uuids(),
    group=st.sampled_from(["G1", "G2", "G3", "G4"]),
    version=st.integers(0, 2**63 - 1),
)


def _context_of(vector: dict) -> Context:
    said = dict(vector["context"])
    scope = BatchScope(said.pop("contract"), said.pop("receivable"), said.pop("batch"))
    return Context(scope, row_id=UUID(said.pop("row_id")), **said)


def _size(content: int) -> int:
    return len(aead.seal(KEY, KEY_ID, PLACE, b"x" * content)) - 55


@pytest.mark.clause("T01")
@settings(max_examples=400, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), items=st.data())
def test_ten_thousand_values_come_back_byte_for_byte(key: bytes, items: st.DataObject) -> None:
    """400 examples of 25 values each."""
    context = items.draw(contexts)
    values = items.draw(st.lists(st.binary(max_size=1100), min_size=25, max_size=25))
    for value in values:
        box = aead.seal(key, KEY_ID, context, value)
        assert aead.open_sealed(key, KEY_ID, context, box) == value


@pytest.mark.clause("T01")
def test_there_are_forty_known_answers() -> None:
    assert len(VECTORS) == 40
    assert len({vector["box"] for vector in VECTORS}) == 40


@pytest.mark.clause("T01")
@pytest.mark.parametrize("number", range(40))
def test_a_known_answer_opens_and_is_made_again(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = VECTORS[number]
    key, key_id = bytes.fromhex(vector["record_key"]), bytes.fromhex(vector["key_id"])
    box, content = bytes.fromhex(vector["box"]), bytes.fromhex(vector["plaintext"])
    context = _context_of(vector)
    assert aead.open_sealed(key, key_id, context, box) == content
    nonce = bytes.fromhex(vector["nonce"])
    monkeypatch.setattr(aead.secrets, "token_bytes", lambda length: nonce[:length])
    assert aead.seal(key, key_id, context, content) == box


@pytest.mark.clause("T01")
@pytest.mark.parametrize(
    "start", [b"\xd1\x01\x02", b"\xd1\x02\x01", b"\xd0\x01\x01", b"\xd1\x01\x00"]
)
def test_an_unknown_suite_or_version_is_refused_even_with_a_right_commitment(start: bytes) -> None:
    nonce = bytes(12)
    head = start + KEY_ID + nonce
    body = AESGCM(aead._expand(KEY, "seal")).encrypt(
        nonce, aead._padded(SECRET), PLACE.associated_data()
    )
    with pytest.raises(SealBroken):
        aead.open_sealed(KEY, KEY_ID, PLACE, head + aead._commitment(KEY, head) + body)


@pytest.mark.parametrize(
    ("content", "size"),
    [(0, 64), (60, 64), (61, 128), (124, 128), (125, 256), (252, 256), (253, 512), (508, 512),
     (509, 1024), (1020, 1024), (1021, 2048), (2044, 2048), (2045, 3072)],
)  # fmt: skip
def test_the_length_of_a_name_or_note_is_hidden_in_steps(content: int, size: int) -> None:
    assert _size(content) == size


def test_two_seals_of_the_same_content_share_no_nonce_and_no_ciphertext() -> None:
    boxes = {aead.seal(KEY, KEY_ID, PLACE, SECRET) for _ in range(2000)}
    assert len({box[11:23] for box in boxes}) == 2000
    assert len({box[39:] for box in boxes}) == 2000


def _edit(position: int) -> Callable[[bytes], bytes]:
    def edited(box: bytes) -> bytes:
        index = position % len(box)
        return box[:index] + bytes([box[index] ^ 1]) + box[index + 1 :]

    return edited


Move = Callable[[Context], Context]
MOVES: dict[str, Move] = {
    "another row": lambda c: replace(c, row_id=UUID(int=c.row_id.int + 1)),
    "another group": lambda c: replace(c, group=c.group + "x"),
    "another table": lambda c: replace(c, table=c.table + "s"),
    "another receivable": lambda c: replace(c, scope=replace(c.scope, receivable="A02")),
    "another batch": lambda c: replace(c, scope=replace(c.scope, batch="A01-202210")),
    "another contract": lambda c: replace(c, scope=replace(c.scope, contract="C003")),
    "a newer version of the row": lambda c: replace(c, version=c.version + 1),
    "another schema": lambda c: replace(c, schema=c.schema + 1),
}
EDITS: dict[str, Callable[[bytes], bytes]] = {
    "an altered header byte": _edit(2),
    "a cut value": lambda box: box[:-1],
}
KINDS = [*MOVES, *EDITS, "another key id", "the key of another receivable"]


@pytest.mark.clause("T02")
@pytest.mark.parametrize("table", ["call_case", "contact_note", "callback"])
@pytest.mark.parametrize("group", ["G1", "G2", "G3", "G4", "G5"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_moved_or_edited_value_is_refused_and_shows_nothing(
    kind: str, group: str, table: str
) -> None:
    """12 kinds by 5 groups by 3 tables: 180 refusals, all of them the same."""
    context = Context(SCOPE, table, ROW, group, 3)
    box = aead.seal(KEY, KEY_ID, context, SECRET)
    assert aead.open_sealed(KEY, KEY_ID, context, box) == SECRET
    moved = MOVES.get(kind, lambda c: c)(context)
    edited = EDITS.get(kind, lambda b: b)(box)
    key = OTHER_KEY if kind == "the key of another receivable" else KEY
    key_id = b"\xff" * 8 if kind == "another key id" else KEY_ID
    with pytest.raises(SealBroken) as refused:
        aead.open_sealed(key, key_id, moved, edited)
    assert str(refused.value) == "A sealed value does not open here."
    assert refused.value.__context__ is None
    shown = "".join(traceback.TracebackException.from_exception(
        refused.value, capture_locals=True).format())  # fmt: skip
    # The frame of this test knows the content; no frame below it does.
    below = shown.split("open_sealed(key, key_id, moved, edited)", 1)[1].split("in open_sealed")[1]
    assert "見本" not in below
    assert repr(SECRET)[2:-1] not in below


@pytest.mark.clause("T02")
def test_there_are_twelve_kinds_of_moves_and_edits() -> None:
    assert len(KINDS) == 12


def test_every_single_bit_of_a_value_counts() -> None:
    box = aead.seal(KEY, KEY_ID, PLACE, SECRET)
    for position in range(len(box) * 8):
        flipped = int.from_bytes(box, "big") ^ (1 << position)
        with pytest.raises(SealBroken):
            aead.open_sealed(KEY, KEY_ID, PLACE, flipped.to_bytes(len(box), "big"))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_string_of_bytes_makes_opening_fail_in_another_way(junk: bytes) -> None:
    for box in (junk, aead.seal(KEY, KEY_ID, PLACE, SECRET)[:39] + junk):
        with pytest.raises(SealBroken):
            aead.open_sealed(KEY, KEY_ID, PLACE, box)


def test_a_value_made_for_one_key_with_the_commitment_of_another_opens_under_neither() -> None:
    ours = aead.seal(KEY, KEY_ID, PLACE, SECRET)
    head = ours[:23]
    crafted = head + aead._commitment(OTHER_KEY, head) + ours[39:]
    for key in (KEY, OTHER_KEY):
        with pytest.raises(SealBroken):
            aead.open_sealed(key, KEY_ID, PLACE, crafted)


def test_content_padded_in_another_way_than_ours_is_refused() -> None:
    nonce, head = bytes(12), b"\xd1\x01\x01" + KEY_ID + bytes(12)
    cipher = AESGCM(aead._expand(KEY, "seal"))
    for padded in (aead._padded(SECRET) + bytes(64), aead._padded(SECRET)[:-1] + b"\x01", b""):
        body = cipher.encrypt(nonce, padded, PLACE.associated_data())
        with pytest.raises(SealBroken):
            aead.open_sealed(KEY, KEY_ID, PLACE, head + aead._commitment(KEY, head) + body)


def test_parts_of_a_place_cannot_be_shifted_into_each_other() -> None:
    one = Context(BatchScope("C", "AB", "X"), "t", ROW, "G1", 1)
    two = Context(BatchScope("CA", "B", "X"), "t", ROW, "G1", 1)
    assert one.associated_data() != two.associated_data()


@pytest.mark.parametrize("part", ["", "a/b", "x" * 65, "a\nb", "\0"])
def test_a_scope_refuses_parts_that_could_be_mistaken(part: str) -> None:
    for made in (
        lambda: ReceivableScope(part, "A01"),
        lambda: ReceivableScope("C004", part),
        lambda: BatchScope("C004", "A01", part),
    ):
        with pytest.raises(ScopeInvalid):
            made()


def test_a_key_label_names_what_erases_it() -> None:
    label = KeyLabel(KeyKind.RECORD, "C004/A01/A01-202209", "ab")
    assert label.with_parents() == (
        "C004",
        "C004/A01",
        "C004/A01/A01-202209",
        "C004/A01/A01-202209/record:ab",
    )


def test_a_record_key_never_shows_itself() -> None:
    assert KEY.hex() not in repr(aead.RecordKey(KEY, KEY_ID))
    assert repr(KEY) not in repr(aead.RecordKey(KEY, KEY_ID))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=40))
def test_packed_fields_come_back_in_order_and_byte_for_byte(fields: list[bytes]) -> None:
    packed = pack_fields(fields)
    assert unpack_fields(packed) == tuple(fields)
    for spoilt in (packed + b"\0", packed[:-1]):
        with pytest.raises(SealBroken):
            unpack_fields(spoilt)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60))
def test_what_unpacks_is_exactly_what_packing_makes(junk: bytes) -> None:
    try:
        fields = unpack_fields(junk)
    except SealBroken:
        return
    assert pack_fields(fields) == junk


def test_more_fields_than_the_count_can_say_are_refused() -> None:
    with pytest.raises(OverflowError):
        pack_fields([b""] * 65536)


@pytest.mark.parametrize("size", [0, 60, 61, 508, 509, 5_000, 600_000])
def test_what_is_sealed_in_pieces_opens_as_a_whole(size: int) -> None:
    content = b"\xe3" * size
    sealed = b"".join(aead.seal_pieces(KEY, KEY_ID, PLACE, content))
    assert aead.open_sealed(KEY, KEY_ID, PLACE, sealed) == content
    assert len(sealed) == len(aead.seal(KEY, KEY_ID, PLACE, content))
