"""Receipts, media from issue to wiped, approvals of exports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from secure_store.database import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "data_handler",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_code", sa.String(length=16), nullable=False),
        sa.Column("named_at", UTCDateTime(), nullable=False),
        sa.Column("named_by", sa.String(length=16), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_handler")),
    )
    op.create_table(
        "delivery_recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column(
            "form",
            _words("form", "plain", "age", "age_passphrase", "aes_zip", "password_xlsx"),
            nullable=False,
        ),
        sa.Column("public_key", sa.String(length=100), nullable=True),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_recipient")),
    )
    op.create_table(
        "exchange_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.String(length=100), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=16), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_key")),
    )
    op.create_table(
        "export_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("signer", sa.String(length=30), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_approval")),
    )
    op.create_table(
        "file_password_try",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_file_password_try")),
    )
    op.create_table(
        "medium",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("maker", sa.String(length=40), nullable=False),
        sa.Column("is_encrypted", sa.Boolean(), nullable=False),
        sa.Column("custodian", sa.String(length=16), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.Column("registered_by", sa.String(length=16), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medium")),
        sa.UniqueConstraint("serial", name=op.f("uq_medium_serial")),
    )
    op.create_table(
        "export_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["export_approval.id"],
            name=op.f("fk_export_run_approval_id_export_approval"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_run")),
    )
    op.create_index(op.f("ix_export_run_approval_id"), "export_run", ["approval_id"], unique=False)
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=True),
        sa.Column("means", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("handed_by", sa.String(length=30), nullable=False),
        sa.Column("medium_id", sa.Uuid(), nullable=True),
        sa.Column("told_rows", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=True),
        sa.Column("handed_at", UTCDateTime(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("noted_by", sa.String(length=16), nullable=False),
        sa.Column(
            "state", _words("handoverstate", "received", "imported", "returned"), nullable=False
        ),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["medium_id"], ["medium.id"], name=op.f("fk_hand_over_medium_id_medium")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("number", name=op.f("uq_hand_over_number")),
    )
    op.create_index(op.f("ix_hand_over_list_id"), "hand_over", ["list_id"], unique=False)
    op.create_table(
        "medium_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("medium_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "step", _words("mediumstep", "taken", "used", "wiped", "returned"), nullable=False
        ),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("files", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["medium_id"], ["medium.id"], name=op.f("fk_medium_event_medium_id_medium")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medium_event")),
        sa.UniqueConstraint(
            "medium_id", "position", name=op.f("uq_medium_event_medium_id_position")
        ),
    )
    op.create_table(
        "hand_over_file",
        sa.Column("hand_over_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            _words("form", "plain", "age", "age_passphrase", "aes_zip", "password_xlsx"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["hand_over_id"],
            ["hand_over.id"],
            name=op.f("fk_hand_over_file_hand_over_id_hand_over"),
        ),
        sa.PrimaryKeyConstraint("hand_over_id", "position", name=op.f("pk_hand_over_file")),
    )


def downgrade() -> None:
    op.drop_table("hand_over_file")
    op.drop_table("medium_event")
    op.drop_index(op.f("ix_hand_over_list_id"), table_name="hand_over")
    op.drop_table("hand_over")
    op.drop_index(op.f("ix_export_run_approval_id"), table_name="export_run")
    op.drop_table("export_run")
    op.drop_table("medium")
    op.drop_table("file_password_try")
    op.drop_table("export_approval")
    op.drop_table("exchange_key")
    op.drop_table("delivery_recipient")
    op.drop_table("data_handler")
