"""The edge: how long, how deep, how often and from where a request may be (security.md 8.1, 8.6)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Rule

from secure_store.access import Role
from secure_store.limits import FIELDS, FORM_BODY, JSON_DEPTH, REQUEST_BURST, UPLOAD_BODY
from secure_store.people.permission_table import ROWS
from tests.web.listening import answer_to, listening
from tests.web.pages import Browser, enrol, make_app, page_faults
from tests.web.signed_in import COOKIE, addresses, signed_in, token_of
from webui.edge import BROWSERS_OWN, PACE, Pace, depth_of
from webui.services import Services
from webui.uploads import UPLOADS

ROOT = Path(__file__).resolve().parents[2]
OWN = "http://localhost"
FROM_US = {"Sec-Fetch-Site": "same-origin"}
FORM = "application/x-www-form-urlencoded"
SENDERS = {"OP01": Role.AGENT, "SV01": Role.SUPERVISOR, "AD01": Role.SYSTEM_ADMIN}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, *SENDERS)
    return make_app(home)


# Where a request comes from.


def spied(app: Flask) -> list[str]:
    """Every view that changes something only notes that it was reached."""
    reached: list[str] = []
    for rule, _path in addresses(app, "POST"):
        if rule.endpoint not in BROWSERS_OWN:

            def note(endpoint: str = rule.endpoint, **_values: object) -> str:
                reached.append(endpoint)
                return "reached"

            app.view_functions[rule.endpoint] = note
    return reached


FORGED: dict[str, dict[str, Any]] = {
    "no token": {"data": {}},
    "a wrong token": {"data": {"csrf_token": "x" * 40}},
    "a page of another site": {"headers": {"Origin": "https://example.test"}},
    "a page without an origin": {"headers": {"Origin": "null", "Sec-Fetch-Site": "cross-site"}},
    "another port of this machine": {"headers": {"Origin": "http://localhost:8081"}},
    "another site, says the browser": {"headers": {"Sec-Fetch-Site": "cross-site"}},
    "a neighbour, says the browser": {"headers": {"Sec-Fetch-Site": "same-site"}},
}


@pytest.mark.clause("T47", "S4-9.3")
@pytest.mark.parametrize("how", FORGED)
def test_no_act_is_reached_from_anywhere_but_our_pages(
    app: Flask, home: Services, how: str
) -> None:
    browser = Browser(app, home, "SV01")
    token = browser.token()
    reached = spied(app)
    forged = {"data": {"csrf_token": token}, **FORGED[how]}
    paths = [path for rule, path in addresses(app, "POST") if rule.endpoint not in BROWSERS_OWN]
    assert len(paths) > 60
    answers = {path: browser.client.post(path, **forged).status_code for path in paths}
    assert {path: one for path, one in answers.items() if one not in (400, 403)} == {}
    assert reached == []


@pytest.mark.clause("T47")
def test_outside_of_rehearsals_a_form_without_any_origin_is_refused(home: Services) -> None:
    real = replace(home, settings=replace(home.settings, is_rehearsal=False))
    client = make_app(real).test_client()
    form = {"code": "SV01", "password": "x"}
    for headers, code in (({"Origin": "null"}, 403), ({"Origin": "null", **FROM_US}, 400)):
        answer = client.post("/login", data=form, headers=headers, base_url="https://localhost")
        assert answer.status_code == code


@pytest.mark.clause("T47")
def test_no_act_is_reached_by_a_link(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    reached = spied(app)
    reading = {rule.rule for rule, _path in addresses(app, "GET")}
    only_acts = [p for rule, p in addresses(app, "POST") if rule.rule not in reading]
    for path in only_acts:
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
            answer = browser.client.open(
                path, method=method, headers={"X-CSRFToken": browser.token()}
            )
            assert answer.status_code in (404, 405), (method, path)
    assert reached == []


@pytest.mark.clause("T47")
def test_every_act_is_reached_from_our_own_pages(app: Flask, home: Services) -> None:
    """The positive control: what is refused above is refused for its origin alone."""
    browser = Browser(app, home, "SV01")
    sent = {"csrf_token": browser.token()}
    reached = spied(app)
    wanted = set()
    for rule, path in addresses(app, "POST"):
        if rule.endpoint not in BROWSERS_OWN:
            wanted.add(rule.endpoint)
            for own in ({"Origin": OWN, **FROM_US}, {"Origin": "null", **FROM_US}, {}):
                answer = browser.client.post(path, data=sent, headers=own)
                assert answer.text == "reached", path
    assert set(reached) == wanted


# How long and how deep.


def test_a_long_body_is_refused_before_it_is_looked_at(app: Flask, home: Services) -> None:
    long = {"csrf_token": "x" * (FORM_BODY.most + 1)}
    nobody, somebody = app.test_client(), Browser(app, home, "SV01")
    for rule, path in addresses(app, "POST"):
        assert nobody.post(path, data=long).status_code == 413, path
        expected = {400} if rule.endpoint in UPLOADS and is_sender(app, rule, "SV01") else {413}
        assert somebody.client.post(path, data=long).status_code in expected, path


def is_sender(app: Flask, rule: Rule, code: str) -> bool:
    """Whether the table lets this person take files in at this address."""
    row = ROWS[app.view_functions[rule.endpoint].permission]  # type: ignore[attr-defined]
    return SENDERS[code] in row.grants


@pytest.mark.clause("T21")
def test_only_whoever_may_take_them_in_may_send_files(app: Flask, home: Services) -> None:
    content = b"x" * (FORM_BODY.most + 1)
    known = {code: Browser(app, home, code) for code in SENDERS}
    for rule, path in addresses(app, "POST"):
        if rule.endpoint not in UPLOADS:
            continue
        assert app.test_client().post(path, data=a_file(content)).status_code == 413
        for code, browser in known.items():
            # Without the token of a form, but not too long.
            expected = 400 if is_sender(app, rule, code) else 413
            assert browser.client.post(path, data=a_file(content)).status_code == expected, path
        assert any(is_sender(app, rule, code) for code in SENDERS)
        assert not is_sender(app, rule, "OP01")


def a_file(content: bytes) -> dict[str, object]:
    return {"files": (BytesIO(content), "x.csv")}


def test_every_form_with_a_file_is_listed_with_its_limit(app: Flask) -> None:
    form = re.compile(r"<form[^>]*url_for\('([a-z_.]+)'[^>]*multipart/form-data")
    pages = (ROOT / "webui/templates").rglob("*.html")
    found = {name for page in pages for name in form.findall(page.read_text("utf-8"))}
    assert found == set(UPLOADS)


def test_a_form_with_too_many_fields_is_refused(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    fields = "&".join(f"a{number}=" for number in range(FIELDS.most + 1))
    assert browser.client.post("/login", data=fields, content_type=FORM).status_code == 413


def test_a_message_nested_too_deep_is_refused(app: Flask, home: Services) -> None:
    browser = Browser(app, home, "SV01")
    deep = "[" * (JSON_DEPTH.most + 1) + "]" * (JSON_DEPTH.most + 1)
    answer = browser.client.post("/lock", data=deep, content_type="application/json")
    assert answer.status_code == 400


_JSON = st.recursive(
    st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
)


@given(_JSON)
def test_the_depth_is_that_of_the_nesting(value: Any) -> None:
    def depth(one: Any) -> int:
        if isinstance(one, dict):
            return 1 + max(map(depth, one.values()), default=0)
        return 1 + max(map(depth, one), default=0) if isinstance(one, list) else 0

    for document in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert depth_of(document.encode()) == depth(value)


# What the web server keeps in memory.


@pytest.mark.clause("T21")
def test_the_server_takes_no_long_body_from_a_stranger(app: Flask, home: Services) -> None:
    token = token_of(signed_in(app, home, "SV01"))
    cookie = f"\r\nCookie: {COOKIE}={token}"
    long = f"Content-Length: {FORM_BODY.most + 1}"
    chunked = "Transfer-Encoding: chunked"
    with listening(home) as port:
        for head in (f"POST /login HTTP/1.1\r\n{long}", f"POST /imports HTTP/1.1\r\n{long}",
                     f"POST /imports HTTP/1.1\r\n{long}\r\nCookie: {COOKIE}=guess",
                     f"POST /desk/next HTTP/1.1\r\n{long}{cookie}"):  # fmt: skip
            told = answer_to(port, head)
            assert told.startswith("HTTP/1.1 413"), head
            assert "64MB" in told
            assert "default-src 'none'" in told
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        cut_off = answer_to(port, f"POST /login HTTP/1.1\r\n{chunked}", piece * 2)
        assert cut_off == "" or cut_off.startswith("HTTP/1.1 413")
        # The positive control: whoever is logged in is asked for the rest, up to the limit.
        known = f"POST /imports HTTP/1.1\r\nExpect: 100-continue{cookie}\r\nContent-Length: "
        assert answer_to(port, f"{known}{UPLOAD_BODY.most}").startswith("HTTP/1.1 100")
        assert answer_to(port, f"{known}{UPLOAD_BODY.most + 1}").startswith("HTTP/1.1 413")


# How often.


def test_a_session_may_press_in_bursts_but_not_for_ever() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert [pace.allows("a") for _ in range(REQUEST_BURST.most + 1)].count(
        True
    ) == REQUEST_BURST.most
    assert pace.allows("b")
    now[0] += 0.5
    assert [pace.allows("a") for _ in range(20)].count(True) == 10


def test_pace_is_kept_by_session_and_forgets_old_ones() -> None:
    pace = Pace(lambda: 0.0)
    for number in range(Pace.MOST_BUCKETS + 10):
        pace.allows(str(number))
    assert len(pace._buckets) == Pace.MOST_BUCKETS


def test_too_many_requests_are_told_so_in_words(app: Flask, home: Services) -> None:
    app.extensions[PACE].is_on = True
    app.extensions[PACE]._clock = lambda: 0.0
    mine, other = Browser(app, home, "SV01"), Browser(app, home, "OP01")
    answers = [mine.client.get("/password") for _ in range(REQUEST_BURST.most + 1)]
    assert [one.status_code for one in answers].count(429) == 1
    assert "10秒ほど待って" in answers[-1].text
    assert other.client.get("/password").status_code == 200
    static = mine.client.get("/static/js/app.js")
    static.close()
    assert static.status_code == 200


# What is said.


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 415, 422, 423, 429, 503])
def test_every_refusal_is_a_page_that_says_what_to_do(
    app: Flask, home: Services, status: int
) -> None:
    def refuse() -> None:
        if status == 423:
            from webui.security import SessionLocked

            raise SessionLocked
        abort(status)

    app.view_functions["login.password"] = refuse
    answer = Browser(app, home, "SV01").client.get("/password")
    assert answer.status_code == status
    assert page_faults(answer.text) == []
    said = re.sub(r"<[^>]+>|\s", "", answer.text)
    assert re.search("[ぁ-ん]{4}.*。", said)
    assert not re.search(r"Request|Entity|Error", said)
