"""A rehearsal home made by the command itself, once a module, and a shell over a copy of it.

A module may set ``BEGAN``, the instant at which its home begins.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_homes import ARRIVAL, Shell, copied

from webui.cli.main import main


@pytest.fixture(scope="module")
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new rehearsal home with its persons."""
    home = tmp_path_factory.mktemp("cli") / "home"
    began = getattr(request.module, "BEGAN", ARRIVAL)
    assert main(["init", "--rehearsal", "--home", str(home), "--now", began, "--json"]) == 0
    return home


@pytest.fixture
def shell(
    original: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    """The command line over a home of this test's own."""
    return Shell(copied(original, tmp_path / "home"), capsys, monkeypatch)
