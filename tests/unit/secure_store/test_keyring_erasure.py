"""What an erasure takes away for good, at each level of the key tree."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from keyrings import (
    A_LIKE,
    A_NEXT,
    LATER,
    LATEST,
    NOW,
    OTHER,
    ROW,
    WORD,
    A,
    B,
    box_of,
    open_box,
    reopened,
    ring_of_four,
)

from secure_store.sealing import aead
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.scopes import (
    BatchScope,
    DestroyedKey,
    KeyKind,
    ReceivableScope,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(home: Path) -> KeyRing:
    return ring_of_four(home)


def _live_kinds(ring: KeyRing) -> set[KeyKind]:
    return {count.kind for count in ring.inventory()}


@pytest.mark.clause("S4-16.1-2")
def test_one_entry_is_erased_in_old_backups_too_and_its_neighbours_open(
    ring: KeyRing, home: Path, tmp_path: Path
) -> None:
    """Five backups of the database; the key store is in none of them."""
    database = tmp_path / "dialer.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE call_case (row TEXT, sealed BLOB)")
    backups = []
    for number in range(5):
        with sqlite3.connect(database) as connection:
            for row in (ROW, OTHER):
                sealed = box_of(ring, A, row, b"sample %d" % number)
                connection.execute("INSERT INTO call_case VALUES (?, ?)", (row.hex, sealed))
        backups.append(shutil.copy(database, tmp_path / f"backup{number}.sqlite3"))
    assert ring.still_opens(A, ROW)
    destroyed = ring.destroy_record(A, ROW, LATER)
    assert [(key.kind, key.scope, key.name) for key in destroyed] == [
        (KeyKind.RECORD, A.text(), ROW.hex)
    ]
    assert (destroyed[0].created_at, destroyed[0].destroyed_at) == (NOW, LATER)
    assert not ring.still_opens(A, ROW)
    for process in (ring, reopened(home)):
        for backup in backups:
            opened = []
            for row, sealed in sqlite3.connect(backup).execute("SELECT * FROM call_case"):
                if UUID(row) == OTHER:
                    opened.append(open_box(process, A, sealed, OTHER))
                else:
                    with pytest.raises(errors.KeyDestroyed):
                        open_box(process, A, sealed)
            assert opened == [b"sample %d" % n for n in range(len(opened))]
            assert opened


@pytest.mark.clause("S4-16.1-2")
def test_an_erased_entry_cannot_get_a_key_again(ring: KeyRing) -> None:
    ring.destroy_record(A, ROW, LATER)
    with pytest.raises(errors.KeyDestroyed):
        ring.add_records(A, [uuid4(), ROW], LATEST)
    assert ring.orphans(A, [OTHER]) == ()
    assert ring.record_key(B, ROW)


def test_a_row_closed_before_it_had_a_key_never_gets_one(ring: KeyRing) -> None:
    row = uuid4()
    assert ring.destroy_record(A, row, LATER) == ()
    with pytest.raises(errors.KeyDestroyed):
        ring.add_records(A, [row], LATEST)


def test_an_erased_batch_takes_its_files_along_and_nothing_else(ring: KeyRing) -> None:
    files = {scope: uuid4() for scope in (A, A_NEXT, B, A_LIKE)}
    for scope, file_id in files.items():
        ring.file_key_create(file_id, NOW, scope)
    destroyed = ring.destroy_batch(A, LATER)
    assert {key.kind for key in destroyed} == {KeyKind.DATA, KeyKind.FILE}
    assert {key.scope for key in destroyed} == {A.text()}
    with pytest.raises(errors.KeyDestroyed):
        ring.file_key(files[A])
    with pytest.raises(errors.KeyDestroyed):
        ring.record_key(A, ROW)
    with pytest.raises(errors.KeyDestroyed):
        ring.ensure_data_key(A, LATEST)
    for scope in (A_NEXT, B, A_LIKE):
        assert ring.file_key(files[scope])
        assert ring.record_key(scope, ROW)
    assert len(ring.pseudonym(A.of_receivable(), ROW)) == 32


@pytest.mark.clause("S4-14.4-2")
def test_an_erased_receivable_leaves_every_other_one_readable(ring: KeyRing) -> None:
    boxes = {scope: box_of(ring, scope) for scope in (A, A_NEXT, B, A_LIKE)}
    destroyed = ring.destroy_receivable(A.of_receivable(), LATER)
    assert sorted((key.kind.value, key.scope) for key in destroyed) == [
        ("data", A.text()),
        ("data", A_NEXT.text()),
        ("pseudonym", "C004/A01"),
    ]
    assert not ring.still_opens(A.of_receivable())
    for scope in (A, A_NEXT):
        with pytest.raises(errors.KeyDestroyed):
            open_box(ring, scope, boxes[scope])
    for scope in (B, A_LIKE):
        assert open_box(ring, scope, boxes[scope]) == b"sample"
    with pytest.raises(errors.KeyDestroyed):
        ring.pseudonym(A.of_receivable(), ROW)
    with pytest.raises(errors.KeyDestroyed):
        ring.ensure_data_key(BatchScope("C004", "A01", "A01-202211"), LATEST)


def test_a_receivable_erased_before_its_first_batch_stays_closed(ring: KeyRing) -> None:
    assert ring.destroy_receivable(ReceivableScope("C004", "A05"), LATER) == ()
    with pytest.raises(errors.KeyDestroyed):
        ring.ensure_data_key(BatchScope("C004", "A05", "A05-202209"), LATEST)


@pytest.mark.clause("S4-14.10")
def test_after_the_contract_is_erased_no_key_opens_and_every_key_has_a_tombstone(
    ring: KeyRing, home: Path
) -> None:
    file_id, ids = uuid4(), set()
    ring.file_key_create(file_id, NOW)
    ring.destroy_record(A, OTHER, NOW)
    store = KeyStore.open(home, WORD)
    with store.read() as table:
        ids = {key.key_id.hex() for key in table.keys_under("C004")}
    boxes = {scope: box_of(ring, scope) for scope in (A, A_NEXT, B, A_LIKE)}
    destroyed = ring.destroy_contract(LATER)
    assert ids <= {key.key_id for key in destroyed}
    assert {key.kind for key in destroyed} == set(KeyKind) - {KeyKind.SIGNING}
    assert not ring.still_opens()
    assert _live_kinds(ring) == {KeyKind.SIGNING}
    for scope, box in boxes.items():
        with pytest.raises(errors.KeyDestroyed):
            open_box(ring, scope, box)
        with pytest.raises(errors.KeyDestroyed):
            ring.ensure_data_key(scope, LATEST)
    with pytest.raises(errors.KeyDestroyed):
        ring.file_key_create(uuid4(), LATEST)
    assert reopened(home).destroy_contract(LATEST) == destroyed
    assert ring.tombstones() == destroyed


def test_erasing_what_is_erased_returns_the_same_tombstones(ring: KeyRing) -> None:
    file_id = uuid4()
    ring.file_key_create(file_id, NOW)
    for act in (
        lambda at: ring.destroy_file_key(file_id, at),
        lambda at: ring.destroy_record(A, ROW, at),
        lambda at: ring.destroy_batch(A, at),
        lambda at: ring.destroy_receivable(A.of_receivable(), at),
        lambda at: ring.destroy_contract(at),
    ):
        first = act(LATER)
        assert first
        assert act(LATEST) == first


def test_a_tombstone_tells_the_key_without_giving_it(ring: KeyRing) -> None:
    key = ring.record_key(A, ROW).key
    stone = ring.destroy_record(A, ROW, LATER)[0]
    assert stone.key_id == aead.key_id_of(key).hex()
    assert stone.kcv == aead.check_value_of(key).hex()
    assert key.hex()[:16] not in (stone.key_id, stone.kcv)


def test_every_destruction_begins_a_new_epoch_under_which_the_rest_still_opens(
    ring: KeyRing, home: Path
) -> None:
    store, file_id = KeyStore.open(home, WORD), uuid4()
    ring.file_key_create(file_id, NOW)
    box = box_of(ring, B)
    acts = (
        lambda: ring.destroy_record(A, ROW, LATER),
        lambda: ring.sweep(A, [OTHER], LATER),
        lambda: ring.destroy_file_key(file_id, LATER),
        lambda: ring.destroy_batch(A, LATER),
        lambda: ring.destroy_receivable(A.of_receivable(), LATER),
    )
    for number, act in enumerate(acts, start=2):
        with store.read() as table:
            wrapped = {key.label: key.wrapped for key in table.keys_under(B.text())}
        act()
        with store.read() as table:
            assert table.epoch == number
            kept = table.keys_under("C004")
            assert {key.epoch for key in kept} == {0, number}
            assert all(key.wrapped != wrapped.get(key.label) for key in kept)
        assert open_box(ring, B, box) == b"sample"
    retired = [key.name for key in ring.tombstones() if key.kind is KeyKind.CONTRACT]
    assert sorted(retired) == ["1", "2", "3", "4", "5"]


def test_a_restored_older_key_store_gives_back_nothing_once_tombstones_are_applied(
    ring: KeyRing, home: Path, tmp_path: Path
) -> None:
    file_id = uuid4()
    ring.file_key_create(file_id, NOW, B)
    box = box_of(ring, A_LIKE)
    shutil.copytree(home, tmp_path / "old")
    ring.destroy_record(A_LIKE, OTHER, LATER)
    ring.destroy_receivable(A.of_receivable(), LATER)
    ring.destroy_file_key(file_id, LATER)
    stones = ring.tombstones()
    assert ring.apply_tombstones(stones, LATEST) == 0
    old = reopened(tmp_path / "old")
    assert old.still_opens(A)
    assert old.apply_tombstones(stones, LATEST) == 5  # two data keys, pseudonym, file, one row
    assert not old.still_opens(A.of_receivable())
    assert not old.still_opens(A_LIKE, OTHER)
    assert open_box(old, A_LIKE, box) == b"sample"
    assert set(stones) <= set(old.tombstones())
    with pytest.raises(errors.KeyDestroyed):
        old.file_key(file_id)
    with pytest.raises(errors.KeyDestroyed):
        old.ensure_data_key(A_NEXT, LATEST)
    assert old.apply_tombstones(stones, LATEST) == 0
    foreign = DestroyedKey("00" * 8, KeyKind.DATA, "C003/A01", "", NOW, NOW, "00" * 8)
    with pytest.raises(errors.ForeignContract):
        old.apply_tombstones([foreign], LATEST)
