"""The way to 再認証 and back: which page a person returns to after proving again who it is."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException

# In the session between the password and the key: the page to go back to, and when.
PASSWORD_GIVEN = "password_given"  # noqa: S105 - the name of a key


def way_to_step_up() -> Response:
    """The answer to an act that asks for a fresh password: a redirect, for htmx by its header."""
    asked = request.method == "GET" and "HX-Request" not in request.headers
    target = url_for(
        "step_up.show",
        back=request.full_path.rstrip("?") if asked else page_above(_page_shown()),
        again="" if asked else "1",
    )
    if "HX-Request" in request.headers:
        answer = make_response("", 403)
        answer.headers["HX-Redirect"] = target
        return answer
    return make_response(redirect(target, 303))


def _page_shown() -> str:
    """The path of the page the person looks at, as far as the browser says so."""
    shown = request.headers.get("HX-Current-URL")
    return urlsplit(shown).path if shown else request.path


def page_above(path: str) -> str:
    """The nearest page at or above a path that can be opened; "/" when there is none."""
    parts = [part for part in path.split("/") if part]
    while parts:
        candidate = "/" + "/".join(parts)
        if _opens(candidate):
            return candidate
        parts.pop()
    return "/"


def own_page(back: str) -> str:
    """A page of this application to go back to, or "/": never another host."""
    if not back.startswith("/") or back.startswith("//") or "\\" in back or not back.isprintable():
        return "/"
    return back if _opens(urlsplit(back).path) else "/"


def _opens(path: str) -> bool:
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, _values = adapter.match(path, method="GET")
    except HTTPException:
        return False
    return bool(endpoint != "step_up.show")
