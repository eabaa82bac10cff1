"""The register of backups, and what the database knows of destroyed keys

A database restored by hand is recognised by the tombstones and the head of the audit log that
the key store knows; the tombstones kept here recognise a restored key store.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from secure_store.database import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup_medium",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("serial", sa.String(60), nullable=False),
        sa.Column("folder", sa.String(300), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.Column("registered_by", sa.String(16), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("retired_by", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_backup_medium")),
    )
    op.create_table(
        "key_tombstone",
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("kind", _kinds(), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kcv", sa.String(16), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("destroyed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_tombstone")),
    )
    op.create_table(
        "backup_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("medium", sa.String(16), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("taken_by", sa.String(16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("audit_size", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("verified_at", UTCDateTime(), nullable=True),
        sa.Column("is_sound", sa.Boolean(), nullable=True),
        sa.Column("destroyed_at", UTCDateTime(), nullable=True),
        sa.Column("destroyed_by", sa.String(16), nullable=True),
        sa.Column("destroyed_why", _whys(), nullable=True),
        sa.Column("is_file_removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["medium"], ["backup_medium.code"], name=op.f("fk_backup_set_medium_backup_medium")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_set")),
        sa.UniqueConstraint("number", name=op.f("uq_backup_set_number")),
    )
    op.create_index(op.f("ix_backup_set_medium"), "backup_set", ["medium"])
    op.create_index(op.f("ix_backup_set_taken_at"), "backup_set", ["taken_at"])


def _kinds() -> sa.Enum:
    names = ("contract", "data", "pseudonym", "file", "signing", "record")
    return _enum(*names, name="keykind")


def _whys() -> sa.Enum:
    return _enum("expired", "erasure", "unusable", name="destruction")


def _enum(*names: str, name: str) -> sa.Enum:
    return sa.Enum(*names, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    op.drop_table("backup_set")
    op.drop_table("key_tombstone")
    op.drop_table("backup_medium")
