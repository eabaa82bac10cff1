"""The folder a desk's home is made in."""

from __future__ import annotations

from pathlib import Path

from webui.runtime.wiring import create_home, new_settings


def test_a_folder_open_to_everybody_is_closed_when_it_becomes_a_home(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    folder.chmod(0o755)
    create_home(new_settings(folder, is_rehearsal=True)).store.engine.dispose()
    assert folder.stat().st_mode & 0o777 == 0o700
