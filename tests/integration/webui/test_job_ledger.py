"""The ledger of jobs and the scheduler's rings: every due time once, in order, failures again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from secure_store import job_ledger
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.errors import Conflict
from secure_store.models import AuditEvent, JobRun, JobState
from secure_store.work import SecureStore
from webui.runtime.jobs import SCHEDULER
from webui.runtime.scheduler import CatchUp, Job, Moment, Ran, Scheduler, every

pytestmark = pytest.mark.both_databases

MINUTE = timedelta(minutes=1)


def rows(store: SecureStore) -> list[JobRun]:
    with store.work(SCHEDULER, readonly=True) as work:
        return list(work.session.scalars(select(JobRun).order_by(JobRun.due_at)))


def failures_noted(store: SecureStore) -> int:
    with store.work(SCHEDULER, readonly=True) as work:
        failed = AuditEvent.tag == Tag.SCHEDULER_JOB_FAILED.value
        return work.session.scalar(select(func.count()).select_from(AuditEvent).where(failed)) or 0


def claimed(store: SecureStore, process: str, due_at: datetime) -> bool:
    with store.work(SCHEDULER) as work:
        return job_ledger.claim(work, "a_job", due_at, process)


def finished(store: SecureStore, process: str, due_at: datetime) -> bool:
    with store.work(SCHEDULER) as work:
        return job_ledger.finish(work, "a_job", due_at, process)


def test_a_due_time_is_claimed_by_one_process_only(store: SecureStore, clock: FixedClock) -> None:
    due_at = clock.now()
    assert claimed(store, "scheduler-1", due_at)
    assert not claimed(store, "scheduler-2", due_at)
    assert claimed(store, "scheduler-2", due_at + MINUTE)


def test_what_is_done_is_never_claimed_again(store: SecureStore, clock: FixedClock) -> None:
    due_at = clock.now()
    assert claimed(store, "scheduler-1", due_at)
    assert finished(store, "scheduler-1", due_at)
    clock.advance(timedelta(days=400))
    assert not claimed(store, "scheduler-2", due_at)


def test_the_claim_of_a_dead_process_is_taken_over(store: SecureStore, clock: FixedClock) -> None:
    due_at = clock.now()
    claimed(store, "scheduler-1", due_at)
    clock.advance(job_ledger.CLAIM_LEASE - timedelta(seconds=1))
    assert not claimed(store, "scheduler-2", due_at)
    clock.advance(timedelta(seconds=1))
    assert claimed(store, "scheduler-2", due_at)
    assert not finished(store, "scheduler-1", due_at)
    assert finished(store, "scheduler-2", due_at)


def test_a_claim_that_lies_ahead_of_a_clock_moved_back_is_stale(
    store: SecureStore, clock: FixedClock
) -> None:
    due_at = clock.now()
    clock.advance(timedelta(days=1))
    claimed(store, "scheduler-1", due_at)
    clock.set(due_at)
    assert claimed(store, "scheduler-2", due_at)


def test_only_past_due_times_wait_and_only_until_they_are_done(
    store: SecureStore, clock: FixedClock
) -> None:
    now = clock.now()
    times = [now + MINUTE, now, now - MINUTE, now]
    claimed(store, "scheduler-1", now - MINUTE)
    finished(store, "scheduler-1", now - MINUTE)
    with store.work(SCHEDULER, readonly=True) as work:
        assert job_ledger.due_but_not_done(work, "a_job", times) == [now]
        assert job_ledger.due_but_not_done(work, "other", times) == [now - MINUTE, now]
        assert job_ledger.due_but_not_done(work, "a_job", []) == []


def test_a_failed_job_is_tried_again_and_noted_once(store: SecureStore, clock: FixedClock) -> None:
    def refuse(_store: SecureStore, _due_at: datetime) -> None:
        raise Conflict

    due_at = clock.now()
    scheduler = Scheduler(store, [Job("refuses", lambda _moment: [due_at], refuse)])
    assert scheduler.ring() == [Ran("refuses", due_at, "conflict")]
    assert scheduler.ring() == []
    clock.advance(job_ledger.RETRY_PAUSE)
    assert scheduler.ring() == [Ran("refuses", due_at, "conflict")]
    assert [row.attempts for row in rows(store)] == [2]
    assert failures_noted(store) == 1


def test_a_job_that_breaks_does_not_keep_the_next_from_running(
    store: SecureStore, clock: FixedClock
) -> None:
    def fall(_store: SecureStore, _due_at: datetime) -> None:
        raise ZeroDivisionError

    done: list[datetime] = []
    due_at = clock.now()
    table = [
        Job("falls", lambda _moment: [due_at - MINUTE], fall),
        Job("stands", lambda _moment: [due_at], lambda _store, at: done.append(at)),
    ]
    runs = Scheduler(store, table).ring()
    assert [(ran.job, ran.error_code) for ran in runs] == [
        ("falls", "zerodivisionerror"),
        ("stands", None),
    ]
    assert done == [due_at]
    assert [row.state for row in rows(store)] == [JobState.FAILED, JobState.DONE]


def test_missed_times_run_each_or_only_the_newest_in_the_order_they_were_due(
    store: SecureStore, clock: FixedClock
) -> None:
    now = clock.now()
    missed = [now - 3 * MINUTE, now - 2 * MINUTE, now - MINUTE]
    ran: list[tuple[str, datetime]] = []

    def keep(name: str, catch_up: CatchUp) -> Job:
        return Job(name, lambda _m: missed, lambda _s, at: ran.append((name, at)), catch_up)

    Scheduler(store, [keep("newest", CatchUp.NEWEST), keep("each", CatchUp.EACH)]).ring()
    assert ran == [("each", missed[0]), ("each", missed[1]), ("newest", now - MINUTE)] + [
        ("each", missed[2])
    ]


def test_steps_of_the_day_begin_at_midnight_in_tokyo() -> None:
    at = datetime.fromisoformat("2022-09-15T11:44:59+09:00")
    found = every(timedelta(minutes=15))(Moment(at, ()))
    assert found == [datetime.fromisoformat("2022-09-15T11:30:00+09:00")]


def test_two_schedulers_in_one_process_run_every_due_time_once(
    store: SecureStore, clock: FixedClock
) -> None:
    times = [clock.now() - number * MINUTE for number in range(12)]
    ran: list[datetime] = []
    table = [Job("counts", lambda _moment: times, lambda _s, at: ran.append(at), CatchUp.EACH)]
    together = Barrier(2)

    def work() -> None:
        scheduler = Scheduler(store, table)
        together.wait()
        scheduler.ring()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(ran) == Counter(times)
    assert {(row.state, row.attempts) for row in rows(store)} == {(JobState.DONE, 1)}
