"""The security rules of the linter and the strict types really cover what they must (T31)."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, files_of

SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
CORE = ("secure_store", "secure_store/access.py", "secure_store/audit")
RUFF = Path(sys.executable).with_name("ruff")
MOST_EXCUSES = 30
# What each of these files contains must be found; else the rules are not in force.
UNSAFE = {
    "S608": "q = \"SELECT * FROM t WHERE a = '%s'\" % input()\n",
    "S602": "import subprocess\nsubprocess.run('ls ' + input(), shell=True)\n",
    "S301": "import pickle\npickle.loads(b'')\n",
    "S307": "eval(input())\n",
    "S311": "import random\nx = random.choice([1])\n",
    "S324": "import hashlib\nhashlib.md5(b'')\n",
    "S506": "import yaml\nyaml.load('')\n",
    "S704": "from markupsafe import Markup\nx = Markup(input())\n",
}


@pytest.mark.clause("T31")
@pytest.mark.parametrize("rule", UNSAFE)
def test_the_security_rules_find_what_they_are_for(rule: str) -> None:
    found = subprocess.run(
        [RUFF, "check", "--no-cache", "--output-format", "concise", "--stdin-filename",
         "secure_store/planted.py", "-"],
        cwd=ROOT, input=UNSAFE[rule], capture_output=True, text=True,
    )  # fmt: skip
    assert f" {rule} " in found.stdout


@pytest.mark.clause("T31")
def test_no_security_rule_is_switched_off_where_data_is_kept() -> None:
    lint = SETTINGS["ruff"]["lint"]
    assert "S" in lint["select"]
    assert not [rule for rule in lint["ignore"] if rule.startswith("S")]
    relaxed = {
        pattern
        for pattern, rules in lint["per-file-ignores"].items()
        if any(re.match(r"S(\d|$)", rule) for rule in rules)
    }
    assert relaxed == {"tests/**", "webui/rehearsal/**"}


@pytest.mark.clause("T31")
def test_every_exception_names_its_rule_and_they_are_few() -> None:
    bare, excused = [], []
    for path in files_of(*PACKAGES):
        for line in path.read_text("utf-8").splitlines():
            if "# noqa" not in line:
                continue
            place = f"{path.relative_to(ROOT)}: {line.strip()}"
            excused += [place] if re.search(r"noqa: .*\bS\d", line) else []
            if not re.search(r"# noqa: [A-Z]+\d", line):
                bare.append(place)
    assert bare == []
    assert len(excused) <= MOST_EXCUSES, excused


@pytest.mark.clause("T31")
def test_types_are_strict_where_data_is_kept() -> None:
    settings = SETTINGS["mypy"]
    assert settings["strict"] is True
    assert set(settings["packages"]) == set(PACKAGES)
    relaxed = [name for one in settings["overrides"] for name in one["module"]]
    assert not [name for name in relaxed if name.split(".")[0] in PACKAGES]
    assert [
        one for one in settings["overrides"] if set(one) - {"module", "ignore_missing_imports"}
    ] == []
    for part in CORE:
        assert (ROOT / part).exists()
