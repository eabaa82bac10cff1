"""Every act leaves its event, and every look at a person exactly one for each box shown (T15)."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from campaigns import api as campaigns
from secure_store.access import Permission
from secure_store.audit.log import read_lines
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import AGENT, SUPERVISOR, call_with, open_a01_to_every_hour
from tests.web.pages import Browser, enrol, make_app
from tests.web.writes_noted import UnnotedWriteError, watch_writes
from webui.rehearsal.persons import REHEARSAL_PASSWORD
from webui.security import permit
from webui.services import Services

NOTE = "内訳を知りたいとのこと。資料の送付を希望。"
LOOKS = ("case:opened", "case:identity_opened", "case:details_opened", "case:collected_opened")


@pytest.fixture
def app(home: Services) -> Flask:
    enrol(home, "SV01", "OP01", "AD01", "CF01", "AU01", "VF01")
    open_a01_to_every_hour(home)
    app = make_app(home)
    watch_writes(app, home)
    return app


def tags_since(home: Services, seq: int) -> tuple[Counter[str], int]:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        said = [json.loads(line)["event"] for line in read_lines(work, seq + 1)]
    return Counter(event["tag"] for event in said), seq + len(said)


def end_of(home: Services) -> int:
    return tags_since(home, 0)[1]


def looks(tags: Counter[str]) -> dict[str, int]:
    return {tag: tags[tag] for tag in LOOKS if tags[tag]}


@pytest.mark.clause("T15", "S4-8.6h")
def test_each_box_of_a_person_that_a_page_shows_is_noted_exactly_once(
    app: Flask, home: Services, clock: FixedClock
) -> None:
    ticket = call_with(home, clock, "71", NOTE)
    clock.advance(timedelta(minutes=1))
    with home.store.work(AGENT) as work:
        served = campaigns.take_next_case(work)
        assert served is not None
    agent = Browser(app, home, "OP01")
    agent.token()
    seq = end_of(home)
    agent.get("/desk")
    tags, seq = tags_since(home, seq)
    assert looks(tags) == {"case:opened": 1}
    with home.store.work(AGENT) as work:
        campaigns.ask_permit(work, served.handling_id)
        campaigns.number_compared(work, served.handling_id)
        campaigns.note_line(work, served.handling_id, campaigns.LineResult.CONNECTED)
        campaigns.begin_identity(work, served.handling_id)
    seq = end_of(home)
    agent.get("/desk")
    tags, seq = tags_since(home, seq)
    assert looks(tags) == {"case:opened": 1, "case:identity_opened": 1}
    with home.store.work(AGENT) as work:
        lines = campaigns.desk_view(work).identity_lines  # type: ignore[union-attr]
        matches = {line.item: campaigns.ItemResult.MATCH for line in lines}
        campaigns.confirm_identity(work, served.handling_id, matches)
    seq = end_of(home)
    agent.get("/desk")
    tags, seq = tags_since(home, seq)
    assert tags["case:details_opened"] == 1
    assert max(looks(tags).values()) == 1
    for code in ("SV01", "CF01"):
        reader = Browser(app, home, code)
        reader.token()
        seq = end_of(home)
        reader.get(f"/escalations/{ticket}")
        tags, seq = tags_since(home, seq)
        assert looks(tags) == {"case:collected_opened": 1}


@pytest.mark.clause("T15")
def test_each_act_of_a_shift_leaves_an_event(app: Flask, home: Services, clock: FixedClock) -> None:
    ticket = call_with(home, clock, "71", NOTE)
    clock.advance(timedelta(minutes=1))
    agent, supervisor = Browser(app, home, "OP01"), Browser(app, home, "SV01")
    seq = end_of(home)
    scope = {"scope": "A02", "document_no": "市文第1号"}
    acts = (
        (agent, "/desk/next", {}, "lease:taken"),
        (agent, "/desk/permit", {"handling": "?"}, "permit:issued"),
        (agent, "/desk/compared", {"handling": "?"}, "attempt:placed"),
        (
            agent,
            "/desk/line",
            {"handling": "?", "line": "connected", "line_code": ""},
            "attempt:answered",
        ),
        (agent, "/desk/identity", {"handling": "?"}, "case:identity_opened"),
        (agent, "/desk/hung-up", {"handling": "?"}, "attempt:ended"),
        (supervisor, f"/escalations/{ticket}/acknowledge", {}, "escalation:acknowledged"),
        (supervisor, "/suspensions", scope, "suspension:ordered"),
        (supervisor, "/holds", scope, "hold:placed"),
        (
            supervisor,
            "/incidents",
            {"kind": "loss", "scope": "A02", "known_day": "2022-09-15", "known_time": "11:00"},
            "incident:opened",
        ),
        (supervisor, "/incidents/INC-2022-001/facts", {"persons": "1"}, "incident:stated"),
        (supervisor, "/board/duty", {"act": "end"}, "duty:ended"),
        (Browser(app, home, "AU01"), "/audit/verify", {}, "audit:verified"),
    )
    for browser, path, given, tag in acts:
        data = dict(given)
        if data.get("handling"):
            found = re.search(r'name="handling" value="([^"]+)"', agent.get("/desk"))
            assert found is not None
            data["handling"] = found[1]
        status = 200 if path.startswith("/audit") else 303
        browser.post(path, data, status)
        tags, seq = tags_since(home, seq)
        if tag == "case:identity_opened" and not tags[tag]:
            agent.get("/desk")
            tags, seq = tags_since(home, seq)
        assert tags[tag] >= 1, (path, dict(tags))
    entered = Browser(app, home)
    assert entered.log_in("SV01", REHEARSAL_PASSWORD) == 302
    tags, seq = tags_since(home, seq)
    assert tags["auth:login"] == 1
    # Three screens of one supervisor: the oldest is ended, and the log says so.
    for _ in range(2):
        assert Browser(app, home).log_in("SV01", REHEARSAL_PASSWORD) == 302
    tags, seq = tags_since(home, seq)
    assert tags["auth:session_ended"] == 2  # the ready session of this test, and the first log-in
    entered = Browser(app, home)
    assert entered.log_in("SV01", REHEARSAL_PASSWORD) == 302
    _tags, seq = tags_since(home, seq)
    # The password given again is no second log-in: the month's report counts those.
    entered.post("/unlock", {"password": REHEARSAL_PASSWORD}, 302)
    tags, _seq = tags_since(home, seq)
    assert (tags["auth:proved"], tags["auth:login"]) == (1, 0)


def test_a_write_without_an_event_would_be_noticed(home: Services) -> None:
    # The positive control of the watch that the tests above stand under.
    enrol(home, "SV01")
    app = make_app(home)

    @permit(Permission.SEE_BOARD)
    def forgetful(work) -> str:  # type: ignore[no-untyped-def]
        work.session.execute(text("UPDATE staff_member SET display_name = 'x'"))
        return "done"

    app.add_url_rule("/forgetful", "board.forgetful", forgetful, methods=["GET"])
    watch_writes(app, home)
    with pytest.raises(UnnotedWriteError):
        Browser(app, home, "SV01").client.get("/forgetful")
