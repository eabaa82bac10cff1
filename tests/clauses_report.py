"""Tells which clauses and which figures have tests, and runs the tests of one of them.

    python tests/clauses_report.py                   the whole register
    python tests/clauses_report.py --id S4-11.3a-2   run the tests that name this id

The register is `clauses.csv` beside this file. A test names what it proves with
`@pytest.mark.clause("S4-7.2b-1", "T55")`. The report only collects tests, it runs none.
Exit codes: 0 all is well; 1 a test names an id that the register lacks, collecting failed, or
`--id` finds no test; with `--id` otherwise the exit code of pytest.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
REGISTER = TESTS / "clauses.csv"
ROOT = TESTS.parent
ROOT_OPTIONS = (f"--rootdir={ROOT}", "-p", "no:cacheprovider")
NAMELESS = "(no id)"  # a marker without an argument proves nothing; it is reported as unknown


class ClauseKind(StrEnum):
    """What the software owes a clause; FIGURE is a row of the security test plan."""

    CORE = "core"
    SUPPORT = "support"
    DEPLOY = "deploy"
    NONE = "none"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Clause:
    """One row of the register."""

    id: str
    kind: ClauseKind
    line: str

    @property
    def source(self) -> str:
        """The specification the clause is from (S4, S0, S2, S3), or T for a figure."""
        return "T" if self.kind is ClauseKind.FIGURE else self.id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many clauses of some group have at least one test."""

    tested: int
    total: int

    def __str__(self) -> str:
        return f"{self.tested}/{self.total}"


@dataclass(frozen=True, slots=True)
class Collected:
    """Id → (test without its parameters → number of cases), and pytest's output if it failed."""

    tests: Mapping[str, Mapping[str, int]]
    failure: str | None


def read_register(path: Path) -> dict[str, Clause]:
    """Read the register in its own order. Raises ValueError for a repeated id or unknown class."""
    register: dict[str, Clause] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["id"] in register:
                raise ValueError(f"{path.name}: {row['id']} stands twice")
            if row["class"] not in ClauseKind.__members__:
                raise ValueError(f"{path.name}: {row['id']} has the class {row['class']!r}")
            register[row["id"]] = Clause(row["id"], ClauseKind[row["class"]], row["line"])
    return register


def ids_of(item: pytest.Item) -> set[str]:
    """Every id the test names: on itself, its class, its module or its parameters."""
    ids: set[str] = set()
    for marker in item.iter_markers("clause"):
        ids.update(str(argument) for argument in marker.args or (NAMELESS,))
    return ids


class ClauseCollector:
    """Pytest plugin: remembers which collected test names which id."""

    def __init__(self) -> None:
        self.tests: dict[str, Counter[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            test = item.nodeid.partition("[")[0]
            for clause_id in ids_of(item):
                self.tests.setdefault(clause_id, Counter())[test] += 1


class OnlyClause:
    """Pytest plugin: keeps the tests that name one id."""

    def __init__(self, clause_id: str) -> None:
        self.clause_id = clause_id

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        others = [item for item in items if self.clause_id not in ids_of(item)]
        items[:] = [item for item in items if self.clause_id in ids_of(item)]
        config.hook.pytest_deselected(items=others)


def collect() -> Collected:
    """Collect all tests without running any."""
    collector = ClauseCollector()
    output = io.StringIO()
    options = [*ROOT_OPTIONS, "--collect-only", "-q", str(TESTS)]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = pytest.main(options, plugins=[collector])
    well = code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return Collected(collector.tests, None if well else output.getvalue())


def tally(clauses: Iterable[Clause], tested: Iterable[str]) -> Tally:
    """Count the clauses that have a test; one without a test counts only in the total."""
    ids = [clause.id for clause in clauses]
    return Tally(len(set(ids) & set(tested)), len(ids))


def _tested_lines(register: Mapping[str, Clause], collected: Collected) -> list[str]:
    width = max((len(clause_id) for clause_id in register), default=0)
    lines: list[str] = []
    for clause in register.values():
        tests = collected.tests.get(clause.id)
        if tests:
            lines.append(f"{clause.id:<{width}}  {clause.kind.name:<7}  {clause.line}")
            for test, cases in sorted(tests.items()):
                lines.append(f"{'':<{width}}  {test}" + (f"  ({cases} cases)" * (cases > 1)))
    return lines


def _untested_lines(register: Mapping[str, Clause], collected: Collected) -> list[str]:
    untested = Counter(
        (clause.source, clause.kind)
        for clause in register.values()
        if clause.id not in collected.tests
    )
    sources = list(dict.fromkeys(clause.source for clause in register.values()))
    lines = ["without a test " + "".join(f"{kind.name:>9}" for kind in ClauseKind)]
    for source in sources:
        counts = "".join(f"{untested[source, kind] or '-':>9}" for kind in ClauseKind)
        lines.append(f"{source:<15}{counts}")
    return lines


def _closing_lines(register: Mapping[str, Clause], collected: Collected) -> list[str]:
    def of(kind: ClauseKind, source: str | None = None) -> Tally:
        chosen = (clause for clause in register.values() if clause.kind is kind)
        return tally((c for c in chosen if source in (None, c.source)), collected.tests)

    core, support, figure = ClauseKind.CORE, ClauseKind.SUPPORT, ClauseKind.FIGURE
    return [
        f"S4 CORE {of(core, 'S4')} SUPPORT {of(support, 'S4')}",
        f"CORE {of(core)} SUPPORT {of(support)} FIGURES {of(figure)}",
    ]


def _unknown_lines(register: Mapping[str, Clause], collected: Collected) -> list[str]:
    return [
        f"{clause_id} is not in the register: {test}"
        for clause_id in sorted(collected.tests.keys() - register.keys())
        for test in sorted(collected.tests[clause_id])
    ]


def report(register: Mapping[str, Clause], collected: Collected) -> list[str]:
    """The lines of the report; a group without content is left out."""
    groups = (
        _tested_lines(register, collected),
        _untested_lines(register, collected),
        _unknown_lines(register, collected),
        _closing_lines(register, collected),
    )
    lines: list[str] = []
    for group in groups:
        if group:
            lines += ["", *group] if lines else group
    return lines


def show_all(register: Mapping[str, Clause]) -> int:
    """Print the whole report; 1 if an id is unknown or a test file could not be collected."""
    collected = collect()
    if collected.failure is not None:
        sys.stderr.write(f"{collected.failure}\nCollecting failed: the counts are too low.\n")
    sys.stdout.write("\n".join(report(register, collected)) + "\n")
    unknown = collected.tests.keys() - register.keys()
    return 1 if unknown or collected.failure is not None else 0


def run_one(register: Mapping[str, Clause], clause_id: str) -> int:
    """Run the tests that name one id."""
    if clause_id not in register:
        sys.stderr.write(f"{clause_id} is not in the register.\n")
        return 1
    clause = register[clause_id]
    sys.stdout.write(f"{clause.id}  {clause.kind.name}  {clause.line}\n")
    sys.stdout.flush()
    code = pytest.main([*ROOT_OPTIONS, "-v", str(TESTS)], plugins=[OnlyClause(clause_id)])
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        sys.stderr.write(f"No test names {clause_id}.\n")
        return 1
    return int(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Which clauses and figures have tests.")
    parser.add_argument("--id", metavar="ID", help="run the tests that name this id")
    wanted: str | None = parser.parse_args(arguments).id
    sys.path.insert(0, str(ROOT))  # as `python -m pytest` does, so the packages are found
    register = read_register(REGISTER)
    return show_all(register) if wanted is None else run_one(register, wanted)


if __name__ == "__main__":
    raise SystemExit(main())
