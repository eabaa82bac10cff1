"""Two app processes, a scheduler and fifty agents on PostgreSQL, killed again and again.

An hour of the home's movable clock, which this file pushes on faster than it ticks. Every
process may die at any instant by kill -9; what an agent was about to send is in a journal, as a
form is in a browser. At the end nothing is lost and nothing stands twice.
"""

from __future__ import annotations

import heapq
import logging
import os
import pickle
import signal
import subprocess
import sys
import time as machine_time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

from secure_store.access import Actor, Role
from secure_store.audit.log import AuditLogUnwritable
from secure_store.clock import FixedClock
from secure_store.errors import DomainError
from secure_store.people.staff import add_staff
from secure_store.work import DatabaseUnavailable
from tests.clusters import open_run_folder
from tests.homes import make_home
from webui.rehearsal import contract_calls
from webui.rehearsal.contract_city import City, learn_people
from webui.rehearsal.contract_desk import ContractDesk, Submission
from webui.rehearsal.contract_floor import Floor, make_floor
from webui.rehearsal.contract_plan import CampaignSpan, Scale
from webui.rehearsal.persons import REHEARSAL_PASSWORD, agent_person
from webui.rehearsal.simulated_callers import Steps
from webui.rehearsal.simulation import agent_actor, require_persons
from webui.runtime.rehearsal_clock import clock_of, set_clock
from webui.runtime.wiring import open_home

AGENTS, APPS, CASES, SEED = 50, 2, 600, 1
BEGIN = datetime.fromisoformat("2022-09-15T17:00:00+09:00")
HOUR, EVE = timedelta(hours=1), timedelta(days=2)
DAY = date(2022, 9, 15)
SPANS = tuple(
    CampaignSpan(
        receivable, date(2022, 9, 1), DAY, date(2022, 9, 28), date(2022, 10, 5), CASES // 2
    )
    for receivable in ("A01", "A05")
)
PUSH_EVERY, KILL_EVERY = 1.0, 9.0
SPEED = float(os.environ.get("DIALER_SOAK_SPEED", "15"))
READY_AGENTS = 8


class Journal:
    """What must survive a kill: each line is on the medium before anything follows it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, kind: str, what: object) -> None:
        line = pickle.dumps((kind, what)).hex().encode() + b"\n"
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())

    def read(self) -> Iterator[tuple[str, object]]:
        lines = self._path.read_bytes().split(b"\n")[:-1] if self._path.exists() else []
        for line in lines:
            yield pickle.loads(bytes.fromhex(line.decode()))


class JournalDesk(ContractDesk):
    """An agent whose form and answers are kept outside the process."""

    journal: Journal

    def _submit(self, sent: Submission) -> None:
        self.journal.write("sent", (self.actor.code, sent))
        super()._submit(sent)

    def _keep(self, sent: Submission, record_id: UUID) -> None:
        super()._keep(sent, record_id)
        self.journal.write("told", (self.actor.code, self.floor.memory.told[-1]))


def _floor(home: Path) -> Floor:
    services = open_home(home)
    floor = make_floor(services, clock_of(services.settings), SPANS, SEED)
    for span in SPANS:
        learn_people(floor, span, SEED)
    floor.learn_cases()
    return floor


def app(home: Path, number: int) -> None:
    """One app process: its half of the agents, one step after the other, as fast as it can."""
    logging.disable(logging.CRITICAL)
    floor, journal = _floor(home), Journal(home / f"journal-{number}")
    unanswered: dict[str, Submission] = {}
    for kind, what in journal.read():
        code, one = what  # type: ignore[misc]
        if kind == "sent":
            unanswered[code] = one
        else:
            unanswered.pop(code, None)
    turns = count()
    waiting = []
    for place in range(number, AGENTS, APPS):
        actor = agent_actor(place + 1)
        desk = JournalDesk(floor, actor, Random(f"{actor.code}/{machine_time.monotonic_ns()}"))
        desk.journal, desk.pending = journal, unanswered.get(actor.code)
        waiting.append((floor.clock.now(), next(turns), desk, desk.run()))
    heapq.heapify(waiting)
    while waiting and floor.clock.now() < BEGIN + HOUR:
        at, _turn, desk, steps = waiting[0]
        if at > floor.clock.now():
            machine_time.sleep(0.02)
            continue
        heapq.heappop(waiting)
        steps, pause = _step(desk, steps)
        if pause is not None:
            heapq.heappush(waiting, (floor.clock.now() + pause, next(turns), desk, steps))


def _step(desk: JournalDesk, steps: Steps) -> tuple[Steps, timedelta | None]:
    try:
        return steps, next(steps, None)
    except (DatabaseUnavailable, AuditLogUnwritable):
        return desk.run(), timedelta(seconds=30)
    except DomainError as refusal:
        desk.journal.write("refused", (desk.actor.code, refusal.code))
        return desk.run(), timedelta(seconds=60)


def _prepare(home: Path, url: str) -> None:
    services = make_home(home, url, FixedClock(BEGIN - EVE))
    require_persons(services)
    founder = Actor(code="init", role=Role.SYSTEM_ADMIN, rehearsal=True)
    with services.store.work(founder) as work:
        for number in range(READY_AGENTS + 1, AGENTS + 1):
            add_staff(work, agent_person(number), REHEARSAL_PASSWORD)
    floor = make_floor(services, services.store.clock, SPANS, SEED)
    city = City(floor, Scale(seed=SEED, agents=AGENTS, cases=CASES))
    for span in SPANS:
        city.lend(span)
    services.store.clock = FixedClock(BEGIN)
    city.duty()
    set_clock(services.settings, BEGIN)
    services.store.engine.dispose()


def _start(home: Path, name: str) -> subprocess.Popen[bytes]:
    if name == "scheduler":
        words = ["-m", "webui.cli.main", "scheduler", "--home", str(home)]
    else:
        words = ["-m", "tests.soak.processes", str(home), name]
    return subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL)


def _an_hour(home: Path) -> int:
    """Runs the processes, kills one after the other; returns how often."""
    settings = open_home(home).settings
    chance = Random(SEED)
    running = {name: _start(home, name) for name in (*map(str, range(APPS)), "scheduler")}
    kills, killed_at = 0, machine_time.monotonic()
    try:
        while clock_of(settings).now() < BEGIN + HOUR:
            machine_time.sleep(PUSH_EVERY)
            now = clock_of(settings).now()
            set_clock(settings, now + timedelta(seconds=PUSH_EVERY * (SPEED - 1)))
            if machine_time.monotonic() - killed_at > KILL_EVERY:
                name = chance.choice(sorted(running))
                running[name].send_signal(signal.SIGKILL)
                running[name].wait()
                running[name] = _start(home, name)
                kills, killed_at = kills + 1, machine_time.monotonic()
    finally:
        for process in running.values():
            process.kill()
            process.wait()
    return kills


def _judge(home: Path) -> tuple[dict[str, int], int]:
    """What was broken, and how many answers were given."""
    floor = _floor(home)
    unsure: set[UUID] = set()
    for number in range(APPS):
        for kind, what in Journal(home / f"journal-{number}").read():
            _code, one = what  # type: ignore[misc]
            if kind == "told":
                floor.memory.told.append(one)
            elif kind == "sent":
                unsure.add(one.served.handling_id)
    known = {one.record_id: one for one in floor.memory.told}
    floor.memory.told[:] = list(known.values())  # sent again after a kill: one answer
    floor.unsure |= unsure
    contract_calls.check_windows(floor, BEGIN - EVE)
    for check in (
        contract_calls.check_hands,
        contract_calls.check_outcomes,
        contract_calls.check_sums,
    ):
        check(floor)
    return {kind.value: times for kind, times in floor.memory.broken.items() if times}, len(known)


def main() -> int:
    """Prints one line; 0 when nothing was lost and nothing stands twice."""
    run = open_run_folder()
    try:
        with (
            TemporaryDirectory(prefix="dialer-processes-") as name,
            run.fresh_database("postgresql", Path(name), migrated=True) as url,
        ):
            home = Path(name) / "home"
            _prepare(home, url)
            kills = _an_hour(home)
            broken, told = _judge(home)
    finally:
        run.close()
    sys.stdout.write(f"  {AGENTS} agents, {kills} kills, {told} outcomes {broken or 'all kept'}\n")
    return int(bool(broken) or told < AGENTS or not kills)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        app(Path(sys.argv[1]), int(sys.argv[2]))
        raise SystemExit(0)
    raise SystemExit(main())
