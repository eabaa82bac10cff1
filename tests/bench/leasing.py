"""`lease_next` beside a bare SKIP LOCKED transaction through the same engine, one connection."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, text

from dialer.outbound.leasing import lease_next
from secure_store.work import SecureStore
from tests.bench.ground import Ground, agent, tidy
from tests.bench.measuring import Figure, in_turns, micros

ROUNDS, CALLS = 7, 300
CASES = 100_000
AGENT = "OP01"
MINUTES = 30

_FILL = {
    "sqlite": """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :cases)
INSERT INTO queue_entry (case_ref, list_ref, state, assignee, rank, due_at, fence)
SELECT lower(hex(randomblob(16))), 'A01-202209',
       CASE WHEN i % 1000 < :done THEN 'done' WHEN i % 1000 < :parked THEN 'parked'
       ELSE 'ready' END,
       :agent, abs(random() % 1000000000), CASE WHEN i % 1000 < :done THEN NULL
       WHEN i % 1000 < :parked THEN '2022-09-15 09:00:00.000000' END, 0 FROM n""",
    "postgresql": """
INSERT INTO queue_entry (case_ref, list_ref, state, assignee, rank, due_at, fence)
SELECT gen_random_uuid(), 'A01-202209',
       CASE WHEN i % 1000 < :done THEN 'done' WHEN i % 1000 < :parked THEN 'parked'
       ELSE 'ready' END,
       :agent, (random() * 1000000000)::bigint, CASE WHEN i % 1000 < :done THEN NULL
       WHEN i % 1000 < :parked THEN timestamptz '2022-09-15 18:00+09' END, 0
FROM generate_series(1, :cases) AS i""",
}


def fill_queue(
    engine: Engine, cases: int, *, done: int = 0, parked: int = 0, holder: str = AGENT
) -> None:
    """So many entries of one agent; ``done`` and ``parked`` in thousandths of them."""
    values = {"cases": cases, "done": done, "parked": done + parked, "agent": holder}
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.execute(text(_FILL[engine.dialect.name]), values)
    tidy(engine, ("queue_entry",))


def leasing(store: SecureStore, holder: str = AGENT) -> Callable[[], None]:
    """One leased case: a whole unit of work, from the turn to the commit."""
    actor = agent(holder)

    def lease() -> None:
        with store.work(actor) as work:
            if lease_next(work, holder, MINUTES) is None:
                raise RuntimeError("the queue ran empty: nothing was measured")

    return lease


def bare_lease(engine: Engine, cases: int) -> Callable[[], None]:
    """The least a queue can do: take one row's state under SKIP LOCKED, and commit."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE bare (id bigint PRIMARY KEY, place bigint, state int)"
        )
        connection.execute(
            text("INSERT INTO bare SELECT i, i, 0 FROM generate_series(1, :cases) AS i"),
            {"cases": cases},
        )
        connection.exec_driver_sql("CREATE INDEX bare_next ON bare (place) WHERE state = 0")
    tidy(engine, ("bare",))
    statement = text(
        "UPDATE bare SET state = 1 WHERE id = (SELECT id FROM bare WHERE state = 0 "
        "ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
    )

    def take() -> None:
        with engine.begin() as connection:
            if connection.execute(statement).first() is None:
                raise RuntimeError("the queue ran empty: nothing was measured")

    return take


def figures(ground: Ground) -> list[Figure]:
    """PostgreSQL only: SQLite has no SKIP LOCKED."""
    with ground.home("postgresql") as (services, _clock):
        engine = services.store.engine
        fill_queue(engine, CASES)
        ours, bare = leasing(services.store), bare_lease(engine, CASES)
        for act in (ours, bare):
            act()
        mine, least = in_turns((ours, bare), rounds=ROUNDS, calls=CALLS)
    return [
        Figure(
            "lease_next against a bare SKIP LOCKED transaction, p50",
            "postgresql",
            micros(mine),
            micros(least),
            mine / least,
            3,
        )
    ]
