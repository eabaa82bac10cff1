"""Errors are told apart by their code, and each says in one sentence what was refused."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator

from secure_store.errors import DomainError
from tests.architecture.source_tree import PACKAGES, files_of, module_name


def descendants(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def our_errors() -> list[type[DomainError]]:
    for path in files_of(*PACKAGES):
        if path.name != "wsgi.py":  # importing it opens a home
            importlib.import_module(module_name(path))
    found: set[type[DomainError]] = {DomainError, *descendants(DomainError)}
    return [error for error in found if error.__module__.partition(".")[0] in PACKAGES]


def test_every_error_has_a_code_of_its_own() -> None:
    errors = our_errors()
    assert len(errors) > 20
    assert [error.__qualname__ for error in errors if "code" not in vars(error)] == []
    counted = Counter(error.code for error in errors)
    assert [code for code, times in counted.items() if times > 1] == []
    assert [code for code in counted if not re.fullmatch(r"[a-z][a-z0-9_]*", code)] == []


def test_every_error_says_what_was_refused() -> None:
    silent = [
        error.__qualname__
        for error in our_errors()
        if not (vars(error).get("__doc__") or "").strip().split("\n")[0].endswith(".")
    ]
    assert silent == []
