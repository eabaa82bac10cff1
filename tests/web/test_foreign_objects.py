"""T22, T28: ids of other people's objects open nothing; agents' terminals give no byte away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.calling.models import CaseHandling
from campaigns.cases.models import CallCase
from secure_store.access import Actor, Mark, Role, TerminalKind, has_mark
from secure_store.audit.tags import Tag
from secure_store.models import AuditEvent
from secure_store.people.staff import NewStaff, add_staff
from secure_store.people.terminals import enrol_terminal
from tests.web.calls_to_tickets import lent_values, open_a01
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from tests.web.signed_in import values_of
from webui.rehearsal.persons import READY_PERSONS, REHEARSAL_PASSWORD
from webui.services import Services
from webui.terminals import COOKIE_REHEARSAL

REFUSALS = {400, 403, 404, 405, 409, 413, 422}
STRANGERS = {"OP31": Role.AGENT, "CF31": Role.DEPARTMENT_OFFICER}


@pytest.fixture
def app(home: Services) -> Flask:
    """A01 is being called; two persons were granted A02 only."""
    enrol(home, "SV01", "OP01", "AD01", "AU01", "VF01")
    day = READY_PERSONS[0].pledge_on
    with home.store.work(FOUNDER) as work:
        for code, role in STRANGERS.items():
            new = NewStaff(code, "見本 よその人", role, ("A02",), day, day, day)
            add_staff(work, new, REHEARSAL_PASSWORD)
    open_a01(home)
    made = make_app(home)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def real_ids(home: Services) -> list[UUID]:
    with home.store.work(FOUNDER, readonly=True) as work:
        return list(work.session.scalars(select(CallCase.id)))


def tried_ids(real: list[UUID]) -> Iterator[UUID]:
    """The ids themselves, their neighbours, and ids drawn at random."""
    chance = Random(2022)
    yield from real
    for one in real:
        yield from (UUID(int=one.int + step) for step in range(-20, 21) if step)
    yield from (UUID(int=chance.getrandbits(128), version=4) for _ in range(700))


def refusals(home: Services) -> int:
    with home.store.work(FOUNDER, readonly=True) as work:
        query = select(func.count()).where(AuditEvent.tag == Tag.AUTH_REFUSED.value)
        return work.session.scalar(query) or 0


@pytest.mark.clause("T22", "S4-14.4-1", "S3-B1-3.2")
def test_no_id_of_anybody_else_opens_anything(app: Flask, home: Services) -> None:
    real = real_ids(home)
    wanted = lent_values()
    assert len(real) == 12
    assert wanted
    stranger = Browser(app, home, "OP31").client
    before = refusals(home)
    for one in real:
        assert stranger.post("/callbacks/answer", data={"case": one}).status_code == 404
    assert refusals(home) == before + len(real), "each try at another's case is noted"

    home.store._audit_writer = lambda _work, _notes: None  # thousands need not reach the disk
    answers = Counter[int]()
    for one in tried_ids(real):
        answer = stranger.post("/callbacks/answer", data={"case": one})
        answers[answer.status_code] += 1
        assert not [value for value in wanted if value in answer.text]
    for code in (*STRANGERS, "OP01", "AD01", "AU01", "VF01"):
        client = Browser(app, home, code).client
        for method, address in foreign_addresses(app, real):
            answer = client.open(address, method=method)
            answers[answer.status_code] += 1
            assert answer.status_code in REFUSALS, (code, method, address, answer.status_code)
            assert not [value for value in wanted if value in answer.text], (code, address)
    with home.store.work(FOUNDER, readonly=True) as work:
        assert work.session.scalar(select(func.count()).select_from(CaseHandling)) == 0
    assert answers.total() >= 2_000
    assert set(answers) <= REFUSALS


def foreign_addresses(app: Flask, real: list[UUID]) -> Iterator[tuple[str, str]]:
    """Every address with the id of an object, with a case's id and with one that is not there."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        kinds = {name: type(one).__name__ for name, one in rule._converters.items()}
        if "UUIDConverter" not in kinds.values():
            continue
        for one in (real[0], real[-1], UUID(int=1, version=4)):
            values = values_of(rule)
            values |= {name: one for name, kind in kinds.items() if kind == "UUIDConverter"}
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, adapter.build(rule.endpoint, values)


@pytest.mark.clause("T22")
def test_the_person_whose_search_found_the_case_reaches_it(app: Flask, home: Services) -> None:
    """The control: the same address answers when everything is as it should be."""
    with home.store.work(Actor("SV01", Role.SUPERVISOR)) as work:
        key = work.session.scalars(select(CallCase.id)).first()
    assert key is not None
    browser = Browser(app, home, "SV01")
    assert browser.client.get(f"/assignments/cases/{key}").status_code == 200


@pytest.mark.clause("T28", "S4-8.6c", "S4-14.3")
def test_an_agents_terminal_gives_no_byte_of_any_file(app: Flask, home: Services) -> None:
    with home.store.work(Actor("AD01", Role.SYSTEM_ADMIN)) as work:
        told = {
            kind: enrol_terminal(work, code, "見本", kind, "127.0.0.1")
            for code, kind in (("T01", TerminalKind.OPERATOR), ("T02", TerminalKind.SUPERVISOR))
        }
    bound, free = (Browser(app, home, "SV01", terminal=code) for code in ("T01", "T02"))
    bound.client.set_cookie(COOKIE_REHEARSAL, told[TerminalKind.OPERATOR])
    free.client.set_cookie(COOKIE_REHEARSAL, told[TerminalKind.SUPERVISOR])
    wanted, tried = lent_values(), 0
    for method, address in marked_addresses(app):
        for headers in TRICKS:
            answer = bound.client.open(address, method=method, headers=headers)
            tried += 1
            assert answer.status_code == 403, (method, address, answer.status_code)
            assert "Content-Disposition" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert not [value for value in wanted if value in answer.text]
        assert free.client.open(address, method=method).status_code != 403, address
    assert tried >= 100
    assert bound.client.get("/board").status_code == 200, "the rest of the work goes on"


TRICKS: tuple[dict[str, str], ...] = (
    {},
    {"X-Requested-With": "fetch"},
    {"Range": "bytes=0-99"},
    {"Accept": "text/csv", "If-None-Match": "*"},
    {"HX-Request": "true"},
)


def marked_addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Everything a supervisor may ask for on a supervisor's terminal only."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if permission is None or not has_mark(permission, Mark.SUPERVISOR_TERMINAL):
            continue
        if not Actor("SV01", Role.SUPERVISOR).may(permission):
            continue
        values = values_of(rule)
        for method in sorted((rule.methods or set()) & {"GET", "HEAD"}):
            yield method, adapter.build(rule.endpoint, values)
