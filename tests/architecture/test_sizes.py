"""Files and functions stay small (architecture: 300 lines a file, never 400; 40 a function)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, files_of, functions_in, shown, tree_of

FILE_LINES = 300
FILE_LINES_NEVER = 400
FUNCTION_LINES = 40
SHARED_TEST_LINES = 150

# file → why it is longer than 300 lines. Empty is the aim.
LONGER_FILES: dict[str, str] = {}
# A front door is a list of names, one to a line: its length says nothing about its difficulty.
FRONT_DOORS = ("campaigns/api.py", "dialer/api.py", "scripts_talk/api.py")
# file:function → why it is longer than 40 lines. Empty is the aim.
LONGER_FUNCTIONS: dict[str, str] = {}


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(tree: ast.Module) -> dict[str, int]:
    """Functions that are too long, with their length from ``def`` to the last line."""
    sizes = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions_in(tree)}
    return {name: size for name, size in sizes.items() if size > FUNCTION_LINES}


def sources() -> list[Path]:
    return [path for path in files_of(*PACKAGES) if shown(path) not in FRONT_DOORS]


def test_no_file_is_longer_than_agreed() -> None:
    long = {shown(path): size for path in sources() if (size := lines_of(path)) > FILE_LINES}
    assert {name: size for name, size in long.items() if name not in LONGER_FILES} == {}
    assert set(LONGER_FILES) - set(long) == set(), "no longer long: take it from the list"


def test_no_file_at_all_passes_the_hard_limit() -> None:
    everything = [
        *sources(),
        *files_of("tests"),
        *files_of("webui", suffixes=(".js", ".css", ".html")),
        ROOT / "migrations" / "env.py",
    ]
    assert {
        shown(path): size for path in everything if (size := lines_of(path)) > FILE_LINES_NEVER
    } == {}


def test_no_function_is_longer_than_agreed() -> None:
    long = {
        f"{shown(path)}:{name}": size
        for path in sources()
        for name, size in long_functions(tree_of(path)).items()
    }
    assert {name: size for name, size in long.items() if name not in LONGER_FUNCTIONS} == {}
    assert set(LONGER_FUNCTIONS) - set(long) == set(), "no longer long: take it from the list"


def test_shared_test_files_stay_readable() -> None:
    shared = [path for path in files_of("tests") if path.name in ("conftest.py", "factories.py")]
    assert {
        shown(path): size for path in shared if (size := lines_of(path)) > SHARED_TEST_LINES
    } == {}


@pytest.mark.parametrize(
    ("lines", "is_long"), [(FUNCTION_LINES, False), (FUNCTION_LINES + 1, True)]
)
def test_a_function_of_forty_one_lines_is_found(lines: int, is_long: bool) -> None:
    source = "class A:\n    def f(self):\n" + "        pass\n" * (lines - 1)
    assert bool(long_functions(ast.parse(source))) is is_long
