"""Figures of the day count calls in their present version; lists page by key over deliveries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import inspect, select

from campaigns import api as campaigns
from campaigns.calling.models import CallRecord, Revision
from campaigns.calling.outcomes import Mark
from secure_store.clock import FixedClock
from tests.fixtures_lent import draft
from tests.web.calls_to_tickets import CAMPAIGN, SUPERVISOR, call_with, open_a01
from tests.web.pages import enrol
from webui.services import Services

KEY = "整理番号"
NOTE = "内訳を知りたいとのこと。資料の送付を希望。"

pytestmark = pytest.mark.both_databases


def supersede(home: Services, **changes: Any) -> None:
    """A later version of the only record, as a correction leaves it."""
    with home.store.work(SUPERVISOR) as work:
        first = work.session.scalars(select(CallRecord)).one()
        columns = [column.key for column in inspect(CallRecord).column_attrs]
        values = {key: getattr(first, key) for key in columns}
        work.session.add(CallRecord(**{**values, "id": uuid4(), "supersedes": first.id, **changes}))


def day_figures(home: Services) -> campaigns.DayFigures:
    with home.store.work(SUPERVISOR, readonly=True) as work:
        day = work.session.scalars(select(CallRecord.business_day)).first()
        assert day is not None
        return campaigns.day_figures(work, CAMPAIGN, day)


@pytest.fixture
def called(home: Services, clock: FixedClock) -> Services:
    enrol(home, "SV01", "OP01")
    open_a01(home)
    call_with(home, clock, "61", NOTE)
    return home


def test_a_corrected_call_counts_once_and_as_corrected(called: Services) -> None:
    before = day_figures(called)
    assert (before.dials, before.stars + before.white_stars) == (1, 1)
    supersede(called, revision=Revision.CORRECTION, mark=Mark.NONE, is_urgent=False)
    after = day_figures(called)
    assert (after.dials, after.stars + after.white_stars) == (1, 0)


def test_a_cancelled_call_does_not_count(called: Services) -> None:
    supersede(called, revision=Revision.CANCELLATION)
    assert day_figures(called) == campaigns.DayFigures()


def test_pages_reach_every_case_once_when_two_deliveries_share_their_row_numbers(
    home: Services, clock: FixedClock
) -> None:
    enrol(home, "SV01", "OP01")
    open_a01(home, rows=130)
    clock.advance(timedelta(minutes=1))
    second = draft(130, seed=99)
    for kind in set(second.rows) - {"CTL"}:
        for row in range(len(second.rows[kind])):
            key = second.get(kind, row, KEY)
            second.set(kind, row, KEY, key.replace("-0", "-9", 1))
    list_id = campaigns.stage_delivery(home.store, SUPERVISOR, CAMPAIGN, second.files())
    with home.store.work(SUPERVISOR) as work:
        campaigns.publish(work, list_id)
    seen: list[UUID] = []
    trail: list[str] = []
    query = campaigns.CaseQuery()
    while True:
        with home.store.work(SUPERVISOR, readonly=True) as work:
            page = campaigns.case_page(work, CAMPAIGN, query)
        assert page.total == 260
        assert page.first == len(seen) + 1
        assert page.previous == (trail[-2] if len(trail) > 1 else "" if trail else None)
        seen += [line.id for line in page.lines]
        if page.next is None:
            break
        trail.append(page.next)
        query = campaigns.CaseQuery(after=page.next)
    assert len(seen) == len(set(seen)) == 260
