"""Refusals as pages, and the Japanese sentence of every error code: one table for screens and
command line. A sentence says what happened, what is safe, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Flask, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from secure_store.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Unavailable
from webui.sentences import SENTENCES, TITLES
from webui.step_up import way_to_step_up

log = logging.getLogger("webui.errors")

STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
    (Unavailable, 503),
)
LOCKED = 423
STEP_UP = "step_up_needed"
STATUS_CODES: Mapping[str, int] = {"session_locked": LOCKED}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal; errors themselves know nothing of HTTP."""
    if error.code in STATUS_CODES:
        return STATUS_CODES[error.code]
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def sentence_of(error: DomainError) -> str:
    """The Japanese sentence; an unknown code is a fault of the program, found by a test."""
    return SENTENCES[error.code]


def _wants_json() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _page(status: int, title: str, text: str, code: str) -> tuple[str | Response, int]:
    if _wants_json():
        return jsonify(error={"code": code, "text": text}), status
    if status == LOCKED:
        return render_template("login/lock.html", fault=""), status
    page = render_template("errors/error.html", title=title, text=text, code=code, status=status)
    return page, status


def _refusal(error: DomainError) -> tuple[str | Response, int] | Response:
    status = status_of(error)
    log.info("refused", extra={"code": error.code, "request": g.get("request_id", "")})
    if error.code == STEP_UP and not _wants_json():
        return way_to_step_up()
    return _page(status, TITLES.get(status, TITLES[409]), sentence_of(error), error.code)


def _http(error: HTTPException) -> tuple[str | Response, int]:
    status = error.code or 500
    title = TITLES.get(status, TITLES[404])
    return _page(
        status, title, SENTENCES.get(f"http_{status}", SENTENCES["http_404"]), f"http_{status}"
    )


def _csrf(_error: CSRFError) -> tuple[str | Response, int]:
    return _page(400, TITLES[400], SENTENCES["http_400"], "csrf")


def _unexpected(error: Exception) -> tuple[str | Response, int]:
    log.error(
        "unexpected", extra={"kind": type(error).__name__, "request": g.get("request_id", "")}
    )
    return _page(500, TITLES[500], SENTENCES["http_500"], "unexpected")


def install(app: Flask) -> None:
    """Registers the handlers. In tests unexpected errors are shown, not hidden."""
    app.register_error_handler(DomainError, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
