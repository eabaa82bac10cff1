"""A home of one calling day in which every lent value is marked, and a way to open all its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING
from unittest.mock import patch
from uuid import uuid4

from flask import Flask
from waitress import wasyncore

from campaigns import api as c
from secure_store.clock import FixedClock
from tests.integration.campaigns.desk_world import ARRIVAL, MONTH, NOON, SV, DeskWorld, bare_world
from tests.leaks.planting import Marks, marked_delivery
from webui.app import create_app
from webui.edge import PACE
from webui.runtime import serve

if TYPE_CHECKING:
    from webui.services import Services

CAMPAIGN = "A01-202209"
ROLES = ("SV01", "OP01", "CF01", "AD01", "AU01", "VF01")
LENT_ON, UNTIL, CALLBACKS = date(2022, 9, 15), date(2022, 9, 30), date(2022, 10, 7)


def marked_world(home: Services, clock: FixedClock, marks: Marks) -> DeskWorld:
    """SV01 is on duty, OP01 has five people to call, all six roles have an account."""
    from tests.web.pages import enrol

    world = bare_world(home, clock, agents=1)
    enrol(home, "AD01", "AU01", "VF01")
    world.approve("A01", "A02")
    clock.set(ARRIVAL)
    with world.store.work(SV) as work:
        c.open_campaign(work, c.CampaignPlan("A01", MONTH, LENT_ON, UNTIL, CALLBACKS))
    list_id = c.stage_delivery(world.store, SV, CAMPAIGN, marked_delivery(marks, "A01").files())
    world.publish(list_id, CAMPAIGN, ["OP01"])
    clock.set(NOON)
    world.promote()
    world.on_duty()
    return world


@contextmanager
def served_app(home: Services) -> Iterator[tuple[str, Flask]]:
    """The application as it is served, and its address; scanners press faster than people."""
    from threading import Thread

    made: list[Flask] = []

    def kept(services: Services) -> Flask:
        app = create_app(services)
        app.extensions[PACE].is_on = False
        made.append(app)
        return app

    with patch.object(serve, "create_app", kept):
        server = serve.make_server(home)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{serve.port_of(server)}", made[0]
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(20)
        server.task_dispatcher.shutdown()


def pages_of(app: Flask, world: DeskWorld) -> list[str]:
    """The address of every page, with ids that exist where there are some."""
    with world.store.work(SV) as work:
        case = c.list_cases(work, CAMPAIGN, c.ListFilter())[0].id
        lent = c.list_deliveries(work)[0].id
    known = {
        "code": [CAMPAIGN, "OP01"],
        "case_id": [case],
        "list_id": [lent],
        "receivable": ["A01"],
        "version": [1],
        "day": ["2022-09-15"],
        "number": [1],
        "name": ["NIPPO_20220915_01.csv"],
    }
    bound = app.url_map.bind("127.0.0.1")
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        rows: list[dict[str, object]] = [{}]
        for name in sorted(rule.arguments):
            is_id = type(rule._converters[name]).__name__ == "UUIDConverter"
            values = known.get(name, [uuid4() if is_id else "X"])
            rows = [{**row, name: value} for row in rows for value in values]
        found += [bound.build(rule.endpoint, row) for row in rows]
    return found
