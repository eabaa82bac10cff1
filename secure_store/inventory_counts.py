"""How much of each place of the inventory is filled now: values, files and keys (S4-8.6e)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnClause, column, func, select, table

from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.inventory import Inventory, inventory
from secure_store.models import FileKind, SealedFile
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import KeyCount
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CountedInventory:
    """The inventory with what it holds: sealed values by ``table.column``, files whose key lives."""

    places: Inventory
    values: Mapping[str, int]
    files: Mapping[FileKind, int]
    keys: tuple[KeyCount, ...]


def counted_inventory(work: UnitOfWork) -> CountedInventory:
    """Counts every place; nothing is opened. The look is noted."""
    require(work.actor, Permission.SEE_INVENTORY)
    places = inventory()
    values = {}
    for one in places.columns:
        sealed: ColumnClause[bytes] = column(one.column)
        query = select(func.count()).select_from(table(one.table, sealed))
        values[one.place] = work.session.scalar(query.where(sealed.is_not(None))) or 0
    counted = (
        select(SealedFile.kind, func.count())
        .where(SealedFile.key_destroyed_at.is_(None))
        .group_by(SealedFile.kind)
    )
    files = {key: count for key, count in work.session.execute(counted)}  # noqa: C416 - rows are no pairs
    work.audit(Tag.INVENTORY_LOOKED_AT, count=sum(values.values()))
    return CountedInventory(places, values, files, installed_of(work.store).keyring.inventory())
