"""``dialer simulate --contract``: months of calling by the production code on a virtual clock.

People, city, house and faults run side by side, each a generator that says how long its next
thing takes. After every day, and at the end, everything is checked against what people know.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from campaigns import api as campaigns
from dialer.calendar.holidays import TOKYO
from secure_store.access import system_actor
from secure_store.audit.log import AuditLogUnwritable, read_lines, size
from secure_store.clock import FixedClock
from secure_store.errors import DomainError
from secure_store.work import DatabaseUnavailable
from webui.rehearsal import contract_calls, contract_files
from webui.rehearsal.contract_city import SUPERVISOR, City, at_clock
from webui.rehearsal.contract_desk import ContractDesk
from webui.rehearsal.contract_events import EventHash, ids_from
from webui.rehearsal.contract_faults import Faults, Fuse, Killed, make_fragile, short_patience
from webui.rehearsal.contract_floor import HOUSE, make_floor
from webui.rehearsal.contract_hours import local
from webui.rehearsal.contract_memory import Broken
from webui.rehearsal.contract_plan import Scale, plan_campaigns, plan_orders, plan_stops
from webui.rehearsal.contract_result import ContractResult
from webui.rehearsal.simulated_callers import Steps
from webui.rehearsal.simulation import agent_actor, require_persons
from webui.runtime.rehearsal_clock import ClockNotMovable, clock_of, set_clock
from webui.runtime.scheduler import Scheduler
from webui.runtime.wiring import open_home
from webui.services import Services

# What a person meets while the database is locked or full: a call to try again, nothing changed.
STORE_FAULTS = (DatabaseUnavailable, AuditLogUnwritable)
AFTER_KILL, AFTER_FAULT, AFTER_REFUSAL = (timedelta(seconds=one) for one in (20, 30, 60))
# A claim whose process died is taken over after ten minutes; the house rings often until then.
RINGS_AFTER_FAULT, AFTER_FAULTY_RING = 3, timedelta(minutes=6)
STRANGERS_A_DAY = 0.15
OFFICE_HOURS = (time(9, 31), time(16, 31))


@dataclass(slots=True)
class Part:
    """One of those who act side by side; ``begin`` starts it, also anew after a fault."""

    name: str
    begin: Callable[[], Steps]
    steps: Steps


class Contract:
    """One simulated contract in one rehearsal home."""

    def __init__(self, services: Services, scale: Scale) -> None:
        if not services.settings.is_rehearsal:
            raise ClockNotMovable
        self.services = services
        self.scale = scale
        self.fuse = Fuse()
        self.spans = plan_campaigns(scale)
        first = min(span.delivered_on for span in self.spans)
        self.clock = FixedClock(datetime.combine(first, time(9), TOKYO))
        self.skew = timedelta(0)
        self.rings_soon = 0
        self.until_broken = False
        self.checked = self.clock.now()
        self._use(services)
        require_persons(services)
        self.floor = make_floor(services, self.clock, self.spans, scale.seed)
        self.city = City(self.floor, scale)
        self.last_day = self.floor.ends_on

    def _use(self, services: Services) -> None:
        self.services = services
        services.store.clock = self.clock
        make_fragile(services.store, self.fuse)

    def run(self, *, until_broken: bool = False) -> ContractResult:
        """Plays it through, or until the first rule is broken; what broke stands in the result."""
        self.until_broken = until_broken
        with self.services.store.work(HOUSE, readonly=True) as work:
            first_seq = size(work) + 1
        self._plan()
        self._play(self._parts())
        self._check_calls()
        story = EventHash()
        with self.services.store.work(HOUSE, readonly=True) as work:
            story.add(read_lines(work, first_seq))
        self.floor.witness.close()
        set_clock(self.services.settings, self.clock.now())
        self.services.store.clock = clock_of(self.services.settings)
        return self._result(story)

    def _plan(self) -> None:
        """What will be done on which day."""
        seed, city = self.scale.seed, self.city
        for span in self.spans:
            city.add(at_clock(span.delivered_on, 10), lambda span=span: city.lend(span))  # type: ignore[misc]
        for order in plan_orders(self.spans, seed):
            city.add(order.told_at, lambda order=order: city.order(order))  # type: ignore[misc]
        for stop in plan_stops(self.spans, seed):
            city.add(stop.began_at, lambda stop=stop: city.stop(stop))  # type: ignore[misc]
        chance = Random(f"{seed}/strangers")
        day = min(span.calls_from for span in self.spans)
        while day <= self.last_day:
            if city.is_running(day):
                self._plan_day(day)
                if chance.random() < STRANGERS_A_DAY:
                    self.floor.callers.add(at_clock(day, chance.randint(12, 19)), None)
            day += timedelta(days=1)

    def _plan_day(self, day: date) -> None:
        city = self.city
        for hour, minute in ((9, 50), (16, 20)):
            city.add(at_clock(day, hour, minute), city.duty)
        for hour, minute in ((12, 40), (17, 40)):
            city.add(at_clock(day, hour, minute), city.tickets)
        city.add(at_clock(day, 21, 5), lambda: self._evening(day))
        city.add(at_clock(day + timedelta(days=1), 9), lambda: city.confirm(day))

    def _evening(self, day: date, tries: int = 30) -> None:
        """Signs what the house has built, and checks the day; later once more if it has not."""
        is_placed = self.city.sign(day)
        contract_calls.learn_closes(self.floor)
        if not is_placed and tries:
            later = self.clock.now() + timedelta(minutes=30)
            self.city.add(later, lambda: self._evening(day, tries - 1))
            return
        contract_files.check_files(self.floor, day)
        self._check_calls()
        with self.floor.store.work(SUPERVISOR) as work:
            difference = campaigns.follow_up_sums(work, day).difference
        self.floor.memory.saw(Broken.SUMS_DIFFER, int(difference != 0))
        self.floor.memory.counts["days"] += 1

    def _check_calls(self) -> None:
        since, self.checked = self.checked, self.clock.now()
        contract_calls.check_windows(self.floor, since)
        contract_calls.check_limits(self.floor, since)
        for check in contract_calls.WHOLE_CHECKS:
            check(self.floor)

    def _parts(self) -> list[Part]:
        makers: list[tuple[str, Callable[[], Steps]]] = [("house", self._house)]
        makers.append(("city", self.city.run))
        for number in range(1, self.scale.agents + 1):
            actor = agent_actor(number)
            chance = Random(f"{self.scale.seed}/agent/{number}")
            makers.append((actor.code, ContractDesk(self.floor, actor, chance).run))
        if self.scale.faults:
            faults = Faults(self.floor, self.fuse, self.scale.seed, self._jump)
            makers.append(("faults", faults.run))
        return [Part(name, begin, begin()) for name, begin in makers]

    def _play(self, parts: list[Part]) -> None:
        turns = count()
        waiting = [(self.clock.now(), next(turns), part) for part in parts]
        heapq.heapify(waiting)
        with short_patience(), ids_from(self.scale.seed):
            while waiting and not (self.until_broken and self._is_broken()):
                at, _turn, part = heapq.heappop(waiting)
                self.clock.set(at + self.skew)
                pause = self._step(part)
                if pause is not None:
                    heapq.heappush(waiting, (at + pause, next(turns), part))

    def _is_broken(self) -> bool:
        return bool(self.floor.memory.broken.total() or self.floor.book.seen.total())

    def _step(self, part: Part) -> timedelta | None:
        """One step; a part that was cut off begins anew after a while."""
        memory = self.floor.memory
        try:
            return next(part.steps, None)
        except Killed:
            memory.counts["kills"] += 1
            self._open_again()
            pause = AFTER_KILL
        except STORE_FAULTS:
            memory.counts["database_unavailable"] += 1
            pause = AFTER_FAULT
        except DomainError as refusal:
            memory.saw(Broken.REFUSED_UNDULY)
            memory.counts[f"refused_{part.name}_{refusal.code}"] += 1
            pause = AFTER_REFUSAL
        except Exception as fault:
            # Nothing in the product may end like this; the contract goes on to find more.
            memory.saw(Broken.REFUSED_UNDULY)
            memory.counts[f"unexpected_{part.name}_{type(fault).__name__}"] += 1
            pause = AFTER_REFUSAL
        self.rings_soon = RINGS_AFTER_FAULT
        part.steps = part.begin()
        return pause

    def _open_again(self) -> None:
        """As after a crash: a new process opens the home and clears away what was half done."""
        self.services.store.engine.dispose()
        self._use(open_home(self.services.settings.home))
        self.floor.store = self.services.store
        campaigns.remove_unfinished(self.services.store, system_actor("web"))

    def _jump(self, by: timedelta) -> None:
        self.skew += by

    def _house(self) -> Steps:
        """The scheduler: it rings at set times, and now and then while calls are made."""
        chance = Random(f"{self.scale.seed}/house")
        end = at_clock(self.last_day + timedelta(days=1), 9, 40)
        while self.clock.now() <= end:
            self.rings_soon = max(0, self.rings_soon - 1)
            for ran in Scheduler(self.floor.store).ring():
                self.floor.memory.counts["jobs"] += 1
                is_fault = ran.error_code not in (None, *(fault.code for fault in STORE_FAULTS))
                self.floor.memory.saw(Broken.JOB_FAILED, int(is_fault))
                if ran.error_code is not None:
                    self.rings_soon = RINGS_AFTER_FAULT
                    self.floor.memory.counts[f"job_{ran.job}_{ran.error_code}"] += 1
            yield AFTER_FAULTY_RING if self.rings_soon else self._until_ring(chance)

    def _until_ring(self, chance: Random) -> timedelta:
        now = self.clock.now()
        today = local(now).date()
        times = [datetime.combine(today, one, TOKYO) for one in OFFICE_HOURS]
        times.append(at_clock(today + timedelta(days=1), 9, 31))
        if self.city.is_running(today):
            with self.floor.store.work(HOUSE, readonly=True) as work:
                times.append(campaigns.closes_at(work, today) + timedelta(minutes=1))
        if self.floor.window_end(now) is not None:
            times.append(now + timedelta(minutes=chance.randint(90, 240)))
        return min(one for one in times if one > now) - now

    def _result(self, story: EventHash) -> ContractResult:
        memory, book = self.floor.memory, self.floor.book
        found = {kind.value: times for kind, times in memory.broken.items() if times}
        found |= {kind.value: times for kind, times in book.seen.items() if times}
        memory.counts["events"] = story.events
        memory.counts["calls"] = sum(1 for one in memory.told if one.is_outbound)
        memory.counts["callbacks"] = len(memory.told) + len(book.records) - memory.counts["calls"]
        memory.counts["contacts"] = sum(1 for one in memory.told if one.reached_person)
        memory.counts["marks"] = sum(1 for one in memory.told if one.mark)
        memory.counts["cases"] = len(memory.cases)
        return ContractResult(
            scale=self.scale,
            event_hash=story.hex(),
            violations=dict(sorted(found.items())),
            counts=dict(sorted(memory.counts.items())),
        )


def simulate_contract(
    services: Services, scale: Scale, *, until_broken: bool = False
) -> ContractResult:
    """Runs a whole contract in a rehearsal home that has no campaign yet.

    ``until_broken`` ends it with the first broken rule.

    Raises ClockNotMovable in a production home, ValueError for a scale beyond the contract.
    """
    return Contract(services, scale).run(until_broken=until_broken)
