"""Intake of a delivery beside the same code with a cipher that only copies bytes; its memory.

Each staging runs in a process of its own: what one leaves in memory does not serve the next.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from unittest import mock
from uuid import UUID

from campaigns import api as c
from campaigns.cases import personal_data
from campaigns.intake import tables
from secure_store.sealing.boxes import pack_fields
from secure_store.sealing.cipher import Box, Cipher
from secure_store.sealing.scopes import BatchScope
from secure_store.work import SecureStore
from tests.bench.ground import DATABASES, Ground
from tests.bench.measuring import FULL, Figure, micros
from tests.integration.campaigns.desk_world import ARRIVAL, DAY, MONTH, SEED, SV
from webui.rehearsal.sample_delivery import make_delivery
from webui.runtime.wiring import open_home

ROWS = 200_000 if FULL else 20_000
SMALL, LARGE = 20_000, 200_000
MOST_ROWS = 1_000_000
ROUNDS = 3


class CopyingCipher(Cipher):
    """The same calls as the cipher, without keys: values are packed and copied."""

    def make_key(self, scope: BatchScope, now: datetime) -> None:
        """No key."""

    def add_rows(self, scope: BatchScope, rows: Collection[UUID], now: datetime) -> None:
        """No salts."""

    def seal_many(
        self, scope: BatchScope, items: Sequence[tuple[UUID, Box, Sequence[bytes]]]
    ) -> list[bytes]:
        return [pack_fields(fields) for _row, _box, fields in items]

    def index(
        self, scope: BatchScope, table: str, column: str, values: Iterable[str]
    ) -> list[bytes]:
        return [value.encode().rjust(16, b"\0")[:16] for value in values]


@contextmanager
def _copying() -> Iterator[None]:
    def copying(store: SecureStore) -> Cipher:
        from secure_store.sealing.installed import installed_of

        installed = installed_of(store)
        return CopyingCipher(installed.keyring, installed.contract)

    with mock.patch.object(personal_data, "cipher_of_store", copying):
        yield


def open_for_delivery(store: SecureStore, receivable: str, month: date = MONTH) -> str:
    with store.work(SV) as work:
        plan = c.CampaignPlan(receivable, month, DAY, date(2022, 9, 30), date(2022, 10, 7))
        return c.open_campaign(work, plan).code


def write_delivery(folder: Path, receivable: str, rows: int) -> Path:
    """The files of a delivery in a folder of their own."""
    place = folder / f"lent_{receivable}_{rows}"
    if not place.exists():
        place.mkdir()
        make_delivery(receivable, MONTH, rows, SEED).write_to(place)
    return place


def _memory(name: str) -> int:
    """A figure of this process in KiB, as the kernel tells it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def staged_here(home: Path, delivery: Path, campaign: str, *, copies: bool) -> Mapping[str, float]:
    """Stages a delivery in this process: seconds, and by how much memory grew (MiB)."""
    services = open_home(home)
    files = {path.name: path.read_bytes() for path in sorted(delivery.iterdir())}
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    began = perf_counter()
    # 200,000 people have more than 300,000 periods, the limit of one file (security 8.1).
    with _copying() if copies else nullcontext(), mock.patch.object(tables, "MAX_ROWS", MOST_ROWS):
        c.stage_delivery(services.store, SV, campaign, files)
    seconds = perf_counter() - began
    return {"seconds": seconds, "mib": (_memory("VmHWM") - before) / 1024}


def staged(home: Path, delivery: Path, campaign: str, *, copies: bool = False) -> dict[str, float]:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.intake", home, delivery, campaign, str(int(copies))],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    return dict(json.loads(done.stdout))


def _speed(ground: Ground, kind: str) -> Figure:
    delivery = write_delivery(ground.folder, "A01", ROWS)
    sealed, copied = [], []
    for _round in range(ROUNDS):
        for copies, kept in ((False, sealed), (True, copied)):
            with ground.home(kind, ARRIVAL) as (services, _clock):
                code = open_for_delivery(services.store, "A01")
                kept.append(staged(services.settings.home, delivery, code, copies=copies))
    ours = statistics.median(one["seconds"] for one in sealed) / ROWS
    bare = statistics.median(one["seconds"] for one in copied) / ROWS
    return Figure(
        f"intake of {ROWS:,} rows against a cipher that only copies",
        kind,
        f"{micros(ours)}/row",
        f"{micros(bare)}/row",
        bare / ours,
        0.4,
        at_least=True,
    )


def _growth(ground: Ground, kind: str) -> list[Figure]:
    grown = {}
    for rows in (SMALL, LARGE):
        delivery = write_delivery(ground.folder, "A01", rows)
        with ground.home(kind, ARRIVAL) as (services, _clock):
            code = open_for_delivery(services.store, "A01")
            grown[rows] = staged(services.settings.home, delivery, code)["mib"]
    small, large = grown[SMALL], grown[LARGE]
    mib = f"{small:,.0f} MiB"
    return [
        Figure(
            f"memory an intake of {LARGE:,} rows takes, MiB",
            kind,
            f"{large:,.0f} MiB",
            "100 MiB",
            large,
            100,
        ),
        Figure(
            f"memory for {LARGE:,} rows against {SMALL:,}",
            kind,
            f"{large:,.0f} MiB",
            mib,
            large / small,
            1.1,
        ),
    ]


def figures(ground: Ground) -> list[Figure]:
    """Speed on both databases; memory on SQLite, whose pages are in this process too."""
    return [*(_speed(ground, kind) for kind in DATABASES), *_growth(ground, "sqlite")]


if __name__ == "__main__":
    place, lent, code, copies = sys.argv[1:]
    said = staged_here(Path(place), Path(lent), code, copies=copies == "1")
    sys.stdout.write(json.dumps(said))
