"""Figures of a simulation, told past pytest's capturing: a margin nobody sees proves little."""

from __future__ import annotations

import os
import sys

import pytest


def seeds(usual: int) -> int:
    """How many seeds a simulation runs: few in `make test`, more where the soak asks for them."""
    return int(os.environ.get("SIMULATED_SEEDS", usual))


def tell(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")
