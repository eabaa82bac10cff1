"""The end of the data on the command line, and its certificate checked without a home."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_homes import CAMPAIGN, CLOSING, PERIOD, Shell, lent_files

from webui.cli.main import main

OPEN = ("campaign", "open", "--receivable", "A01", "--month", "2022-09", *PERIOD)


@pytest.fixture
def shell(shell: Shell, tmp_path: Path) -> Shell:
    """A01 was lent, its day closed and its files confirmed."""
    shell.done(*OPEN, "--as", "SV01")
    files = lent_files(tmp_path / "lent")
    shell.done("intake", *files, "--campaign", CAMPAIGN, "--publish", "--as", "SV01")
    shell.done("daily", "close", "2022-09-15", "--as", "SV01", "--now", CLOSING)
    shell.done("daily", "files", "2022-09-15", "--as", "SV01")
    shell.done("daily", "confirm", "2022-09-15", "--receipt", "1", "--as", "SV01")
    return shell


def verified(
    capsys: pytest.CaptureFixture[str], file: Path, key: Path
) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main(["certificate", "verify", str(file), "--public-key", str(key), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.clause("S4-14.10")
def test_every_step_leads_to_a_certificate_that_verifies_without_a_home(
    shell: Shell,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DIALER_HOME", raising=False)
    done = shell.done("erasure", "run", "--all", "--scope", "A01", "--out", tmp_path / "c.json")
    assert (done["state"], done["scope"]) == ("certified", "A01")
    assert done["keys_destroyed"] > 0
    key = shell.home / "public-key.pem"
    code, document = verified(capsys, Path(done["certificate"]), key)
    assert (code, document["ok"]) == (0, True)
    numbers = shell.done("list", "show", "--campaign", CAMPAIGN, "--as", "SV01")["numbers"]
    assert numbers["received"] == 0
    shell.run("audit", "verify", "--as", "AU01")
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_bytes((tmp_path / "c.json").read_bytes().replace(b"A01", b"A02", 1))
    code, document = verified(capsys, spoilt, key)
    assert code == 1
    assert document["error"]["code"] == "bad_signature"
    spoilt.write_text("{}", encoding="ascii")
    assert verified(capsys, spoilt, key)[0] == 1
    assert verified(capsys, Path(done["certificate"]), spoilt)[0] == 2


@pytest.mark.clause("S4-14.10")
def test_two_persons_destroy_and_a_third_verifies(shell: Shell) -> None:
    scope = ("--scope", CAMPAIGN)
    assert shell.refused("erasure", "run", *scope, "--as", "SV01", "--with", "AD01") == "not_found"
    planned = shell.done("erasure", "plan", *scope, "--as", "SV01")
    assert planned["state"] == "applied"
    assert sum(line["count"] for line in planned["counts"]) > 0
    again = shell.refused("erasure", "plan", *scope, "--as", "SV01")
    assert again == "erasure_under_way"
    assert shell.refused("erasure", "run", *scope, "--as", "SV01") == "person_missing"
    alone = shell.refused("erasure", "run", *scope, "--as", "SV01", "--with", "SV02")
    assert alone == "erasure_persons_wrong"
    early = shell.refused("erasure", "verify", *scope, "--as", "VF01")
    assert early == "illegal_erasure_move"
    gone = shell.done("erasure", "run", *scope, "--as", "SV01", "--with", "AD01")
    assert gone["state"] == "copies_destroyed"
    assert shell.refused("erasure", "certify", *scope, "--as", "SV01") == "illegal_erasure_move"
    assert shell.done("erasure", "verify", *scope, "--as", "VF01")["state"] == "verified"
    first = shell.done("erasure", "certify", *scope, "--as", "SV01")
    content = Path(first["certificate"]).read_bytes()
    assert first["certificate"] == str(shell.home / "certificates" / f"{first['number']}.json")
    second = shell.done("erasure", "certify", *scope, "--as", "SV01")
    assert Path(second["certificate"]).read_bytes() == content


def test_run_needs_a_scope_or_all(shell: Shell) -> None:
    assert shell.run("erasure", "run", "--as", "SV01", "--with", "AD01").code == 2
