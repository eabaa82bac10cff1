"""What the scheduler runs: one function per job, each opening short units of work by itself.

Every job may be run again at any time without doing anything twice; the ledger only saves work.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from campaigns.api import (
    build_files,
    close_day,
    close_ended_cases,
    destroy_old_packs,
    expire_leases,
    list_campaigns,
    mark_late_days,
    move_to_new_times,
    refresh_ranks,
    sweep_follow_ups,
)
from dialer.api import promote_due
from dialer.calendar.holidays import business_day
from secure_store import job_ledger
from secure_store.access import system_actor
from secure_store.audit.checkpoints import sign_if_new
from secure_store.audit.tags import Tag
from secure_store.maintenance import maintain
from secure_store.people import sessions
from secure_store.people.login import forget_old_failures
from secure_store.people.register_review import close_unused
from secure_store.people.watching import forget_old
from secure_store.work import SecureStore

SCHEDULER = system_actor("scheduler")
LEDGER_KEPT = timedelta(days=7)


def promote(store: SecureStore, _due_at: datetime) -> None:
    """Parked cases whose time has come may be served."""
    with store.work(SCHEDULER) as work:
        promote_due(work)


def follow_ups(store: SecureStore, _due_at: datetime) -> None:
    """Calls we owe: late ones go onto the board, then to everybody, at last to the next day."""
    with store.work(SCHEDULER) as work:
        sweep_follow_ups(work)


def follow_up_times(store: SecureStore, _due_at: datetime) -> None:
    """Calls we owe at a time that is no longer legal move to one that is (S4-7.2b-3)."""
    move_to_new_times(store, SCHEDULER)


def leases(store: SecureStore, _due_at: datetime) -> None:
    """Cases nobody dialled in time go back to the queue (S4-12.1c)."""
    with store.work(SCHEDULER) as work:
        expire_leases(work)


def late_files(store: SecureStore, _due_at: datetime) -> None:
    """Files that were not confirmed by 09:30 of the next calendar day are flagged (S4-13.1)."""
    with store.work(SCHEDULER) as work:
        mark_late_days(work)


def ranks(store: SecureStore, _due_at: datetime) -> None:
    """The order of serving follows the band that has just begun."""
    with store.work(SCHEDULER, readonly=True) as work:
        today = business_day(work.now)
        running = [view for view in list_campaigns(work) if not view.is_erased]
        codes = [view.code for view in running if view.takes_calls_on(today)]
    for code in codes:
        refresh_ranks(store, SCHEDULER, code)


def close(store: SecureStore, due_at: datetime) -> None:
    """Closes the day and builds its files; a supervisor signs them (decision 15)."""
    day = business_day(due_at)
    close_day(store, SCHEDULER, day)
    build_files(store, SCHEDULER, day)
    with store.work(SCHEDULER) as work:
        work.audit(Tag.SCHEDULER_JOB_RUN, reason="close_of_day", ref=day.isoformat())


def period_over(store: SecureStore, _due_at: datetime) -> None:
    """Cases of campaigns whose days are over are closed as 期間終了."""
    close_ended_cases(store, SCHEDULER)


def old_pack_keys(store: SecureStore, _due_at: datetime) -> None:
    """Keys of packs confirmed some days ago are destroyed (decision 3)."""
    destroy_old_packs(store, SCHEDULER)


def checkpoint(store: SecureStore, _due_at: datetime) -> None:
    """Signs the head of the log when a quarter of an hour or a thousand events have passed."""
    with store.work(SCHEDULER) as work:
        sign_if_new(work)


def maintain_database(store: SecureStore, _due_at: datetime) -> None:
    """Statistics and indexes as on the first day, while nobody calls."""
    maintain(store)


def old_sessions(store: SecureStore, _due_at: datetime) -> None:
    """Removes sessions that ended and counts that are over; closes accounts nobody uses."""
    with store.work(SCHEDULER) as work:
        sessions.prune(work)
        forget_old_failures(work)
        forget_old(work)
        if not store.is_rehearsal:  # a rehearsal's clock jumps by months
            close_unused(work)


def old_ledger_rows(store: SecureStore, due_at: datetime, names: tuple[str, ...]) -> None:
    """Removes ledger rows of jobs that repeat through the day."""
    with store.work(SCHEDULER) as work:
        job_ledger.prune(work, names, due_at - LEDGER_KEPT)
