"""The measures and the outlook of a campaign, counted by the database for all cases at once."""

from __future__ import annotations

import pytest

from campaigns import api as c
from secure_store.clock import FixedClock
from tests.integration.campaigns.desk_world import SV, DeskWorld, ready_world
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
