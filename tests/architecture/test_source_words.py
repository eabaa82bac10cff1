"""Files say what they are for; nothing is left for later; documents name files that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.source_tree import PACKAGES, ROOT, files_of, shown, tree_of

HERE = Path(__file__)
UNFINISHED = re.compile(
    r"\b(?:TODO|FIXME|XXX|NotImplemented(?:Error)?)\b|(?i:\b(?:stub|dummy)(?:s|bed)?\b)"
)


def test_every_file_begins_by_saying_what_it_is() -> None:
    sources = [path for path in files_of(*PACKAGES, "migrations", "tests") if path.stat().st_size]
    assert [shown(path) for path in sources if not ast.get_docstring(tree_of(path))] == []


def test_nothing_is_left_for_later() -> None:
    sources = [
        *files_of(*PACKAGES, "migrations", suffixes=(".py", ".html", ".js", ".css", ".mako")),
        *files_of("tests"),
    ]
    found = {
        f"{shown(path)}:{number}": match[0]
        for path in sources
        if path != HERE
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (match := UNFINISHED.search(line))
    }
    assert found == {}


def test_words_for_unfinished_work_are_found() -> None:
    for text in ("# TODO later", "raise NotImplementedError", "a Dummy row", "stubbed", "XXX"):
        assert UNFINISHED.search(text), text
    for text in ("stubborn", "todo", "EXXXON"):
        assert not UNFINISHED.search(text), text


def test_the_readme_names_only_what_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    paths = re.findall(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?)`", text)
    assert links
    assert paths
    assert sorted({name for name in links + paths if not (ROOT / name).exists()}) == []


def test_every_folder_of_tests_has_a_phase_that_runs_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    folders = {
        path.relative_to(ROOT / "tests").parts[0]
        for path in files_of("tests")
        if path.name.startswith("test_")
    }
    assert sorted(f for f in folders if not re.search(rf"tests/{f}\s*$", makefile, re.M)) == []
    assert [path.name for path in (ROOT / "tests").glob("test_*.py")] == []
