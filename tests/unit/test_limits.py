"""The documented limits are the ones that hold."""

from __future__ import annotations

import re
from pathlib import Path

from secure_store import limits

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\| ([^|]+) \| ([0-9,]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def test_the_documented_limits_are_those_of_the_program() -> None:
    text = (ROOT / "docs" / "limits.md").read_text("utf-8")
    told = [
        (what, int(most.replace(",", "")), unit, beyond)
        for what, most, unit, beyond in _ROW.findall(text)
    ]
    assert told == [(one.what, one.most, one.unit, one.beyond) for one in limits.LIMITS]


def test_every_limit_is_listed_and_used() -> None:
    named = {name: one for name, one in vars(limits).items() if isinstance(one, limits.Limit)}
    assert set(named.values()) == set(limits.LIMITS)
    sources = [
        path.read_text("utf-8")
        for package in ("webui", "campaigns", "secure_store")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "limits.py"
    ]
    unused = [
        name for name in named if not any(re.search(rf"\b{name}\b", text) for text in sources)
    ]
    assert unused == []
