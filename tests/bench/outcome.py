"""A recorded outcome beside a one-row durable commit through the same engine, one client.

The outcome is the whole unit of work of the screen's use case: record, case, number, queue,
handling, sealed note, audit events, commit. What leads up to it (serving, permit, line) is not
timed.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlalchemy import Engine, text

from campaigns import api as c
from tests.bench.ground import DATABASES, Ground
from tests.bench.measuring import Figure, micros, timed
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


Times = tuple[float, float]
"""Of one call: on the clock, and of the processor on this side."""


def _median(times: Iterable[Times]) -> Times:
    clock, processor = zip(*times, strict=True)
    return statistics.median(clock), statistics.median(processor)


def _measured(world: DeskWorld) -> tuple[Times, Times]:
    commit = bare_commit(world.store.engine)
    for _warming in range(5):
        outcome_of_next(world)()
        commit()
    ours, bare = [], []
    for _round in range(ROUNDS):
        ours.append(_median(timed(outcome_of_next(world)) for _call in range(CALLS)))
        bare.append(_median(timed(commit) for _call in range(CALLS)))
    return _median(ours), _median(bare)


def figures(ground: Ground) -> list[Figure]:
    """On both databases."""
    found = []
    for kind, limit in zip(DATABASES, (0.5, 0.2), strict=True):
        with ground.home(kind) as (services, clock):
            world = ready_world(services, clock, rows=ROUNDS * CALLS + 20)
            ours, bare = _measured(world)
        name = "recorded outcomes per one-row durable commit"
        found.append(_figure(name, kind, ours[0], bare[0], limit))
        found.append(_figure(f"{name}, processor time", kind, ours[1], bare[1], None))
    return found


def _figure(name: str, kind: str, ours: float, bare: float, limit: float | None) -> Figure:
    ratio = bare / ours
    return Figure(name, kind, micros(ours), micros(bare), ratio, limit, at_least=True)
