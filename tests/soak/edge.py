"""The edge at full figures: browsers, a scanner, and a network that leads nowhere.

Runs `tests/soak/edge_checks`: T07 with the profile of a browser, T25 and T36 over all pages and
roles, T38 (wapiti, three roles), T41 (no connection beyond the loopback interface).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECKS = sorted((ROOT / "tests/soak/edge_checks").glob("check_*.py"))


def main(extra: list[str]) -> int:
    """One run of pytest per file; 0 when all is well."""
    failed = 0
    for path in CHECKS:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            str(path),
            *extra,
        ]
        failed |= subprocess.run(command, cwd=ROOT).returncode
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
