"""What goes wrong in a simulated contract: kills at named points, a locked or full database, jumps.

A fail-point exists only here: the simulation wraps the store's unit of work, the product knows
nothing of it. A kill is a BaseException, so that no handler of ordinary faults takes it for one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from enum import StrEnum
from random import Random

from secure_store.access import Actor
from secure_store.database import SQLITE_PRAGMAS, sqlite_path
from secure_store.work import SecureStore, UnitOfWork
from webui.rehearsal.contract_floor import HOUSE, Floor
from webui.rehearsal.simulated_callers import Steps

SHORT, LONG = timedelta(minutes=10), timedelta(hours=2)
LOCKED_FOR = timedelta(minutes=6)
NO_LIMIT = 1_073_741_823


class FailPoint(StrEnum):
    """Where a process can be killed."""

    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit_before_answer"


class Killed(BaseException):
    """The process ended here, as by kill -9: nothing after this point has happened."""

    def __init__(self, point: FailPoint) -> None:
        super().__init__(point.value)
        self.point = point


class Fuse:
    """Burns once: kills at the point it was set to, after so many passes."""

    def __init__(self) -> None:
        self._point: FailPoint | None = None
        self._passes = 0

    def set(self, point: FailPoint, passes: int) -> None:
        """The pass after ``passes`` further ones kills."""
        self._point, self._passes = point, passes

    def pass_by(self, point: FailPoint) -> None:
        """Called at every point of every writing unit of work."""
        if point is not self._point:
            return
        if self._passes > 0:
            self._passes -= 1
            return
        self._point = None
        raise Killed(point)


def make_fragile(store: SecureStore, fuse: Fuse) -> None:
    """From now on the units of work of this store pass the fail-points."""
    sound: Callable[..., AbstractContextManager[UnitOfWork]] = store.work

    @contextmanager
    def work(actor: Actor, *, readonly: bool = False) -> Iterator[UnitOfWork]:
        with sound(actor, readonly=readonly) as unit:
            yield unit
            if not readonly:
                fuse.pass_by(FailPoint.BEFORE_COMMIT)
        if not readonly:
            fuse.pass_by(FailPoint.AFTER_COMMIT)

    vars(store)["work"] = work


@contextmanager
def short_patience() -> Iterator[None]:
    """Connections opened meanwhile wait a moment only for a locked SQLite database."""
    kept = SQLITE_PRAGMAS["busy_timeout"]
    SQLITE_PRAGMAS["busy_timeout"] = "5"
    try:
        yield
    finally:
        SQLITE_PRAGMAS["busy_timeout"] = kept


class Faults:
    """Lets things go wrong at seeded instants while the floor works."""

    def __init__(self, floor: Floor, fuse: Fuse, seed: int, jump: Callable[[timedelta], None]):
        self._floor = floor
        self._fuse = fuse
        self._chance = Random(f"{seed}/faults")
        self._jump = jump
        on_sqlite = sqlite_path(floor.store.engine) is not None
        kinds: list[Callable[[], Steps]] = [self._kill, self._kill, self._clock]
        self._kinds = [*kinds, self._locked, self._full] if on_sqlite else kinds

    def run(self) -> Steps:
        """One fault after the other, now and then, also outside the hours."""
        while (closed := self._floor.until_open()) is not None:
            pause = self._chance.uniform(SHORT.total_seconds(), LONG.total_seconds())
            # Of the quiet hours only some are disturbed.
            yield max(timedelta(seconds=round(pause)), closed * self._chance.random())
            yield from self._chance.choice(self._kinds)()

    def _noted(self, kind: str) -> None:
        self._floor.memory.counts[f"fault_{kind}"] += 1

    def _kill(self) -> Steps:
        point = self._chance.choice(list(FailPoint))
        self._noted(point.value)
        self._fuse.set(point, self._chance.randint(0, 6))
        yield timedelta(seconds=1)

    def _clock(self) -> Steps:
        """The clock is set: seconds back, or minutes to hours forward."""
        back = self._chance.random() < 0.4
        self._noted("clock_back" if back else "clock_forward")
        self._jump(timedelta(seconds=-self._chance.randint(1, 90)) if back else self._forward())
        yield timedelta(seconds=1)

    def _forward(self) -> timedelta:
        return timedelta(minutes=self._chance.choice((2, 16, 45, 200)))

    def _locked(self) -> Steps:
        """Somebody else holds the database, as a backup does."""
        self._noted("locked")
        path = sqlite_path(self._floor.store.engine)
        other = sqlite3.connect(str(path), isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            yield LOCKED_FOR
        finally:
            other.close()

    def _full(self) -> Steps:
        """No further page can be written."""
        self._noted("full")
        self._limit_pages(0)
        yield LOCKED_FOR
        self._limit_pages(NO_LIMIT)

    def _limit_pages(self, pages: int) -> None:
        # SQLite takes the present size when the limit is below it.
        with self._floor.store.work(HOUSE, readonly=True) as work:
            pragma = f"PRAGMA max_page_count = {pages or 1}"
            work.session.connection().exec_driver_sql(pragma)
