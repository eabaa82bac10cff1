"""Which forms carry files, how long a body may be, and where files stay: in memory only.

Lent data never lies unsealed in a temporary file (S4-16.1, security.md 5.9): the library would put
every upload over 500 KB into one. Only a person who may take files in may send more than a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO

from flask import Request, current_app, g
from flask_login import current_user

from secure_store.limits import FORM_BODY, SMALL_UPLOAD_BODY, UPLOAD_BODY, Limit

# Every form with a file field, and no other; a test compares them with the pages.
UPLOADS: Mapping[str, Limit] = {
    "audit.run": UPLOAD_BODY,
    "erasure.consent": UPLOAD_BODY,
    "imports.receive": UPLOAD_BODY,
    "notices.receive": UPLOAD_BODY,
    "outcomes.take_in": SMALL_UPLOAD_BODY,
    "scripts.add": SMALL_UPLOAD_BODY,
    "scripts.save": SMALL_UPLOAD_BODY,
}


def body_limit(endpoint: str | None) -> Limit:
    """The longest body of the request at hand; its session was looked up before.

    Long ones only from whoever may do the act: they stay in memory, and an agent has no files.
    """
    most = UPLOADS.get(endpoint or "")
    return most if most is not None and _may_send(endpoint or "") else FORM_BODY


def _may_send(endpoint: str) -> bool:
    found = g.get("login_session")
    if found is None or found.staff_code is None or found.is_locked or found.is_half:
        return False
    permission = getattr(current_app.view_functions[endpoint], "permission", None)
    is_person = permission is not None and current_user.is_authenticated
    return bool(is_person and current_user.actor.may(permission))


class RequestInMemory(Request):
    """A request whose files are read into memory, however long they are."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()
