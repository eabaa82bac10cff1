"""What takes long: `make soak` (`make soak PART=contracts` runs one part).

- `rules`: the property tests with 2,000 examples each; a test that sets its own number keeps it;
- `orders`: the order of serving and the planner on 200 simulated campaigns, with their margins;
- `contracts`: broken rules that must be noticed, 200 simulated months, 50 with faults;
- `audit`: 6,000 attacks on the audit log, a million events disclosed and counted;
- `keys`: a million seals, look-up values across receivables, 10,000 races of two processes;
- `erasures`: the end of a contract at full size, remnants of rows, a file system as raw bytes;
- `edge`: browsers, a web scanner with three roles, a network that leads nowhere;
- `processes`: several processes on PostgreSQL, killed again and again.

Anything that follows the name of a part is handed to pytest, as `rules -k calendar`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def rules(extra: list[str]) -> int:
    """Runs tests/unit under the profile that tests/conftest.py describes."""
    return int(
        pytest.main(
            [
                f"--rootdir={ROOT}",
                "--hypothesis-profile=soak",
                *("-q", "-n", "2", "-p", "no:cacheprovider"),
                str(ROOT / "tests" / "unit"),
                *extra,
            ]
        )
    )


def module(name: str) -> int:
    """Runs one of the other parts in a process of its own."""
    return subprocess.run([sys.executable, "-m", f"tests.soak.{name}"], cwd=ROOT).returncode


def main(words: list[str]) -> int:
    """Every part, or the one that is named; 0 when all is well."""
    parts = words[:1] or [
        "rules",
        "orders",
        "contracts",
        "edge",
        "processes",
        "audit",
        "keys",
        "erasures",
    ]
    failed = 0
    for part in parts:
        sys.stdout.write(f"== soak: {part}\n")
        sys.stdout.flush()
        failed |= rules(words[1:]) if part == "rules" else module(part)
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
