"""The twenty places where no personal data may lie (security.md 5.9), and how each is looked at.

A place is searched after the marked day, or there is no such place; then that is what is proved.
"""

from __future__ import annotations

import re
import resource
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.leaks.marked_day import MarkedDay

ROOT = Path(__file__).resolve().parents[2]

# Place → what of tests/leaks/sinks.py is searched for it.
SEARCHED: Mapping[str, tuple[str, ...]] = {
    "application log": ("application log",),
    "access log": ("addresses",),
    "audit log": ("audit export", "database rows"),
    "exception text": ("application log", "output"),
    "statements of the library": ("output", "application log"),
    "log of the database server": ("database files",),
    "statistics of statements": ("database files", "database rows"),
    "store of jobs": ("database rows",),
    "store of sessions": ("database rows",),
    "addresses and queries": ("addresses",),
    "referrer": ("addresses",),
    "page title": ("page titles",),
    "temporary files": ("temporary files",),
    "file names": ("home", "exchange folder", "temporary files"),
}


def _sources(*folders: str) -> str:
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in files)


def _no_mail(_day: MarkedDay) -> bool:
    return not re.search(r"smtplib|email\.message|sendmail", _sources("webui", "campaigns"))


def _no_metrics(day: MarkedDay) -> bool:
    rules = {rule.rule for rule in day.app.url_map.iter_rules()}
    answer = day.app.test_client().get("/healthz")
    return not any("metric" in rule for rule in rules) and answer.json == {"status": "ok"}


def _no_core(_day: MarkedDay) -> bool:
    return resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def _no_browser_storage(day: MarkedDay) -> bool:
    """Every page is told not to be kept; the profile of a browser is searched in `make soak`."""
    pages = [one for one in day.exchanges if not one.path.startswith("/static")]
    return bool(pages) and all("no-store" in one.headers for one in pages)


def _no_words_for_a_line(_day: MarkedDay) -> bool:
    return not re.search(r"twiml|<Response>|VoiceResponse", _sources("dialer"), re.IGNORECASE)


def _nothing_in_migrations(day: MarkedDay) -> bool:
    text = _sources("migrations")
    return not any(core in text for cores in day.marks.cores().values() for core in cores)


# Place → why there is nothing to search, as a check that would fail once there is.
ABSENT: Mapping[str, Callable[[MarkedDay], bool]] = {
    "mail and alerts": _no_mail,
    "labels of metrics": _no_metrics,
    "core dumps": _no_core,
    "storage of the browser": _no_browser_storage,
    "headers and words of a telephone line": _no_words_for_a_line,
    "migrations": _nothing_in_migrations,
}
