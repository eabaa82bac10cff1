"""Groups of agents to whom cases may be assigned"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_group",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=16), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("retired_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agent_group")),
    )
    op.create_index(op.f("ix_agent_group_receivable"), "agent_group", ["receivable"])
    op.create_table(
        "agent_group_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.String(length=16), nullable=False),
        sa.Column("staff_code", sa.String(length=16), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("joined_by", sa.String(length=16), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("left_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_code"],
            ["agent_group.code"],
            name=op.f("fk_agent_group_member_group_code_agent_group"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_group_member")),
    )
    op.create_index(op.f("ix_agent_group_member_staff_code"), "agent_group_member", ["staff_code"])
    # One person is in a group once at a time; former memberships stay as history.
    op.create_index(
        "uq_agent_group_member_current",
        "agent_group_member",
        ["group_code", "staff_code"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )


def downgrade() -> None:
    """Cases of a group fall back to nobody: the older program knows people only."""
    groups = sa.text("SELECT code FROM agent_group")
    codes = [row[0] for row in op.get_bind().execute(groups)]
    for code in codes:
        for table in ("call_case", "queue_entry"):
            op.get_bind().execute(
                sa.text(f"UPDATE {table} SET assignee = NULL WHERE assignee = :code"),  # noqa: S608
                {"code": code},
            )
    op.drop_index("uq_agent_group_member_current", table_name="agent_group_member")
    op.drop_index(op.f("ix_agent_group_member_staff_code"), table_name="agent_group_member")
    op.drop_table("agent_group_member")
    op.drop_index(op.f("ix_agent_group_receivable"), table_name="agent_group")
    op.drop_table("agent_group")
