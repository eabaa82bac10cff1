"""Withdrawals and payments the city tells us of"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from secure_store.database import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow(*states: str) -> None:
    """Lays the CHECK on a promise's status anew; nothing refers to this table."""
    constraint = op.f("ck_payment_promise_promisestatus")
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("payment_promise", schema=None) as batch_op:
        batch_op.drop_constraint(constraint, type_="check")
        batch_op.create_check_constraint(constraint, f"status IN ({listed})")


def upgrade() -> None:
    _allow("open", "kept", "partly", "broken", "withdrawn")
    op.create_table(
        "city_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("kind", _words("noticekind", "hikinuki", "shuno"), nullable=False),
        sa.Column("source", _words("noticesource", "file", "hand"), nullable=False),
        sa.Column("state", _words("noticestate", "checked", "applying", "applied"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=True),
        sa.Column("sealed_file_id", sa.Uuid(), nullable=True),
        sa.Column("data_until", sa.Date(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("already_closed", sa.Integer(), nullable=False),
        sa.Column("not_found", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.Column("applied_at", UTCDateTime(), nullable=True),
        sa.Column("applied_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_code"], ["campaign.code"], name=op.f("fk_city_notice_campaign_code_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["sealed_file_id"],
            ["sealed_file.id"],
            name=op.f("fk_city_notice_sealed_file_id_sealed_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_notice")),
        sa.UniqueConstraint(
            "campaign_code", "digest", name=op.f("uq_city_notice_campaign_code_digest")
        ),
    )
    op.create_table(
        "payment_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=False),
        sa.Column("line_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("amount_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_payment_notice_case_id_call_case")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["city_notice.id"], name=op.f("fk_payment_notice_notice_id_city_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notice")),
        sa.UniqueConstraint(
            "campaign_code", "line_index", name=op.f("uq_payment_notice_campaign_code_line_index")
        ),
    )
    with op.batch_alter_table("payment_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_notice_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("payment_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_notice_case_id"))
    op.drop_table("payment_notice")
    op.drop_table("city_notice")
    # What the older words cannot say goes back to the nearest of them.
    op.execute("UPDATE payment_promise SET status = 'broken' WHERE status = 'partly'")
    _allow("open", "kept", "broken", "withdrawn")
