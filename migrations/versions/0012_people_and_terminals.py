"""Second factors, throttled log-ins, registered terminals, views counted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("login_session", sa.Column("authenticated_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("login_session", "authenticated_at")
