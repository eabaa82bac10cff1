"""A browser for tests: signs in, sends forms with their token, and looks every page over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from secure_store.access import Actor, Role, system_actor
from secure_store.people import sessions
from secure_store.people.staff import add_staff
from webui.app import create_app
from webui.edge import PACE
from webui.rehearsal.persons import READY_PERSONS, REHEARSAL_PASSWORD
from webui.server_sessions import COOKIE_REHEARSAL
from webui.services import Services

FOUNDER = Actor(code="init", role=Role.SYSTEM_ADMIN, rehearsal=True)
UNLABELLED = {"hidden", "submit", "button"}


def enrol(services: Services, *codes: str) -> None:
    """Makes accounts for some of the ready persons of a rehearsal home."""
    with services.store.work(FOUNDER) as work:
        for person in READY_PERSONS:
            if person.code in codes:
                add_staff(work, person, REHEARSAL_PASSWORD)


def make_app(services: Services) -> Flask:
    """The application; a fault of the program is shown to the test instead of a page."""
    app = create_app(services)
    app.testing = True
    app.extensions[PACE].is_on = False  # tests press faster than people
    app.error_handler_spec[None][None].pop(Exception, None)
    return app


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open_labels = 0
        self.inside_label: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open_labels += tag == "label"
        self.tags.append((tag, dict(attrs)))
        self.inside_label.append(self.open_labels > 0)

    def handle_endtag(self, tag: str) -> None:
        self.open_labels -= tag == "label"


def page_faults(text: str) -> list[str]:
    """What a page breaks of the agreements that hold for every page."""
    parser = _Tags()
    parser.feed(text)
    tags = parser.tags
    ids = [attrs["id"] for _, attrs in tags if attrs.get("id")]
    labelled = {attrs.get("for") for tag, attrs in tags if tag == "label"}
    faults = [f"id twice: {one}" for one in sorted({i for i in ids if ids.count(i) > 1 and i})]
    if [attrs.get("lang") for tag, attrs in tags if tag == "html"] != ["ja"]:
        faults.append("not lang=ja")
    if sum(tag == "h1" for tag, _ in tags) != 1:
        faults.append("not one h1")
    for (tag, attrs), inside in zip(tags, parser.inside_label, strict=True):
        faults += _tag_faults(tag, attrs, labelled, inside)
    faults += [
        f"described by nothing: {one}"
        for _, attrs in tags
        for one in (attrs.get("aria-describedby") or "").split()
        if one not in ids
    ]
    return faults


def _tag_faults(
    tag: str, attrs: Mapping[str, str | None], labelled: Iterable[str | None], inside: bool
) -> list[str]:
    faults = [f"style on {tag}"] if "style" in attrs else []
    faults += [f"{name} on {tag}" for name in attrs if name.startswith("on")]
    for name in ("href", "src", "action"):
        if re.match(r"(?i)(https?:)?//", attrs.get(name) or ""):
            faults.append(f"outside host: {attrs[name]}")
    if tag == "form" and attrs.get("method") != "dialog" and not attrs.get("action"):
        faults.append("form without action")
    is_field = tag in {"input", "select", "textarea"} and attrs.get("type") not in UNLABELLED
    named = inside or attrs.get("id") in labelled or "aria-label" in attrs
    if is_field and not named:
        faults.append(f"no label: {attrs.get('name')}")
    return faults


class Browser:
    """One signed-in person (or nobody). Every page that is shown is looked over."""

    def __init__(
        self,
        app: Flask,
        services: Services,
        code: str | None = None,
        terminal: str | None = None,
    ) -> None:
        self.client = app.test_client()
        self.last = ""
        self._token: str | None = None
        if code is not None:
            self._begin_session(services, code, terminal)

    def _begin_session(self, services: Services, code: str, terminal: str | None) -> None:
        # As after the log-in form, without its deliberately slow password check.
        state = json.dumps({"_user_id": code, "_fresh": True})
        with services.store.work(system_actor("web")) as work:
            token = sessions.save(
                work, None, staff_code=code, state=state, renew=True, terminal=terminal
            )
        self.client.set_cookie(COOKIE_REHEARSAL, token)

    def get(self, path: str, status: int = 200) -> str:
        """The text of a page."""
        return self._seen(self.client.get(path), status)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        status: int = 303,
        *,
        multipart: bool = False,
    ) -> TestResponse:
        """Sends a form with its token; ``multipart`` as a form with a file field is sent."""
        answer = self.client.post(
            path,
            data={**(data or {}), "csrf_token": self.token()},
            content_type="multipart/form-data" if multipart else None,
        )
        self._seen(answer, status)
        return answer

    def post_without_token(self, path: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        """What a page of another site could send."""
        return self.client.post(path, data=dict(data or {}))

    def log_in(self, code: str, password: str = REHEARSAL_PASSWORD) -> int:
        """Through the form; the status of the answer."""
        self._token = None
        answer = self.client.post(
            "/login",
            data={"csrf_token": self.token("/login"), "code": code, "password": password},
        )
        self._token = None
        return answer.status_code

    def token(self, page: str = "/password") -> str:
        """The session's token, read from a page that everybody signed in may open."""
        if self._token is None:
            text = self.client.get(page).get_data(as_text=True)
            found = re.search(r'name="csrf-token" content="([^"]+)"', text)
            assert found, "the page carries no token"
            self._token = found[1]
        return self._token

    def _seen(self, answer: TestResponse, status: int) -> str:
        text = answer.get_data(as_text=True)
        headings = re.findall(r"<h1>(.*?)</h1>", text)
        assert answer.status_code == status, (answer.status_code, answer.location, headings)
        if answer.mimetype == "text/html" and text and answer.status_code not in (302, 303):
            assert page_faults(text) == []
            assert answer.headers["Cache-Control"] == "no-store"
        self.last = text
        return text
