"""Answers every request of a home in quarantine, before a session or a page is thought of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from secure_store.backups.backup_errors import HomeQuarantined
from secure_store.work import SecureStore
from webui.sentences import SENTENCES, TITLES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UNAVAILABLE = 503
# No style sheet is served either: this page stands alone.
_PAGE = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


def refusing_while_shut(
    inner: WSGIApplication, store: SecureStore
) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """The application, but for a home that was brought back from the past and not put right."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            if store.guard is not None:
                store.guard()
        except HomeQuarantined as shut:
            text = escape(SENTENCES[shut.code])
            page = _PAGE.format(title=escape(TITLES[UNAVAILABLE]), text=text)
            refusal = Response(page, UNAVAILABLE, _HEADERS, mimetype="text/html")
            return refusal(environ, start_response)
        return inner(environ, start_response)

    return answer
