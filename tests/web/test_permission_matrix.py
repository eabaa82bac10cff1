"""T20, T21: every address, method, role and terminal answers as the one table says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response

from secure_store.access import Actor, Mark, Permission, Role, TerminalKind, has_mark
from secure_store.people.permission_table import ROWS, Row
from secure_store.people.terminals import enrol_terminal
from tests.web.pages import FOUNDER, Browser, enrol, make_app
from tests.web.signed_in import OPEN_ADDRESSES, values_of
from webui.security import (
    ALWAYS_REACHABLE,
    PUBLIC_ENDPOINTS,
    RouteWithoutPermission,
    require_permissions_on_routes,
)
from webui.services import Services
from webui.terminals import ANYWHERE, COOKIE_REHEARSAL

OPEN_ENDPOINTS = {
    "static",
    "login.show",
    "login.enter",
    "health.healthz",
    "health.csp_report",
}
PERSONS = {
    Role.AGENT: "OP01",
    Role.SUPERVISOR: "SV01",
    Role.DEPARTMENT_OFFICER: "CF01",
    Role.SYSTEM_ADMIN: "AD01",
    Role.AUDITOR: "AU01",
    Role.VERIFIER: "VF01",
}
TERMINALS = {TerminalKind.OPERATOR: "T01", TerminalKind.SUPERVISOR: "T02", None: None}
SHORT = {"X-Requested-With": "fetch"}  # a refusal as one line instead of a page
LET_IN, LOG_IN, REFUSED = 204, 302, 403


def stub_out(app: Flask, patch: pytest.MonkeyPatch) -> None:
    """Behind every guard stands an empty answer: what is measured is the guard alone.

    The views are those of every application of this process: ``patch`` puts them back.
    """

    def nothing(*_args: Any, **_kwargs: Any) -> Response:
        return Response(status=LET_IN)

    for endpoint, view in app.view_functions.items():
        if getattr(view, "permission", None) is None:
            app.view_functions[endpoint] = nothing
        else:
            for cell in cells_behind(view):
                patch.setattr(cell, "cell_contents", nothing)


def cells_behind(view: Any) -> Iterator[Any]:
    """Where the guards of ``permit`` hold the view itself; one address may have two of them."""
    for cell in view.__closure__ or ():
        held = cell.cell_contents
        if isinstance(held, dict):
            for guarded in held.values():
                yield from cells_behind(guarded)
        elif held is view.__wrapped__:
            yield cell


def cells(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of everything that can be asked for."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        address = adapter.build(rule.endpoint, values_of(rule))
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield rule.endpoint, method, address


def expected(view: Any, endpoint: str, method: str, role: Role | None, at: Any) -> int:
    """What the table says. Nobody, and people on strange terminals, are sent to log in."""
    if endpoint in PUBLIC_ENDPOINTS:
        return LET_IN
    is_stranger = role is None or (at is None and role not in ANYWHERE)
    if is_stranger:
        return LOG_IN if method == "GET" else REFUSED
    if endpoint in ALWAYS_REACHABLE:
        return LET_IN
    rights = getattr(view, "permissions", (view.permission,))
    return LET_IN if any(holds(ROWS[one], role, at) for one in rights) else REFUSED


def holds(row: Row, role: Role | None, at: TerminalKind | None) -> bool:
    """One row of the table, read anew: not by the code that the program uses."""
    barred = at is TerminalKind.OPERATOR and Mark.SUPERVISOR_TERMINAL in row.marks
    return not barred and (role in row.grants or role in row.rehearsal)


@pytest.mark.clause("T20", "S4-8.6g", "S3-B1-5.3", "S4-8.6c", "S4-14.3")
def test_every_address_answers_as_the_table_says(
    home: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(home, *PERSONS.values())
    app = make_app(home)
    app.config["WTF_CSRF_ENABLED"] = False
    with home.store.work(Actor("AD01", Role.SYSTEM_ADMIN)) as work:
        told = {
            kind: enrol_terminal(work, code, "見本", kind, "127.0.0.1")
            for kind, code in TERMINALS.items()
            if kind is not None and code is not None
        }
    views = dict(app.view_functions)
    stub_out(app, monkeypatch)
    # That refusals are noted is a fact of its own; thousands of them need not reach the disk.
    home.store._audit_writer = lambda _work, _notes: None
    wrong, asked, tested = [], Counter[int](), set[str]()
    for at in TERMINALS:
        for role in (None, *PERSONS):
            client = at_terminal(app, home, role, told.get(at))
            for endpoint, method, address in cells(app):
                status = client.open(address, method=method, headers=SHORT).status_code
                wanted = expected(views[endpoint], endpoint, method, role, at)
                asked[status] += 1
                tested.add(endpoint)
                if status != wanted:
                    wrong.append((address, method, role, at, status, wanted))
    assert wrong == []
    assert tested == set(views), "untested addresses"
    assert asked.total() >= 3_000
    assert min(asked[status] for status in (LET_IN, LOG_IN, REFUSED)) > 100
    told = f"T20: {asked.total()} cells, {len(tested)} addresses, 0 wrong, {dict(asked)}"
    print(told)  # noqa: T201 - the figure of the test


def at_terminal(app: Flask, home: Services, role: Role | None, told: str | None) -> Any:
    """A browser on a terminal, with a session that was begun there."""
    terminal = told.partition(".")[0] if told else None
    code = PERSONS[role] if role else None
    browser = Browser(app, home, code, terminal=terminal)
    if told:
        browser.client.set_cookie(COOKIE_REHEARSAL, told)
    return browser.client


@pytest.mark.clause("T21", "S4-8.6g")
def test_exactly_five_addresses_are_open_and_none_is_without_permission(home: Services) -> None:
    app = make_app(home)
    assert PUBLIC_ENDPOINTS == OPEN_ENDPOINTS
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in OPEN_ENDPOINTS]
    assert {rule.rule for rule in rules} == OPEN_ADDRESSES
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN_ENDPOINTS | ALWAYS_REACHABLE:
            assert isinstance(app.view_functions[rule.endpoint].permission, Permission), rule


@pytest.mark.clause("T21")
def test_an_address_without_a_permission_stops_the_start(home: Services) -> None:
    app = make_app(home)
    require_permissions_on_routes(app)
    app.add_url_rule("/forgotten", "forgotten", lambda: "data")
    with pytest.raises(RouteWithoutPermission):
        require_permissions_on_routes(app)


@pytest.mark.clause("T20", "S4-14.3")
def test_an_agents_terminal_takes_the_marked_rights_and_no_others() -> None:
    for role in PERSONS:
        free = Actor("X", role, terminal_kind=TerminalKind.SUPERVISOR)
        bound = Actor("X", role, terminal_kind=TerminalKind.OPERATOR)
        for permission in Permission:
            is_taken = has_mark(permission, Mark.SUPERVISOR_TERMINAL)
            assert bound.may(permission) == (free.may(permission) and not is_taken)
    assert FOUNDER.may(Permission.MANAGE_STAFF)
