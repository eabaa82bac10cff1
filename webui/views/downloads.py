"""Files handed to the browser."""

from __future__ import annotations

from flask import make_response
from werkzeug.wrappers import Response


def attachment(content: bytes, name: str, mimetype: str) -> Response:
    """A file to be saved; its name is made of codes and dates."""
    answer = make_response(content)
    answer.mimetype = mimetype
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
