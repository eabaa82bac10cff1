"""Every column is either sealed, or says why it holds nothing personal (S4-8.6e)."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

from secure_store.database import Base, UTCDateTime
from tests.all_models import import_all_models

GROUPS = {"g1", "g2", "g3", "g4"}
# Kinds that cannot hold a sentence. Anything else must be added here with thought.
HARMLESS = (BigInteger, Boolean, Date, Enum, Integer, UTCDateTime, Uuid)


def _text_fault(column: Column[object]) -> str | None:
    because = column.info.get("plain_because")
    if not isinstance(because, str) or not because.strip():
        return "text without a reason"
    return None


def _bytes_fault(column: Column[object]) -> str | None:
    group = column.info.get("sealed_group")
    if column.name.endswith("_sealed") != (group is not None):
        return "sealed by name or by kind only"
    if group is not None and group not in GROUPS:
        return "sealed in an unknown group"
    return None


def fault_of(column: Column[object]) -> str | None:
    """What is wrong with a column, or None."""
    kind = column.type
    if isinstance(kind, LargeBinary):
        return _bytes_fault(column)
    if column.info.get("sealed_group") is not None or column.name.endswith("_sealed"):
        return "sealed, but not bytes"
    if isinstance(kind, HARMLESS):
        return None
    if isinstance(kind, String):
        return _text_fault(column)
    return "of a kind that may hold anything"


def faults(metadata: MetaData) -> dict[str, str]:
    return {
        f"{table.name}.{column.name}": fault
        for table in metadata.tables.values()
        for column in table.columns
        if (fault := fault_of(column))
    }


@pytest.fixture(scope="module")
def metadata() -> MetaData:
    import_all_models()
    assert Base.metadata.tables
    return Base.metadata


def test_every_column_is_sealed_or_says_why_not(metadata: MetaData) -> None:
    assert faults(metadata) == {}


def test_every_column_group_is_in_use(metadata: MetaData) -> None:
    used = {c.info.get("sealed_group") for table in metadata.tables.values() for c in table.columns}
    assert used - {None} == GROUPS


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        (Column("remark", Text), "text without a reason"),
        (Column("remark", String(9), info={"plain_because": " "}), "text without a reason"),
        (Column("name_sealed", Text, info={"plain_because": "x"}), "sealed, but not bytes"),
        (
            Column("name", LargeBinary, info={"sealed_group": "g1"}),
            "sealed by name or by kind only",
        ),
        (Column("name_sealed", LargeBinary), "sealed by name or by kind only"),
        (
            Column("name_sealed", LargeBinary, info={"sealed_group": "g9"}),
            "sealed in an unknown group",
        ),
        (Column("facts", JSON), "of a kind that may hold anything"),
        (Column("at", DateTime), "of a kind that may hold anything"),
        (Column("code", String(2), info={"plain_because": "outcome code"}), None),
        (Column("name_sealed", LargeBinary, info={"sealed_group": "g1"}), None),
        (Column("hash", LargeBinary), None),
    ],
)
def test_an_unexplained_column_is_found(column: Column[object], fault: str | None) -> None:
    table = Table("t", MetaData(), column)
    assert faults(table.metadata) == ({f"t.{column.name}": fault} if fault else {})
