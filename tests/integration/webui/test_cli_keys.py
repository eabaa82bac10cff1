"""``dialer keys`` and ``dialer backup``: from the key file to a home brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_homes import OPENING, Shell

from secure_store.sealing import epochs, passphrase
from webui.runtime import key_places
from webui.runtime.settings import NEXT_FILE, read_settings, write_next_settings
from webui.runtime.wiring import open_home

BEGAN = OPENING
TWO = ("--as", "AD01", "--with", "SV01")


def test_the_status_says_the_level_and_no_key(shell: Shell) -> None:
    found = shell.done("keys", "status", "--as", "AD01")
    assert (found["level"], found["root"], found["epoch"]) == ("C", "passphrase", 1)
    assert shell.refused("keys", "status", "--as", "OP01") == "not_allowed"


def test_keys_are_rotated_by_a_supervisor_and_an_administrator(
    shell: Shell, tmp_path: Path
) -> None:
    for words in (("--as", "AD01", "--with", "AD01"), ("--as", "AD01", "--with", "OP01")):
        assert shell.refused("keys", "rotate", "epoch", *words) in (
            "key_persons_wrong",
            "not_allowed",
        )
    assert shell.done("keys", "rotate", "epoch", *TWO)["read_back"] >= 2
    medium = tmp_path / "medium.key"
    shell.done("keys", "init", "--key-file", medium)
    assert shell.refused("keys", "init", "--key-file", medium) == "key_exists"
    shell.done("keys", "rotate", "root", "--key-file", medium, *TWO)
    found = shell.done("keys", "status", "--as", "AD01")
    assert (found["root"], found["epoch"]) == ("key_file", 3)
    medium.rename(tmp_path / "taken-away")
    assert shell.refused("keys", "status", "--as", "AD01") == "key_file_unusable"


@pytest.mark.parametrize("cut", ["before the keys", "before the settings"])
def test_a_root_rotation_cut_short_is_ended_at_the_next_opening(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    """The settings of the new root are written first and take effect last."""
    medium = tmp_path / "medium.key"
    shell.done("keys", "init", "--key-file", medium)
    if cut == "before the settings":
        monkeypatch.setattr(key_places, "take_next_settings", lambda _home: None)
        shell.done("keys", "rotate", "root", "--key-file", medium, *TWO)
        monkeypatch.undo()
    else:
        settings = read_settings(shell.home)
        write_next_settings(key_places.replace(settings, key_file=medium))
    assert (shell.home / NEXT_FILE).exists()
    open_home(shell.home).store.engine.dispose()
    shell = Shell(shell.home, shell.capsys, pytest.MonkeyPatch())
    found = shell.done("keys", "status", "--as", "AD01")
    assert found["root"] == ("key_file" if cut == "before the settings" else "passphrase")


@pytest.mark.parametrize("fails", ["before the change", "after the change"])
def test_a_medium_that_fails_while_the_root_is_rotated_locks_nobody_out(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    medium = tmp_path / "medium.key"
    shell.done("keys", "init", "--key-file", medium)

    def broken(*_given: object) -> None:
        raise OSError("the medium")

    late = fails == "after the change"
    place = (passphrase, "sync_directory") if late else (epochs, "read_back")
    with monkeypatch.context() as patch:
        patch.setattr(*place, broken)
        assert shell.refused("keys", "rotate", "root", "--key-file", medium, *TWO) == "unexpected"
    found = shell.done("keys", "status", "--as", "AD01")
    assert found["root"] == ("key_file" if late else "passphrase")
    shell.done("keys", "rotate", "epoch", *TWO)


def test_a_process_that_runs_goes_on_after_the_root_was_rotated(
    shell: Shell, tmp_path: Path
) -> None:
    running = open_home(shell.home)
    medium = tmp_path / "medium.key"
    shell.done("keys", "init", "--key-file", medium)
    shell.done("keys", "rotate", "root", "--key-file", medium, *TWO)
    signed = key_places.installed_of(running.store).keyring.sign(b"still here")
    assert len(signed) == 64
    running.store.engine.dispose()


@pytest.mark.clause("S4-16.1-1")
def test_a_backup_is_taken_checked_and_brought_back(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "medium"
    folder.mkdir()
    unregistered = ("backup", "run", "--medium", "BK01", "--as", "AD01")
    assert shell.refused(*unregistered) == "backup_medium_unregistered"
    medium = ("backup", "medium", "BK01", "--serial", "S-1", "--folder", folder)
    shell.done(*medium, "--as", "AD01")
    assert shell.refused(*medium, "--as", "SV01") == "not_allowed"
    taken = shell.done(*unregistered)
    assert shell.done("backup", "verify", taken["number"], "--as", "AD01")["is_sound"] is True
    restored = shell.done("backup", "restore", taken["path"], "--shut")
    assert restored["quarantined"] is True
    for words in (
        ("staff", "list"),
        ("keys", "status"),
        ("scheduler", "--once"),
        ("backup", "list"),
        ("audit", "verify"),
    ):
        assert shell.refused(*words, "--as", "AD01") == "home_quarantined"
    released = shell.done("backup", "release")
    assert (released["quarantined"], released["reason"]) == (False, "restored")
    listed = shell.done("backup", "list", "--as", "AD01")
    assert [one["number"] for one in listed["backups"]] == [taken["number"]]
    (folder / f"{taken['number']}.dialer-backup").write_bytes(b"spoilt")
    assert shell.refused("backup", "verify", taken["number"], "--as", "AD01") == "backup_unsound"
    assert shell.refused("backup", "restore", taken["path"]) == "backup_unsound"
    assert shell.done("keys", "status", "--as", "AD01")["level"] == "C"
