"""A recorded outcome beside a one-row durable commit through the same engine, one client.

The outcome is the whole unit of work of the screen's use case: record, case, number, queue,
handling, sealed note, audit events, commit. What leads up to it (serving, permit, line) is not
timed.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, text

from campaigns import api as c
from tests.bench.ground import DATABASES, Ground
from tests.bench.measuring import Figure, micros, seconds_of
from tests.integration.campaigns.desk_world import NOTE, OP, DeskWorld, ready_world

ROUNDS, CALLS = 7, 30


def bare_commit(engine: Engine) -> Callable[[], None]:
    """One row of a small table changed and committed."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bare_row (id int PRIMARY KEY, n int NOT NULL)")
        connection.exec_driver_sql("INSERT INTO bare_row VALUES (1, 0)")
    statement = text("UPDATE bare_row SET n = n + 1 WHERE id = 1")

    def commit() -> None:
        with engine.begin() as connection:
            connection.execute(statement)

    return commit


def outcome_of_next(world: DeskWorld) -> Callable[[], object]:
    """Serves and dials the next case; gives the act that records its outcome."""
    world.clock.advance(timedelta(seconds=1))
    served = world.served(OP)
    with world.store.work(OP) as work:
        c.ask_permit(work, served.handling_id)
        c.number_compared(work, served.handling_id)
        c.note_line(work, served.handling_id, c.LineResult.NO_ANSWER)
    entry = c.OutcomeEntry("11", (), c.OutcomeReport(note=NOTE))

    def record() -> object:
        with world.store.work(OP) as work:
            return c.record_outcome(work, served.handling_id, entry)

    return record


def _measured(world: DeskWorld) -> tuple[float, float]:
    commit = bare_commit(world.store.engine)
    for _warming in range(5):
        outcome_of_next(world)()
        commit()
    ours, bare = [], []
    for _round in range(ROUNDS):
        ours.append(statistics.median(seconds_of(outcome_of_next(world)) for _call in range(CALLS)))
        bare.append(statistics.median(seconds_of(commit) for _call in range(CALLS)))
    return statistics.median(ours), statistics.median(bare)


def figures(ground: Ground) -> list[Figure]:
    """On both databases."""
    found = []
    for kind, limit in zip(DATABASES, (0.5, 0.2), strict=True):
        with ground.home(kind) as (services, clock):
            world = ready_world(services, clock, rows=ROUNDS * CALLS + 20)
            ours, bare = _measured(world)
        found.append(
            Figure(
                "recorded outcomes per one-row durable commit",
                kind,
                micros(ours),
                micros(bare),
                bare / ours,
                limit,
                at_least=True,
            )
        )
    return found
