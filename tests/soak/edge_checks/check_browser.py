"""All pages in a real Chromium with a profile on the disk: policy, storage, what is left behind."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from secure_store.clock import FixedClock
from tests.acceptance.centre import ASKS_PERMIT, dial, somebody_answers
from tests.browsers import DESK, FLAGS, Visit, find_browser
from tests.leaks.planting import Kind, Marks
from tests.leaks.searching import ENCODINGS, Searcher, files_in
from tests.soak.edge_checks.marked_home import ROLES, marked_world, pages_of, served_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD

if TYPE_CHECKING:
    from webui.services import Services

STORED = """async () => ({
  local: Object.keys(localStorage).length,
  session: Object.keys(sessionStorage).length,
  cookies: document.cookie.length,
  caches: (await caches.keys()).length,
  bases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
REFUSED = re.compile(r"Content.Security.Policy|mixed content|Permissions.Policy", re.IGNORECASE)


@contextmanager
def profile(folder: Path) -> Iterator[BrowserContext]:
    """A browser whose profile stays on the disk, as on a terminal."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder), executable_path=find_browser(), args=list(FLAGS), viewport=DESK,
            locale="ja-JP",
        )  # fmt: skip
        try:
            yield context
        finally:
            context.close()


def enters(context: BrowserContext, base: str, code: str, complaints: list[str]) -> Visit:
    page = context.new_page()
    page.on("console", lambda message: complaints.append(f"{code}: {message.text}"))
    one = Visit(page, base)
    one.go("/login")
    page.get_by_label("利用者番号").fill(code)
    page.get_by_label("パスワード").fill(REHEARSAL_PASSWORD)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_url(re.compile(r"^(?!.*/login).*$"))
    return one


def look_everywhere(one: Visit, pages: list[str]) -> dict[str, int]:
    """Opens every page; the largest count of each kind of storage."""
    most: dict[str, int] = {}
    for path in pages:
        if one.page.evaluate(
            "async path => (await fetch(path)).headers.get('content-disposition')", path
        ):
            continue  # a file to be saved, not a page
        one.go(path)
        if one.page.url.startswith("http"):
            for kind, count in one.page.evaluate(STORED).items():
                most[kind] = max(most.get(kind, 0), count)
    return most


def work_a_case(one: Visit) -> set[str]:
    """To the outcome form, then the lock; what was read of the person on the way."""
    one.go("/desk")
    one.press("F2", ASKS_PERMIT)
    read = one.page.content()
    dial(one)
    read += one.page.content()
    somebody_answers(one)
    one.press("F4", "[name^=verdict-]")
    return {read + one.page.content()}


@pytest.mark.clause("T36", "T07", "S4-8.6f", "S4-8.8b")
def test_nothing_stays_behind_on_a_terminal(
    home: Services, clock: FixedClock, tmp_path: Path
) -> None:
    marks = Marks.new()
    world = marked_world(home, clock, marks)
    complaints: list[str] = []
    with served_app(home) as (base, app):
        pages = pages_of(app, world)
        pages = [path for path in pages if path not in ("/logout",)]
        for code in ROLES:
            with profile(tmp_path / code) as context:
                one = enters(context, base, code, complaints)
                shown = work_a_case(one) if code == "OP01" else set()
                stored = look_everywhere(one, pages)
                assert set(stored.values()) == {0}, (code, stored)
                if code == "OP01":
                    kinds = {kind for text in shown for kind, _whose in marks.find(text)}
                    assert {Kind.KANA, Kind.PHONE, Kind.NAME, Kind.ADDRESS} <= kinds
                one.go("/password")
                one.page.evaluate("document.querySelector('form[action=\"/logout\"]')?.submit()")
    refused = [text for text in complaints if REFUSED.search(text)]
    assert refused == []
    searcher = Searcher(marks.cores())
    for code in ROLES:
        files = list(files_in(tmp_path / code))
        assert len(files) > 20
        assert searcher.hits(files) == [], code


class _Leaky(http.server.BaseHTTPRequestHandler):
    """A page that does everything ours must not do."""

    value: ClassVar[str] = ""

    def do_GET(self) -> None:
        body = (
            f"<html><head><title>x</title></head><body><p>{self.value}</p>"
            "<script>alert(1)</script></body></html>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


def test_what_a_careless_page_leaves_behind_is_found(tmp_path: Path) -> None:
    """The positive control of policy, storage and profile."""
    marks = Marks.new()
    _Leaky.value = marks.text(Kind.NAME, 3)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Leaky)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    complaints: list[str] = []
    try:
        with profile(tmp_path / "careless") as context:
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.evaluate("value => localStorage.setItem('a', value)", _Leaky.value)
            assert page.evaluate(STORED)["local"] == 1
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [text for text in complaints if REFUSED.search(text)]
    found = Searcher(marks.cores()).hits(files_in(tmp_path / "careless"))
    assert len({hit.place for hit in found}) >= 2, found
    assert len(ENCODINGS) >= 7


@pytest.mark.clause("T25", "S4-8.6f")
def test_a_locked_terminal_shows_nobody_on_any_page(
    home: Services, clock: FixedClock, tmp_path: Path
) -> None:
    marks = Marks.new()
    world = marked_world(home, clock, marks)
    with served_app(home) as (base, app), profile(tmp_path / "locked") as context:
        pages = pages_of(app, world)
        one = enters(context, base, "OP01", [])
        page: Page = one.page
        shown = work_a_case(one)
        assert marks.find("".join(shown))
        page.evaluate(
            "document.querySelector('[data-lock], form[action=\"/lock\"] button')?.click()"
        )
        token = page.locator('meta[name="csrf-token"]').get_attribute("content")
        page.evaluate(
            "async token => { await fetch('/lock', {method: 'POST', headers: {'X-CSRFToken': token}}); }",
            token,
        )
        open_ones = {"/", "/login", "/lock", "/healthz"}
        for path in pages:
            status = page.evaluate("async path => (await fetch(path)).status", path)
            assert status == 423 or path in open_ones, (path, status)
        for move in (page.reload, page.go_back, page.go_forward, lambda: one.go("/desk")):
            move()
            page.get_by_label("パスワード").wait_for()
            assert marks.find(page.content()) == set()
