"""Whole campaigns on paper: the shipped order against first come, first served.

Who the people are is assumed (tests/simulated/people.py), the rules are the shipped ones.
`make soak` runs 200 seeds; the same tests run here with fewer.
"""

from __future__ import annotations

from statistics import mean

import pytest

from campaigns.calling.fairness import TryKind
from dialer.calendar.bands import Band
from tests.simulated.campaign import (
    Campaign,
    Policy,
    first_come,
    new_campaign,
    owed_to,
    run,
    shipped,
)
from tests.simulated.telling import seeds, tell

SEEDS = seeds(40)
PEOPLE = 100
SPREAD = 0.15
TRIES = frozenset(TryKind)


def worked(seed: int, policy: Policy, dials_each: float) -> Campaign:
    """A centre that could dial everybody so many times within the period."""
    campaign = new_campaign(seed, PEOPLE, SPREAD)
    return run(campaign, policy, PEOPLE * dials_each / sum(one.hours for one in campaign.slots))


def offered(campaign: Campaign, dials_each: float, bands: frozenset[Band]) -> float:
    """Dials per person that the centre could make in these bands."""
    hours = sum(one.hours for one in campaign.slots if one.band in bands)
    return dials_each * hours / sum(one.hours for one in campaign.slots)


def left_without(campaign: Campaign) -> int:
    """People whom nobody reached and who never had an evening, or never a weekend try.

    Whose case ended before that (bad number, refusal, handed over) is not counted.
    """
    return sum(1 for one in campaign.people if not one.gone and owed_to(one, TRIES))


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize("dials_each", [2.5, 3.5, 5.0])
def test_the_shipped_order_reaches_more_people_with_as_many_dials(
    dials_each: float, capsys: pytest.CaptureFixture[str]
) -> None:
    margins, rates = [], []
    for seed in range(SEEDS):
        ours, theirs = (worked(seed, policy, dials_each) for policy in (shipped, first_come))
        dials = min(ours.dials, theirs.dials)
        margins.append(100 * (ours.rate(dials) - theirs.rate(dials)))
        rates.append(100 * ours.rate(dials))
    tell(
        capsys,
        f"{SEEDS} seeds, {dials_each} dials a person: {mean(rates):.1f} % reached,"
        f" {mean(margins):+.1f} points against first come, first served"
        f" (better in {sum(one > 0 for one in margins)},"
        f" worse in {sum(one < 0 for one in margins)})",
    )
    assert mean(margins) > 0


@pytest.mark.clause("S4-11.2f")
def test_nobody_is_left_without_an_evening_and_a_weekend_try_where_the_hours_suffice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """They suffice when the evenings, and the weekends, offer one dial for every person."""
    dials_each = 5.0
    left = []
    for seed in range(SEEDS):
        campaign = worked(seed, shipped, dials_each)
        for bands in ({Band.H3}, {Band.H4, Band.H5}):
            assert offered(campaign, dials_each, frozenset(bands)) >= 1.0
        left.append(left_without(campaign))
    tell(capsys, f"{SEEDS} seeds: left without an evening and a weekend try: {sum(left)}")
    assert sum(left) == 0


def scarce(seed: int) -> Campaign:
    """A centre with many agents at noon and hardly any in the evening and at the weekend."""
    campaign = new_campaign(seed, PEOPLE, SPREAD)
    return run(campaign, shipped, 12.0, scarce=frozenset({Band.H3, Band.H4, Band.H5}))


@pytest.mark.clause("S4-11.2f")
def test_nobody_gets_a_sixth_attempt_while_somebody_waits_for_a_try() -> None:
    for seed in range(SEEDS):
        for campaign in (worked(seed, shipped, 8.0), scarce(seed)):
            assert campaign.unfair_sixths == 0


def test_without_the_hold_somebody_would_get_an_unfair_sixth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.simulated.campaign.hold_of", lambda **_facts: None)
    assert sum(scarce(seed).unfair_sixths for seed in range(10)) > 0


def test_the_same_seed_gives_the_same_campaign() -> None:
    one, other = (worked(3, shipped, 3.5) for _ in range(2))
    assert (one.contacts, one.dials) == (other.contacts, other.dials)
