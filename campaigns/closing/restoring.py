"""After something was brought back from the past: rows whose keys are gone go again.

The keys are the erasure and they are gone already; nothing here opens anything.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from campaigns.cases.models import Campaign
from campaigns.closing.tables import PURGED, purge_slice
from secure_store.access import Actor
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.sealing.scopes import DestroyedKey, KeyKind
from secure_store.work import SecureStore


def purge_erased_rows(
    store: SecureStore, actor: Actor, stones: Collection[DestroyedKey], whole_contract: bool
) -> int:
    """Removes the rows of everything the tombstones name; how many. May be done again."""
    if whole_contract:
        scopes = [ErasureScope(ScopeKind.CONTRACT)]
    else:
        scopes = [scope for stone in stones for scope in _scope_of(stone)]
    removed = sum(_purge(store, actor, scope) for scope in scopes)
    with store.work(actor) as work:
        erased = {scope.campaign_code for scope in scopes if scope.kind is ScopeKind.CAMPAIGN}
        for campaign in work.session.scalars(select(Campaign).where(Campaign.erased_at.is_(None))):
            if whole_contract or campaign.code in erased:
                campaign.erased_at = work.now
    return removed


def _scope_of(stone: DestroyedKey) -> list[ErasureScope]:
    """What a tombstone erased. A data key with a name of its own was only replaced by a newer."""
    parts = stone.scope.split("/")
    if stone.kind is KeyKind.DATA and not stone.name:
        return [ErasureScope(ScopeKind.CAMPAIGN, parts[1], parts[2])]
    if stone.kind is KeyKind.RECORD:
        return [ErasureScope(ScopeKind.CASE, parts[1], parts[2], UUID(stone.name))]
    return []


def _purge(store: SecureStore, actor: Actor, scope: ErasureScope) -> int:
    removed = 0
    for reach in PURGED:
        gone = 1
        while gone:
            with store.work(actor) as work:
                gone = purge_slice(work, reach, scope)
            removed += gone
    return removed
