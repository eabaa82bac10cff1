"""What the queue and the records need to stay fast

An agent's open handling and the follow-ups that are due are found without walking past all that
ever were. On PostgreSQL the tables whose rows change all day keep room for the next version of a
row on its page, and are vacuumed after a hundredth of them has changed instead of a fifth.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Room on each page in percent; a row of one page only (audit_head) is nothing but versions.
FILL = {"queue_entry": 85, "call_case": 90, "agent_state": 50, "audit_head": 10}
AUTOVACUUM = (
    "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, "
    "autovacuum_analyze_scale_factor = 0.02"
)


def upgrade() -> None:
    op.drop_index("ix_case_handling_agent", "case_handling")
    op.create_index("ix_case_handling_open", "case_handling", ["agent", "closed_at"])
    op.drop_index("ix_follow_up_due_at", "follow_up")
    op.create_index("ix_follow_up_due", "follow_up", ["status", "due_at"])
    if op.get_bind().dialect.name == "postgresql":
        for name, percent in FILL.items():
            op.execute(f"ALTER TABLE {name} SET (fillfactor = {percent}, {AUTOVACUUM})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in FILL:
            op.execute(
                f"ALTER TABLE {name} RESET (fillfactor, autovacuum_vacuum_scale_factor, "
                "autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor)"
            )
    op.drop_index("ix_follow_up_due", "follow_up")
    op.create_index("ix_follow_up_due_at", "follow_up", ["due_at"])
    op.drop_index("ix_case_handling_open", "case_handling")
    op.create_index("ix_case_handling_agent", "case_handling", ["agent"])
