"""The web scanner wapiti, logged in as three roles, and on a vulnerable page that it must notice (T38)."""

from __future__ import annotations

import html
import http.server
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from secure_store.clock import FixedClock
from tests.leaks.planting import Marks
from tests.soak.edge_checks.marked_home import marked_world, pages_of, served_app
from tests.web.pages import Browser
from tests.web.signed_in import COOKIE, token_of

if TYPE_CHECKING:
    from webui.services import Services

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv" / "wapiti"
MODULES = "sql,xss,exec,file,ssrf,crlf,csrf,csp,http_headers,cookieflags,redirect,upload,xxe"
MOST_SECONDS = 150
MEDIUM = 2
# A level of two on a page without a form is about its cookie over a connection without TLS: in a
# rehearsal home the cookie has no Secure flag, in production it has (tests/web).
OF_REHEARSALS = {"Secure Flag cookie"}


@pytest.fixture(scope="module")
def wapiti() -> Path:
    """The scanner in a virtual environment of its own: beside ours it would be an old one."""
    program = VENV / "bin" / "wapiti"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        install = [VENV / "bin/python", "-m", "pip", "install", "--quiet", "--no-input",
                   "--disable-pip-version-check", "--require-hashes", "-r", ROOT / "requirements/wapiti.txt"]  # fmt: skip
        subprocess.run(install, check=True)
    return program


def scan(
    program: Path, folder: Path, base: str, paths: list[str], cookie: str = ""
) -> dict[str, list[dict[str, Any]]]:
    """What the scanner finds at these addresses, by kind."""
    report = folder / "report.json"
    command: list[str] = [str(program), "-u", base + "/", "--scope", "folder", "-m", MODULES]
    command += ["-f", "json", "-o", str(report), "--max-scan-time", str(MOST_SECONDS), "-d", "1"]
    command += ["--flush-session", "--no-bugreport", "--store-session", str(folder), "-v", "0"]
    command += ["--endpoint", "http://127.0.0.1:9/"]  # it would ask a host outside what came back
    command += ["-x", f"{base}/logout", "-x", f"{base}/lock", "--max-attack-time", "40"]
    for path in paths:
        command += ["-s", base + path]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    subprocess.run(command, capture_output=True, timeout=4 * MOST_SECONDS, check=False, cwd=folder)
    told = json.loads(report.read_text("utf-8"))
    return {kind: found for kind, found in told["vulnerabilities"].items() if found}


def serious(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {
        kind: sorted({f"{one['method']} {one['path']}: {one['info']}" for one in ones})
        for kind, all_ones in found.items()
        if kind not in OF_REHEARSALS
        and (ones := [one for one in all_ones if one["level"] >= MEDIUM])
    }


FORGED_FORM = "Cross Site Request Forgery"


def without_refused_forms(
    found: dict[str, list[dict[str, Any]]], browser: Browser
) -> dict[str, list[dict[str, Any]]]:
    """Forms whose forged token is refused when it is really sent.

    The scanner says its content type twice, so that its forms arrive empty; it then takes two
    equal refusals, with and without a sound token, for a token that nobody looks at.
    """
    token = browser.token()

    def is_taken(one: dict[str, Any]) -> bool:
        forged = token[:-4] + "AAAA"
        return browser.client.post(one["path"], data={"csrf_token": forged}).status_code != 400

    left = [one for one in found.get(FORGED_FORM, []) if is_taken(one)]
    rest = {kind: ones for kind, ones in found.items() if kind != FORGED_FORM}
    return {**rest, FORGED_FORM: left} if left else rest


@pytest.mark.clause("T38")
@pytest.mark.parametrize("code", ["OP01", "SV01", "CF01"])
def test_the_scanner_finds_nothing_serious(
    wapiti: Path, home: Services, clock: FixedClock, tmp_path: Path, code: str
) -> None:
    world = marked_world(home, clock, Marks.new())
    with served_app(home) as (base, app):
        browser = Browser(app, home)
        assert browser.log_in(code) == 302
        cookie = f"{COOKIE}={token_of(browser)}"
        pages = [path for path in pages_of(app, world) if path not in ("/logout", "/healthz")]
        found = scan(wapiti, tmp_path, base, pages, cookie)
        # It was really inside: the session still lives and opens what this role may open.
        assert browser.client.get("/password").status_code == 200
        found = without_refused_forms(found, browser)
    sys.stdout.write(f"  {code}: {len(pages)} pages, {sorted(found)}\n")
    assert serious(found) == {}


class _Toy(http.server.BaseHTTPRequestHandler):
    """Everything that a scanner looks for: queries of pasted text, echoes, no headers."""

    def do_GET(self) -> None:
        given = parse_qs(urlsplit(self.path).query)
        name = given.get("name", ["x"])[0]
        with sqlite3.connect(":memory:") as database:
            database.execute("CREATE TABLE t (name TEXT)")
            try:
                rows = database.execute(f"SELECT name FROM t WHERE name = '{name}'").fetchall()
                said = f"<p>{name}</p>{rows}"
            except sqlite3.Error as error:
                said = f"sqlite3.OperationalError: {html.escape(str(error))}"
        links = "<a href='/?name=a'>a</a><form><input name='name'><input type='submit'></form>"
        body = f"<html><body>{said}{links}</body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


@contextmanager
def toy() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Toy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.clause("T38")
def test_the_scanner_notices_a_vulnerable_page(wapiti: Path, tmp_path: Path) -> None:
    """The positive control."""
    with toy() as base:
        found = scan(wapiti, tmp_path, base, ["/?name=a"])
    kinds = " ".join(found)
    for wanted in (
        "SQL Injection",
        "Cross Site Scripting",
        "Content Security Policy",
        "Clickjacking",
    ):
        assert wanted in kinds, sorted(found)
