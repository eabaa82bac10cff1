"""An erasure taken through its pages, for the tests of those pages."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from flask import Flask

from campaigns import api as c
from secure_store.clock import FixedClock
from secure_store.erasure.states import ErasureState
from tests.integration.campaigns.desk_world import SV, DeskWorld, ready_world
from tests.web.pages import Browser, enrol
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.services import Services

END = datetime.fromisoformat("2023-06-02T10:14:00+09:00")  # two days after the contract's end
STEPS = (
    "consent",
    "condition",
    "freeze",
    "scan",
    "destroy",
    "purge",
    "copies",
    "verify",
    "certify",
)
CAMPAIGN = {"kind": "campaign", "campaign": "A01-202209"}


def over_world(services: Services, clock: FixedClock) -> DeskWorld:
    """Five people were lent and one of them was called; the contract is over."""
    world = ready_world(services, clock, rows=5)
    enrol(services, "AD01", "AU01", "VF01")
    world.call("11")
    clock.set(END)
    return world


def plan(supervisor: Browser, data: dict[str, str] | None = None) -> str:
    """Drafts an erasure; the address of its page."""
    answer = supervisor.post("/erasure", data or CAMPAIGN)
    page = str(answer.location).partition("?")[0]
    supervisor.post(f"{page}/application", {"sent_on": END.date().isoformat()})
    return page


def number_of(supervisor: Browser, page: str) -> str:
    found = re.search(r"E-\d{8}-\d{3}", supervisor.get(page))
    assert found
    return found[0]


def up_to_destruction(supervisor: Browser) -> tuple[str, dict[str, str]]:
    """Planned, frozen, scanned; the page and the form with all three signs."""
    page = plan(supervisor)
    supervisor.post(f"{page}/freeze")
    supervisor.post(f"{page}/scan")
    return page, {
        "number": number_of(supervisor, page),
        "code": "AD01",
        "password": REHEARSAL_PASSWORD,
    }


def state_of(world: DeskWorld, page: str) -> ErasureState:
    with world.store.work(SV, readonly=True) as work:
        return c.get_erasure(work, UUID(page.rpartition("/")[2])).state


def certified(app: Flask, world: DeskWorld, supervisor: Browser) -> str:
    page, signs = up_to_destruction(supervisor)
    for step in ("destroy", "purge", "copies"):
        supervisor.post(f"{page}/{step}", signs if step == "destroy" else {})
    Browser(app, world.services, "VF01").post(f"{page}/verify")
    supervisor.post(f"{page}/certify")
    return page
