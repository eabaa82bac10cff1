"""A server in a network that leads nowhere serves a day and never tries to leave (T41).

With `unshare` and `strace` every process of the served home is watched; where the machine allows
no new network, the watch alone must do, and the test says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_CONNECT = re.compile(r"connect\(\d+, (\{.*?\}), \d+\)")
_LOCAL = re.compile(
    r'AF_UNIX|AF_NETLINK|inet_addr\("127\.|inet_pton\(AF_INET6, "::1"|"::ffff:127\.'
)
# The marked day on SQLite: ten persons, uploads, calls, close, delivery, over real HTTP.
DAY = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/leaks/test_planted_values.py",
       "-k", "sqlite and (lies_in_anything or day_wrote)"]  # fmt: skip


def own_network() -> list[str]:
    """The words that put a command into a network with nothing but the loopback interface."""
    words = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    done = subprocess.run([*words, "true"], capture_output=True)
    return words if done.returncode == 0 else []


def connections(log: Path) -> list[str]:
    """Every address that a watched process wanted to reach, other than this machine's own."""
    wanted = _CONNECT.findall(log.read_text("utf-8", "replace"))
    return sorted({address for address in wanted if not _LOCAL.search(address)})


def watched(log: Path, command: list[str], network: list[str]) -> subprocess.CompletedProcess[str]:
    watch = ["strace", "-f", "-qq", "-e", "trace=connect", "-o", str(log)]
    return subprocess.run(
        [*network, *watch, sys.executable, *command], cwd=ROOT, capture_output=True, text=True
    )


@pytest.mark.clause("T41", "S4-8.6a")
def test_a_whole_day_reaches_nothing_but_this_machine(tmp_path: Path) -> None:
    assert shutil.which("strace"), "strace is missing: run `make system`"
    network = own_network()
    log = tmp_path / "connects"
    done = watched(log, DAY, network)
    sys.stdout.write(f"  own network: {bool(network)}; {done.stdout.splitlines()[-1:]}\n")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert _CONNECT.search(log.read_text("utf-8", "replace")), "the day went over real HTTP"
    assert connections(log) == []


def test_a_program_that_goes_out_is_noticed(tmp_path: Path) -> None:
    """The positive control: an address of the documentation range, which nobody has."""
    goes_out = (
        "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('192.0.2.1', 80))"
    )
    log = tmp_path / "connects"
    watched(log, ["-c", goes_out], own_network())
    assert ["192.0.2.1" in address for address in connections(log)] == [True]
