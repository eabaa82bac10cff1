"""Homes for the tests of the command line, made once and copied, and a way to run a command."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from webui.cli.main import main
from webui.rehearsal.sample_delivery import make_delivery

MONTH = date(2022, 9, 1)
ARRIVAL = "2022-09-13T10:00:00+09:00"
OPENING = "2022-09-15T11:30:00+09:00"
CLOSING = "2022-09-15T20:46:00+09:00"
PERIOD = ("--calls", "2022-09-15..2022-09-28", "--callbacks-until", "2022-10-05")
CAMPAIGN = "A01-202209"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    document: dict[str, Any]

    @property
    def error(self) -> str | None:
        """The code of the refusal, if it was one."""
        error = self.document.get("error")
        return error["code"] if error else None


@dataclass(frozen=True, slots=True)
class Shell:
    """Types commands for one home and reads the one JSON object each prints."""

    home: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def run(self, *words: str | Path, stdin: str = "") -> Said:
        """One command with ``--json``; everything it prints must be that one object."""
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        self.capsys.readouterr()
        code = main([*map(str, words), "--home", str(self.home), "--json"])
        out = self.capsys.readouterr().out
        assert out.endswith("\n")
        assert out.count("\n") == 1
        return Said(code, json.loads(out))

    def done(self, *words: str | Path, stdin: str = "") -> dict[str, Any]:
        """One command that must succeed."""
        said = self.run(*words, stdin=stdin)
        assert said.code == 0, said.document
        return said.document

    def refused(self, *words: str | Path, stdin: str = "") -> str:
        """One command that must be refused; its code."""
        said = self.run(*words, stdin=stdin)
        assert said.code == 1, said.document
        assert said.error is not None
        assert said.document["error"]["text"]
        return said.error


def copied(original: Path, target: Path) -> Path:
    """A home of its own, as the original stands; its settings name its own folders."""
    shutil.copytree(original, target)
    settings = target / "home.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(str(original), str(target)), encoding="utf-8")
    return target


def lent_files(
    folder: Path, rows: int = 8, change: Callable[[bytes], bytes] | None = None
) -> list[Path]:
    """A delivery of sample people in a folder; ``change`` spoils its TAISHO."""
    folder.mkdir()
    paths = list(make_delivery("A01", MONTH, rows, 7).write_to(folder))
    if change is not None:
        taisho = next(path for path in paths if "TAISHO" in path.name)
        taisho.write_bytes(change(taisho.read_bytes()))
    return paths
