"""`lease_next` beside the fetch of procrastinate, a job queue on PostgreSQL, on the same server.

Once as its users call it from Python, once only its statement through our engine: that is the
harder comparison, for none of its own Python is in it.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from time import perf_counter

import procrastinate
from procrastinate.manager import JobManager
from sqlalchemy import Engine, text

from tests.bench.ground import Ground, tidy
from tests.bench.leasing import fill_queue, leasing
from tests.bench.measuring import Figure, micros, quantile, seconds_of

ROUNDS, CALLS = 7, 300
JOBS = 100_000

_FILL = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)
SELECT 'default', 'call', (random() * 1000)::int, '{}', 'todo' FROM generate_series(1, :jobs)"""
_FETCH = text(
    "SELECT id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, "
    "attempts, worker_id FROM procrastinate_fetch_job_v2(NULL, :worker)"
)


async def _prepared(conninfo: str) -> tuple[procrastinate.App, JobManager, int]:
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=1)
    app = procrastinate.App(connector=connector)
    await app.open_async()
    await app.schema_manager.apply_schema_async()
    return app, app.job_manager, await app.job_manager.register_worker()


async def _fetches(manager: JobManager, worker: int) -> float:
    times = []
    for _call in range(CALLS):
        began = perf_counter()
        if await manager.fetch_job(None, worker) is None:
            raise RuntimeError("the queue ran empty: nothing was measured")
        times.append(perf_counter() - began)
    return quantile(times, 0.5)


def _statement(engine: Engine, worker: int) -> Callable[[], None]:
    def fetch() -> None:
        with engine.begin() as connection:
            if connection.execute(_FETCH, {"worker": worker}).one().id is None:
                raise RuntimeError("the queue ran empty: nothing was measured")

    return fetch


def figures(ground: Ground) -> list[Figure]:
    with ground.home("postgresql") as (services, _clock), asyncio.Runner() as runner:
        engine = services.store.engine
        url = engine.url
        conninfo = f"host={url.query['host']} port=5432 user={url.username} dbname={url.database}"
        app, manager, worker = runner.run(_prepared(conninfo))
        with engine.begin() as connection:
            connection.execute(text(_FILL), {"jobs": JOBS})
        tidy(engine, ("procrastinate_jobs",))
        fill_queue(engine, JOBS)
        lease, statement = leasing(services.store), _statement(engine, worker)
        found: tuple[list[float], list[float], list[float]] = ([], [], [])
        for _round in range(ROUNDS):
            found[0].append(quantile([seconds_of(lease) for _call in range(CALLS)], 0.5))
            found[1].append(runner.run(_fetches(manager, worker)))
            found[2].append(quantile([seconds_of(statement) for _call in range(CALLS)], 0.5))
        runner.run(app.close_async())
    ours, theirs, bare = map(statistics.median, found)
    pairs = [
        ("lease_next against procrastinate's fetch from Python, p50", theirs, 1.0),
        ("lease_next against procrastinate's statement in our engine, p50", bare, None),
    ]
    return [
        Figure(name, "postgresql", micros(ours), micros(other), ours / other, limit)
        for name, other, limit in pairs
    ]
