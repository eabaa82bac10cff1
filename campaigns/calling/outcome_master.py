"""The imported outcome tables: versions by date; the version of the day counts (S4-11.2e)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import bindparam, func, select

from campaigns.calling.models import OutcomeTableVersion
from campaigns.calling.outcome_files import read_outcome_table
from campaigns.calling.outcomes import OutcomeTable
from campaigns.errors import OutcomeTableInvalid
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TableInForce:
    """A table with the number under which its version is stored with every call."""

    version: int
    table: OutcomeTable


@dataclass(frozen=True, slots=True)
class TableVersionView:
    """One imported version."""

    version: int
    label: str
    is_sample: bool
    valid_from: date
    rows: int
    imported_at: datetime
    imported_by: str


_ON = (
    select(OutcomeTableVersion.version, OutcomeTableVersion.document)
    .where(OutcomeTableVersion.valid_from <= bindparam("day"))
    .order_by(OutcomeTableVersion.valid_from.desc(), OutcomeTableVersion.version.desc())
    .limit(1)
)


@lru_cache(maxsize=16)
def _parsed(document: str) -> OutcomeTable:
    return read_outcome_table(document.encode())


def import_table(work: UnitOfWork, document: bytes, valid_from: date) -> TableInForce:
    """Checks and stores a table from a day on. Raises OutcomeTableInvalid with every fault."""
    require(work.actor, Permission.IMPORT_OUTCOMES)
    table = read_outcome_table(document)
    newest = work.session.scalar(select(func.max(OutcomeTableVersion.version))) or 0
    latest = work.session.scalar(select(func.max(OutcomeTableVersion.valid_from)))
    if latest is not None and valid_from < latest:
        # A day that was reported keeps the labels of its table.
        raise OutcomeTableInvalid(reason="older_than_present")
    work.session.add(
        OutcomeTableVersion(
            version=newest + 1,
            label=table.label,
            is_sample=table.is_sample,
            valid_from=valid_from,
            document=document.decode("utf-8-sig"),
            sha256=hashlib.sha256(document).hexdigest(),
            imported_at=work.now,
            imported_by=work.actor.code,
        )
    )
    work.session.flush()
    work.audit(Tag.OUTCOME_TABLE_IMPORTED, count=len(table.rows))
    return TableInForce(newest + 1, table)


def table_on(work: UnitOfWork, day: date) -> TableInForce:
    """The table that counts on a business day. Raises NotFound when none was imported."""
    sources = (OutcomeTableVersion,)
    return work.known.once(("outcome_table", day), sources, lambda: _table_on(work, day))


def _table_on(work: UnitOfWork, day: date) -> TableInForce:
    row = work.run(_ON, {"day": day}).one_or_none()
    if row is None:
        raise NotFound(kind="outcome_table")
    return TableInForce(row.version, _parsed(row.document))


def table_version(work: UnitOfWork, version: int) -> OutcomeTable:
    """The table a stored call was classified by. Raises NotFound."""
    row = work.session.get(OutcomeTableVersion, version)
    if row is None:
        raise NotFound(kind="outcome_table")
    return _parsed(row.document)


def table_versions(work: UnitOfWork) -> list[TableVersionView]:
    """All imported versions, newest first."""
    rows = work.session.scalars(
        select(OutcomeTableVersion).order_by(OutcomeTableVersion.version.desc())
    )
    return [
        TableVersionView(
            row.version,
            row.label,
            row.is_sample,
            row.valid_from,
            len(_parsed(row.document).rows),
            row.imported_at,
            row.imported_by,
        )
        for row in rows
    ]
