"""Pages reach no outside host, carry nothing inline, and never switch escaping off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, files_of, shown

STATIC = ROOT / "webui" / "static"
# Names of XML vocabularies look like addresses; nothing is fetched from them.
NAMES_ONLY = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")

OUTSIDE = re.compile(r"""(?i)\b(?:https?|wss?|ftp):/?/?|["'(=]\s*//[\w\[]|@import\s+["'(]\s*//""")
JINJA_REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)

IN_TEMPLATES = {
    "outside host": OUTSIDE,
    "inline style": re.compile(r"""(?i)(?<![\w-])style\s*=|<style\b"""),
    "inline handler": re.compile(r"""(?i)(?<![\w-])(?:data-)?(?:hx-)?on[a-z:-]+\s*=\s*["'{]"""),
    "inline script": re.compile(r"(?i)<script\b(?![^>]*\bsrc\s*=)|\bjavascript:"),
    "unescaped": re.compile(r"\|\s*safe\b|\bautoescape\s+false|\bMarkup\("),
}
IN_SCRIPTS = {
    "outside host": OUTSIDE,
    "made code": re.compile(r"\beval\(|\bnew\s+Function\b|set(?:Timeout|Interval)\(\s*[\"'`]"),
    "inline style": re.compile(r"""(?i)setAttribute\(\s*["'](?:style|on\w+)["']"""),
}
IN_STYLES = {"outside host": OUTSIDE}
IN_PYTHON = {"unescaped": re.compile(r"\bMarkup\(|\|\s*safe\b|autoescape\s*=\s*False")}

RULES = {".html": IN_TEMPLATES, ".js": IN_SCRIPTS, ".css": IN_STYLES, ".py": IN_PYTHON}


def findings(text: str, suffix: str) -> list[str]:
    """What a file breaks, as ``line: rule``."""
    for name in NAMES_ONLY:
        text = text.replace(name, "")
    if suffix == ".html":
        text = JINJA_REMARK.sub(lambda remark: "\n" * remark[0].count("\n"), text)
    return [
        f"{text.count(chr(10), 0, found.start()) + 1}: {rule}"
        for rule, pattern in RULES[suffix].items()
        for found in pattern.finditer(text)
    ]


def test_pages_scripts_and_styles_keep_the_content_policy() -> None:
    broken = {
        shown(path): found
        for path in files_of("webui", suffixes=(".html", ".js", ".css"))
        if (found := findings(path.read_text(encoding="utf-8"), path.suffix))
    }
    assert broken == {}


def test_python_never_marks_text_as_safe() -> None:
    broken = {
        shown(path): found
        for path in files_of(*PACKAGES)
        if (found := findings(path.read_text(encoding="utf-8"), ".py"))
    }
    assert broken == {}


def test_styles_of_others_load_nothing_from_outside() -> None:
    sheets = sorted((STATIC / "vendor").rglob("*.css"))
    assert sheets
    loaded = re.compile(r"""(?:url\(|@import)\s*["']?\s*(?:https?:|//)""", re.IGNORECASE)
    assert [shown(sheet) for sheet in sheets if loaded.search(sheet.read_text("utf-8"))] == []


def test_everything_of_others_comes_with_its_licence() -> None:
    vendored = [folder for folder in sorted((STATIC / "vendor").iterdir()) if folder.is_dir()]
    assert vendored
    assert [shown(folder) for folder in vendored if not _has_licence(folder)] == []


def _has_licence(folder: Path) -> bool:
    return any(path.stat().st_size > 0 for path in folder.glob("LICENSE*"))


@pytest.mark.parametrize(
    ("suffix", "text", "rule"),
    [
        (".html", '<script src="https://cdn.example/x.js"></script>', "outside host"),
        (".html", '<img src="//cdn.example/x.png">', "outside host"),
        (".css", "a { background: url( //cdn.example/x) }", "outside host"),
        (".js", "new WebSocket('wss://cdn.example')", "outside host"),
        (".html", '<p class="a" style="color: red">', "inline style"),
        (".html", "<p\nSTYLE = 'x'>", "inline style"),
        (".html", "<style>p {}</style>", "inline style"),
        (".html", '<button onclick="go()">', "inline handler"),
        (".html", '<form hx-on:submit="go()">', "inline handler"),
        (".html", "<script>go()</script>", "inline script"),
        (".html", '<a href="javascript:go()">', "inline script"),
        (".html", "{{ name | safe }}", "unescaped"),
        (".html", "{% autoescape false %}", "unescaped"),
        (".py", "return Markup(name)", "unescaped"),
        (".js", "eval(text)", "made code"),
        (".js", "box.setAttribute('style', text)", "inline style"),
    ],
)
def test_a_breach_is_found(suffix: str, text: str, rule: str) -> None:
    assert [found.partition(": ")[2] for found in findings(text, suffix)] == [rule]


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".html", '<script src="/static/js/app.js" defer></script>'),
        (".html", '{# <p style="x" onclick="y"> #}<p data-style="x">'),
        (".html", '<svg xmlns="http://www.w3.org/2000/svg">'),
        (".html", '{% set position = "top" %}{{ button(kind="primary") }}'),
        (".js", "// a remark\nconst half = a / b; box.hidden = true;"),
        (".css", "a { background: url(/static/x.svg) } /* // */"),
    ],
)
def test_what_is_allowed_is_no_breach(suffix: str, text: str) -> None:
    assert findings(text, suffix) == []
