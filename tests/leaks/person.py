"""One person with a browser that tells everything: keeps each exchange as it went over the wire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import uuid4

HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. ``label`` says where in the day it happened."""

    person: str
    label: str
    method: str
    path: str
    referer: str
    status: int
    headers: str = field(repr=False)
    body: bytes = field(repr=False)
    location: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The page as it is read."""
        return unescape(self.body.decode("utf-8", errors="replace"))

    @property
    def title(self) -> str:
        found = _TITLE.search(self.text)
        return found[1] if found else ""

    @property
    def access_line(self) -> str:
        """What a server in front of the application writes into its log."""
        return f'{HOST} - - "{self.method} {self.path} HTTP/1.1" {self.status} "{self.referer}"'


class Person:
    """A browser that sends where it comes from, though our pages forbid it."""

    def __init__(self, code: str, port: int, exchanges: list[Exchange]) -> None:
        self.code = code
        self.connection = HTTPConnection(HOST, port, timeout=60)
        self.location = ""
        self.page: Exchange | None = None
        self._exchanges = exchanges
        self._cookie = ""
        self._token = ""
        self._last = "/"

    def log_in(self, code: str, password: str, status: int = 302) -> Exchange:
        self.get("/login")
        answer = self.post("/login", {"code": code, "password": password}, status=status)
        if status == 302:
            self.get("/password")  # the token of the new session
        return answer

    def get(self, path: str, status: int | None = 200, label: str = "") -> Exchange:
        """Opens a page. ``status`` None takes any answer; a redirect of a wait is no fault."""
        answer = self._send("GET", path, None, {}, label)
        if status is not None and answer.status != 303:
            assert answer.status == status, (path, answer.status, answer.text[-1500:])
        return answer

    def post(
        self, path: str, data: Mapping[str, str] | None = None, status: int = 303, label: str = ""
    ) -> Exchange:
        """Sends a form with the token of the session."""
        if path == "/logout":
            status = 302
        body = urlencode({"csrf_token": self._token, **(data or {})}).encode()
        answer = self._send("POST", path, body, {"Content-Type": FORM}, label)
        assert answer.status == status, (path, answer.status, answer.location, answer.text[-2500:])
        return answer

    def upload(
        self, path: str, data: Mapping[str, str], files: Mapping[str, bytes], status: int = 303
    ) -> Exchange:
        """Sends files as a browser does."""
        edge = uuid4().hex
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
            for name, value in {"csrf_token": self._token, **data}.items()
        ]
        parts += [
            f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
            f"Content-Type: text/csv\r\n\r\n".encode()
            + content
            for name, content in files.items()
        ]
        body = b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts)
        sent = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        answer = self._send("POST", path, body + f"--{edge}--\r\n".encode(), sent, "")
        assert answer.status == status, (path, answer.status, answer.text[-1500:])
        return answer

    def _send(
        self, method: str, path: str, body: bytes | None, more: Mapping[str, str], label: str
    ) -> Exchange:
        referer = f"http://{HOST}{self._last}"
        headers = {"Referer": referer, "Cookie": self._cookie, **more}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                for key, morsel in SimpleCookie(value).items():
                    self._cookie = f"{key}={morsel.value}"
        exchange = Exchange(
            self.code,
            label,
            method,
            path,
            referer,
            answer.status,
            str(answer.headers),
            content,
            answer.headers.get("Location", ""),
        )
        self._exchanges.append(exchange)
        self.location = exchange.location
        if method == "GET":
            self._last = path
        token = _TOKEN.search(exchange.text)
        if token:
            self._token = token[1]
        return exchange
