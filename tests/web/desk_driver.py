"""Drives the agent's desk through its pages, as a browser without script would."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from campaigns import api as campaigns
from campaigns.calling.models import CallRecord
from campaigns.cases.models import CallCase
from campaigns.desk.handlings import handling_in_hand
from campaigns.desk.opened import open_debt, open_identity
from secure_store.clock import FixedClock
from tests.web.calls_to_tickets import AGENT
from tests.web.pages import Browser
from webui.services import Services


class Desk:
    """One agent at the desk of a home whose clock the test moves."""

    def __init__(self, app: Flask, home: Services, clock: FixedClock) -> None:
        self.app = app
        self.browser = Browser(app, home, "OP01")
        self.home = home
        self.clock = clock

    def at(self, instant: str) -> None:
        """Moves the clock to ``2022-09-15T11:30`` in Tokyo; the agent signs in anew."""
        self.clock.set(datetime.fromisoformat(f"{instant}+09:00"))
        self.browser = Browser(self.app, self.home, "OP01")

    def page(self, at: str = "") -> str:
        """The desk as it stands."""
        return self.browser.get(f"/desk?at={at}" if at else "/desk")

    def send(self, path: str, status: int = 303, /, **fields: str) -> str:
        """A form of the desk with the handling it was made for; then the page it leads to."""
        answer = self.browser.post(f"/desk/{path}", {**self.handling(), **fields}, status)
        return self.browser.get(answer.location) if status == 303 else answer.get_data(True)

    def handling(self) -> dict[str, str]:
        """The hidden field every form of the desk carries."""
        found = re.search(r'name="handling" value="([^"]+)"', self.page())
        return {"handling": found[1] if found else ""}

    def part(self, path: str, **fields: str) -> str:
        """What the page asks for while somebody types: a part of it, or an answer in JSON."""
        answer = self.browser.client.post(
            f"/desk/{path}",
            data={**self.handling(), **fields},
            headers={"X-CSRFToken": self.browser.token()},
        )
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def next(self) -> str:
        return self.send("next")

    def dial(self) -> str:
        """Next case, permit, 番号照合済."""
        self.next()
        self.send("permit")
        return self.send("compared")

    def connect(self) -> str:
        """Somebody answers."""
        self.dial()
        self.clock.advance(timedelta(seconds=15))
        return self.send("line", line="connected", line_code="")

    def compare_all(self) -> str:
        """Every item on the page matches, the spare one too when it is asked for."""
        text = self.page()
        for _round in range(2):
            items = set(re.findall(r'name="(verdict-[a-z_]+)"', text))
            text = self.send("identity/items", **dict.fromkeys(items, "match"))
        return text

    def identify(self) -> str:
        """From the greeting to the guidance."""
        self.connect()
        self.send("identity")
        self.compare_all()
        return self.send("identity/finish")

    def is_in_hand(self) -> bool:
        with self.home.store.work(AGENT, readonly=True) as work:
            return campaigns.in_hand(work) is not None

    def case(self) -> CallCase:
        """The row of the case in hand."""
        with self.home.store.work(AGENT, readonly=True) as work:
            row = handling_in_hand(work)
            assert row is not None
            assert row.case_id is not None
            return work.session.get_one(CallCase, row.case_id)

    def secrets(self) -> tuple[str, str]:
        """Address and total owed of the case in hand, as a page would write them."""
        case = self.case()
        with self.home.store.work(AGENT) as work:
            address = open_identity(work, case).address
            total = open_debt(work, case, identity_passed=True).total_yen
        return address, f"{total:,}円"

    def records(self) -> list[CallRecord]:
        """Every call that was recorded, oldest first."""
        with self.home.store.work(AGENT, readonly=True) as work:
            return list(work.session.scalars(select(CallRecord).order_by(CallRecord.recorded_at)))
