"""The root key behind a PKCS#11 module: SoftHSM2 stands for the module."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from keyrings import LATER, NOW, SMALL, A, box_of, open_box

from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.key_table import ROOT
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.root import RootSource
from secure_store.sealing.root_kinds import RootChange, RootKind, change_of
from secure_store.sealing.rotation import rotate_root
from secure_store.sealing.token_root import ModuleToken

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "8004-mihon"
CONTRACT = "C004"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModuleToken]:
    """Two tokens in a folder of this test; the module reads its settings once per process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(settings)
    made = {}
    for label in ("dialer", "other"):
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label]
            + ["--so-pin", "so-" + PIN, "--pin", PIN],
            check=True,
            capture_output=True,
        )
        made[label] = ModuleToken(MODULE, label, PIN)
    return made


@pytest.fixture
def token(tokens: dict[str, ModuleToken]) -> ModuleToken:
    for each in tokens.values():
        each.destroy()
    return tokens["dialer"]


@pytest.mark.clause("T13c")
def test_thirty_secrets_come_back_and_a_foreign_contract_gets_none(token: ModuleToken) -> None:
    came_back = refused = 0
    for _ in range(30):
        secret = secrets.token_bytes(32)
        wrapped = token.new_wrapped(CONTRACT, secret)
        assert secret not in wrapped
        came_back += token.unwrapped(CONTRACT, wrapped) == secret
        with pytest.raises(errors.WrongPassphrase):  # other associated data
            token.unwrapped("C003", wrapped)
        refused += 1
    assert (came_back, refused, token.count()) == (30, 30, 30)
    assert token.destroy() == 30
    assert token.count() == 0


@pytest.mark.clause("T13c")
def test_after_the_modules_key_is_destroyed_the_key_store_opens_nothing(
    token: ModuleToken, tmp_path: Path
) -> None:
    home = tmp_path / "keys"
    source = RootSource(PIN.encode(), token=token)
    ring = KeyRing(KeyStore.create(home, source, SMALL, CONTRACT, NOW))
    row = uuid4()
    ring.ensure_data_key(A, NOW)
    ring.add_records(A, [row], NOW)
    box = box_of(ring, A, row)
    assert open_box(KeyRing(KeyStore.open(home, source)), A, box, row) == b"sample"
    assert token.count() == 1
    assert token.destroy() == 1
    assert token.count() == 0
    with pytest.raises(errors.WrongPassphrase):
        KeyStore.open(home, source)


@pytest.mark.clause("T13c")
def test_a_passphrase_store_moves_into_the_module_and_only_its_token_opens_it(
    token: ModuleToken, tokens: dict[str, ModuleToken], tmp_path: Path
) -> None:
    home = tmp_path / "keys"
    ring = KeyRing(KeyStore.create(home, b"words", SMALL, CONTRACT, NOW))
    ring.ensure_data_key(A, NOW)
    source = RootSource(PIN.encode(), token=token)
    rotate_root(ring, source, SMALL, LATER)
    assert KeyRing(KeyStore.open(home, source)).still_opens(A)
    foreign = RootSource(PIN.encode(), token=tokens["other"])
    wrong_pin = RootSource(b"0000", token=ModuleToken(MODULE, "dialer", "0000"))
    for wrong in (foreign, wrong_pin, RootSource(b"words")):
        with pytest.raises((errors.WrongPassphrase, errors.KeyFileUnusable)):
            KeyStore.open(home, wrong)


@pytest.mark.clause("T13c")
def test_a_rotated_root_leaves_one_key_in_the_module_and_older_copies_open_no_more(
    token: ModuleToken, tmp_path: Path
) -> None:
    home, before = tmp_path / "keys", tmp_path / "before"
    source = RootSource(PIN.encode(), token=token)
    ring = KeyRing(KeyStore.create(home, source, SMALL, CONTRACT, NOW))
    ring.ensure_data_key(A, NOW)
    others = token.new_wrapped("C003", secrets.token_bytes(32))
    shutil.copytree(home, before)
    rotate_root(ring, source, SMALL, LATER)
    with ring.store.read() as table:
        assert change_of(table.note(ROOT)) == RootChange(LATER, RootKind.TOKEN, True, False)
    assert token.count() == 2  # ours, and that of another contract in the same token
    assert len(token.unwrapped("C003", others)) == 32
    assert KeyRing(KeyStore.open(home, source)).still_opens(A)
    with pytest.raises(errors.WrongPassphrase):
        KeyStore.open(before, source)


@pytest.mark.clause("T13c")
def test_a_module_that_does_not_know_the_former_key_is_not_said_to_have_destroyed_it(
    token: ModuleToken, tmp_path: Path
) -> None:
    source = RootSource(PIN.encode(), token=token)
    ring = KeyRing(KeyStore.create(tmp_path / "keys", source, SMALL, CONTRACT, NOW))
    with ring.store.read() as table:
        assert change_of(table.note(ROOT)) is None
    forgetful = RootSource(PIN.encode(), token=token)
    assert token.destroy() == 1
    rotate_root(ring, forgetful, SMALL, LATER)
    with ring.store.read() as table:
        change = change_of(table.note(ROOT))
    assert change == RootChange(LATER, RootKind.TOKEN, False, True)


def test_a_missing_module_is_told_as_such() -> None:
    with pytest.raises(errors.KeyFileUnusable):
        ModuleToken(Path("/nonexistent.so"), "dialer", PIN).count()
