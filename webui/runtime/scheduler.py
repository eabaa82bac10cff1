"""The job table and the one scheduler process. APScheduler is imported here and nowhere else.

APScheduler only rings: every ring asks, by the home's own clock, which due times of which job are
not done yet, and claims them one by one in the ledger. So a second scheduler does no harm, a
process that stood still catches up, and a rehearsal clock that jumped does too.
"""

from __future__ import annotations

import logging
import secrets
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from campaigns.api import DayPlan, owed_days
from dialer.calendar.holidays import TOKYO, in_tokyo
from secure_store import job_ledger
from secure_store.errors import DomainError
from secure_store.work import SecureStore
from webui.runtime import backup_jobs, jobs
from webui.runtime.jobs import SCHEDULER

RING_SECONDS = 10
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
MIDNIGHT, NIGHT = time(0), time(3)
PRUNING = "old_ledger_rows"
log = logging.getLogger("webui.scheduler")


class CatchUp(StrEnum):
    """What becomes of due times that were missed: only the newest is run, or each of them."""

    NEWEST = "newest"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Moment:
    """What due times are made of: the instant, and the days that owe files, oldest first."""

    now: datetime
    days: tuple[DayPlan, ...]


DueTimes = Callable[[Moment], Sequence[datetime]]


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the job table; ``due`` may name instants that are still to come."""

    name: str
    due: DueTimes
    run: Callable[[SecureStore, datetime], None]
    catch_up: CatchUp = CatchUp.NEWEST


@dataclass(frozen=True, slots=True)
class Ran:
    """One due time that this ring ran; ``error_code`` is None when it went well."""

    job: str
    due_at: datetime
    error_code: str | None = None


def every(step: timedelta) -> DueTimes:
    """The full steps since midnight in Tokyo: only the last one."""

    def due(moment: Moment) -> list[datetime]:
        local = in_tokyo(moment.now)
        midnight = datetime.combine(local.date(), MIDNIGHT, tzinfo=TOKYO)
        return [midnight + (local - midnight) // step * step]

    return due


def daily_at(at: time) -> DueTimes:
    """The newest occurrence of a clock time in Tokyo."""

    def due(moment: Moment) -> list[datetime]:
        local = in_tokyo(moment.now)
        today = datetime.combine(local.date(), at, tzinfo=TOKYO)
        return [today if today <= local else today - timedelta(days=1)]

    return due


def _at_ranks(moment: Moment) -> list[datetime]:
    return [at for plan in moment.days for at in plan.ranks_at]


def _at_closes(moment: Moment) -> list[datetime]:
    return [plan.closes_at for plan in moment.days]


_THROUGH_THE_DAY = (
    Job("promote_due", every(MINUTE), jobs.promote),
    Job("expire_leases", every(MINUTE), jobs.leases),
    Job("follow_ups", every(MINUTE), jobs.follow_ups),
    Job("follow_up_times", every(QUARTER), jobs.follow_up_times),
    Job("late_files", every(MINUTE), jobs.late_files),
    Job("refresh_ranks", _at_ranks, jobs.ranks),
    Job("audit_checkpoint", every(MINUTE), jobs.checkpoint),
    Job("watch", every(QUARTER), backup_jobs.watch),
    Job("backup", every(QUARTER), backup_jobs.back_up),
    Job("period_over", daily_at(MIDNIGHT), jobs.period_over),
    Job("old_pack_keys", daily_at(NIGHT), jobs.old_pack_keys),
    Job("old_sessions", daily_at(NIGHT), jobs.old_sessions),
    Job("tidy_keys", daily_at(NIGHT), backup_jobs.tidy_keys),
    Job("maintenance", daily_at(NIGHT), jobs.maintain_database),
)
JOBS: tuple[Job, ...] = (
    *_THROUGH_THE_DAY,
    Job("close_of_day", _at_closes, jobs.close, CatchUp.EACH),
    Job(
        PRUNING,
        daily_at(NIGHT),
        partial(jobs.old_ledger_rows, names=(*(job.name for job in _THROUGH_THE_DAY), PRUNING)),
    ),
)


class Scheduler:
    """Runs what is due in one home. Many may run at once: the ledger keeps them apart."""

    def __init__(self, store: SecureStore, table: Sequence[Job] = JOBS) -> None:
        self._store = store
        self._table = table
        self.process = f"scheduler-{secrets.token_hex(4)}"

    def ring(self) -> list[Ran]:
        """Runs everything that is due and not done, in the order it was due."""
        runs = [self._run(job, due_at) for due_at, job in self._waiting()]
        return [ran for ran in runs if ran is not None]

    def _waiting(self) -> list[tuple[datetime, Job]]:
        with self._store.work(SCHEDULER, readonly=True) as work:
            moment = Moment(work.now, owed_days(work))
            found = [
                (due_at, job)
                for job in self._table
                for due_at in job_ledger.due_but_not_done(work, job.name, _past(job, moment))
            ]
        return sorted(found, key=lambda item: item[0])

    def _run(self, job: Job, due_at: datetime) -> Ran | None:
        with self._store.work(SCHEDULER) as work:
            if not job_ledger.claim(work, job.name, due_at, self.process):
                return None
        error_code = self._outcome(job, due_at)
        with self._store.work(SCHEDULER) as work:
            if error_code is None:
                job_ledger.finish(work, job.name, due_at, self.process)
            else:
                job_ledger.fail(work, job.name, due_at, self.process, error_code)
        return Ran(job.name, due_at, error_code)

    def _outcome(self, job: Job, due_at: datetime) -> str | None:
        about = {"job": job.name, "due": due_at.isoformat(), "worker": self.process}
        try:
            job.run(self._store, due_at)
        except DomainError as refusal:
            log.warning("job_refused", extra={**about, "code": refusal.code})
            return refusal.code
        except Exception as fault:
            # One job that fails must not keep the others from running.
            log.exception("job_failed", extra=about)
            return type(fault).__name__.lower()[:60]
        return None

    def ring_safely(self) -> None:
        """A ring for the alarm clock: a database that is away for a while ends nothing."""
        try:
            self.ring()
        except Exception:
            log.exception("ring_failed", extra={"worker": self.process})


def _past(job: Job, moment: Moment) -> list[datetime]:
    past = sorted(at for at in job.due(moment) if at <= moment.now)
    return past if job.catch_up is CatchUp.EACH else past[-1:]


def start(store: SecureStore) -> Callable[[], None]:
    """Rings every few seconds in a thread of this process; returns what stops it again."""
    scheduler = Scheduler(store)
    alarm = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        timezone=TOKYO,
    )
    scheduler.ring_safely()
    alarm.add_job(scheduler.ring_safely, "interval", seconds=RING_SECONDS, id="ring")
    alarm.start()
    log.info("scheduler_started", extra={"worker": scheduler.process})
    return partial(alarm.shutdown, wait=True)


def run_forever(store: SecureStore) -> None:
    """The process ``dialer scheduler``: rings until it is asked to end."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: over.set())
    stop = start(store)
    over.wait()
    stop()
