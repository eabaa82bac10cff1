"""A front door names its scope first: ``work`` inside one transaction, ``store`` for a process."""

from __future__ import annotations

import ast
import importlib
import inspect
from types import ModuleType

import pytest

from tests.architecture.source_tree import PACKAGES, files_of, is_listed_pure, tree_of

FRONT_DOORS = ("campaigns.api", "dialer.api", "scripts_talk.api")
SCOPES = ("work", "store")
# function → why it needs neither, though its file is not pure.
WITHOUT_SCOPE = {
    "campaigns.api.parse_interval": "reads two times of day",
    "campaigns.api.shipped_profile": "reads a file that comes with the program",
}


def without_scope(door: ModuleType) -> list[str]:
    """Public functions that neither name their scope first nor come from a pure file."""
    functions = {
        name: value for name in door.__all__ if inspect.isroutine(value := getattr(door, name))
    }
    return [
        name
        for name, function in functions.items()
        if not is_listed_pure(function.__module__)
        and next(iter(inspect.signature(function).parameters), None) not in SCOPES
    ]


@pytest.mark.parametrize("name", FRONT_DOORS)
def test_a_front_door_function_names_its_scope_first(name: str) -> None:
    without = {f"{name}.{function}" for function in without_scope(importlib.import_module(name))}
    assert without == {function for function in WITHOUT_SCOPE if function.startswith(name)}


@pytest.mark.parametrize("name", FRONT_DOORS)
def test_a_front_door_lists_all_that_it_offers(name: str) -> None:
    door = importlib.import_module(name)
    package = name.partition(".")[0]
    offered = {
        key
        for key, value in vars(door).items()
        if not key.startswith("_") and getattr(value, "__module__", "").startswith(f"{package}.")
    }
    assert offered - set(door.__all__) == set()
    assert len(set(door.__all__)) == len(door.__all__)


def taken_from(door: str) -> set[str]:
    """What files outside of a package use of its front door."""
    package, _dot, file = door.partition(".")
    taken: set[str] = set()
    for path in files_of(*(one for one in (*PACKAGES, "tests") if one != package)):
        doors: set[str] = set()
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and node.module == door:
                taken |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module == package:
                doors |= {one.asname or file for one in node.names if one.name == file}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                taken |= {node.attr} if node.value.id in doors else set()
    return taken


@pytest.mark.parametrize("name", FRONT_DOORS)
def test_a_front_door_offers_nothing_that_nobody_takes(name: str) -> None:
    assert set(importlib.import_module(name).__all__) - taken_from(name) == set()


def test_a_function_without_a_scope_is_found() -> None:
    def record(work: object, code: str) -> None: ...
    def send(store: object) -> None: ...
    def stray(code: str, work: object) -> None: ...

    door = ModuleType("door")
    door.__dict__.update(record=record, send=send, stray=stray, __all__=["record", "send", "stray"])
    assert without_scope(door) == ["stray"]
