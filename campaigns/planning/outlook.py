"""接触率の見通し of one campaign, read from its records by a few questions for all cases at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column, select

from campaigns.calling.models import CallRecord
from campaigns.calling.waiting_tries import counted_tries
from campaigns.cases.cases import CampaignView, get_campaign
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.planning.behaviour import Behaviour, learn
from campaigns.planning.calls_so_far import calls_so_far, published_cases
from campaigns.planning.forecast import (
    Forecast,
    Group,
    Need,
    Slot,
    Terms,
    Tried,
    forecast,
    need,
    slots_left,
)
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules
from campaigns.profile.parameters import ContactRateFormula
from dialer.calendar.bands import Band
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

# A literal: PostgreSQL must see the same expression where it selects and where it groups.
NOTHING: ColumnElement[int] = literal_column("0")
TO_CALL = (CaseStatus.WAITING, CaseStatus.FOLLOW_UP_BOOKED)
ENDED = (CloseReason.NUMBERS_UNUSABLE, CloseReason.HANDED_OVER, CloseReason.GUIDED)


@dataclass(frozen=True, slots=True)
class Combination:
    """People tried in exactly these bands, and how many of them were reached."""

    bands: frozenset[Band]
    people: int
    reached: int


@dataclass(frozen=True, slots=True)
class BandPlan:
    """One band until the last day: with the present agents, and as the target needs it."""

    band: Band
    days: int
    hours: float
    dials: float
    dials_needed: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything the page says. Rates are shares of ``base`` people, those the formula counts.

    ``agents``: at every open hour, as asked for or as seen so far. ``needed_agents`` None: the
    target is out of reach with any number of agents; ``final_rate_most`` is then the most.
    """

    campaign: CampaignView
    formula: ContactRateFormula
    target: float
    base: int
    reached: int
    combinations: tuple[Combination, ...]
    behaviour: Behaviour
    agents: float
    agents_seen: float
    hours_left: float
    rate_by_day: tuple[tuple[date, float], ...]
    final_rate: float
    needed_agents: float | None
    needed_hours: float
    final_rate_most: float
    bands: tuple[BandPlan, ...]

    @property
    def rate(self) -> float:
        """The share reached so far."""
        return self.reached / self.base if self.base else 0.0

    @property
    def is_met(self) -> bool:
        """Is the target reached already?"""
        return bool(self.base) and self.rate >= self.target


@dataclass(frozen=True, slots=True)
class _Cases:
    groups: tuple[Group, ...]
    combinations: tuple[Combination, ...]
    base: Mapping[ContactRateFormula, int]
    reached: int
    ended: Counter[bool]


def outlook(work: UnitOfWork, campaign_code: str, agents: float | None = None) -> Outlook:
    """How the campaign will stand on its last day, with so many agents or those seen so far."""
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    campaign = get_campaign(work, campaign_code)
    rules = calling_rules(work, campaign.receivable)
    cases = _cases(work, campaign_code)
    done, seen = calls_so_far(work, campaign_code, rules.cuts, cases.ended)
    behaviour = learn(*done)
    slots = slots_left(
        calling_hours(work, campaign.receivable), work.now, campaign.calls_until, rules.cuts
    )
    terms = Terms(
        rules.parameters, rules.rotation, tuple(s for s in slots if s.day >= campaign.calls_from)
    )
    staff = seen if agents is None else agents
    ahead = forecast(cases.groups, terms, behaviour, staff)
    base = cases.base[rules.parameters.contact_rate_formula]
    missing = ceil(rules.parameters.contact_rate_target * base - 1e-9) - cases.reached
    wanted = need(cases.groups, terms, behaviour, max(missing, 0))
    return Outlook(
        campaign=campaign,
        formula=rules.parameters.contact_rate_formula,
        target=rules.parameters.contact_rate_target,
        base=base,
        reached=cases.reached,
        combinations=cases.combinations,
        behaviour=behaviour,
        agents=staff,
        agents_seen=seen,
        hours_left=sum(slot.hours for slot in terms.slots),
        rate_by_day=_by_day(cases.reached, base, ahead, terms.slots),
        final_rate=_share(cases.reached + ahead.reached, base),
        needed_agents=wanted.agents,
        needed_hours=wanted.forecast.all_dials / behaviour.dials_per_hour,
        final_rate_most=_share(cases.reached + wanted.forecast.reached, base),
        bands=_bands(terms.slots, ahead, wanted),
    )


def _share(people: float, base: int) -> float:
    return people / base if base else 0.0


def _by_day(
    reached: int, base: int, ahead: Forecast, slots: Sequence[Slot]
) -> tuple[tuple[date, float], ...]:
    rates, people = [], float(reached)
    for day in sorted({slot.day for slot in slots}):
        people += ahead.reached_by_day.get(day, 0.0)
        rates.append((day, _share(people, base)))
    return tuple(rates)


def _bands(slots: Sequence[Slot], ahead: Forecast, wanted: Need) -> tuple[BandPlan, ...]:
    plans = []
    for band in Band:
        mine = [place for place, slot in enumerate(slots) if slot.band is band]
        plans.append(
            BandPlan(
                band,
                len(mine),
                sum(slots[place].hours for place in mine),
                sum(ahead.dials[place] for place in mine),
                sum(wanted.forecast.dials[place] for place in mine),
            )
        )
    return tuple(plans)


def _cases(work: UnitOfWork, campaign_code: str) -> _Cases:
    tried = (
        select(
            CallRecord.case_id,
            *(func.sum(case((CallRecord.band == band, 1), else_=0)).label(band) for band in Band),
        )
        .where(CallRecord.campaign_code == campaign_code, *counted_tries())
        .group_by(CallRecord.case_id)
        .subquery()
    )
    keys = (
        *(func.coalesce(tried.c[band], NOTHING) for band in Band),
        CallCase.status,
        CallCase.close_reason,
        CallCase.was_contacted,
        CallCase.not_before,
    )
    rows = work.session.execute(
        select(*keys, func.count())
        .outerjoin(tried, tried.c.case_id == CallCase.id)
        .where(*published_cases(campaign_code))
        .group_by(*keys)
    )
    return _sum_up(rows.all())


def _sum_up(rows: Sequence[Any]) -> _Cases:
    groups: list[Group] = []
    people: Counter[frozenset[Band]] = Counter()
    contacted: Counter[frozenset[Band]] = Counter()
    closed: Counter[CloseReason | None] = Counter()
    ended: Counter[bool] = Counter()
    lent = reached = 0
    for *numbers, status, close_reason, was_contacted, not_before, count in rows:
        tried = Tried(*(int(number) for number in numbers))
        lent += count
        closed[close_reason] += count
        if close_reason in (CloseReason.WITHDRAWN, CloseReason.NOT_CALLABLE):
            continue
        people[tried.used] += count
        if was_contacted:
            contacted[tried.used] += count
            reached += count
        elif status in TO_CALL:
            groups.append(Group(tried, count, not_before))
        elif sum(tried) and (status is CaseStatus.WITH_DEPARTMENT or close_reason in ENDED):
            ended[sum(tried) == 1] += count
    standing = lent - closed[CloseReason.WITHDRAWN]
    diallable = standing - closed[CloseReason.NOT_CALLABLE]
    return _Cases(
        groups=tuple(groups),
        combinations=tuple(
            Combination(bands, number, contacted[bands])
            for bands, number in sorted(people.items(), key=lambda one: (len(one[0]), -one[1]))
        ),
        base={
            ContactRateFormula.A: standing,
            ContactRateFormula.B: diallable - closed[CloseReason.NUMBERS_UNUSABLE],
            ContactRateFormula.C: standing,
        },
        reached=reached,
        ended=ended,
    )
