"""The last permit is found by an index, not by counting the day's permits"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEX = "ix_dial_permit_issued_at"


def upgrade() -> None:
    op.create_index(op.f(INDEX), "dial_permit", ["issued_at"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), table_name="dial_permit")
