"""No regular expression of ours can be kept busy by what somebody sends (T48b)."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60  # CPU time of the whole run; one bad expression alone would need far more

_RUN = """
import importlib, pathlib, pkgutil, re, resource, sys, time
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
LONG = 100_000
bits = {bits!r}
ways = {{}}
patterns = {extra!r} and {{"planted": re.compile({extra!r})}}
if not patterns:
    patterns = {{}}
    for package in {packages!r}:
        for one in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
            if one.name == "webui.wsgi":
                continue
            held = vars(importlib.import_module(one.name))
            source = pathlib.Path(held["__file__"]).read_text("utf-8")
            for name, value in held.items():
                values = value.values() if isinstance(value, dict) else [value]
                searched = re.search(re.escape(name) + r"\\.(search|findall|finditer|sub|split)", source)
                ways[f"{{one.name}}.{{name}}"] = ["search"] if searched else ["match", "fullmatch"]
                patterns |= {{
                    f"{{one.name}}.{{name}}": each for each in values if isinstance(each, re.Pattern)
                }}
slowest = ("", 0.0)
for name, pattern in patterns.items():
    own = set(re.findall(r"[A-Za-z0-9]", pattern.pattern if isinstance(pattern.pattern, str)
                         else pattern.pattern.decode("latin-1")))
    for bit in [*bits, *sorted(own)[:6]]:
        for text in (bit * (LONG // len(bit)) + "!",):
            given = text if isinstance(pattern.pattern, str) else text.encode()
            for way in [getattr(pattern, way) for way in ways.get(name, ["search"])]:
                began = time.process_time()
                way(given)
                took = time.process_time() - began
                if took > slowest[1]:
                    slowest = (f"{{name}} on {{bit!r}}", took)
print(len(patterns), slowest)
"""
# What repeats: separators, quotes, digits, spaces of both widths, what nests.
_BITS = ["a", "0", " ", "\u3000", "-", ".", ",", '"', '""', "'", "/", ":", "=", "<", "<!", "<c ", "A0", "a.",
         "0-", '",', '"a', "\t", "年", "ア", "０", "<c r", 'encoding="', "version:"]  # fmt: skip


def run(extra: str = "", seconds: int = SECONDS) -> subprocess.CompletedProcess[str]:
    packages = ("webui", "campaigns", "dialer", "scripts_talk", "secure_store")
    program = textwrap.dedent(_RUN).format(
        seconds=seconds, bits=_BITS, extra=extra, packages=packages
    )
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.clause("T48b")
def test_every_expression_ends_on_a_hundred_thousand_letters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = run()
    with capsys.disabled():
        sys.stdout.write(f"  expressions, slowest in seconds: {done.stdout.strip()}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout.split()[0]) > 70


def test_an_expression_that_does_not_end_is_found() -> None:
    """The positive control."""
    assert run("(a+)+$", seconds=2).returncode < 0
