"""If an event cannot be written nothing is shown and nothing changes, whatever is asked (T16)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from campaigns import api as campaigns
from campaigns.calling.models import CaseHandling
from campaigns.cases.models import CallCase, LentList
from scripts_talk.api import documents
from secure_store.access import GRANTS, REHEARSAL_GRANTS, Role
from secure_store.clock import FixedClock
from secure_store.orders import holds, incidents, suspension
from secure_store.orders.incident_facts import IncidentKind
from secure_store.orders.stopped_work import StoppedWork
from tests.web.calls_to_tickets import AGENT, CAMPAIGN, SUPERVISOR, call_with, lent_values
from tests.web.calls_to_tickets import open_a01_to_every_hour as opened
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services

PERSONS = {
    "OP01": Role.AGENT,
    "SV01": Role.SUPERVISOR,
    "AD01": Role.SYSTEM_ADMIN,
    "AU01": Role.AUDITOR,
    "VF01": Role.VERIFIER,
    "CF01": Role.DEPARTMENT_OFFICER,
}
# Presence is no act: when a session was last used, who sits where and wants help. And guesses
# at passwords are counted whatever else fails.
UNTOUCHED = {"login_session", "agent_state", "login_failure"}
NOTE = "内訳を知りたいとのこと。資料の送付を希望。"
DAY = {"first": "2022-09-15", "last": "2022-09-15"}


@dataclass
class Ground:
    """A home in the middle of a call, with everything that pages can be asked about."""

    app: Flask
    home: Services
    ids: dict[str, str]
    browsers: dict[str, Browser]
    secrets: set[str]

    def ask(self, code: str, method: str, path: str, data: dict[str, str]) -> tuple[int, str]:
        client = self.browsers[code].client
        if method == "GET":
            answer = client.get(path)
        else:
            sent = {**data, "csrf_token": self.browsers[code].token()}
            answer = client.post(path, data=sent)
        return answer.status_code, answer.get_data(as_text=True)

    def path(self, rule: Rule) -> str:
        """The address with ids of things that are there, where there are any."""
        values: dict[str, object] = {}
        for name in rule.arguments:
            known = self.ids.get(f"{rule.endpoint.partition('.')[0]}.{name}") or self.ids.get(name)
            kind = type(rule._converters[name]).__name__
            made = {
                "UUIDConverter": str(uuid4()),
                "IntegerConverter": "1",
                "AnyConverter": "request",
            }
            values[name] = known or made.get(kind, "X")
        for name in [
            one for one in values if type(rule._converters[one]).__name__ == "IntegerConverter"
        ]:
            values[name] = int(str(values[name]))
        return self.app.url_map.bind("localhost").build(rule.endpoint, values)


@pytest.fixture
def ground(home: Services, clock: FixedClock) -> Ground:
    enrol(home, *PERSONS)
    opened(home)
    ticket = call_with(home, clock, "71", NOTE)
    clock.advance(timedelta(minutes=1))
    store = home.store
    with store.work(AGENT) as work:
        served = campaigns.take_next_case(work)
        assert served is not None
        campaigns.ask_permit(work, served.handling_id)
        campaigns.number_compared(work, served.handling_id)
    with store.work(AGENT) as work:
        campaigns.note_line(work, served.handling_id, campaigns.LineResult.CONNECTED)
    with store.work(SUPERVISOR) as work:
        incident = incidents.open_incident(work, IncidentKind.LOSS, "A02", work.now)
        hold = holds.place(work, "A03", "市文第1号")
        order = suspension.order(work, "A04", "市文第2号", StoppedWork.EXPORTS)
        lent_list = work.session.query(LentList).one().id
        case = work.session.query(CallCase).first()
        script = documents(work, "A01")[0].id
        assert work.session.query(CaseHandling).count() == 2
        assert case is not None
        case_id = case.id
    app = make_app(home)
    ids = {
        "ticket_id": str(ticket),
        "incidents.number": incident,
        "hold_id": str(hold),
        "suspension_id": str(order),
        "list_id": str(lent_list),
        "case_id": str(case_id),
        "document_id": str(script),
        "campaigns.code": CAMPAIGN,
        "assignments.code": CAMPAIGN,
        "staff.code": "OP01",
        "account_acts.code": "OP01",
        "receivable": "A01",
        "stage": "contact",
        "day": "20220915",
    }
    browsers = {code: Browser(app, home, code) for code in PERSONS}
    for browser in browsers.values():
        browser.token()
    return Ground(app, home, ids, browsers, {NOTE, *lent_values()})


def log_goes_down(home: Services) -> None:
    """The named fail-point: no event can be written any more, as on a full disk."""
    with home.store.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER log_is_down BEFORE INSERT ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'no space left'); END"
            )
        )


def fingerprint(home: Services) -> dict[str, str]:
    with home.store.engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        found = {}
        for (name,) in names.all():
            if name not in UNTOUCHED:
                rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
                found[name] = hashlib.sha256(repr(rows).encode()).hexdigest()
        return found


def routes(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Every address with each of its methods and a person who may ask it."""
    for rule in app.url_map.iter_rules():
        needed = getattr(app.view_functions[rule.endpoint], "permission", None)
        for code, role in PERSONS.items():
            granted = GRANTS[role] | REHEARSAL_GRANTS.get(role, frozenset())
            if rule.endpoint != "static" and (needed is None or needed in granted):
                for method in (rule.methods or set()) & {"GET", "POST"}:
                    yield code, method, rule
                break


# What would reach its event at once: each of these must end in 503, reads of persons included.
MUST_FAIL: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("OP01", "GET", "/desk", {}),
    ("OP01", "POST", "/desk/hung-up", {"handling": "{handling}"}),
    ("OP01", "POST", "/callbacks", {"receivable": "A01", "number": "0112110000"}),
    ("SV01", "GET", "/escalations/{ticket_id}", {}),
    ("CF01", "GET", "/escalations/{ticket_id}", {}),
    ("SV01", "POST", "/escalations/{ticket_id}/acknowledge", {}),
    ("SV01", "POST", "/board/duty", {"act": "end"}),
    ("SV01", "POST", "/suspensions", {"scope": "A01", "document_no": "第1号"}),
    ("SV01", "POST", "/holds", {"scope": "A01", "document_no": "第1号"}),
    ("SV01", "POST", "/holds/{hold_id}/lift", {}),
    (
        "SV01",
        "POST",
        "/incidents",
        {"kind": "leak", "scope": "all", "known_day": "2022-09-15", "known_time": "11:00"},
    ),
    ("SV01", "POST", "/incidents/{incidents.number}/facts", {"persons": "1"}),
    ("SV01", "POST", "/incidents/{incidents.number}/stages/contact", {"act": "done"}),
    ("SV01", "POST", "/incidents/{incidents.number}/pack", DAY),
    ("AU01", "POST", "/audit/verify", {}),
    ("AU01", "POST", "/audit/disclosure", {"receivable": "A01", **DAY}),
    ("OP01", "GET", "/board", {}),
    ("OP01", "POST", "/suspensions", {"scope": "all", "document_no": "第1号"}),
    ("AD01", "POST", "/logout", {}),
)


@pytest.mark.clause("T16", "S4-8.6h")
def test_without_its_event_no_act_happens_and_no_person_is_shown(ground: Ground) -> None:
    handling = re.search(r'name="handling" value="([^"]+)"', ground.browsers["OP01"].get("/desk"))
    assert handling is not None
    shown = ground.browsers["SV01"].get(f"/escalations/{ground.ids['ticket_id']}")
    assert NOTE in shown  # what must not be seen is seen while the log can be written
    log_goes_down(ground.home)
    before = fingerprint(ground.home)
    ids = {**ground.ids, "handling": handling[1]}
    for code, method, form, data in MUST_FAIL:
        path = re.sub(r"\{([a-z_.]+)\}", lambda found: ids[found[1]], form)
        sent = {
            name: ids["handling"] if value == "{handling}" else value
            for name, value in data.items()
        }
        status, page = ground.ask(code, method, path, sent)
        if status == 303:  # a refused act of the desk leads back to the desk
            status, page = ground.ask(code, "GET", "/desk", {})
        assert status == 503, (code, method, path, status)
        assert not [value for value in ground.secrets if value in page]
        assert fingerprint(ground.home) == before, path
    client = ground.app.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/login").get_data(True))
    assert token is not None
    entered = {"csrf_token": token[1], "code": "SV01", "password": REHEARSAL_PASSWORD}
    assert client.post("/login", data=entered).status_code == 503


@pytest.mark.clause("T16")
def test_no_address_at_all_shows_a_person_or_changes_a_row_without_its_event(
    ground: Ground,
) -> None:
    log_goes_down(ground.home)
    before, asked, changed = fingerprint(ground.home), 0, []
    for code, method, rule in routes(ground.app):
        if rule.endpoint in ("login.leave", "login.lock"):
            continue  # they would end the session the others are asked with
        status, page = ground.ask(code, method, ground.path(rule), {})
        assert status == 503 or status < 500, (rule.rule, status)
        assert not [value for value in ground.secrets if value in page], rule.rule
        after = fingerprint(ground.home)
        if after != before:
            names = sorted(name for name in after if after[name] != before.get(name))
            changed.append((method, rule.rule, names))
            before = after
        asked += 1
    assert changed == []
    assert asked > 150


def test_the_fail_point_is_what_stops_them(ground: Ground) -> None:
    # The positive control: the same acts go through while events can be written.
    before = fingerprint(ground.home)
    status, _page = ground.ask("OP01", "GET", "/desk", {})
    assert status == 200
    assert fingerprint(ground.home) != before
    status, _page = ground.ask("SV01", "POST", "/holds", {"scope": "A01", "document_no": "第1号"})
    assert status == 303
