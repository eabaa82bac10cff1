"""The measures and the outlook of a campaign, counted by the database for all cases at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from campaigns import api as c
from campaigns.calling.day_close import DailyClose, DayState
from campaigns.calling.models import CallRecord
from campaigns.reports import measures
from campaigns.reports.payments import PaymentCounts
from secure_store.clock import FixedClock
from secure_store.work import UnitOfWork
from tests.integration.campaigns.desk_world import MONTH, OP, SV, DeskWorld, ready_world
from tests.integration.campaigns.notice_world import payments, tell
from tests.integration.campaigns.past_attempts import CODE, rows, tried
from webui.services import Services

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    """Six people: one reached at once, one at the third call, two never, two untried."""
    world = ready_world(home, clock, rows=6)
    tried(world, 1, "H3", reached=True)
    tried(world, 2, "H3", "H1", "H5", reached=True)
    tried(world, 3, "H3", "H1")
    tried(world, 4, "H3", "H1", "H4")
    return world


def measured(world: DeskWorld) -> dict[str, tuple[int, int]]:
    with world.store.work(SV, readonly=True) as work:
        page = c.campaign_measures(work, [CODE])
    return {
        one.name: (one.rate.numerator, one.rate.denominator)
        for one in page.lines
        if one.missing is None
    }


@pytest.mark.clause("S4-6.3-2")
def test_measures_are_counted_from_the_records(world: DeskWorld) -> None:
    found = measured(world)
    assert found["contact_rate_of_lent_persons"] == (2, 6)
    assert found["cover_rate"] == (4, 6)
    assert found["tried_enough_rate"] == (3, 6)  # two reached, one with 3 bands and a weekend
    assert found["average_attempts"] == (9, 4)
    assert found["contacts_per_dial"] == (2, 9)
    assert found["correction_rate"] == (0, 9)
    assert "progress" not in found  # nobody entered a plan
    with world.store.work(SV) as work:
        c.plan_volume(work, "A01", work.now.date().replace(day=1), 18)
    assert measured(world)["progress"] == (9, 18)


def test_those_taken_back_leave_numerator_and_denominator(world: DeskWorld) -> None:
    with world.store.work(SV) as work:
        c.withdraw_cases(work, [rows(world)[1]], "訓練第9号")
    assert measured(world)["contact_rate_of_lent_persons"] == (1, 5)


def test_a_check_cut_off_half_way_was_begun_all_the_same(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    with world.store.work(OP) as work:
        c.begin_identity(work, served.handling_id)
    world.record(served.handling_id, "44")
    assert measured(world)["identity_mismatch_rate"] == (0, 3)  # two were passed


def opened(world: DeskWorld) -> None:
    """A second campaign, of the same days."""
    with world.store.work(SV) as work:
        first, last = date(2022, 9, 13), date(2022, 9, 26)
        c.open_campaign(work, c.CampaignPlan("A02", MONTH, first, last, last))


def test_a_day_two_campaigns_share_has_one_report(world: DeskWorld) -> None:
    opened(world)
    with world.store.work(SV) as work:
        for day, late in ((13, False), (14, True)):
            due = work.now - timedelta(hours=day)
            work.session.add(
                DailyClose(
                    business_day=date(2022, 9, day),
                    state=DayState.CONFIRMED,
                    closed_at=due,
                    closed_by="SV01",
                    due_at=due,
                    audit_size=0,
                    audit_note="",
                    confirmed_at=due + timedelta(minutes=late),
                )
            )
    with world.store.work(SV, readonly=True) as work:
        page = c.campaign_measures(work, [CODE, "A02-202209"])
    (line,) = (one for one in page.lines if one.name == "reports_in_time_rate")
    assert (line.rate.numerator, line.rate.denominator) == (1, 2)


def test_a_campaign_without_payment_data_is_left_out_of_the_measures_of_payments(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(world)
    told = PaymentCounts(
        known_until=date(2022, 9, 20), reached=1, never_reached=4, paid_of_reached=1, interim=5
    )

    def counts(_work: UnitOfWork, code: str) -> PaymentCounts:
        return PaymentCounts(reached=2) if code == CODE else told

    monkeypatch.setattr(measures, "payment_counts", counts)
    with world.store.work(SV) as work:
        page = c.campaign_measures(work, [CODE, "A02-202209"], with_payments=True)
    found = {one.name: (one.rate.numerator, one.rate.denominator) for one in page.lines}
    assert found["contact_rate_of_lent_persons"] == (2, 6)
    assert found["guided_payment_rate"] == (1, 1)
    assert (page.uplift, page.interim) == (100, 5)


def test_thirty_days_run_from_the_call_and_not_from_the_day_of_its_report(
    world: DeskWorld,
) -> None:
    with world.store.work(SV) as work:
        for record in work.session.scalars(select(CallRecord)):
            record.business_day += timedelta(days=5)
    world.at("2022-10-08T10:00")
    tell(world, payments([], date(2022, 10, 7)))  # thirty days after the 7th of September
    with world.store.work(SV) as work:
        found = c.payment_counts(work, CODE)
    assert (found.reached, found.never_reached, found.interim) == (2, 4, 5)


@pytest.mark.clause("S4-6.3-2")
def test_the_outlook_counts_who_was_tried_when_and_learns_from_the_calls(
    world: DeskWorld,
) -> None:
    with world.store.work(SV, readonly=True) as work:
        seen = c.outlook(work, CODE)
        with_more = c.outlook(work, CODE, agents=3)
    assert (seen.base, seen.reached) == (6, 2)
    tried_in = {"".join(sorted(one.bands)): (one.people, one.reached) for one in seen.combinations}
    assert tried_in == {
        "": (2, 0),
        "H3": (1, 1),
        "H1H3": (1, 0),
        "H1H3H5": (1, 1),
        "H1H3H4": (1, 0),
    }
    figures = {band: (one.attempts, one.reached) for band, one in seen.behaviour.figures.items()}
    assert figures == {"H1": (3, 0), "H2": (0, 0), "H3": (4, 1), "H4": (1, 0), "H5": (1, 1)}
    assert seen.rate < seen.final_rate <= with_more.final_rate + 0.01
    assert seen.agents_seen == 1.0
    assert [day for day, _rate in seen.rate_by_day][0].isoformat() == "2022-09-15"
