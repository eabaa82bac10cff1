"""The demonstration: a whole day without a browser, and the centre in the browser."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from cli_homes import Shell

from webui.rehearsal import demo_home
from webui.runtime.rehearsal_clock import set_clock
from webui.runtime.wiring import open_home

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    return Shell(tmp_path / "demo", capsys, monkeypatch)


def test_a_day_leaves_its_outcomes_and_its_files(shell: Shell) -> None:
    document = shell.done("demo", "--day", "--cases", "10")
    assert sum(document["outcomes"].values()) == document["calls"] + document["callbacks"]
    assert document["calls"] > 0
    assert set(document["marks"]) <= {"★", "☆"}
    assert document["violations"] == []
    folder = Path(document["folder"])
    for file in document["files"]:
        assert {"name", "sha256", "rows"} <= file.keys()
        assert (folder / f"{file['name']}.sealed").is_file()
    day = shell.done("daily", "show", document["day"], "--as", "SV01")
    assert day["state"] == "placed"


def test_the_browsers_demo_is_ready_for_calls_and_ends_on_request(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    process = subprocess.Popen(
        [sys.executable, "-m", "webui.cli.main", "demo", "--home", home, "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:  # ends when the process does
        said.append(line)
        if line.startswith("http"):
            break
    try:
        url = said[-1].split()[0]
        with urllib.request.urlopen(f"{url}healthz", timeout=30) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert any("SV01" in line for line in said)
    services = open_home(home)
    with services.store.work(demo_home.SUPERVISOR, readonly=True) as work:
        from campaigns.api import campaign_numbers, window_today
        from dialer.api import on_duty

        assert window_today(work).is_open
        assert [one.staff_code for one in on_duty(work)] == ["SV01"]
        numbers = campaign_numbers(work, "A01-202209")
    assert (numbers.received, numbers.unassigned) == (demo_home.ROWS, 0)
    set_clock(services.settings, demo_home.FIRST_OPENING.replace(hour=22))
    moved = demo_home.open_window(services)
    assert moved.isoformat(timespec="minutes").startswith("2022-09-16T02:30")
    services.store.engine.dispose()


def test_a_taken_port_is_told(shell: Shell) -> None:
    shell.done("init", "--rehearsal")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["serve", "--port", port, "--home", str(shell.home), "--json"]
        said = subprocess.run(
            [sys.executable, "-m", "webui.cli.main", *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            timeout=60,
        )
    assert said.returncode == 1
    assert json.loads(said.stdout)["error"]["code"] == "port_taken"


def test_a_front_server_is_named_by_its_address(shell: Shell) -> None:
    shell.done("init", "--rehearsal")
    said = shell.run("serve", "--front-server", "somewhere")
    assert (said.code, said.error) == (2, "wrong_usage")
