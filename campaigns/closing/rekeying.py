"""A new data key for one campaign while calls go on: rows are sealed anew in slices.

Both keys open meanwhile. A row that changed since it was read keeps its newer content and comes
again in the next pass. The old key goes when no row and no unexpired backup needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update

from campaigns.cases.cases import get_campaign
from campaigns.closing.sealed_cells import BOX_VERSIONS, cells, sealed_columns
from campaigns.closing.tables import table_of
from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.backups.register import live_backups
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.sealing.resealing import Resealing, Sealed, sealed_under
from secure_store.sealing.sealing_errors import KeyInUse
from secure_store.work import SecureStore, UnitOfWork

# Columns of keyed hashes. A test compares them with those that make the hashes.
CARRIED = (("call_case", "key"), ("call_case", "phone"), ("payment_notice", "line"))
_MOST_PASSES = 5


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What one run came to. ``is_pruned`` False: the old key is kept, something still needs it."""

    campaign_code: str
    resealed: int
    left: int
    is_pruned: bool


def replace_data_key(store: SecureStore, actor: Actor, campaign_code: str) -> Rekeyed:
    """Begins, goes on with, or ends the replacement of a campaign's data key.

    May be called again after a crash at any place. Raises NotFound, KeyMissing, KeyDestroyed.
    """
    with store.work(actor, readonly=True) as work:
        campaign = get_campaign(work, campaign_code)
    batch = (campaign.receivable, campaign.code)
    resealing = Resealing(store, *batch)
    key_id = resealing.begin(store.clock.now(), CARRIED)
    done = 0
    for _pass in range(_MOST_PASSES):
        count = sum(
            _pass_over(store, actor, resealing, key_id, batch, name) for name in BOX_VERSIONS
        )
        done += count
        if not count:
            break
    return _end(store, actor, resealing, key_id, batch, done)


def prune_replaced_keys(store: SecureStore, actor: Actor, campaign_codes: Sequence[str]) -> int:
    """Goes on with every replacement that was begun; how many old keys could go now."""
    pruned = 0
    for code in campaign_codes:
        with store.work(actor, readonly=True) as work:
            campaign = get_campaign(work, code)
        if Resealing(store, campaign.receivable, code).former_keys():
            pruned += replace_data_key(store, actor, code).is_pruned
    return pruned


def _pass_over(
    store: SecureStore,
    actor: Actor,
    resealing: Resealing,
    key_id: bytes,
    batch: tuple[str, str],
    name: str,
) -> int:
    scope = ErasureScope(ScopeKind.CAMPAIGN, *batch)
    after: UUID | None = UUID(int=0)
    count = 0
    while after is not None:
        with store.work(actor, readonly=True) as work:
            found, after = cells(work, scope, batch, name, after)
        anew = resealing.anew(key_id, found)
        if anew:
            with store.work(actor) as work:
                count += sum(_put(work, cell, sealed) for cell, sealed in anew)
                work.audit(Tag.KEY_REWRAPPED, receivable=batch[0], batch=batch[1], count=len(anew))
    return count


def _put(work: UnitOfWork, cell: Sealed, sealed: bytes) -> int:
    """Compare and swap: only where exactly the old value still stands."""
    table, groups = table_of(cell.table), sealed_columns(cell.table)
    column = next(table.c[name] for name, group in groups.items() if group == cell.group)
    put = work.session.execute(
        update(table)
        .where(table.c.id == cell.row_id, column == cell.sealed)
        .values({column.name: sealed})
    )
    return int(put.rowcount) if isinstance(put, CursorResult) else 0


def _end(
    store: SecureStore,
    actor: Actor,
    resealing: Resealing,
    key_id: bytes,
    batch: tuple[str, str],
    done: int,
) -> Rekeyed:
    def rows_left() -> int:
        with store.work(actor, readonly=True) as work:
            return _rows_under(work, key_id)

    left = rows_left()
    if not left and resealing.finished_at(key_id) is None:
        resealing.finish(key_id, store.clock.now())
    finished = resealing.finished_at(key_id)

    def in_use() -> int:
        if finished is None:
            return 1
        with store.work(actor, readonly=True) as work:
            return _rows_under(work, key_id) + len(live_backups(work, finished))

    try:
        resealing.prune(key_id, in_use, store.clock.now())
    except KeyInUse:
        return Rekeyed(batch[1], done, left, False)
    with store.work(actor) as work:
        work.audit(Tag.KEY_DESTROYED, receivable=batch[0], batch=batch[1], reason="replaced")
    return Rekeyed(batch[1], done, left, True)


def _rows_under(work: UnitOfWork, key_id: bytes) -> int:
    """Sealed values anywhere that name this key."""
    first, length, wanted = sealed_under(key_id)
    return sum(
        work.session.scalar(
            select(func.count())
            .select_from(table_of(name))
            .where(func.substr(table_of(name).c[column], first, length) == wanted)
        )
        or 0
        for name in BOX_VERSIONS
        for column in sealed_columns(name)
    )
