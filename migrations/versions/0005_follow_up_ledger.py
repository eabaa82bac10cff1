"""Every turn in the life of an agreed call

Calls owed when this revision comes are entered as booked for the time they stand for. What was
settled before has no ledger.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = ("booked", "moved", "became_late", "reassigned", "breached", "done", "cancelled")
REASONS = (
    "agreed",
    "identity_open",
    "outside_hours",
    "not_got_through",
    "hours_ordered",
    "order_withdrawn",
    "period_changed",
    "rules_changed",
    "suspended",
    "suspension_lifted",
    "not_called_in_time",
    "not_called_that_day",
    "holder_not_at_work",
    "lease_expired",
    "put_back",
    "by_supervisor",
    "called",
    "they_rang",
    "agreed_anew",
    "withdrawn",
    "with_department",
    "case_closed",
    "period_over",
)


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wanted_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("released_at", UTCDateTime(), nullable=True))
        for name in ("breaches", "turns"):
            batch_op.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE follow_up SET wanted_at = due_at")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.alter_column("wanted_at", existing_type=UTCDateTime(), nullable=False)
        batch_op.create_index(
            "uq_follow_up_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
    _make_ledger()
    _enter_open_calls()


def _make_ledger() -> None:
    op.create_table(
        "follow_up_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("kind", _words("turnkind", KINDS), nullable=False),
        sa.Column("reason", _words("turnreason", REASONS), nullable=False),
        sa.Column("from_due", UTCDateTime(), nullable=True),
        sa.Column("to_due", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_event_follow_up_id_follow_up"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_event")),
        sa.UniqueConstraint(
            "follow_up_id", "number", name=op.f("uq_follow_up_event_follow_up_id_number")
        ),
    )
    with op.batch_alter_table("follow_up_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_event_to_due"), ["to_due"], unique=False)


def _enter_open_calls() -> None:
    # The first event of a call takes the call's own id: no two are the same.
    op.execute(
        'INSERT INTO follow_up_event (id, follow_up_id, number, at, "by", kind, reason, to_due) '
        "SELECT id, id, 1, made_at, 'migration', 'booked', 'agreed', due_at "
        "FROM follow_up WHERE status = 'open'"
    )
    op.execute("UPDATE follow_up SET turns = 1 WHERE status = 'open'")


def downgrade() -> None:
    with op.batch_alter_table("follow_up_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_event_to_due"))
    op.drop_table("follow_up_event")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_follow_up_open",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        for name in ("turns", "breaches", "released_at", "wanted_at"):
            batch_op.drop_column(name)
