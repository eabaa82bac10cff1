"""The project's own files, read once, for the tests of this folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("webui", "campaigns", "dialer", "scripts_talk", "secure_store")


def files_of(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    """Our own files under the folders of the project; what others wrote (vendor) is left out."""
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and not {"vendor", "__pycache__"} & set(path.parts)
    ]
    assert found, f"no {suffixes} in {folders}"
    return found


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def path_of(module: str) -> Path | None:
    """The file of a module or package, if there is one."""
    base = ROOT.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def functions_in(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def pure_modules() -> tuple[str, ...]:
    """The modules (or packages) that .importlinter declares to be pure."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    return tuple(contracts["importlinter:contract:pure"]["source_modules"].split())


def is_listed_pure(module: str) -> bool:
    return any(module == pure or module.startswith(f"{pure}.") for pure in pure_modules())


def full_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name of a file stands for: ``dt`` → ``datetime.datetime``."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                names[bound] = alias.name if alias.asname else bound
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    """The full name of ``a.b.c`` as far as imports tell it; None for other expressions."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, names)
        return f"{base}.{node.attr}" if base else None
    return None
