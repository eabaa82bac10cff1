"""A real Chromium and a served home, for tests that look at pages as people do."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from waitress import wasyncore
from waitress.server import create_server

if TYPE_CHECKING:
    from webui.services import Services

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
PATIENCE_MS = 15_000
WIDE, DESK = {"width": 1920, "height": 1080}, {"width": 1280, "height": 800}


class BrowserMissingError(RuntimeError):
    """There is no Chromium; `make system` installs it. Such tests fail, they are not skipped."""


def find_browser() -> str:
    """Where Chromium is. Raises BrowserMissingError."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise BrowserMissingError("chromium is missing: run `make system`")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(services: Services) -> Iterator[str]:
    """The application of a home on a free port of this machine; gives its address."""
    from webui.app import create_app

    server = create_server(create_app(services), host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Its own loop closes it: a socket closed under the loop's poll is a bad descriptor there.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(timeout=10)
        server.task_dispatcher.shutdown(timeout=5)


@dataclass
class Visit:
    """One person at one screen; collects what the browser complained of and where it went."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def press(self, key: str, shows: str) -> None:
        """Presses a key and waits for what it brings to the screen (a CSS selector)."""
        self.page.keyboard.press(key)
        try:
            self.page.locator(shows).first.wait_for(timeout=PATIENCE_MS)
        except PlaywrightTimeoutError as late:
            raise AssertionError(f"{key} did not bring {shows}:\n{self.text()[:3000]}") from late


def visit(browser: Browser, base: str, code: str, password: str) -> Visit:
    """Logs a person in, in a browser profile of their own."""
    context = browser.new_context(viewport=DESK, locale="ja-JP")
    page = context.new_page()
    one = Visit(page, base)
    page.on(
        "console",
        lambda message: (
            one.complaints.append(message.text)
            if message.type in ("error", "warning") and not _expected(message.text)
            else None
        ),
    )
    page.on("request", lambda request: one.addresses.append(request.url))
    one.go("/login")
    page.get_by_label("利用者番号").fill(code)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_url(re.compile(r"^(?!.*/login).*$"))
    return one


def _expected(text: str) -> bool:
    # A refusal is an answer with a status of its own; the browser reports every such answer.
    return "Failed to load resource" in text
