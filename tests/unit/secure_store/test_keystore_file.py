"""The key store as a file: how it is made, opened, changed, and what it leaves behind."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from secure_store.sealing import passphrase as phrase
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KEY_STORE_FILE, KeyStore
from secure_store.sealing.passphrase import Argon2Parameters
from secure_store.sealing.root import RootSource
from secure_store.sealing.rotation import rotate_root
from secure_store.sealing.scopes import BatchScope, KeyKind, KeyLabel

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


def _plain(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(home / KEY_STORE_FILE)


def test_the_file_and_its_directory_belong_to_their_owner_alone(home: Path) -> None:
    assert (home / KEY_STORE_FILE).stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in home.iterdir()] == [KEY_STORE_FILE]


def test_a_second_store_in_the_same_directory_is_refused_and_the_first_stays(home: Path) -> None:
    before = (home / KEY_STORE_FILE).read_bytes()
    with pytest.raises(errors.KeyExists):
        KeyStore.create(home, b"another", SMALL, "C004", NOW)
    assert (home / KEY_STORE_FILE).read_bytes() == before
    assert [file.name for file in home.iterdir()] == [KEY_STORE_FILE]


def test_opening_an_empty_directory_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(errors.KeyStoreMissing):
        KeyStore.open(tmp_path, WORD)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_passphrase_is_refused(home: Path) -> None:
    with pytest.raises(errors.WrongPassphrase):
        KeyStore.open(home, b"correct horse ")


@pytest.mark.parametrize("column", ["contract = 'C005'", "iterations = 2", "salt = x'00112233445566778899aabbccddeeff'"])  # fmt: skip
def test_an_altered_header_does_not_open(home: Path, column: str) -> None:
    with _plain(home) as connection:
        connection.execute(f"UPDATE header SET {column}")
    with pytest.raises(errors.WrongPassphrase):
        KeyStore.open(home, WORD)


def test_an_altered_header_cannot_exhaust_the_machine(home: Path) -> None:
    with _plain(home) as connection:
        connection.execute("UPDATE header SET memory_kib = 1099511627776")
    with pytest.raises(errors.ParametersOutOfRange):
        KeyStore.open(home, WORD)


@pytest.mark.parametrize("content", [b"", b"not a database, surely" * 100])
def test_a_file_that_is_no_key_store_is_called_damaged(home: Path, content: bytes) -> None:
    (home / KEY_STORE_FILE).write_bytes(content)
    with pytest.raises(errors.KeyStoreDamaged):
        KeyStore.open(home, WORD)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_store_others_may_touch_is_refused(home: Path, mode: int) -> None:
    (home / KEY_STORE_FILE).chmod(mode)
    with pytest.raises(errors.KeyStoreExposed):
        KeyStore.open(home, WORD)


def test_every_connection_has_the_pragmas_that_durability_and_erasure_need(home: Path) -> None:
    with KeyStore.open(home, WORD).read() as table:
        found = [
            table._run(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        ]
    assert found == ["delete", 2, 1, 1]


def test_each_change_makes_a_new_generation_and_a_look_makes_none(home: Path) -> None:
    store = KeyStore.open(home, WORD)

    def generation() -> tuple[int, bytes]:
        with store.read() as table:
            return table.generation.number, table.generation.stamp

    first = generation()
    with store.write():
        pass
    assert generation() == first
    KeyRing(store).ensure_data_key(SCOPE, NOW)
    second = generation()
    assert second[0] == first[0] + 1
    assert second[1] != first[1]


def test_a_held_store_is_reported_busy_and_unchanged(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = _ring(home)
    monkeypatch.setattr(phrase, "_BUSY_SECONDS", 0.0)
    holder = _plain(home)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(errors.KeyStoreBusy):
        ring.ensure_data_key(SCOPE, NOW)
    holder.rollback()
    holder.close()
    assert not ring.still_opens(SCOPE)


def test_a_passphrase_file_gives_its_one_line(tmp_path: Path) -> None:
    path = tmp_path / "phrase"
    path.write_bytes("合言葉 \n".encode())
    path.chmod(0o600)
    assert phrase.read_passphrase(path) == "合言葉 ".encode()
    path.chmod(0o640)
    with pytest.raises(errors.KeyStoreExposed):
        phrase.read_passphrase(path)


@pytest.mark.parametrize("content", [None, b"", b"\n", b"x" * 1025])
def test_an_unusable_passphrase_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "phrase"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    with pytest.raises(errors.PassphraseUnusable):
        phrase.read_passphrase(path)


@pytest.mark.parametrize("numbers", [(7, 1, 1), (64, 0, 1), (64, 1, 0), (64, 1, 17), (64, 65, 1), (5 << 20, 1, 1)])  # fmt: skip
def test_argon2_parameters_have_bounds(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(errors.ParametersOutOfRange):
        Argon2Parameters(*numbers)


def test_one_device_is_told_from_two(tmp_path: Path) -> None:
    keys, database = tmp_path / "not yet" / "keys", tmp_path / "dialer.sqlite3"
    assert not phrase.device_differs(keys, database)
    with pytest.raises(errors.KeyStoreOnDatabaseDevice):
        phrase.require_own_device(keys, database)
    assert phrase.device_differs(Path("/proc/self"), database)
    phrase.require_own_device(Path("/proc/self"), database)


def test_an_old_copy_opens_with_the_old_passphrase_only(home: Path, tmp_path: Path) -> None:
    """What a change of passphrase covers, and what it does not: the copy itself."""
    ring, row = _ring(home), uuid4()
    ring.ensure_data_key(SCOPE, NOW)
    ring.add_records(SCOPE, [row], NOW)
    key = ring.record_key(SCOPE, row)
    shutil.copytree(home, tmp_path / "copy")
    renewed = _ring(home)
    rotate_root(renewed, RootSource(b"new words"), SMALL, LATER)
    assert renewed.record_key(SCOPE, row) == key
    renewed.destroy_record(SCOPE, row, LATER)
    with pytest.raises(errors.WrongPassphrase):
        KeyStore.open(tmp_path / "copy", b"new words")
    # Not covered, and therefore a matter of procedure: the copy with the words of its time.
    assert _ring(tmp_path / "copy").record_key(SCOPE, row) == key


def test_a_changed_passphrase_shuts_out_every_ring_opened_before(home: Path) -> None:
    ring = _ring(home)
    ring.ensure_data_key(SCOPE, NOW)
    public = ring.public_key()
    renewed = _ring(home)
    rotate_root(renewed, RootSource(b"new words"), SMALL, LATER)
    for act in (
        ring.public_key,
        lambda: ring.ensure_data_key(SCOPE, LATER),
        lambda: ring.file_key_create(uuid4(), LATER),
        lambda: ring.destroy_batch(SCOPE, LATER),
    ):
        with pytest.raises(errors.WrongPassphrase):
            act()
    with pytest.raises(errors.WrongPassphrase):
        KeyStore.open(home, WORD)
    assert renewed.public_key() == public
    assert KeyRing(KeyStore.open(home, b"new words")).still_opens(SCOPE)


def test_a_store_put_in_the_place_of_another_is_looked_at_from_then_on(
    home: Path, tmp_path: Path
) -> None:
    ring = _ring(home)
    shutil.copy2(home / KEY_STORE_FILE, tmp_path / "older")
    ring.ensure_data_key(SCOPE, NOW)
    assert any(count.kind is KeyKind.DATA for count in ring.inventory())
    (tmp_path / "older").replace(home / KEY_STORE_FILE)
    assert not any(count.kind is KeyKind.DATA for count in ring.inventory())


def test_what_another_process_destroys_is_gone_at_the_next_look(home: Path) -> None:
    here, there, row = _ring(home), _ring(home), uuid4()
    here.ensure_data_key(SCOPE, NOW)
    here.add_records(SCOPE, [row], NOW)
    assert here.record_key(SCOPE, row)
    there.destroy_batch(SCOPE, LATER)
    with pytest.raises(errors.KeyDestroyed):
        here.record_key(SCOPE, row)
