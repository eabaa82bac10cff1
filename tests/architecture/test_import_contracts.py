"""The import contracts hold, and the list of pure files is complete."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.source_tree import (
    PACKAGES,
    ROOT,
    functions_in,
    is_listed_pure,
    module_name,
    path_of,
    pure_modules,
    tree_of,
)

IMPURE = {"sqlalchemy", "flask", "twilio", "cryptography", "apscheduler"}
# A module that locks files, starts threads or stretches passwords acts; it decides nothing.
ACTING = {"argon2", "fcntl", "os", "resource", "shutil", "socket", "sqlite3", "subprocess"}
ACTING |= {"threading"}
NOT_A_DECISION = {
    "secure_store.clock": "reads the clock of the machine",
    "dialer.lines.base": "what a telephone line can do",
    "dialer.lines.manual_line": "a telephone line",
    "dialer.lines.fake_line": "a telephone line",
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def test_the_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_every_module_listed_as_pure_exists() -> None:
    missing = [module for module in pure_modules() if path_of(module) is None]
    assert missing == []


def is_data_only(tree: ast.Module) -> bool:
    """Whether a file only states things: constants, enums, records, errors."""
    return next(functions_in(tree), None) is None


def could_be_pure(module: str, graph: grimp.ImportGraph) -> bool:
    path = path_of(module)
    if path is None or path.name in ("__init__.py", "models.py") or is_data_only(tree_of(path)):
        return False
    if module.startswith("secure_store.verifier."):  # stands alone, so that others can run it
        return False
    roots = {name.partition(".")[0] for name in graph.find_upstream_modules(module)}
    return not roots & (IMPURE | ACTING)


def test_every_pure_module_is_listed(graph: grimp.ImportGraph) -> None:
    ours = [module for module in graph.modules if module.partition(".")[0] in PACKAGES[1:]]
    unlisted = [
        module
        for module in sorted(ours)
        if could_be_pure(module, graph)
        and not is_listed_pure(module)
        and module not in NOT_A_DECISION
    ]
    assert unlisted == [], "list me as pure in .importlinter: " + ", ".join(unlisted)


def test_exceptions_from_the_pure_list_are_still_needed(graph: grimp.ImportGraph) -> None:
    assert [module for module in NOT_A_DECISION if not could_be_pure(module, graph)] == []


def test_a_module_that_reaches_the_database_indirectly_is_not_taken_for_pure() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (
        ("dialer.phone", "dialer.agents"),
        ("dialer.agents", "sqlalchemy"),
        ("dialer.line_status", "enum"),
    ):
        for module in (importer, imported):
            graph.add_module(module)
        graph.add_import(importer=importer, imported=imported)
    assert not could_be_pure("dialer.phone", graph)
    assert could_be_pure("dialer.line_status", graph)


def test_a_file_of_errors_alone_needs_no_listing() -> None:
    assert is_data_only(ast.parse('class A(Exception):\n    code = "a"\n'))
    assert not is_data_only(ast.parse("class A:\n    def b(self): ...\n"))


def test_files_that_only_mark_a_package_are_empty() -> None:
    marks = [path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")]
    assert marks
    assert [module_name(path) for path in marks if path.read_bytes().strip()] == []
