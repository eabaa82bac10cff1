"""The log disclosed, counted and pruned from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_homes import Shell

from secure_store.sealing.installed import installed_of
from secure_store.verifier.disclosure_check import check_disclosure
from webui.runtime.wiring import open_home

DAYS = ("--from", "2022-09-01", "--to", "2022-09-30")


@pytest.mark.clause("S4-14.11b")
def test_a_disclosure_is_written_once_and_checks_alone(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "disclosed.jsonl"
    said = shell.done("audit", "disclose", *DAYS, "--out", out, "--as", "AU01")
    services = open_home(shell.home)
    key = installed_of(services.store).signer.public_key
    services.store.engine.dispose()
    verdict = check_disclosure(out.read_bytes().splitlines(keepends=True), key)
    assert (verdict.fault, verdict.events) == (None, said["events"])
    assert shell.run("audit", "disclose", *DAYS, "--out", out, "--as", "AU01").code == 2
    refused = shell.run("audit", "disclose", *DAYS, "--out", tmp_path / "x", "--as", "SV01")
    assert (refused.code, refused.error) == (1, "not_allowed")
    assert not (tmp_path / "x").exists()


@pytest.mark.clause("S3-B2-16.1", "S3-B1-10")
def test_the_pack_and_the_month_are_counted(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "pack.json"
    said = shell.done("incident", "pack", *DAYS, "--out", out, "--as", "SV01")
    assert json.loads(out.read_bytes())["persons"] == said["persons"] == 0
    month = shell.done("report", "personal-info-status", "--month", "2022-09", "--as", "SV01")
    assert month["from"] == "2022-09-01"
    assert month["until"] == "2022-09-30"
    assert set(month["persons"]) == {"contact", "identity", "debt", "collected", "recording"}


@pytest.mark.clause("S3-B1-5.6-2")
def test_the_log_is_not_pruned_before_the_year_is_over(shell: Shell) -> None:
    refused = shell.run("audit", "prune", "--before", "2022-09", "--as", "AD01")
    assert (refused.code, refused.error) == (1, "audit_retained")
    assert shell.run("audit", "prune", "--before", "2022-09-15", "--as", "AD01").code == 2
    refused = shell.run("audit", "prune", "--before", "2022-09", "--as", "SV01")
    assert refused.error == "not_allowed"
