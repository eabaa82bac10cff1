"""The property tests of the rules with 2,000 examples each: `make soak`.

A test that sets its own number of examples keeps it. Anything that follows the command is handed
to pytest, as `-k calendar`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def main(extra: list[str]) -> int:
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


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
