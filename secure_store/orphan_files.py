"""Keys and bytes of files that never came to be: a crash came between key, bytes and row.

The key is made first and the row last, so what has a key and no row after a day is nobody's. Not
so after a restore: what came after the backup has no row any more, but a newer backup in the safe
may still bring it back. Such keys wait four weeks, twice as long as backups are kept.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.backups.models import BackupSet
from secure_store.backups.quarantine import last_restored
from secure_store.exchange.models import ExchangeKey
from secure_store.models import SealedFile
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import KeyKind
from secure_store.sealing.vault import SUFFIX
from secure_store.work import SecureStore

GRACE = timedelta(days=1)
GRACE_AFTER_RESTORE = timedelta(days=28)
# Everything that has a key of its own. A test finds whoever makes such keys and is not here.
REGISTERS = (SealedFile.id, BackupSet.id, ExchangeKey.id)


def sweep_orphan_files(store: SecureStore, actor: Actor) -> int:
    """Destroys the keys of files without a row, and their bytes; how many keys."""
    installed, before = installed_of(store), store.clock.now() - GRACE
    with installed.keyring.store.read() as table:
        restored_at, now = last_restored(table), store.clock.now()
        keys = [key for key in table.keys_under(installed.contract) if key.created_at < before]
    if restored_at is not None and now - restored_at < GRACE_AFTER_RESTORE:
        keys = [key for key in keys if key.created_at > restored_at]
    old = {UUID(key.label.name) for key in keys if key.label.kind is KeyKind.FILE}
    with store.work(actor, readonly=True) as work:
        known = {row for ids in REGISTERS for row in work.session.scalars(select(ids))}
    orphans = old - known
    if not orphans:
        return 0
    installed.keyring.destroy_file_keys(sorted(orphans), store.clock.now())
    for file_id in orphans:
        (installed.vault_folder / f"{file_id}{SUFFIX}").unlink(missing_ok=True)
    with store.work(actor) as work:
        work.audit(
            Tag.KEY_DESTROYED, object_kind="sealed_file", count=len(orphans), reason="orphan"
        )
    return len(orphans)
