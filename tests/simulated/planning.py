"""What the planner is given of a campaign on paper, on some day of it."""

from __future__ import annotations

from collections import Counter, defaultdict

from campaigns.planning.behaviour import Behaviour, Tally, Work, learn
from campaigns.planning.forecast import Forecast, Group, Slot, Terms, Tried, forecast
from dialer.calendar.bands import DEFAULT_ROTATION, Band
from tests.simulated.campaign import PARAMETERS, Campaign
from tests.simulated.campaign import Slot as SimulatedSlot


def tried_of(campaign: Campaign, past: tuple[int, ...]) -> Tried:
    by_band = Counter(campaign.slots[index].band for index in past)
    return Tried(*(by_band[band] for band in Band))


def behaviour_of(campaign: Campaign, agent_hours: float) -> Behaviour:
    """What the calls so far have taught."""
    tallies: dict[tuple[Band, int], Tally] = defaultdict(Tally)
    for person in campaign.people:
        for place, index in enumerate(person.past):
            key = (campaign.slots[index].band, min(place, 3))
            reached = person.reached and place == len(person.past) - 1
            known = tallies[key]
            tallies[key] = Tally(known.attempts + 1, known.reached + reached)
    ended = Counter(len(one.past) == 1 for one in campaign.people if one.gone)
    first = sum(1 for one in campaign.people if one.past)
    work = Work(
        campaign.dials,
        agent_hours,
        counted_first=first,
        counted_later=campaign.dials - first,
        ended_first=ended[True],
        ended_later=ended[False],
    )
    return learn(tallies, work)


def groups_of(campaign: Campaign) -> list[Group]:
    counted: Counter[tuple[Tried, int]] = Counter(
        (tried_of(campaign, one.past), one.ready)
        for one in campaign.people
        if not one.reached and not one.gone
    )
    last = len(campaign.slots)
    return [
        Group(tried, people, campaign.slots[ready].start)
        for (tried, ready), people in counted.items()
        if ready < last
    ]


def forecast_from(
    campaign: Campaign, done: tuple[SimulatedSlot, ...], per_hour: float
) -> tuple[float, Forecast]:
    """The expected share of people reached by the last day, seen after these slots."""
    agents = per_hour / 20.0
    hours = sum(one.hours for one in done)
    terms = Terms(
        PARAMETERS,
        DEFAULT_ROTATION,
        tuple(Slot(one.day, one.band, one.start, one.hours) for one in campaign.slots[len(done) :]),
    )
    seen = forecast(groups_of(campaign), terms, behaviour_of(campaign, agents * hours), agents)
    return campaign.rate() + seen.reached / len(campaign.people), seen
