"""Finding the case of somebody who rings back, beside `SELECT 1` through the same engine."""

from __future__ import annotations

from sqlalchemy import Engine, text

from campaigns import api as c
from campaigns.cases.personal_data import find_by_number
from tests.bench.ground import DATABASES, Ground, tidy
from tests.bench.measuring import Figure, in_turns, micros
from tests.integration.campaigns.desk_world import DAY, OP, DeskWorld, ready_world

CASES = 1_000_000
ROUNDS, CALLS = 7, 200

_NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :cases)"
    " SELECT i FROM n)",
    "postgresql": "generate_series(1, :cases) AS n(i)",
}
_ID = {
    "sqlite": "printf('%032x', i)",
    "postgresql": "lpad(to_hex(i), 32, '0')::uuid",
}
_RANDOM = {
    "sqlite": "randomblob(16)",
    "postgresql": "decode(md5(i::text || 'seed'), 'hex')",
}


def multiply(engine: Engine, cases: int) -> None:
    """So many more cases of the first one's campaign, with one number each; nobody can open them."""
    kind = engine.dialect.name
    numbers, new_id, random = _NUMBERS[kind], _ID[kind], _RANDOM[kind]
    copied = (
        "campaign_code, receivable, lent_list_id, row_version, status, close_reason, priority, "
        "oldest_due_on, is_transfer_target, dials, counted_attempts, was_contacted"
    )
    with engine.begin() as connection:
        if kind == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.execute(
            text(
                f"INSERT INTO call_case ({copied}, id, row_number, key_index, contact_sealed, "
                f"identity_sealed, debt_sealed) SELECT {copied}, {new_id}, 1000 + i, {random}, "
                f"{random}, {random}, {random} FROM (SELECT * FROM call_case LIMIT 1) AS one, "
                f"{numbers}"
            ),
            {"cases": cases},
        )
        connection.execute(
            text(
                "INSERT INTO case_phone (case_id, rank, campaign_code, kind, lookup_index, state) "
                f"SELECT {new_id}, 1, one.campaign_code, 1, {random}, 'untried' "
                f"FROM (SELECT * FROM call_case LIMIT 1) AS one, {numbers}"
            ),
            {"cases": cases},
        )
    tidy(engine, ("call_case", "case_phone"))


def _numbers(world: DeskWorld) -> list[str]:
    """Numbers that are on the list, as the people who have them would say them."""
    found = []
    for _case in range(10):
        served = world.served()
        world.permit(served)
        number = world.view().number
        assert number
        found.append(number)
        with world.store.work(OP) as work:
            c.number_compared(work, served.handling_id)
            c.note_line(work, served.handling_id, c.LineResult.NO_ANSWER)
        world.record(served.handling_id, "11")
    return found


def _figures(ground: Ground, kind: str) -> list[Figure]:
    with ground.home(kind) as (services, clock):
        world = ready_world(services, clock, rows=20)
        numbers = _numbers(world)
        engine = services.store.engine
        multiply(engine, CASES)
        asked = 0

        def look_up() -> None:
            nonlocal asked
            asked += 1
            with services.store.work(OP) as work:
                found = c.search_by_number(work, "A01", numbers[asked % len(numbers)])
            if not found:
                raise RuntimeError("nobody was found: nothing was measured")

        one = text("SELECT 1")

        def select_one() -> None:
            with engine.connect() as connection:
                connection.execute(one)

        def query() -> None:
            nonlocal asked
            asked += 1
            found = find_by_number(within, "A01", numbers[asked % len(numbers)], DAY)
            within.take_notes()
            if not found:
                raise RuntimeError("nobody was found: nothing was measured")

        def select_within() -> None:
            within.session.connection().execute(one)

        in_turns((look_up, select_one), rounds=1, calls=50)
        ours, bare = in_turns((look_up, select_one), rounds=ROUNDS, calls=CALLS, share=0.99)
        with services.store.work(OP) as within:
            in_turns((query, select_within), rounds=1, calls=50)
            found, least = in_turns((query, select_within), rounds=ROUNDS, calls=CALLS, share=0.99)
    return [
        _row("callback look-up against SELECT 1 in a transaction, p99", kind, found, least, 10),
        _row("the same with names opened, noted, committed, p99", kind, ours, bare, None),
    ]


def _row(what: str, kind: str, ours: float, bare: float, limit: float | None) -> Figure:
    return Figure(f"{what}, {CASES:,}", kind, micros(ours), micros(bare), ours / bare, limit)


def figures(ground: Ground) -> list[Figure]:
    return [figure for kind in DATABASES for figure in _figures(ground, kind)]
