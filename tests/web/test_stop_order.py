"""A suspension order closes every way in from the next request on, and only in its scope (T27)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from campaigns import api as campaigns
from campaigns.cases.models import LentList
from secure_store.audit.log import read_lines
from secure_store.clock import FixedClock
from secure_store.orders import suspension
from secure_store.orders.stopped_work import StoppedWork
from secure_store.orders.suspension import WorkSuspended, require_not_suspended
from tests.web.calls_to_tickets import (
    AGENT,
    CAMPAIGN,
    MONTH,
    SUPERVISOR,
    call_with,
    lent_values,
    open_a01_to_every_hour,
)
from tests.web.pages import Browser, enrol, make_app
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.rehearsal.sample_delivery import make_delivery
from webui.services import Services

NOTE = "内訳を知りたいとのこと。資料の送付を希望。"
SECOND = {"second": "AD01", "password": REHEARSAL_PASSWORD}


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "SV02", "OP01", "AD01", "CF01", "AU01")
    open_a01_to_every_hour(home)
    return make_app(home)


def stop(app: Flask, home: Services, scope: str = "A01", part: str = "all") -> None:
    Browser(app, home, "SV01").post(
        "/suspensions", {"scope": scope, "stopped_work": part, "document_no": "札子企第9号"}
    )


def handling_of(home: Services) -> campaigns.Served:
    with home.store.work(AGENT) as work:
        served = campaigns.take_next_case(work)
    assert served is not None
    return served


def number_of_a_case(home: Services) -> str:
    files = make_delivery("A01", MONTH, 12, 7).files
    body = next(content for name, content in files.items() if "TAISHO" in name).decode("cp932")
    found = re.search(r"0\d{9,10}|0\d{1,4}-\d{1,4}-\d{4}", body)
    assert found is not None
    return found[0]


@pytest.mark.clause("T27", "S4-14.11c", "S4-14.11b")
@pytest.mark.parametrize("scope", ["A01", "all"])
def test_every_way_in_is_closed_from_the_next_request_on(
    app: Flask, home: Services, clock: FixedClock, scope: str
) -> None:
    ticket = call_with(home, clock, "71", NOTE)
    clock.advance(timedelta(minutes=1))
    handling_of(home)
    agent, supervisor = Browser(app, home, "OP01"), Browser(app, home, "SV01")
    desk = agent.get("/desk")
    hidden = re.search(r'name="handling" value="([^"]+)"', desk)
    assert hidden is not None
    held = {"handling": hidden[1]}
    search = {"receivable": "A01", "number": number_of_a_case(home)}
    # Everything is open before.
    assert NOTE in supervisor.get(f"/escalations/{ticket}")
    agent.post("/callbacks", search, 200)
    stop(app, home, scope)
    secrets = {NOTE, *lent_values()}
    closed = (
        agent.client.get("/desk"),
        agent.client.post("/desk/permit", data={**held, "csrf_token": agent.token()}),
        agent.client.post("/callbacks", data={**search, "csrf_token": agent.token()}),
        supervisor.client.get(f"/escalations/{ticket}"),
        Browser(app, home, "CF01").client.get(f"/escalations/{ticket}"),
    )
    for answer in closed:
        if answer.status_code == 303:
            answer = agent.client.get(answer.location)
        assert answer.status_code == 409, answer.request.path
        page = answer.get_data(as_text=True)
        assert not [value for value in secrets if value in page]
    with home.store.work(SUPERVISOR, readonly=True) as work:
        refusals = [line for line in read_lines(work) if b'"suspension:refused_act"' in line]
    assert len(refusals) >= 4  # each is on record (S4-8.6h)
    for part in StoppedWork:
        with home.store.work(SUPERVISOR, readonly=True) as work, pytest.raises(WorkSuspended):
            require_not_suspended(work, "A01", part)
    with pytest.raises(WorkSuspended):
        campaigns.stage_delivery(home.store, SUPERVISOR, CAMPAIGN, {})
    # What the city needs during the stop stays open, and the agent's hands can be emptied.
    for path in ("/board", "/daily", "/handling-report", "/suspensions"):
        supervisor.get(path)
    Browser(app, home, "AU01").get("/audit")
    agent.post("/desk/put-back", held)
    with home.store.work(AGENT) as work:
        assert campaigns.take_next_case(work) is None


@pytest.mark.clause("T27")
def test_a_list_that_waits_is_not_published_during_a_stop(app: Flask, home: Services) -> None:
    with home.store.work(SUPERVISOR) as work:
        campaigns.open_campaign(
            work,
            campaigns.CampaignPlan(
                "A02", MONTH, date(2022, 9, 15), date(2022, 9, 28), date(2022, 10, 5)
            ),
        )
    files = make_delivery("A02", MONTH, 5, 8).files
    waiting = campaigns.stage_delivery(home.store, SUPERVISOR, "A02-202209", files)
    stop(app, home, "A02", "intake")
    with pytest.raises(WorkSuspended), home.store.work(SUPERVISOR) as work:
        campaigns.publish(work, waiting)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert work.session.get_one(LentList, waiting).published_at is None
        assert not suspension.is_suspended(work, "A01", StoppedWork.INTAKE)


@pytest.mark.clause("T27")
def test_who_is_on_the_line_may_finish(app: Flask, home: Services, clock: FixedClock) -> None:
    served = handling_of(home)
    with home.store.work(AGENT) as work:
        campaigns.ask_permit(work, served.handling_id)
        campaigns.number_compared(work, served.handling_id)
        campaigns.note_line(work, served.handling_id, campaigns.LineResult.CONNECTED)
    stop(app, home)
    agent = Browser(app, home, "OP01")
    assert "本人" in agent.get("/desk")
    clock.advance(timedelta(minutes=1))
    with home.store.work(AGENT) as work:
        entry = campaigns.OutcomeEntry("11", (), campaigns.OutcomeReport())
        campaigns.record_outcome(work, served.handling_id, entry)
    with home.store.work(AGENT) as work:
        assert campaigns.take_next_case(work) is None


@pytest.mark.clause("S4-14.11c")
@pytest.mark.parametrize(
    ("part", "closed"),
    [
        (part.value, {part})
        for part in (StoppedWork.CALLS, StoppedWork.CALLBACKS, StoppedWork.INTAKE)
    ],
)
def test_an_order_about_one_part_of_the_work_leaves_the_others(
    app: Flask, home: Services, part: str, closed: set[StoppedWork]
) -> None:
    stop(app, home, "A01", part)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        stopped = {one for one in StoppedWork if suspension.is_suspended(work, "A01", one)}
        assert stopped == closed
        assert not suspension.is_suspended(work, "A01", None)  # what is read stays open
        assert not [one for one in StoppedWork if suspension.is_suspended(work, "A02", one)]


@pytest.mark.clause("S4-14.11c")
def test_it_is_lifted_by_two_persons_with_the_citys_number(app: Flask, home: Services) -> None:
    stop(app, home)
    with home.store.work(SUPERVISOR, readonly=True) as work:
        (order,) = suspension.standing(work)
    path, browser = f"/suspensions/{order.id}/lift", Browser(app, home, "SV01")
    number = {"release_no": "札子企第10号"}
    for data, words in (
        (number, "まだ入っていません"),
        ({**SECOND, "release_no": ""}, "市の文書の番号を入れてください"),
        ({**number, **SECOND, "password": "wrong-password-1"}, "パスワードが違います"),
        ({**number, "second": "SV01", "password": REHEARSAL_PASSWORD}, "二人で行います"),
        ({**number, "second": "SV02", "password": REHEARSAL_PASSWORD}, "二人で行います"),
    ):
        browser.post(path, data, 422)
        assert words in browser.last
        with home.store.work(SUPERVISOR, readonly=True) as work:
            assert suspension.is_suspended(work, "A01")
    browser.post(path, {**number, **SECOND})
    assert "SV01・AD01" in browser.get("/suspensions")
    with home.store.work(SUPERVISOR, readonly=True) as work:
        assert suspension.standing(work) == []
