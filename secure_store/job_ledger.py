"""One row per job and due time: a scheduled job runs once, also with two schedulers.

The database decides who runs what. A claim that its process never finished is taken over after
a lease; a failure is tried again after a pause; what is done stays done.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from secure_store.audit.tags import Result, Tag
from secure_store.models import JobRun, JobState
from secure_store.work import UnitOfWork

CLAIM_LEASE = timedelta(minutes=10)
RETRY_PAUSE = timedelta(minutes=1)


def due_but_not_done(work: UnitOfWork, job: str, due_times: Sequence[datetime]) -> list[datetime]:
    """Which of these instants still wait to be run for the job, oldest first."""
    wanted = sorted({at for at in due_times if at <= work.now})
    if not wanted:
        return []
    rows = work.session.scalars(select(JobRun).where(JobRun.job == job, JobRun.due_at.in_(wanted)))
    taken = {row.due_at for row in rows if not _is_free(row, work.now)}
    return [at for at in wanted if at not in taken]


def claim(work: UnitOfWork, job: str, due_at: datetime, process: str) -> bool:
    """Makes this process the one that runs the job for this due time; False when it is not."""
    if _insert(work, job, due_at, process):
        return True
    row = work.session.scalar(
        select(JobRun)
        .where(JobRun.job == job, JobRun.due_at == due_at)
        .execution_options(populate_existing=True)
    )
    return row is not None and _is_free(row, work.now) and _take_over(work, row, process)


def finish(work: UnitOfWork, job: str, due_at: datetime, process: str) -> bool:
    """The job is done. False when another process took the claim over meanwhile."""
    return _end(work, job, due_at, process, JobState.DONE, None)


def fail(work: UnitOfWork, job: str, due_at: datetime, process: str, error_code: str) -> bool:
    """The job failed and is tried again later; the first failure is noted in the audit trail."""
    ended = _end(work, job, due_at, process, JobState.FAILED, error_code)
    if ended and _attempts(work, job, due_at) == 1:
        work.audit(Tag.SCHEDULER_JOB_FAILED, result=Result.FAILED, reason=error_code, ref=job)
    return ended


def prune(work: UnitOfWork, jobs: Collection[str], before: datetime) -> int:
    """Removes finished rows of jobs for which only the newest due time counts."""
    gone = work.session.execute(
        delete(JobRun).where(
            JobRun.job.in_(list(jobs)), JobRun.due_at < before, JobRun.state != JobState.CLAIMED
        )
    )
    return _rows(gone)


def _is_free(row: JobRun, now: datetime) -> bool:
    if row.state is JobState.DONE:
        return False
    if row.state is JobState.FAILED:
        return _is_over(row.finished_at or row.claimed_at, RETRY_PAUSE, now)
    return _is_over(row.claimed_at, CLAIM_LEASE, now)


def _is_over(since: datetime, pause: timedelta, now: datetime) -> bool:
    # A rehearsal clock may have been moved back: what lies ahead by more than the pause is stale.
    return abs(now - since) >= pause


def _insert(work: UnitOfWork, job: str, due_at: datetime, process: str) -> bool:
    values: dict[str, Any] = {
        "id": uuid4(),
        "job": job,
        "due_at": due_at,
        "state": JobState.CLAIMED,
        "claimed_by": process,
        "claimed_at": work.now,
        "attempts": 1,
    }
    # On PostgreSQL the second of two waits for the first to commit, and then inserts nothing.
    on_sqlite = work.store.engine.dialect.name == "sqlite"
    new = sqlite.insert(JobRun) if on_sqlite else postgresql.insert(JobRun)
    inserted = new.values(values).on_conflict_do_nothing().returning(JobRun.id)
    return work.session.scalar(inserted) is not None


def _take_over(work: UnitOfWork, row: JobRun, process: str) -> bool:
    taken = work.session.execute(
        update(JobRun)
        .where(
            JobRun.id == row.id,
            JobRun.state == row.state,
            JobRun.attempts == row.attempts,
        )
        .values(
            state=JobState.CLAIMED,
            claimed_by=process,
            claimed_at=work.now,
            finished_at=None,
            attempts=row.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )
    return _rows(taken) == 1


def _end(
    work: UnitOfWork,
    job: str,
    due_at: datetime,
    process: str,
    state: JobState,
    error_code: str | None,
) -> bool:
    ended = work.session.execute(
        update(JobRun)
        .where(
            JobRun.job == job,
            JobRun.due_at == due_at,
            JobRun.claimed_by == process,
            JobRun.state == JobState.CLAIMED,
        )
        .values(state=state, finished_at=work.now, error_code=error_code)
        .execution_options(synchronize_session=False)
    )
    return _rows(ended) == 1


def _attempts(work: UnitOfWork, job: str, due_at: datetime) -> int | None:
    return work.session.scalar(
        select(JobRun.attempts).where(JobRun.job == job, JobRun.due_at == due_at)
    )


def _rows(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
