"""What the scheduler does for keys and backups; each may be run again at any time."""

from __future__ import annotations

from datetime import datetime, timedelta

from campaigns.api import current_profile, list_campaigns, prune_replaced_keys
from secure_store.backups.alarm import newest_backup
from secure_store.backups.media import media
from secure_store.backups.quarantine import keep_watch
from secure_store.backups.register import expire
from secure_store.backups.running import run_backup
from secure_store.key_custody import key_status
from secure_store.orphan_files import sweep_orphan_files
from secure_store.work import SecureStore
from webui.runtime.jobs import SCHEDULER


def watch(store: SecureStore, _due_at: datetime) -> None:
    """Database and key store note how far the other has come (security.md 5.7)."""
    keep_watch(store, SCHEDULER)


def back_up(store: SecureStore, _due_at: datetime) -> None:
    """A backup on the first registered medium when the newest one is older than the parameter."""
    with store.work(SCHEDULER, readonly=True) as work:
        parameters = current_profile(work).parameters
        usable = [medium.code for medium in media(work) if medium.retired_at is None]
        newest = newest_backup(work)
        every = timedelta(minutes=parameters.backup_every_minutes)
        is_due = newest is None or work.now - newest.taken_at >= every
    # Once the contract is erased there is nobody's data left, and no key to seal a set with.
    if usable and is_due and not key_status(store).is_erased:
        run_backup(store, SCHEDULER, usable[0], timedelta(days=parameters.backup_keep_days))


def tidy_keys(store: SecureStore, _due_at: datetime) -> None:
    """Expired backups, replaced data keys and keys of files that never came to be go."""
    with store.work(SCHEDULER) as work:
        expire(work)
        codes = [view.code for view in list_campaigns(work) if not view.is_erased]
    sweep_orphan_files(store, SCHEDULER)
    prune_replaced_keys(store, SCHEDULER, codes)
