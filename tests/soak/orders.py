"""The order of serving and the planner on 200 simulated campaigns each; margins are printed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = "200"
TESTS = ("test_order_of_serving_pays.py", "test_planner.py")


def main() -> int:
    """In one process: the workers of a divided run keep what their tests print."""
    os.environ.setdefault("SIMULATED_SEEDS", SEEDS)
    places = [str(ROOT / "tests" / "unit" / "campaigns" / name) for name in TESTS]
    return int(pytest.main([f"--rootdir={ROOT}", "-q", "-p", "no:cacheprovider", *places]))


if __name__ == "__main__":
    sys.exit(main())
