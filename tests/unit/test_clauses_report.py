"""The clause register and the command that compares it with the tests."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

SMALL_REGISTER = """\
id,class,line
S4-1,CORE,First demand of the small register.
S4-2,SUPPORT,Second demand of the small register.
S4-3,NONE,Third demand of the small register.
S0-1,CORE,Fourth demand of the small register.
T01,FIGURE,The only figure of the small register.
"""
SETTINGS = """\
[tool.pytest.ini_options]
addopts = "--strict-markers"
markers = ["clause(*ids): what the test proves"]
"""
TESTS_OF_TWO = """\
import pytest

@pytest.mark.clause("S4-1", "T01")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_it_holds(number):
    assert number

@pytest.mark.clause("S0-1")
def test_it_breaks():
    assert False
"""


class Tree:
    """A project of its own with a copy of the command, in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.tests = root / "tests"
        self.tests.mkdir()
        shutil.copy(TESTS / "clauses_report.py", self.tests)
        (root / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
        self.write("clauses.csv", SMALL_REGISTER)

    def write(self, name: str, text: str) -> None:
        (self.tests / name).write_text(text, encoding="utf-8")

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(self.tests / "clauses_report.py"), *options]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env=environment
        )


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def register_rows() -> list[tuple[str, str, str]]:
    with (TESTS / "clauses.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["id", "class", "line"]
    return [(row[0], row[1], row[2]) for row in rows]


def test_the_register_holds_every_clause_and_figure_once() -> None:
    rows = register_rows()
    ids = [row[0] for row in rows]
    assert len(set(ids)) == len(ids)
    kinds = Counter(row[1] for row in rows)
    assert kinds == {"CORE": 325, "SUPPORT": 187, "DEPLOY": 49, "NONE": 72, "FIGURE": 71}
    main = Counter(row[1] for row in rows if row[0].startswith("S4-"))
    assert main == {"CORE": 108, "SUPPORT": 49, "DEPLOY": 16, "NONE": 14}
    assert {f"T{number:02d}" for number in range(1, 65)} <= set(ids)
    assert {"T13b", "T13c", "T13d", "T28b", "T28c", "T48b", "T48c"} <= set(ids)


def test_every_line_of_the_register_is_one_short_sentence() -> None:
    for clause_id, _, line in register_rows():
        assert 5 <= len(line.split()) <= 15, clause_id
        assert line.endswith("."), clause_id
        assert line == line.strip(), clause_id


def test_the_report_names_tested_ids_and_counts_the_others(tree: Tree) -> None:
    tree.write("test_two.py", TESTS_OF_TWO)
    result = tree.run()
    lines = result.stdout.splitlines()
    assert result.returncode == 0, result.stderr
    assert lines[0].split(maxsplit=2)[:2] == ["S4-1", "CORE"]
    assert lines[1].split() == ["tests/test_two.py::test_it_holds", "(3", "cases)"]
    assert "S4-2" not in result.stdout
    table = {line.split()[0]: line.split()[1:] for line in lines if line}
    assert table["without"] == ["a", "test", "CORE", "SUPPORT", "DEPLOY", "NONE", "FIGURE"]
    assert ["S4", "-", "1", "-", "1", "-"] in [line.split() for line in lines]
    assert lines[-2:] == ["S4 CORE 1/1 SUPPORT 0/1", "CORE 2/2 SUPPORT 0/1 FIGURES 1/1"]


@pytest.mark.parametrize("marker", ['clause("S4-99")', "clause()"])
def test_a_test_that_names_an_unknown_id_fails_the_report(tree: Tree, marker: str) -> None:
    source = f"import pytest\n\n@pytest.mark.{marker}\ndef test_stray():\n    pass\n"
    tree.write("test_stray.py", source)
    result = tree.run()
    assert result.returncode == 1
    assert "is not in the register: tests/test_stray.py::test_stray" in result.stdout
    assert result.stdout.splitlines()[-1] == "CORE 0/2 SUPPORT 0/1 FIGURES 0/1"


def test_a_file_that_cannot_be_collected_fails_the_report(tree: Tree) -> None:
    tree.write("test_two.py", TESTS_OF_TWO)
    tree.write("test_torn.py", "import a_module_that_is_not_there\n")
    result = tree.run()
    assert result.returncode == 1
    assert "a_module_that_is_not_there" in result.stderr
    assert "Collecting failed" in result.stderr


def test_tests_may_import_the_packages_of_the_project(tree: Tree) -> None:
    (tree.tests.parent / "a_package_of_the_tree.py").write_text("", encoding="utf-8")
    tree.write("test_import.py", "import a_package_of_the_tree\n")
    assert tree.run().returncode == 0


def test_a_single_id_runs_its_tests_only(tree: Tree) -> None:
    tree.write("test_two.py", TESTS_OF_TWO)
    passed = tree.run("--id", "T01")
    assert passed.returncode == 0
    assert "3 passed, 1 deselected" in passed.stdout
    failed = tree.run("--id", "S0-1")
    assert failed.returncode == 1
    assert "1 failed, 3 deselected" in failed.stdout


@pytest.mark.parametrize(
    ("clause_id", "answer"),
    [("S4-2", "No test names S4-2."), ("S4-77", "S4-77 is not in the register.")],
)
def test_an_id_without_tests_says_so_and_fails(tree: Tree, clause_id: str, answer: str) -> None:
    tree.write("test_two.py", TESTS_OF_TWO)
    result = tree.run("--id", clause_id)
    assert result.returncode == 1
    assert answer in result.stderr


@pytest.mark.parametrize(
    ("row", "complaint"),
    [("S4-1,CORE,Again.\n", "S4-1 stands twice"), ("S4-9,MAYBE,Odd.\n", "the class 'MAYBE'")],
)
def test_a_damaged_register_is_refused(tree: Tree, row: str, complaint: str) -> None:
    tree.write("clauses.csv", SMALL_REGISTER + row)
    result = tree.run()
    assert result.returncode != 0
    assert complaint in result.stderr
