"""``dialer instruction``: a sheet comes in as a file, is refused by field, is approved once."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_homes import ARRIVAL, Shell

from webui.cli.main import main

SHEET = """
receivable: A01
parameters: {min_counted_attempts: 2, max_counted_attempts: 4}
workplace_numbers: false
"""


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    home = tmp_path / "home"
    assert main(["init", "--rehearsal", "--home", str(home), "--now", ARRIVAL, "--json"]) == 0
    return Shell(home, capsys, monkeypatch)


@pytest.mark.clause("S4-8.6b")
def test_a_sheet_is_imported_approved_and_shown(shell: Shell, tmp_path: Path) -> None:
    def run(verb: str, *words: str | Path) -> dict[str, object]:
        return shell.done("instruction", verb, *words, "--as", "SV01")

    path = tmp_path / "a01.yaml"
    path.write_text(SHEET, encoding="utf-8")
    entered = run("import", "--file", path, "--from", "2022-09-13")
    assert (entered["version"], entered["state"]) == (1, "draft")
    number = ("--receivable", "A01", "--version", "1", "--document-no", "札財管第118号")
    assert run("approve", *number)["state"] == "in_force"
    shown = run("show", "--receivable", "A01", "--version", "1")
    assert shown["sheet"] == {
        "receivable": "A01",
        "parameters": {"min_counted_attempts": 2, "max_counted_attempts": 4},
        "workplace_numbers": False,
    }
    whole = run("show", "--receivable", "a01")
    assert whole["rules"] == "p1/i1"
    assert isinstance(whole["sheet"], dict)
    assert whole["sheet"]["rotation"] == "H3,H1,H5,H2,H4"
    listed = run("list")["instructions"]
    assert isinstance(listed, list)
    assert [one["in_force"] for one in listed if one["receivable"] in ("A01", "A02")] == [1, None]
    again = shell.refused("instruction", "approve", *number, "--as", "SV01")
    assert again == "instruction_obsolete"
    path.write_text("receivable: A01\nattempts: 3\nrotation: 見本\n", encoding="utf-8")
    said = shell.run(
        "instruction", "import", "--file", path, "--from", "2022-09-13", "--as", "SV01"
    )
    assert (said.code, said.error) == (1, "instruction_invalid")
    assert said.document["error"]["details"] == {"fields": "attempts:unknown rotation:unusable"}
