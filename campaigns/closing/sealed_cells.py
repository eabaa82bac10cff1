"""The sealed values in the scope of an erasure, table by table, for counting and for trying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, literal, select

from campaigns.closing.tables import SLICE, Batch, batches, of_batch, table_of, within
from secure_store.erasure.scan import SealedCell
from secure_store.erasure.scopes import CountLine, ErasureScope
from secure_store.work import UnitOfWork

# The column that holds the version a table's boxes are sealed for; 1 where rows never change.
BOX_VERSIONS: Mapping[str, str | None] = MappingProxyType(
    {
        "call_case": "row_version",
        "call_record": None,
        "case_handling": "draft_version",
        "escalation_ticket": "details_version",
        "payment_notice": None,
    }
)


def sealed_counts(work: UnitOfWork, scope: ErasureScope) -> list[CountLine]:
    """Sealed values per receivable × batch."""
    lines = []
    for batch in batches(work, scope):
        part = of_batch(scope, batch)
        total = sum(
            work.session.scalar(
                select(func.count(table_of(name).c[column])).where(within(name, part))
            )
            or 0
            for name in BOX_VERSIONS
            for column in sealed_columns(name)
        )
        lines.append(CountLine(*batch, "sealed", total))
    return lines


def sealed_columns(name: str) -> dict[str, str]:
    """The sealed columns of a table and the group each is sealed in, from the model itself."""
    columns = table_of(name).columns
    return {c.name: str(c.info["sealed_group"]) for c in columns if "sealed_group" in c.info}


def cells(
    work: UnitOfWork, scope: ErasureScope, batch: Batch, name: str, after: UUID
) -> tuple[list[SealedCell], UUID | None]:
    """The next slice of sealed values of a table, and where to go on (None: this was the last)."""
    table, version, groups = table_of(name), BOX_VERSIONS[name], sealed_columns(name)
    case = table.c.id if name == "call_case" else table.c.case_id
    query = (
        select(
            table.c.id,
            case,
            table.c[version] if version else literal(1),
            *(table.c[column] for column in groups),
        )
        .where(within(name, of_batch(scope, batch)), table.c.id > after)
        .order_by(table.c.id)
        .limit(SLICE)
    )
    rows = work.session.execute(query).all()
    found = [
        SealedCell(*batch, row[1], name, row[0], group, row[2], bytes(value))
        for row in rows
        for group, value in zip(groups.values(), row[3:], strict=True)
        if value is not None
    ]
    return found, rows[-1][0] if len(rows) == SLICE else None


def sealed_values(
    work: UnitOfWork, scope: ErasureScope, batch: Batch
) -> Iterator[list[SealedCell]]:
    """All sealed values of one campaign in the scope, slice by slice."""
    for name in BOX_VERSIONS:
        after: UUID | None = UUID(int=0)
        while after is not None:
            found, after = cells(work, scope, batch, name, after)
            yield found
