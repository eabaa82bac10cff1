"""The web server reads a body before the application sees it: how long it may be is asked first.

Without this anybody who reaches the port could have 64 MiB kept in memory per connection. The
application itself answers who is asking, from the headers alone.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import partial
from html import escape
from io import BytesIO
from typing import Any

from flask import Flask, request
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.proxy_headers import parse_proxy_headers
from waitress.utilities import RequestEntityTooLarge

from secure_store.limits import FORM_BODY
from webui.security import HEADERS
from webui.sentences import SENTENCES, TITLES
from webui.uploads import body_limit

_PAGE = (
    '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><h1>{title}</h1><p>{text}</p></body></html>"
)


# The one hop whose word counts, and the header it says it in.
ONE_FRONT_SERVER = 1
SAYS_WHERE_FROM = frozenset({"x-forwarded-for"})


def believing(front_server: str | None) -> dict[str, Any]:
    """The server's settings for the machine in front of it; none when there is no such machine."""
    if front_server is None:
        return {}
    return {
        "trusted_proxy": front_server,
        "trusted_proxy_count": ONE_FRONT_SERVER,
        "trusted_proxy_headers": set(SAYS_WHERE_FROM),
    }


class BodyRefused(RequestEntityTooLarge):  # type: ignore[misc]  # the library is untyped
    """The answer to a body that is too long; the connection ends with it."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        page = _PAGE.format(title=escape(TITLES[413]), text=escape(SENTENCES["http_413"]))
        own = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        headers = {**HEADERS, **own, "Server": "dialer"}
        return f"{self.code} {self.reason}", list(headers.items()), page.encode()


class BoundedParser(HTTPRequestParser):  # type: ignore[misc]  # the library is untyped
    """Sets the limit of a body once the headers of its request are there."""

    adj: Any
    error: Any

    def __init__(self, adj: Any, app: Flask, address: str) -> None:
        super().__init__(adj)
        self._app, self._address = app, address

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.adj = copy.copy(self.adj)
        # The server refuses from this size on, not above it.
        self.adj.max_request_body_size = self._most() + 1

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = BodyRefused("")
            self.expect_continue = False
        return consumed

    def _most(self) -> int:
        if not self.chunked and self.content_length <= FORM_BODY.most:
            return FORM_BODY.most
        try:
            environ = self._environ()
            if self._address and self._address == self.adj.trusted_proxy:
                parse_proxy_headers(environ, ONE_FRONT_SERVER, SAYS_WHERE_FROM)
            with self._app.request_context(environ):
                return body_limit(request.endpoint).most
        except Exception:
            # Nobody who cannot be asked for may send much.
            return FORM_BODY.most

    def _environ(self) -> dict[str, Any]:
        headers: Mapping[str, str] = self.headers
        return {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "dialer",
            "SERVER_PORT": "0",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self._address,
            "HTTP_X_FORWARDED_FOR": headers.get("X_FORWARDED_FOR", ""),
            "HTTP_HOST": headers.get("HOST", ""),
            "HTTP_COOKIE": headers.get("COOKIE", ""),
            "wsgi.url_scheme": self.url_scheme,
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }


def bounded_channel(app: Flask) -> type[HTTPChannel]:
    """The kind of connection whose requests are bounded by what the application says."""

    class BoundedChannel(HTTPChannel):  # type: ignore[misc]  # the library is untyped
        def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
            super().__init__(server, sock, addr, adj, map=map)
            address = addr[0] if isinstance(addr, tuple) else ""
            self.parser_class = partial(BoundedParser, app=app, address=address)

    return BoundedChannel
