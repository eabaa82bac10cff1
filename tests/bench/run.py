"""Measures, on this machine, the figures that have a limit: `make bench`.

So far: what sealing a row costs, beside hashing the same bytes. Ratios travel between machines,
times do not; both are printed, with the machine they are from.
"""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from secure_store.sealing.aead import seal
from secure_store.sealing.scopes import BatchScope, Context

ROWS = 2_000
ROUNDS = 5
ROW_BYTES = 700  # one lent row with its columns, as long as the sample layout makes it


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds for all rows: the middle one of several rounds."""

    seconds: float

    @property
    def micros_per_row(self) -> float:
        return self.seconds / ROWS * 1e6


def measure(act: Callable[[bytes], object], rows: Sequence[bytes]) -> Measured:
    """Runs an act over all rows, several times."""
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for row in rows:
            act(row)
        rounds.append(perf_counter() - began)
    return Measured(statistics.median(rounds))


def processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def sealing() -> list[str]:
    """Sealing against hashing, for the same rows."""
    rows = [secrets.token_bytes(ROW_BYTES) for _ in range(ROWS)]
    key, key_id = secrets.token_bytes(32), secrets.token_bytes(8)
    context = Context(BatchScope("004", "A01", "A01-202209"), "call_case", uuid4(), "g3", 1)
    sealed = measure(lambda row: seal(key, key_id, context, row), rows)
    hashed = measure(lambda row: hashlib.sha256(row).digest(), rows)
    return [
        f"seal one row of {ROW_BYTES} bytes   {sealed.micros_per_row:8.1f} µs",
        f"hash the same bytes         {hashed.micros_per_row:8.1f} µs",
        f"ratio                       {sealed.seconds / hashed.seconds:8.1f}",
    ]


def main() -> int:
    """Prints the machine, then every figure."""
    lines = [
        f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        f"{ROWS} rows, the middle of {ROUNDS} rounds",
        *sealing(),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
