"""Simulated contracts in bulk, and every rule broken on purpose: the slow half of `make soak`.

`DIALER_SOAK_SEEDS` runs fewer seeds than the fifty that count.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

SEEDS = 50
MONTHS_A_SEED = 4
CASES = 100
BREAK_SEEDS = 20
BREAK_CASES = 20
WORKERS = 2
MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the report. ``broken``: kinds with their number, empty when all is well."""

    name: str
    is_good: bool
    told: str


def contract_verdict(folder: Path, faults: bool, seed: int) -> Verdict:
    """Four months without faults, or one with them."""
    from tests.contract_homes import copied_home
    from webui.rehearsal.contract_plan import Scale
    from webui.rehearsal.contract_simulation import simulate_contract

    logging.disable(logging.CRITICAL)  # refusals are what faults are made for
    months = 1 if faults else MONTHS_A_SEED
    scale = Scale(seed=seed, cases=CASES, months=months, agents=4, faults=faults)
    name = f"seed {seed}{' with faults' if faults else ''}"
    with copied_home(folder / "template", folder / f"{seed}-{faults}") as services:
        result = simulate_contract(services, scale)
    counts = result.counts
    told = f"{months} months, {counts['calls']} calls, {counts.get('kills', 0)} kills"
    return Verdict(name, not result.violations, f"{told} {dict(result.violations) or ''}")


def broken_verdict(folder: Path, rule: str) -> Verdict:
    """Is this broken rule noticed within twenty seeds?"""
    from tests.broken_rules import BROKEN_RULES
    from tests.contract_homes import copied_home
    from webui.rehearsal.contract_plan import Scale
    from webui.rehearsal.contract_simulation import simulate_contract

    logging.disable(logging.CRITICAL)
    for seed in range(1, BREAK_SEEDS + 1):
        patch = pytest.MonkeyPatch()
        with copied_home(folder / "template", folder / rule) as services:
            BROKEN_RULES[rule](patch)
            try:
                scale = Scale(seed=seed, cases=BREAK_CASES, agents=3)
                result = simulate_contract(services, scale, until_broken=True)
            finally:
                patch.undo()
        if result.violations:
            return Verdict(rule, True, f"noticed at seed {seed}: {', '.join(result.violations)}")
    return Verdict(rule, False, f"not noticed in {BREAK_SEEDS} seeds")


def _all(
    pool: ProcessPoolExecutor, work: Callable[..., Verdict], given: Iterable[object]
) -> list[Verdict]:
    found = []
    for verdict in pool.map(work, given):
        sys.stdout.write(
            f"  {'ok ' if verdict.is_good else 'BAD'} {verdict.name}: {verdict.told}\n"
        )
        sys.stdout.flush()
        found.append(verdict)
    return found


def main() -> int:
    """Runs everything; 0 when no rule was broken and every broken rule was noticed."""
    from tests.broken_rules import BROKEN_RULES
    from tests.contract_homes import make_template

    seeds = range(1, int(os.environ.get("DIALER_SOAK_SEEDS", str(SEEDS))) + 1)
    place = MEMORY if MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="dialer-soak-", dir=place) as name,
        ProcessPoolExecutor(WORKERS) as pool,
    ):
        folder = Path(name)
        make_template(folder / "template")
        verdicts = _all(pool, partial(broken_verdict, folder), BROKEN_RULES)
        for faults in (False, True):
            verdicts += _all(pool, partial(contract_verdict, folder, faults), seeds)
    return int(not all(verdict.is_good for verdict in verdicts))


if __name__ == "__main__":
    raise SystemExit(main())
