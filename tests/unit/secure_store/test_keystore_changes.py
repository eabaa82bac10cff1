"""Changes of the key store: who wins a race, what a kill leaves, what is gone from the file."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.aead import wrap_key
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KEY_STORE_FILE, KeyStore
from secure_store.sealing.passphrase import Argon2Parameters
from secure_store.sealing.scopes import BatchScope, KeyKind, KeyLabel, WrappedKey

NOW = datetime(2022, 9, 1, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SMALL = Argon2Parameters(memory_kib=64, iterations=1, lanes=1)
WORD = b"correct horse"
SCOPE = BatchScope("C004", "A01", "A01-202209")
DATA = KeyLabel(KeyKind.DATA, SCOPE.text())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    KeyStore.create(tmp_path / "keys", WORD, SMALL, "C004", NOW)
    return tmp_path / "keys"


def _ring(home: Path) -> KeyRing:
    return KeyRing(KeyStore.open(home, WORD))


def _data_key(label: KeyLabel = DATA, epoch: int = 1) -> WrappedKey:
    return wrap_key(bytes(32), label, os.urandom(32), epoch, NOW)


def test_the_first_key_of_a_label_stands(home: Path) -> None:
    one, two = _data_key(), _data_key()
    with KeyStore.open(home, WORD).write() as table:
        assert table.insert_if_absent(one) == one
        assert table.insert_if_absent(two) == one


def test_replacing_needs_exactly_what_stands(home: Path) -> None:
    one, other = _data_key(), _data_key()
    again = wrap_key(bytes(32), DATA, os.urandom(32), 1, NOW)
    with KeyStore.open(home, WORD).write() as table:
        table.insert_if_absent(one)
        assert not table.replace(other, again)
        newer = WrappedKey(DATA, one.key_id, 1, NOW, one.kcv, b"wrapped anew")
        assert table.replace(one, newer)
        assert not table.replace(one, newer)
        assert table.find(DATA) == newer


def test_a_late_rewrap_or_insert_loses_against_a_destruction(home: Path) -> None:
    """The slow process holds a row it read before the destruction."""
    store, key = KeyStore.open(home, WORD), _data_key()
    with store.write() as table:
        table.insert_if_absent(key)
    with store.write() as table:
        table.destroy(key, LATER)
    with store.write() as table:
        assert not table.replace(key, key)
    for late in (key, _data_key()):
        with pytest.raises(errors.KeyDestroyed), store.write() as table:
            table.insert_if_absent(late)
    with pytest.raises(errors.KeyDestroyed), store.write() as table:
        table.add_salts(key, [uuid4()], NOW)
    with store.read() as table:
        assert table.find(DATA) is None


def test_a_key_wrapped_in_a_past_epoch_is_refused(home: Path) -> None:
    store, late = KeyStore.open(home, WORD), _data_key(epoch=1)
    with store.write() as table:
        table.begin_epoch(2)
    with pytest.raises(errors.KeyDestroyed), store.write() as table:
        table.insert_if_absent(late)


steps = st.lists(
    st.tuples(st.sampled_from(["read", "insert", "destroy", "rewrap"]), st.integers(0, 1)),
    min_size=4,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_no_order_of_two_processes_brings_a_destroyed_key_back(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[str, int]]
) -> None:
    home = tmp_path_factory.mktemp("race") / "keys"
    KeyStore.create(home, WORD, SMALL, "C004", NOW)
    stores = [KeyStore.open(home, WORD) for _ in range(2)]
    held: list[WrappedKey] = [_data_key(), _data_key()]
    destroyed = False
    for step, who in order:
        try:
            with stores[who].write() as table:
                if step == "read":
                    held[who] = table.find(DATA) or held[who]
                elif step == "insert":
                    table.insert_if_absent(held[who])
                elif step == "rewrap":
                    table.replace(held[who], held[who])
                elif table.find(DATA) is not None:
                    table.destroy(table.require(DATA), LATER)
                    destroyed = True
        except errors.KeyDestroyed:
            assert destroyed
        with stores[1 - who].read() as table:
            assert not (destroyed and table.find(DATA) is not None)


def test_many_threads_that_make_the_same_key_get_the_same_key(home: Path) -> None:
    rings = [_ring(home) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda ring: ring.ensure_data_key(SCOPE, NOW), rings))
    assert len(ids) == 1
    assert sum(count.count for count in rings[0].inventory() if count.kind is KeyKind.DATA) == 1


def _killed_in(home: Path, act: Callable[[KeyStore], None]) -> None:
    """Runs the act in a child that is killed as by kill -9 when the act says so."""
    child = os.fork()
    if child == 0:
        try:
            act(KeyStore.open(home, WORD))
        finally:
            os._exit(3)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("committed", [False, True])
def test_a_killed_destruction_is_done_wholly_or_not_at_all_and_can_be_repeated(
    home: Path, committed: bool
) -> None:
    ring, rows = _ring(home), [uuid4() for _ in range(300)]
    ring.ensure_data_key(SCOPE, NOW)
    ring.add_records(SCOPE, rows, NOW)
    keys = ring.record_keys(SCOPE, rows)

    def destroy(store: KeyStore) -> None:
        if committed:
            KeyRing(store).destroy_batch(SCOPE, LATER)
            os.kill(os.getpid(), signal.SIGKILL)
        with store.write() as table:
            table.destroy(table.require(DATA), LATER)
            table._run("PRAGMA cache_spill=ON")
            table._run("PRAGMA cache_size=1")
            table.destroy_salts(_data_key(), rows)
            os.kill(os.getpid(), signal.SIGKILL)

    _killed_in(home, destroy)
    if committed:
        assert not ring.still_opens(SCOPE)
    else:
        assert ring.record_keys(SCOPE, rows) == keys
    again = ring.destroy_batch(SCOPE, LATER + timedelta(hours=1))
    assert [(key.kind, key.scope) for key in again] == [(KeyKind.DATA, SCOPE.text())]
    assert (again[0].destroyed_at == LATER) is committed
    assert not ring.still_opens(SCOPE)


def test_the_file_holds_no_byte_of_a_destroyed_key_or_salt(home: Path) -> None:
    ring, rows = _ring(home), [uuid4() for _ in range(2000)]
    ring.ensure_data_key(SCOPE, NOW)
    ring.add_records(SCOPE, rows, NOW)
    with KeyStore.open(home, WORD).read() as table:
        key = table.require(DATA)
        gone = [key.wrapped[12:44], *table.salts_for(key, rows).values()]
    path = home / KEY_STORE_FILE
    before = path.read_bytes()
    assert sum(piece in before for piece in gone) == 2001
    ring.destroy_batch(SCOPE, LATER)
    after = path.read_bytes()
    assert sum(piece in after for piece in gone) == 0
    assert [file.name for file in home.iterdir()] == [KEY_STORE_FILE]


def test_no_key_lies_unwrapped_in_the_file(home: Path) -> None:
    ring = _ring(home)
    ring.ensure_data_key(SCOPE, NOW)
    row = UUID(int=1)
    ring.add_records(SCOPE, [row], NOW)
    store = KeyStore.open(home, WORD)
    with store.read() as table:
        labels = [key.label for key in table.keys_under("C004")]
        secrets = [ring._unwrapped(table, label)[1] for label in labels]
    content = (home / KEY_STORE_FILE).read_bytes()
    assert len(secrets) == 3
    for secret in (*secrets, store.root_key, WORD, ring.record_key(SCOPE, row).key):
        assert secret not in content
