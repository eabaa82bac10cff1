"""`lease_next` in a large queue, in one that is nearly worked off, in one half of which is due later."""

from __future__ import annotations

from contextlib import ExitStack

from sqlalchemy import Engine, text

from secure_store.maintenance import maintain
from tests.bench.ground import DATABASES, Ground
from tests.bench.leasing import fill_queue, leasing
from tests.bench.measuring import FULL, Figure, in_turns, micros

SMALL = 10_000
LARGE = 5_000_000 if FULL else 1_000_000
ROUNDS, CALLS = 7, 150


def finish_most(engine: Engine) -> None:
    """99 of 100 cases of a queue that was all ready are finished, as after a month of calls."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.execute(
            text("UPDATE queue_entry SET state = 'done' WHERE rank % 100 <> 0 AND state = 'ready'")
        )


def _figures(ground: Ground, kind: str) -> list[Figure]:
    with ExitStack() as stack:
        homes = [stack.enter_context(ground.home(kind))[0] for _queue in range(4)]
        small, large, finished, later = homes
        fill_queue(small.store.engine, SMALL)
        fill_queue(large.store.engine, LARGE)
        fill_queue(finished.store.engine, LARGE)
        finish_most(finished.store.engine)
        maintain(finished.store)
        fill_queue(later.store.engine, LARGE, parked=500)
        acts = [leasing(home.store) for home in homes]
        in_turns(acts, rounds=1, calls=20)
        times = in_turns(acts, rounds=ROUNDS, calls=CALLS)
    base, whole, done, parked = times
    pairs = [
        (f"lease_next at {LARGE:,} cases against {SMALL:,}, p50", whole, base, 2.0),
        (f"lease_next with 99 % of {LARGE:,} finished, after maintenance, p50", done, whole, 1.5),
        (f"lease_next with half of {LARGE:,} due later, p50", parked, whole, 1.5),
    ]
    return [
        Figure(name, kind, micros(ours), micros(theirs), ours / theirs, limit)
        for name, ours, theirs, limit in pairs
    ]


def figures(ground: Ground) -> list[Figure]:
    return [figure for kind in DATABASES for figure in _figures(ground, kind)]
