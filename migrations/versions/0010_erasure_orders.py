"""Orders to erase single things, and the papers of an erasure

A sealed file may be a recording, and says which row it is about: it is erased with that row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = ("lent", "daily_pack")
AFTER = (*BEFORE, "recording")


def upgrade() -> None:
    _allow_kinds(BEFORE, AFTER)
    op.add_column("sealed_file", sa.Column("subject_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Recordings have no place in the older program: their rows and keys were not known to it."""
    op.execute("DELETE FROM sealed_file WHERE kind = 'recording'")
    op.drop_column("sealed_file", "subject_id")
    _allow_kinds(AFTER, BEFORE)


def _allow_kinds(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    listed = _listed(after)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_sealed_file_filekind"), "sealed_file", type_="check")
        op.create_check_constraint(op.f("ck_sealed_file_filekind"), "sealed_file", listed)
        return
    # Not by a batch: that would drop a table whose rows others refer to. A CHECK changes nothing
    # in how rows are stored, so SQLite lets the text of the table be exchanged.
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = 'sealed_file'",
        (_listed(before), listed),
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _listed(kinds: tuple[str, ...]) -> str:
    return "kind IN ({})".format(", ".join(f"'{kind}'" for kind in kinds))
