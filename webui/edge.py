"""What every request must be before anything looks at it: small, slow enough, and from our pages.

Limits are data (secure_store/limits.py, docs/limits.md). A refusal here has changed nothing.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from urllib.parse import urlsplit

from flask import Flask, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from secure_store.errors import NotAllowed
from secure_store.limits import (
    FIELDS,
    FORM_BODY,
    JSON_DEPTH,
    KIB,
    REQUEST_BURST,
    REQUESTS_A_SECOND,
    UPLOAD_BODY,
)
from webui.transactions import services
from webui.uploads import body_limit

PACE = "dialer_pace"
# The reader of multipart bodies holds up to two chunks of 64 KiB at once, fields or files alike.
UPLOAD_MEMORY_BYTES = 4 * 64 * KIB
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OWN_SITES = frozenset({"same-origin", "none"})
NO_ORIGIN = "null"
BROWSERS_OWN = frozenset({"health.csp_report"})  # sent by the browser itself, changes nothing
UNCOUNTED = frozenset({"static", "health.healthz"})


class ForeignOrigin(NotAllowed):
    """The request was not sent by one of our own pages."""

    code = "foreign_origin"


class Pace:
    """How fast one session may ask: a bucket of tokens each, refilled evenly. Thread-safe."""

    MOST_BUCKETS = 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.is_on = True

    def allows(self, who: str) -> bool:
        """Takes a token; False when there is none."""
        now = self._clock()
        with self._lock:
            left, since = self._buckets.pop(who, (float(REQUEST_BURST.most), now))
            refill = (now - since) * REQUESTS_A_SECOND.most
            left = min(float(REQUEST_BURST.most), left + refill)
            self._buckets[who] = (max(0.0, left - 1), now)
            while len(self._buckets) > self.MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return left >= 1 or not self.is_on


def install(app: Flask) -> None:
    """Hooks the checks in; they run in this order, before every view and its guards."""
    app.config.update(
        MAX_CONTENT_LENGTH=UPLOAD_BODY.most,
        MAX_FORM_MEMORY_SIZE=FORM_BODY.most,
        MAX_FORM_PARTS=FIELDS.most,
    )
    # What is beyond the files of a form: its fields and the lines between its parts.
    app.jinja_env.globals["upload_most"] = UPLOAD_BODY.most - FORM_BODY.most
    app.extensions[PACE] = pace = Pace()
    for check in (lambda: _keep_pace(pace), _limit_body, _require_own_page, _limit_content):
        app.before_request(check)


def _keep_pace(pace: Pace) -> None:
    """People behind one front server share its address: a session has a pace of its own."""
    found = g.get("login_session")
    known = found is not None and found.staff_code is not None
    who = found.token_hash if known else f"address {request.remote_addr}"
    if request.endpoint not in UNCOUNTED and not pace.allows(who):
        raise TooManyRequests


def _limit_body() -> None:
    most = body_limit(request.endpoint).most
    request.max_content_length = most
    if request.mimetype == "multipart/form-data":
        request.max_form_memory_size = UPLOAD_MEMORY_BYTES
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge


def _require_own_page() -> None:
    """Beside the token: a browser says where a request comes from, and pages cannot forge it."""
    if request.method not in CHANGING or request.endpoint in BROWSERS_OWN:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in OWN_SITES:
        raise ForeignOrigin
    if origin == NO_ORIGIN:
        # Our pages send no referrer, and so no origin in forms. Browsers say the site only where
        # the connection can be trusted, as it is everywhere but in a rehearsal without TLS.
        is_foreign = site is None and not services().settings.is_rehearsal
    else:
        # Only the host is compared: a front server ends TLS, so the scheme may differ here.
        is_foreign = origin is not None and urlsplit(origin).netloc != request.host
    if is_foreign:
        raise ForeignOrigin


def _limit_content() -> None:
    if request.is_json and depth_of(request.get_data()) > JSON_DEPTH.most:
        abort(400)
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    if is_form and request.get_data().count(b"&") >= FIELDS.most:
        raise RequestEntityTooLarge


def depth_of(document: bytes) -> int:
    """How deep the brackets of a JSON text are nested, found without building anything."""
    depth = deepest = 0
    in_text = escaped = False
    for byte in document:
        if in_text:
            in_text = escaped or byte != 0x22
            escaped = byte == 0x5C and not escaped
        elif byte == 0x22:
            in_text = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
