"""What one row of an intake costs when there are many rows already.

The rows that are there already are copies of a lent one with ids and indexes of their own,
so that every index is as large as it would be.
"""

from __future__ import annotations

import statistics

from tests.bench.callback import multiply
from tests.bench.ground import DATABASES, Ground
from tests.bench.intake import open_for_delivery, staged, write_delivery
from tests.bench.measuring import FULL, Figure, micros
from tests.integration.campaigns.desk_world import ARRIVAL

FEW = 100_000
MANY = 2_000_000 if FULL else 400_000
ROWS = 5_000
RECEIVABLES = ("A01", "A02", "A03", "A04")


def _figure(ground: Ground, kind: str) -> Figure:
    times: dict[int, float] = {}
    for present in (FEW, MANY):
        with ground.home(kind, ARRIVAL) as (services, _clock):
            home = services.settings.home
            first = write_delivery(ground.folder, RECEIVABLES[0], 100)
            staged(home, first, open_for_delivery(services.store, RECEIVABLES[0]))
            multiply(services.store.engine, present)
            found = []
            for receivable in RECEIVABLES[1:]:
                delivery = write_delivery(ground.folder, receivable, ROWS)
                code = open_for_delivery(services.store, receivable)
                found.append(staged(home, delivery, code)["seconds"] / ROWS)
            times[present] = statistics.median(found)
    return Figure(
        f"intake of a row among {MANY:,} against {FEW:,}",
        kind,
        f"{micros(times[MANY])}/row",
        f"{micros(times[FEW])}/row",
        times[MANY] / times[FEW],
        2,
    )


def figures(ground: Ground) -> list[Figure]:
    return [_figure(ground, kind) for kind in DATABASES]
