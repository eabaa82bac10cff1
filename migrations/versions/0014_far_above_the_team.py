"""An alert for whoever looks at far more cases than the team; a table nobody used is gone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = ("many_views", "too_many_views", "too_many_searches", "views_without_dial")
FAR_ABOVE = "far_above_team"


def _allow(*kinds: str) -> None:
    """Lays the CHECK on an alert's kind anew; nothing refers to this table."""
    constraint = op.f("ck_watch_alert_alertkind")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("watch_alert", schema=None) as batch_op:
        batch_op.drop_constraint(constraint, type_="check")
        batch_op.create_check_constraint(constraint, f"kind IN ({listed})")


def upgrade() -> None:
    _allow(*BEFORE, FAR_ABOVE)
    op.drop_table("home_fact")


def downgrade() -> None:
    op.execute(f"DELETE FROM watch_alert WHERE kind = '{FAR_ABOVE}'")  # noqa: S608 - no input
    _allow(*BEFORE)
    op.create_table(
        "home_fact",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_home_fact")),
    )
