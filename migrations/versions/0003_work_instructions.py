"""Work instructions per receivable, versioned and dated"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

VERSIONS = ("profile_version", "instruction_version")


def upgrade() -> None:
    op.create_table(
        "work_instruction",
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("receivable", "version", name=op.f("pk_work_instruction")),
    )
    # 0: a call from before versions were kept; no instruction existed then.
    for name in VERSIONS:
        op.add_column(
            "case_handling", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    # Not by a batch: that would drop a table whose rows others refer to.
    for name in reversed(VERSIONS):
        op.drop_column("case_handling", name)
    op.drop_table("work_instruction")
