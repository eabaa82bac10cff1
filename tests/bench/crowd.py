"""Fifty agents on eight processes take cases from one queue: none twice, no process starved."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from time import perf_counter

from tests.bench.ground import DATABASES, Ground, agent
from tests.bench.leasing import AGENT, MINUTES, fill_queue
from tests.bench.measuring import Figure
from webui.runtime.wiring import open_home

AGENTS, PROCESSES = 50, 8
SECONDS = 8.0
CASES = 200_000


def work_here(home: Path, agents: int) -> list[str]:
    """This process's agents lease until the time is over; the cases they got."""
    from dialer.outbound.leasing import lease_next

    store = open_home(home).store
    got: list[str] = []
    failed: list[BaseException] = []
    sys.stdin.readline()  # all processes begin together
    until = perf_counter() + SECONDS

    def run() -> None:
        actor = agent(AGENT)
        try:
            while perf_counter() < until:
                with store.work(actor) as work:
                    lease = lease_next(work, AGENT, MINUTES)
                if lease is not None:
                    got.append(lease.case_ref.hex)
        except BaseException as failure:
            failed.append(failure)

    threads = [threading.Thread(target=run) for _agent in range(agents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.engine.dispose()
    if failed:
        raise failed[0]
    return got


def _shares() -> list[int]:
    return [
        AGENTS // PROCESSES + (1 if place < AGENTS % PROCESSES else 0) for place in range(PROCESSES)
    ]


def _figures(ground: Ground, kind: str) -> list[Figure]:
    with ground.home(kind) as (services, _clock):
        fill_queue(services.store.engine, CASES)
        services.store.engine.dispose()
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.crowd", services.settings.home, str(agents)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[2],
            )
            for agents in _shares()
        ]
        for process in started:
            assert process.stdout is not None
            process.stdout.readline()  # it is ready
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError("an agent's process failed")
    served = [json.loads(answer) for answer in answers]
    times = Counter(case for cases in served for case in cases)
    doubles = sum(1 for number in times.values() if number > 1)
    # Per agent, for two of the processes have one agent more.
    each = [len(cases) / agents for cases, agents in zip(served, _shares(), strict=True)]
    said = f"{sum(times.values()) / SECONDS:,.0f} leases/s"
    spread = f"{min(map(len, served))} to {max(map(len, served))} a process"
    totals = [len(cases) for cases in served]
    return [
        Figure(
            f"double leases of {AGENTS} agents on {PROCESSES} processes",
            kind,
            said,
            "0",
            doubles,
            0,
        ),
        Figure(
            "best served process against the worst",
            kind,
            spread,
            f"{max(each) / min(each):.2f} per agent",
            max(totals) / max(1, min(totals)),
            1.5 if kind == "sqlite" else None,
        ),
    ]


def figures(ground: Ground) -> list[Figure]:
    return [figure for kind in DATABASES for figure in _figures(ground, kind)]


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(work_here(Path(sys.argv[1]), int(sys.argv[2]))))
