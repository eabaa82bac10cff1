"""One place commits, one place reads the clock (ADR 0012)."""

from __future__ import annotations

import ast

from tests.architecture.source_tree import (
    PACKAGES,
    dotted,
    files_of,
    full_names,
    module_name,
    tree_of,
)

COMMITS = {"secure_store.work"}
READS_CLOCK = {"secure_store.clock"}
CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    # The database's clock is another machine's clock; the instant of a row is work.now.
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
    "sqlalchemy.func.localtimestamp",
    "sqlalchemy.sql.func.now",
}


def commits(tree: ast.Module) -> list[int]:
    """Lines that call some ``.commit``, or hand it on to be called."""
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "commit")
    return sorted(node.lineno for node in calls)


def session_factories(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "sessionmaker")
        or (isinstance(node, ast.Attribute) and node.attr == "sessionmaker")
        or (isinstance(node, ast.alias) and node.name == "sessionmaker")
    ]


def clock_readings(tree: ast.Module) -> list[int]:
    names = full_names(tree)
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node, names) in CLOCKS
    )


def test_only_the_unit_of_work_commits() -> None:
    found = {module_name(p): commits(tree_of(p)) for p in files_of(*PACKAGES, "migrations")}
    assert {name for name, lines in found.items() if lines} == COMMITS


def test_only_the_record_store_makes_sessions() -> None:
    found = {
        module_name(path): lines
        for path in files_of(*PACKAGES, "migrations")
        if (lines := session_factories(tree_of(path)))
    }
    assert [name for name in found if not name.startswith("secure_store.")] == []


def test_only_the_clock_reads_the_clock() -> None:
    found = {module_name(p): clock_readings(tree_of(p)) for p in files_of(*PACKAGES, "migrations")}
    assert {name for name, lines in found.items() if lines} == READS_CLOCK


def test_a_reading_of_the_clock_is_found_however_it_is_written() -> None:
    readings = """
import datetime, time
import datetime as d
from datetime import date, datetime as moment
from time import time as seconds
from sqlalchemy import func
datetime.datetime.now(datetime.UTC)
d.datetime.utcnow()
moment.now()
date.today()
seconds()
time.time()
field(default_factory=moment.now)
Column(server_default=func.now())
"""
    assert clock_readings(ast.parse(readings)) == list(range(7, 15))


def test_asking_the_unit_of_work_is_no_reading_of_the_clock() -> None:
    harmless = "from datetime import datetime\nwork.now\nclock.now()\ndatetime.fromisoformat('')\n"
    assert clock_readings(ast.parse(harmless)) == []


def test_a_hidden_commit_is_found() -> None:
    assert commits(ast.parse("session.commit()\nf = session.commit\n")) == [1, 2]
    assert session_factories(ast.parse("from sqlalchemy.orm import sessionmaker as s")) == [1]
