"""Who gets which key: by receivable, batch, row and file, and never one that is gone."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from keyrings import (
    LATER,
    LATEST,
    NOW,
    OTHER,
    ROW,
    A,
    B,
    box_of,
    created,
    open_box,
    reopened,
    ring_of_four,
)

from secure_store.sealing import aead
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.scopes import (
    BatchScope,
    Context,
    KeyCount,
    KeyKind,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(home: Path) -> KeyRing:
    return ring_of_four(home)


@pytest.mark.clause("S4-14.4-2")
def test_one_person_in_two_receivables_has_two_different_keys(ring: KeyRing) -> None:
    one, two = ring.record_key(A, ROW), ring.record_key(B, ROW)
    assert one.key != two.key
    assert one.key_id != two.key_id
    assert ring.blind_index_key(A, "phone", "number") != ring.blind_index_key(B, "phone", "number")
    assert ring.pseudonym(A.of_receivable(), ROW) != ring.pseudonym(B.of_receivable(), ROW)
    with pytest.raises(errors.SealBroken):
        open_box(ring, B, box_of(ring, A))


@pytest.mark.clause("T04")
def test_the_key_of_one_batch_opens_nothing_of_another(home: Path) -> None:
    """8 receivables by 11 months: 88 by 87 pairs, and not one opens."""
    ring = created(home)
    scopes = [
        BatchScope("C004", f"A{r:02d}", f"A{r:02d}-{month}")
        for r in range(1, 9)
        for month in range(202205, 202216)
    ]
    place = Context(A, "call_case", ROW, "G1", 1)
    keys, boxes = [], []
    for scope in scopes:
        ring.ensure_data_key(scope, NOW)
        ring.add_records(scope, [ROW], NOW)
        keys.append(ring.record_key(scope, ROW))
        boxes.append(aead.seal(keys[-1].key, keys[-1].key_id, place, b"sample"))
    refused = 0
    for mine, theirs in permutations(range(88), 2):
        with pytest.raises(errors.SealBroken):
            # Their id and their place: only the key itself differs.
            aead.open_sealed(keys[mine].key, keys[theirs].key_id, place, boxes[theirs])
        refused += 1
    assert refused == 88 * 88 - 88
    assert all(
        aead.open_sealed(key.key, key.key_id, place, box) == b"sample"
        for key, box in zip(keys, boxes, strict=True)
    )


def test_a_scope_of_another_contract_is_refused_everywhere(ring: KeyRing) -> None:
    foreign = BatchScope("C003", "A01", "A01-202209")
    for act in (
        lambda: ring.ensure_data_key(foreign, NOW),
        lambda: ring.add_records(foreign, [ROW], NOW),
        lambda: ring.record_key(foreign, ROW),
        lambda: ring.blind_index_key(foreign, "t", "c"),
        lambda: ring.pseudonym(foreign.of_receivable(), ROW),
        lambda: ring.file_key_create(uuid4(), NOW, foreign),
        lambda: ring.destroy_record(foreign, ROW, NOW),
        lambda: ring.destroy_batch(foreign, NOW),
        lambda: ring.destroy_receivable(foreign.of_receivable(), NOW),
    ):
        with pytest.raises(errors.ForeignContract):
            act()


def test_a_key_that_never_was_is_missing_not_destroyed(ring: KeyRing) -> None:
    unknown = BatchScope("C004", "A09", "A09-202209")
    for act in (
        lambda: ring.record_key(unknown, ROW),
        lambda: ring.record_key(A, uuid4()),
        lambda: ring.add_records(unknown, [ROW], NOW),
        lambda: ring.pseudonym(unknown.of_receivable(), ROW),
        lambda: ring.file_key(uuid4()),
        lambda: ring.destroy_file_key(uuid4(), NOW),
    ):
        with pytest.raises(errors.KeyMissing):
            act()


def test_twenty_thousand_rows_get_their_keys_in_bulk_and_each_its_own(home: Path) -> None:
    ring = created(home)
    ring.ensure_data_key(A, NOW)
    rows = [UUID(int=n) for n in range(20_000)]
    ring.add_records(A, rows, NOW)
    keys = ring.record_keys(A, rows)
    assert len({key.key for key in keys.values()}) == 20_000
    ring.add_records(A, rows, LATER)
    assert reopened(home).record_keys(A, rows[:50]) == {row: keys[row] for row in rows[:50]}


def test_keys_of_rows_come_all_or_none(ring: KeyRing) -> None:
    with pytest.raises(errors.KeyMissing):
        ring.record_keys(A, [ROW, uuid4()])
    ring.destroy_record(A, OTHER, NOW)
    with pytest.raises(errors.KeyDestroyed):
        ring.record_keys(A, [ROW, OTHER])


def test_the_signing_key_survives_the_erasure_of_the_contract(ring: KeyRing) -> None:
    before, message = ring.public_key(), b"certificate"
    ring.destroy_contract(LATER)
    signature = ring.sign(message)
    assert ring.public_key() == before
    assert len(before) == 32
    public = load_pem_public_key(ring.public_key_pem().encode())
    assert isinstance(public, Ed25519PublicKey)
    assert public.public_bytes_raw() == before
    public.verify(signature, message)
    with pytest.raises(InvalidSignature):
        public.verify(signature, message + b".")


def test_a_key_remembered_before_is_not_used_after_another_process_erased_it(
    ring: KeyRing, home: Path
) -> None:
    index, name = ring.blind_index_key(A, "t", "c"), ring.pseudonym(A.of_receivable(), ROW)
    assert ring.blind_index_key(A, "t", "c") == index
    assert ring.pseudonym(A.of_receivable(), ROW) == name
    reopened(home).destroy_receivable(A.of_receivable(), LATER)
    with pytest.raises(errors.KeyDestroyed):
        ring.blind_index_key(A, "t", "c")
    with pytest.raises(errors.KeyDestroyed):
        ring.pseudonym(A.of_receivable(), ROW)


def test_a_key_made_in_a_change_that_failed_is_not_remembered(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealing under it would lose the content for ever."""
    file_id = uuid4()
    made: list[bytes] = []
    unwrapped = ring._made

    def failing(*what: object) -> object:
        made.append(unwrapped(*what)[1])
        raise OSError("the medium is full")

    monkeypatch.setattr(ring, "_made", failing)
    with pytest.raises(OSError, match="full"):
        ring.file_key_create(file_id, NOW)
    monkeypatch.undo()
    assert len(made) == 1
    with pytest.raises(errors.KeyMissing):
        ring.file_key(file_id)


def test_a_file_has_a_key_of_its_own_once(ring: KeyRing) -> None:
    file_id = uuid4()
    key = ring.file_key_create(file_id, NOW, A)
    assert ring.file_key(file_id) == key
    assert len(key) == 32
    with pytest.raises(errors.KeyExists):
        ring.file_key_create(file_id, NOW, B)
    stones = ring.destroy_file_key(file_id, LATER)
    assert [(s.kind, s.scope, s.name) for s in stones] == [(KeyKind.FILE, A.text(), file_id.hex)]
    with pytest.raises(errors.KeyDestroyed):
        ring.file_key(file_id)
    for scope in (A, B, None):
        with pytest.raises(errors.KeyDestroyed):
            ring.file_key_create(file_id, LATEST, scope)


def test_salts_without_rows_are_found_and_swept(ring: KeyRing) -> None:
    stray = uuid4()
    ring.add_records(A, [stray], NOW)
    assert ring.orphans(A, [ROW, OTHER]) == (stray,)
    ring.sweep(A, [stray], LATER)
    assert ring.orphans(A, [ROW, OTHER]) == ()
    assert ring.record_keys(A, [ROW, OTHER])
    with pytest.raises(errors.KeyMissing):
        ring.record_key(A, stray)
    assert ring.orphans(BatchScope("C004", "A09", "A09-202209"), []) == ()


def test_the_inventory_counts_keys_and_salts_by_scope(ring: KeyRing) -> None:
    ring.destroy_record(A, ROW, LATER)
    counts = ring.inventory()
    assert KeyCount(KeyKind.RECORD, A.text(), 1) in counts
    assert KeyCount(KeyKind.RECORD, B.text(), 2) in counts
    assert KeyCount(KeyKind.DATA, A.text(), 1) in counts
    assert KeyCount(KeyKind.CONTRACT, "C004", 1) in counts
    assert sum(count.count for count in counts if count.kind is KeyKind.PSEUDONYM) == 3
