"""``dialer notice``: a withdrawal checked, applied once, refused when it is faulty."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from cli_homes import ARRIVAL, CAMPAIGN, MONTH, PERIOD, Shell, lent_files

from webui.cli.main import main
from webui.rehearsal.sample_notices import SampleWithdrawal, make_notice

AS_OF = date(2022, 9, 13)


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    home = tmp_path / "home"
    assert main(["init", "--rehearsal", "--home", str(home), "--now", ARRIVAL, "--json"]) == 0
    return Shell(home, capsys, monkeypatch)


def test_a_notice_is_checked_and_applied_on_the_command_line(shell: Shell, tmp_path: Path) -> None:
    opening = ("campaign", "open", "--receivable", "A01", "--month", "2022-09", *PERIOD)
    shell.done(*opening, "--as", "SV01")
    files = lent_files(tmp_path / "lent")
    shell.done("intake", *files, "--campaign", CAMPAIGN, "--publish", "--as", "SV01")
    told = [
        SampleWithdrawal(key=key, received_at=datetime(2022, 9, 13, 9, 0))
        for key in ("A01-0000001", "A01-0000002", "A01-0009999")
    ]
    folder = tmp_path / "notice"
    folder.mkdir()
    paths = make_notice("A01", MONTH, told, as_of=AS_OF).write_to(folder)
    check = ("notice", "check", *paths, "--campaign", CAMPAIGN)
    assert shell.refused(*check) == "person_missing"
    assert shell.refused(*check, "--as", "OP01") == "not_allowed"
    found = shell.done(*check, "--as", "SV01")
    assert (found["received"], found["not_found"], found["state"]) == (3, 1, "checked")
    assert shell.refused(*check, "--as", "SV01") == "notice_known"
    applied = shell.done("notice", "apply", found["notice"], "--as", "SV01")
    assert (applied["state"], applied["ended"]) == ("applied", found["found"])
    assert shell.refused("notice", "apply", found["notice"], "--as", "SV01") == "notice_applied"
    data = next(path for path in paths if "HIKINUKI" in path.name)
    data.write_bytes(data.read_bytes()[:-2])
    said = shell.run(*check, "--as", "SV01")
    assert said.error == "notice_rejected"
    assert "digest" in {fault["code"] for fault in said.document["faults"]}
