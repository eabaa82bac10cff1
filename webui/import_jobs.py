"""Intake in the background: one thread per delivery, its progress kept in this process.

The record store is what counts. This registry only tells the waiting page how far the work is
and why it ended; after a restart it is empty, and what was half staged is removed (S4-5.2b).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock, Thread
from typing import Any
from uuid import UUID, uuid4

from campaigns.api import stage_delivery
from campaigns.errors import RowsRejected
from secure_store.access import Actor
from secure_store.errors import DomainError
from secure_store.work import SecureStore

MOST_JOBS = 50
UNEXPECTED = "refused"
log = logging.getLogger("webui.imports")

After = Callable[[UUID], None]
Start = Callable[[Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One delivery on its way in. Finished with a list, or with the code of its refusal.

    ``report`` of a refused delivery holds places and codes, never a value of a cell.
    """

    id: UUID
    campaign_code: str
    file_count: int
    done: int = 0
    total: int = 0
    list_id: UUID | None = None
    refusal: str | None = None
    report: Mapping[str, Any] | None = None

    @property
    def is_finished(self) -> bool:
        return self.list_id is not None or self.refusal is not None


def _in_thread(run: Callable[[], None]) -> None:
    Thread(target=run, name="intake", daemon=True).start()


class ImportJobs:
    """The deliveries this process has taken in lately."""

    def __init__(self, start: Start = _in_thread) -> None:
        self._start = start
        self._lock = Lock()
        self._jobs: dict[UUID, ImportJob] = {}

    def begin(
        self,
        store: SecureStore,
        actor: Actor,
        campaign_code: str,
        files: Mapping[str, bytes],
        after: After | None = None,
    ) -> ImportJob:
        """Starts checking and staging a delivery; returns at once.

        ``after`` is called with the list's id once its rows are in the system.
        """
        job = ImportJob(uuid4(), campaign_code, len(files))
        with self._lock:
            while len(self._jobs) >= MOST_JOBS:
                del self._jobs[next(iter(self._jobs))]
            self._jobs[job.id] = job
        self._start(lambda: self._run(store, actor, job.id, files, after))
        return job

    def find(self, job_id: UUID) -> ImportJob | None:
        """What is known of a delivery, if this process took it in."""
        with self._lock:
            return self._jobs.get(job_id)

    def _run(
        self,
        store: SecureStore,
        actor: Actor,
        job_id: UUID,
        files: Mapping[str, bytes],
        after: After | None,
    ) -> None:
        def progress(done: int, total: int) -> None:
            self._note(job_id, done=done, total=total)

        code = self._code(job_id)
        try:
            list_id = stage_delivery(store, actor, code, files, progress)
            if after is not None:
                after(list_id)
        except RowsRejected as refused:
            self._note(job_id, refusal=refused.code, report=refused.details["report"])
        except DomainError as refused:
            self._note(job_id, refusal=refused.code)
        except Exception as error:
            # The exception's text may hold a statement with values; only its kind is logged.
            log.error("intake", extra={"kind": type(error).__name__})
            self._note(job_id, refusal=UNEXPECTED)
        else:
            self._note(job_id, list_id=list_id)

    def _code(self, job_id: UUID) -> str:
        with self._lock:
            return self._jobs[job_id].campaign_code

    def _note(self, job_id: UUID, **changes: Any) -> None:
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id] = replace(self._jobs[job_id], **changes)
