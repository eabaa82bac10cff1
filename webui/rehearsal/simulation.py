"""A whole day without a browser: delivery, calls, callbacks, tickets, close of day, daily files.

Everything goes through the use cases that the screens call. The clock is the home's own, moved
from event to event; the same seed gives the same outcomes. Rehearsal homes only.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random

from campaigns import api as campaigns
from campaigns.api import CampaignPlan, CampaignView, PackFileView
from dialer.api import begin_duty, promote_due
from dialer.calendar.holidays import TOKYO
from dialer.lines.fake_line import FakeLine
from secure_store.access import Actor, Role, system_actor
from secure_store.audit.log import size
from secure_store.clock import FixedClock
from secure_store.errors import NotFound
from secure_store.people.staff import display_name
from secure_store.work import SecureStore
from webui.rehearsal.day_result import DayBook, DayResult, make_result
from webui.rehearsal.persons import ALL_RECEIVABLES
from webui.rehearsal.sample_delivery import make_delivery
from webui.rehearsal.setup import populate
from webui.rehearsal.simulated_agents import Desk, Hall
from webui.rehearsal.simulated_callers import CallerQueue, Steps
from webui.rehearsal.simulated_people import Network, SimulatedPerson, people_of
from webui.rehearsal.simulated_tickets import SUPERVISOR, take_further
from webui.runtime.rehearsal_clock import ClockNotMovable, clock_of, set_clock
from webui.services import Services

HOUSE = system_actor("simulation")
SIMULATION_DAY = date(2022, 9, 15)
DELIVERED_BEFORE = timedelta(days=2)  # S4-11.1b
DATA_BEFORE = timedelta(days=5)
CALLING_DAYS, CALLBACK_DAYS = timedelta(days=13), timedelta(days=20)
EARLY = timedelta(minutes=5)
HOUSE_EVERY, TICKETS_EVERY = timedelta(minutes=2), timedelta(minutes=15)
CASES_PER_STRANGER = 15


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands when the day begins: the campaigns, and the people behind their rows."""

    campaigns: tuple[CampaignView, ...]
    people: dict[tuple[str, str], SimulatedPerson]


def agent_actor(number: int) -> Actor:
    """The ready agent with this number, from 1 to 8."""
    code = f"OP{number:02d}"
    return Actor(code, Role.AGENT, frozenset(ALL_RECEIVABLES), rehearsal=True)


def simulate_day(
    services: Services,
    *,
    cases: int,
    seed: int,
    receivables: Sequence[str] = ("A01",),
    agents: int = 2,
    day: date = SIMULATION_DAY,
) -> DayResult:
    """Runs one day in a rehearsal home; ``cases`` rows are lent for each receivable.

    The home needs no persons yet: the ready ones are made when they are missing. Afterwards the
    home's clock shows the end of the day. Raises ClockNotMovable in a production home, and
    CampaignExists when the receivable has a campaign in that month already.
    """
    if not services.settings.is_rehearsal:
        raise ClockNotMovable
    clock = FixedClock(datetime.combine(day - DELIVERED_BEFORE, time(10), TOKYO))
    services.store.clock = clock
    prepared = _prepare(services, cases, seed, receivables, agents, day)
    book = DayBook(first_seq=_next_seq(services.store))
    _work_through(services.store, clock, prepared, book, seed, agents, day, cases)
    files, folder = _close(services.store, clock, day)
    with services.store.work(SUPERVISOR) as work:
        result = make_result(work, book, prepared.campaigns, day, seed, files, folder.name)
    set_clock(services.settings, clock.now())
    services.store.clock = clock_of(services.settings)
    return result


def _next_seq(store: SecureStore) -> int:
    with store.work(HOUSE, readonly=True) as work:
        return size(work) + 1


def _prepare(
    services: Services,
    cases: int,
    seed: int,
    receivables: Sequence[str],
    agents: int,
    day: date,
) -> Prepared:
    """Two days before: open the campaign, take the delivery in, build the list, share it out."""
    require_persons(services)
    opened: list[CampaignView] = []
    people: dict[tuple[str, str], SimulatedPerson] = {}
    for receivable in receivables:
        opened.append(_lend(services.store, receivable, cases, seed, agents, day, people))
    return Prepared(tuple(opened), people)


def require_persons(services: Services) -> None:
    with services.store.work(HOUSE, readonly=True) as work:
        try:
            display_name(work, SUPERVISOR.code)
        except NotFound:
            is_empty = True
        else:
            is_empty = False
    if is_empty:
        populate(services)


def _lend(
    store: SecureStore,
    receivable: str,
    cases: int,
    seed: int,
    agents: int,
    day: date,
    people: dict[tuple[str, str], SimulatedPerson],
) -> CampaignView:
    month = day.replace(day=1)
    plan = CampaignPlan(receivable, month, day, day + CALLING_DAYS, day + CALLBACK_DAYS)
    with store.work(SUPERVISOR) as work:
        campaign = campaigns.open_campaign(work, plan)
    delivery = make_delivery(receivable, month, cases, seed, as_of=day - DATA_BEFORE)
    list_id = campaigns.stage_delivery(store, SUPERVISOR, campaign.code, delivery.files)
    with store.work(SUPERVISOR) as work:
        campaigns.publish(work, list_id)
    campaigns.build_call_list(store, SUPERVISOR, campaign.code)
    with store.work(SUPERVISOR) as work:
        codes = [agent_actor(number).code for number in range(1, agents + 1)]
        campaigns.share_out(work, campaign.code, codes)
    for person in people_of(receivable, delivery):
        people.update({(receivable, number): person for number in person.numbers})
    return campaign


def _work_through(
    store: SecureStore,
    clock: FixedClock,
    prepared: Prepared,
    book: DayBook,
    seed: int,
    agents: int,
    day: date,
    cases: int,
) -> None:
    with store.work(SUPERVISOR, readonly=True) as work:
        profile = campaigns.current_profile(work)
        rows = campaigns.table_on(work, day).table.rows
    opening = _first_opening(store, day)
    network = Network(seed, rows, clock.now, profile.parameters.voicemail_message_allowed)
    hall = Hall(
        store=store,
        clock=clock,
        line=FakeLine(network.behaviour, profile.dedicated_number),
        network=network,
        people=prepared.people,
        callers=_callers(seed, opening, cases),
        book=book,
        dedicated_number=profile.dedicated_number,
        day=day,
        calls_until=day + CALLING_DAYS,
    )
    clock.set(opening - EARLY)
    with store.work(SUPERVISOR) as work:
        begin_duty(work)
    desks = [
        Desk(hall, agent_actor(number), Random(f"{seed}/agent/{number}"))
        for number in range(1, agents + 1)
    ]
    run_steps(clock, [_house(hall), _tickets(hall, seed), *(desk.run() for desk in desks)])


def run_steps(clock: FixedClock, processes: Sequence[Steps]) -> None:
    """Runs generators side by side; the clock goes from one step to the next, never back."""
    turns = count()
    waiting = [(clock.now(), next(turns), process) for process in processes]
    heapq.heapify(waiting)
    while waiting:
        at, _turn, process = heapq.heappop(waiting)
        clock.set(at)
        pause = next(process, None)
        if pause is not None:
            heapq.heappush(waiting, (at + pause, next(turns), process))


def _first_opening(store: SecureStore, day: date) -> datetime:
    midnight = datetime.combine(day, time(), TOKYO)
    with store.work(HOUSE, readonly=True) as work:
        opening = campaigns.window_at(work, midnight).next_opening
    if opening is None or opening.date() != day:
        raise ValueError("no calls may be made on this day")
    return opening


def _callers(seed: int, opening: datetime, cases: int) -> CallerQueue:
    """Some callers of the day are on no list."""
    chance = Random(f"{seed}/strangers")
    callers = CallerQueue(seed)
    for _stranger in range(1 + cases // CASES_PER_STRANGER):
        callers.add(opening + timedelta(minutes=chance.randint(5, 480)), None)
    return callers


def _open_times(hall: Hall, every: timedelta) -> Iterator[timedelta]:
    """Pauses of this length while calls may be made; over the closed hours one long one."""
    while (pause := hall.until_open()) is not None:
        yield pause or every


def _house(hall: Hall) -> Steps:
    """What the scheduler does: parked cases come up, late follow-ups are noted."""
    for pause in _open_times(hall, HOUSE_EVERY):
        with hall.store.work(HOUSE) as work:
            promote_due(work)
            campaigns.sweep_follow_ups(work)
        yield pause


def _tickets(hall: Hall, seed: int) -> Steps:
    """The supervisor takes each ticket one step further at every visit (S4-12.1i, 12.2c)."""
    chance = Random(f"{seed}/tickets")
    for pause in _open_times(hall, TICKETS_EVERY):
        with hall.store.work(SUPERVISOR) as work:
            tickets = campaigns.list_tickets(work)
        for ticket in sorted(tickets, key=lambda one: one.number):
            take_further(hall.store, ticket, chance)
        yield pause


def _close(
    store: SecureStore, clock: FixedClock, day: date
) -> tuple[tuple[PackFileView, ...], Path]:
    """Closes the day and makes, signs and places its files (S4-13.1)."""
    with store.work(SUPERVISOR, readonly=True) as work:
        clock.set(max(clock.now(), campaigns.closes_at(work, day)))
    campaigns.close_day(store, SUPERVISOR, day)
    campaigns.build_files(store, SUPERVISOR, day)
    with store.work(SUPERVISOR) as work:
        files = campaigns.sign_files(work, day).files
    return files, campaigns.place_files(store, SUPERVISOR, day)
