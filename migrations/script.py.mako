"""${message}

Rules for every revision:
- Expand first, contract in a later release: the old code must run on the new tables.
- Both directions work, with rows in the tables (tests/migrations proves it).
- No personal data, no names, no numbers in a migration.
- Write the new revision id into migrations/.current-head.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
