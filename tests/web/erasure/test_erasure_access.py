"""Who reaches the pages of an erasure, and how one is begun."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask

from campaigns import api as c
from secure_store.access import Role
from secure_store.erasure.states import ErasureState
from secure_store.people.staff import NewStaff, add_staff
from tests.integration.campaigns.desk_world import (
    FOUNDER,
    MONTH,
    SV,
    DeskWorld,
)
from tests.web.erasing import (
    CAMPAIGN,
    STEPS,
    number_of,
    plan,
    state_of,
)
from tests.web.pages import Browser
from webui.rehearsal.persons import REHEARSAL_PASSWORD


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "抹消する範囲を選んでください"),
        ({"kind": "everything"}, "抹消する範囲を選んでください"),
        ({"kind": "receivable"}, "一覧から選んでください"),
        ({"kind": "receivable", "receivable": "Z99"}, "一覧から選んでください"),
        ({"kind": "campaign", "campaign": "A01-209901"}, "一覧から選んでください"),
        ({"kind": "case"}, "案件番号を入れてください"),
        ({"kind": "case", "case_id": "見本 花子"}, "案件番号として読めません"),
        ({"kind": "case", "case_id": str(UUID(int=7))}, "この案件番号の案件はありません"),
    ],
)
def test_a_scope_that_is_none_is_refused_beside_its_field(
    world: DeskWorld, supervisor: Browser, data: dict[str, str], sentence: str
) -> None:
    supervisor.post("/erasure", data, 422)
    assert sentence in supervisor.last
    with world.store.work(SV, readonly=True) as work:
        assert c.list_erasures(work) == []


def test_a_scope_has_one_erasure(supervisor: Browser) -> None:
    page = plan(supervisor)
    number = number_of(supervisor, page)
    supervisor.post("/erasure", CAMPAIGN, 409)
    assert "すでに" in supervisor.last
    assert f"抹消番号 {number}" in supervisor.last


@pytest.mark.parametrize("code", ["CF01", "AU01", "VF01", "AD01"])
def test_others_read_and_plan_nothing(
    app: Flask, world: DeskWorld, supervisor: Browser, code: str
) -> None:
    page = plan(supervisor)
    other = Browser(app, world.services, code)
    other.get("/erasure")
    other.get(page)
    other.post("/erasure", CAMPAIGN, 403)
    for step in ("consent", "condition", "freeze", "scan", "certify", "accept"):
        other.post(f"{page}/{step}", status=403)
    assert state_of(world, page) is ErasureState.APPLIED


@pytest.mark.clause("S4-8.10c")
def test_an_agent_sees_nothing_of_it(app: Flask, world: DeskWorld, supervisor: Browser) -> None:
    page = plan(supervisor)
    agent = Browser(app, world.services, "OP01")
    paths = ("", "/certificate", "/certificate.json")
    for path in ("/erasure", "/erasure/public-key.pem", *(f"{page}{end}" for end in paths)):
        agent.get(path, 403)
    for step in STEPS:
        agent.post(f"{page}/{step}", status=403)


def test_a_department_sees_the_erasures_of_its_receivables(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    page, whole = plan(supervisor), plan(supervisor, {"kind": "contract"})
    with world.store.work(FOUNDER) as work:
        new = NewStaff(
            "CF02", "見本 所管二", Role.DEPARTMENT_OFFICER, ("A02",), MONTH, MONTH, MONTH
        )
        add_staff(work, new, REHEARSAL_PASSWORD)
    for code, sees in (("CF01", True), ("CF02", False)):
        officer = Browser(app, world.services, code)
        assert (page in officer.get("/erasure")) is sees
        officer.get(page, 200 if sees else 404)
        officer.get(whole, 404)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_without_the_token(
    world: DeskWorld, supervisor: Browser, step: str
) -> None:
    page = plan(supervisor)
    assert supervisor.post_without_token(f"{page}/{step}").status_code == 400
    assert supervisor.post_without_token("/erasure", CAMPAIGN).status_code == 400
    assert state_of(world, page) is ErasureState.APPLIED


def test_an_unknown_erasure_has_no_page(supervisor: Browser) -> None:
    supervisor.get(f"/erasure/{UUID(int=1)}", 404)
    supervisor.post(f"/erasure/{UUID(int=1)}/freeze", status=404)


@pytest.mark.clause("S4-14.10")
def test_the_page_tells_that_the_last_day_is_over(
    app: Flask, world: DeskWorld, supervisor: Browser
) -> None:
    assert "過ぎています" not in supervisor.get("/erasure")
    world.clock.set(datetime.fromisoformat("2023-06-08T00:00:00+09:00"))
    late = Browser(app, world.services, "SV01").get("/erasure")
    assert "抹消の期限 2023年6月7日（水）を過ぎています" in late


def test_counts_stand_by_receivable_and_add_up(world: DeskWorld, supervisor: Browser) -> None:
    page = plan(supervisor)
    rows = dict(
        re.findall(
            r"<tr><th scope=\"row\">([^<]+)</th>.*?<b>([\d,]+)</b></td></tr>", supervisor.get(page)
        )
    )
    assert rows["貸与データの案件"] == "5"
    assert rows["架電記録"] == "1"
    assert "エスカレーション案件" not in rows  # nothing lay there
