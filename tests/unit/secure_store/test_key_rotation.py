"""New keys for old ones: nothing is lost, nothing erased comes back, and both generations open."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyrings import (
    LATER,
    LATEST,
    OTHER,
    ROW,
    SMALL,
    WORD,
    A,
    B,
    box_of,
    reopened,
    ring_of_four,
)

from secure_store.sealing import aead
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.root import RootSource
from secure_store.sealing.root_files import make_key_file, read_key_file
from secure_store.sealing.rotation import (
    begin_data_key,
    former_data_keys,
    prune_data_key,
    rotate_epoch,
    rotate_root,
)
from secure_store.sealing.scopes import BatchScope, Context
from tests.key_races import ACTS, ROWS, Race

PLACE = ("call_case", "phone")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(home: Path) -> KeyRing:
    return ring_of_four(home)


def opened(ring: KeyRing, scope: BatchScope, box: bytes, row: UUID = ROW) -> bytes:
    key = ring.record_keys(scope, [row], aead.key_id_in(box))[row]
    return aead.open_sealed(key.key, key.key_id, Context(scope, "call_case", row, "G1", 1), box)


def test_a_new_contract_key_wraps_everything_and_changes_no_key(ring: KeyRing) -> None:
    boxes = {scope: box_of(ring, scope) for scope in (A, B)}
    before = ring.store.path.read_bytes()
    count = rotate_epoch(ring, LATER)
    assert count == 4 + 3 + 1 + 1  # data keys, pseudonym keys, contract key, signing key
    for scope, box in boxes.items():
        assert opened(ring, scope, box) == b"sample"
    with ring.store.read() as table:
        for key in table.keys_under("C004"):
            assert key.wrapped not in before


def test_a_new_root_key_is_followed_by_a_process_that_is_running(home: Path) -> None:
    words = [WORD]
    first = ring_of_four(home)
    running = KeyRing(KeyStore.open(home, lambda: RootSource(words[0])))
    box = box_of(running, A)
    words[0] = b"other words"
    rotate_root(first, RootSource(words[0]), SMALL, LATER)
    assert opened(running, A, box) == b"sample"
    running.add_records(A, [uuid4()], LATER)
    with pytest.raises(errors.WrongPassphrase):
        reopened(home)


def test_passphrase_and_key_file_are_both_needed(home: Path, tmp_path: Path) -> None:
    ring = ring_of_four(home)
    box = box_of(ring, A)
    for name in ("medium", "stranger"):
        make_key_file(tmp_path / name)
    mine, stranger = (read_key_file(tmp_path / name) for name in ("medium", "stranger"))
    rotate_root(ring, RootSource(WORD, mine), SMALL, LATER)
    opener = KeyRing(KeyStore.open(home, RootSource(WORD, mine)))
    assert opened(opener, A, box) == b"sample"
    for wrong in (RootSource(WORD), RootSource(WORD, stranger), RootSource(b"no", mine)):
        with pytest.raises((errors.KeyFileUnusable, errors.WrongPassphrase)):
            KeyStore.open(home, wrong)
    with pytest.raises(errors.KeyExists):
        make_key_file(tmp_path / "medium")
    assert mine not in (home / "keys.sqlite3").read_bytes()


def test_a_key_file_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "medium"
    make_key_file(path)
    path.chmod(0o644)
    with pytest.raises(errors.KeyStoreExposed):
        read_key_file(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(errors.KeyFileUnusable):
        read_key_file(path)


def test_both_generations_of_a_data_key_open_until_the_old_one_is_pruned(ring: KeyRing) -> None:
    old_box, index = box_of(ring, A), ring.blind_index_key(A, *PLACE)
    old = begin_data_key(ring, A, LATER, [PLACE])
    assert begin_data_key(ring, A, LATEST, [PLACE]) == old  # begun is begun
    new_box = box_of(ring, A)
    assert aead.key_id_in(new_box) != aead.key_id_in(old_box) == old
    assert opened(ring, A, old_box) == opened(ring, A, new_box) == b"sample"
    assert ring.blind_index_key(A, *PLACE) == index
    assert list(former_data_keys(ring, A)) == [old]
    with pytest.raises(errors.KeyInUse):
        prune_data_key(ring, A, old, lambda: 1, LATEST)
    assert opened(ring, A, old_box) == b"sample"
    prune_data_key(ring, A, old, lambda: 0, LATEST)
    assert former_data_keys(ring, A) == {}
    assert opened(ring, A, new_box) == b"sample"
    assert ring.blind_index_key(A, *PLACE) == index
    with pytest.raises(errors.SealBroken):
        opened(ring, A, old_box)


def test_a_key_found_in_use_at_the_last_moment_is_kept(ring: KeyRing) -> None:
    box = box_of(ring, A)
    old = begin_data_key(ring, A, LATER)
    rows = [0]
    with pytest.raises(errors.KeyInUse):
        prune_data_key(ring, A, old, lambda: rows[0], LATEST, lambda: rows.__setitem__(0, 1))
    assert opened(ring, A, box) == b"sample"


def test_what_is_erased_while_a_data_key_is_replaced_opens_in_no_generation(ring: KeyRing) -> None:
    boxes = [box_of(ring, A, row) for row in (ROW, OTHER)]
    begin_data_key(ring, A, LATER, [PLACE])
    boxes += [box_of(ring, A, row) for row in (ROW, OTHER)]
    stones = ring.destroy_record(A, ROW, LATEST)
    assert len({stone.key_id for stone in stones}) == 2
    for box in (boxes[0], boxes[2]):
        with pytest.raises(errors.KeyDestroyed):
            opened(ring, A, box)
    for box in (boxes[1], boxes[3]):
        assert opened(ring, A, box, OTHER) == b"sample"
    assert not ring.still_opens(A, ROW)
    ring.destroy_batch(A, LATEST)
    assert not ring.still_opens(A)
    with pytest.raises(errors.KeyDestroyed):
        begin_data_key(ring, A, LATEST)
    with pytest.raises(errors.KeyDestroyed):
        ring.blind_index_key(A, *PLACE)


steps = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 1), st.sampled_from(ROWS)),
    min_size=3,
    max_size=8,
)


@pytest.mark.clause("T09")
@settings(max_examples=60, deadline=None)
@given(steps)
def test_no_interleaving_brings_an_erased_key_back_or_loses_another(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[str, int, UUID]]
) -> None:
    """60 here, 10,000 in the soak: resurrected 0, lost 0."""
    race = Race(tmp_path_factory.mktemp("race") / "keys")
    for name, who, row in order:
        race.act(name, who, row)
        assert race.verdict() == (0, 0)


@pytest.mark.clause("T09")
def test_threads_that_destroy_and_rewrap_at_once_bring_nothing_back(tmp_path: Path) -> None:
    race = Race(tmp_path / "keys")
    begin = threading.Barrier(4)

    def run(name: str, who: int) -> None:
        begin.wait()
        for _ in range(6):
            race.act(name, who, ROW)

    names = (("destroy_record", 0), ("rewrap", 1), ("rekey", 0), ("salt", 1))
    threads = [threading.Thread(target=run, args=name) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert race.erased == {ROW}
    assert race.verdict() == (0, 0)
