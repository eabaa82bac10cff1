"""first tables

Rules for every revision:
- Expand first, contract in a later release: the old code must run on the new tables.
- Both directions work, with rows in the tables (tests/migrations proves it).
- No personal data, no names, no numbers in a migration.
- Write the new revision id into migrations/.current-head.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_state",
        sa.Column("staff_code", sa.String(length=16), nullable=False),
        sa.Column(
            "activity",
            sa.Enum(
                "ready",
                "calling",
                "talking",
                "after_call_work",
                "on_break",
                "away",
                "help_wanted",
                name="agentactivity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("staff_code", name=op.f("pk_agent_state")),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_tag"), ["tag"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "campaign",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("calls_from", sa.Date(), nullable=False),
        sa.Column("calls_until", sa.Date(), nullable=False),
        sa.Column("callbacks_until", sa.Date(), nullable=False),
        sa.Column(
            "encoding",
            sa.Enum(
                "cp932",
                "utf_8_bom",
                name="encoding",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_campaign")),
        sa.UniqueConstraint("receivable", "month", name=op.f("uq_campaign_receivable_month")),
    )
    op.create_table(
        "daily_close",
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "closed",
                "built",
                "signed",
                "placed",
                "confirmed",
                name="daystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("closed_at", UTCDateTime(), nullable=False),
        sa.Column("closed_by", sa.String(length=16), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("audit_size", sa.Integer(), nullable=False),
        sa.Column("audit_note", sa.Text(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=True),
        sa.Column("signed_by", sa.String(length=16), nullable=True),
        sa.Column("placed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.Column("became_late_at", UTCDateTime(), nullable=True),
        sa.Column("receipt_no", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("business_day", name=op.f("pk_daily_close")),
    )
    op.create_table(
        "dated_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("intervals", sa.String(length=120), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_order")),
    )
    with op.batch_alter_table("dated_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dated_order_day"), ["day"], unique=False)

    op.create_table(
        "dial_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_ref", sa.Uuid(), nullable=True),
        sa.Column("list_ref", sa.String(length=12), nullable=True),
        sa.Column("permit_ref", sa.Uuid(), nullable=True),
        sa.Column("agent", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("number_rank", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "dialing",
                "ringing",
                "connected",
                "ended",
                name="linestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "end",
            sa.Enum(
                "answered",
                "busy",
                "no_answer",
                "failed",
                "cancelled",
                name="lineend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("placed_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("outcome_closed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dial_attempt")),
        sa.UniqueConstraint("permit_ref", name=op.f("uq_dial_attempt_permit_ref")),
    )
    with op.batch_alter_table("dial_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dial_attempt_business_day"), ["business_day"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dial_attempt_case_ref"), ["case_ref"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_code", sa.String(length=16), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("scope_kind", sa.String(length=16), nullable=False),
        sa.Column("scope_code", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "applied",
                "consented",
                "frozen",
                "scanned_before",
                "keys_destroyed",
                "rows_purged",
                "copies_destroyed",
                "verified",
                "certified",
                "accepted",
                "held",
                name="erasurestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("number", name=op.f("uq_erasure_number")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("placed_at", UTCDateTime(), nullable=False),
        sa.Column("placed_by", sa.String(length=16), nullable=False),
        sa.Column("lifted_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_table(
        "home_fact",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_home_fact")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "done",
                "failed",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("claimed_by", sa.String(length=60), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "due_at", name=op.f("uq_job_run_job_due_at")),
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_code", sa.String(length=16), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_active_at", UTCDateTime(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
    )
    op.create_table(
        "outcome_table",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_outcome_table")),
    )
    op.create_table(
        "profile_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_profile_version")),
    )
    op.create_table(
        "queue_entry",
        sa.Column("case_ref", sa.Uuid(), nullable=False),
        sa.Column("list_ref", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "parked",
                "leased",
                "done",
                name="queuestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("assignee", sa.String(length=16), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("lease_holder", sa.String(length=16), nullable=True),
        sa.Column("lease_expires_at", UTCDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_ref", name=op.f("pk_queue_entry")),
        sa.UniqueConstraint("lease_id", name=op.f("uq_queue_entry_lease_id")),
    )
    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_queue_entry_leased",
            ["lease_expires_at"],
            unique=False,
            sqlite_where=sa.text("state = 'leased'"),
            postgresql_where=sa.text("state = 'leased'"),
        )
        batch_op.create_index(batch_op.f("ix_queue_entry_list_ref"), ["list_ref"], unique=False)
        batch_op.create_index(
            "ix_queue_entry_parked",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'parked'"),
            postgresql_where=sa.text("state = 'parked'"),
        )
        batch_op.create_index(
            "ix_queue_entry_ready",
            ["assignee", "rank", "case_ref"],
            unique=False,
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )

    op.create_table(
        "sealed_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lent",
                "daily_pack",
                name="filekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("campaign_code", sa.String(length=12), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("key_destroyed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_file")),
    )
    op.create_table(
        "staff_member",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "agent",
                "supervisor",
                "department_officer",
                "system_admin",
                "auditor",
                "verifier",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_on_chart", sa.Boolean(), nullable=False),
        sa.Column("pledge_on", sa.Date(), nullable=True),
        sa.Column("training_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", UTCDateTime(), nullable=True),
        sa.Column("wait_until", UTCDateTime(), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_staff_member")),
    )
    op.create_table(
        "staff_receivable",
        sa.Column("staff_code", sa.String(length=16), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("staff_code", "receivable", name=op.f("pk_staff_receivable")),
    )
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("began_by", sa.String(length=16), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.Column("release_document_no", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_table(
        "talk_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "script",
                "qa",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "returned",
                "retired",
                name="approvalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=False),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_document")),
        sa.UniqueConstraint(
            "kind", "receivable", "version", name=op.f("uq_talk_document_kind_receivable_version")
        ),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "received",
                "placed",
                "confirmed",
                name="transferdirection",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("receipt_no", sa.String(length=60), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "returned",
                "retired",
                name="approvalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=True),
        sa.Column("remark", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["talk_document.id"],
            name=op.f("fk_approval_step_document_id_talk_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
    )
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_approval_step_document_id"), ["document_id"], unique=False
        )

    op.create_table(
        "daily_pack_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sealed_file_id", sa.Uuid(), nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sealed_file_id"],
            ["sealed_file.id"],
            name=op.f("fk_daily_pack_file_sealed_file_id_sealed_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_pack_file")),
        sa.UniqueConstraint(
            "business_day",
            "revision",
            "name",
            name=op.f("uq_daily_pack_file_business_day_revision_name"),
        ),
    )
    with op.batch_alter_table("daily_pack_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_daily_pack_file_business_day"), ["business_day"], unique=False
        )

    op.create_table(
        "erasure_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "applied",
                "consented",
                "frozen",
                "scanned_before",
                "keys_destroyed",
                "rows_purged",
                "copies_destroyed",
                "verified",
                "certified",
                "accepted",
                "held",
                name="erasurestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure.id"], name=op.f("fk_erasure_step_erasure_id_erasure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_step")),
        sa.UniqueConstraint("erasure_id", "state", name=op.f("uq_erasure_step_erasure_id_state")),
    )
    op.create_table(
        "lent_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "staging",
                "staged",
                "published",
                "discarded",
                name="lentliststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taisho_name", sa.String(length=120), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column(
            "encoding",
            sa.Enum(
                "cp932",
                "utf_8_bom",
                name="encoding",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("data_as_of", sa.Date(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("receipt_no", sa.String(length=40), nullable=True),
        sa.Column("staged_at", UTCDateTime(), nullable=False),
        sa.Column("staged_by", sa.String(length=16), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("published_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_code"], ["campaign.code"], name=op.f("fk_lent_list_campaign_code_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lent_list")),
    )
    with op.batch_alter_table("lent_list", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lent_list_campaign_code"), ["campaign_code"], unique=False
        )

    op.create_table(
        "waiting_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", UTCDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken",
                "abandoned",
                name="waitingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.String(length=20), nullable=True),
        sa.Column("taken_by", sa.String(length=16), nullable=True),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("attempt_ref", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_ref"],
            ["dial_attempt.id"],
            name=op.f("fk_waiting_call_attempt_ref_dial_attempt"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_call")),
    )
    op.create_table(
        "call_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("lent_list_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("key_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("debt_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "follow_up_booked",
                "promised",
                "with_department",
                "closed",
                name="casestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "close_reason",
            sa.Enum(
                "paid",
                "withdrawn",
                "attempts_used_up",
                "period_over",
                "not_callable",
                "numbers_unusable",
                "guided",
                "handed_over",
                name="closereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("exclusion", sa.String(length=40), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("oldest_due_on", sa.Date(), nullable=False),
        sa.Column("care_code", sa.String(length=2), nullable=True),
        sa.Column("is_transfer_target", sa.Boolean(), nullable=False),
        sa.Column("assignee", sa.String(length=16), nullable=True),
        sa.Column("dials", sa.Integer(), nullable=False),
        sa.Column("counted_attempts", sa.Integer(), nullable=False),
        sa.Column("was_contacted", sa.Boolean(), nullable=False),
        sa.Column("last_outcome", sa.String(length=2), nullable=True),
        sa.Column("last_attempt_at", UTCDateTime(), nullable=True),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.Column("promise_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_code"], ["campaign.code"], name=op.f("fk_call_case_campaign_code_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["lent_list_id"], ["lent_list.id"], name=op.f("fk_call_case_lent_list_id_lent_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_case")),
        sa.UniqueConstraint(
            "campaign_code", "key_index", name=op.f("uq_call_case_campaign_code_key_index")
        ),
        sa.UniqueConstraint(
            "lent_list_id", "row_number", name=op.f("uq_call_case_lent_list_id_row_number")
        ),
    )
    with op.batch_alter_table("call_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_case_assignee"), ["assignee"], unique=False)
        batch_op.create_index(
            "ix_call_case_listing", ["campaign_code", "status", "row_number"], unique=False
        )

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignee", sa.String(length=16), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("began_by", sa.String(length=16), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_assignment_case_id_call_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_handling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("campaign_code", sa.String(length=12), nullable=True),
        sa.Column("agent", sa.String(length=16), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "outbound",
                "inbound",
                "both",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("script_id", sa.Uuid(), nullable=True),
        sa.Column("qa_id", sa.Uuid(), nullable=True),
        sa.Column("script_version", sa.String(length=12), nullable=True),
        sa.Column("qa_version", sa.String(length=12), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "greeting",
                "identity",
                "guidance",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("script_step", sa.String(length=12), nullable=True),
        sa.Column("identity_began_at", UTCDateTime(), nullable=True),
        sa.Column(
            "identity_result",
            sa.Enum(
                "pending",
                "passed",
                "refused",
                "mismatched",
                name="identityresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("identity_items", sa.String(length=200), nullable=False),
        sa.Column("identity_at", UTCDateTime(), nullable=True),
        sa.Column("draft_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column(
            "end",
            sa.Enum(
                "outcome",
                "put_back",
                "expired",
                "missing_outcome",
                name="handlingend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["dial_attempt.id"],
            name=op.f("fk_case_handling_attempt_id_dial_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_case_handling_case_id_call_case")
        ),
        sa.ForeignKeyConstraint(
            ["qa_id"], ["talk_document.id"], name=op.f("fk_case_handling_qa_id_talk_document")
        ),
        sa.ForeignKeyConstraint(
            ["script_id"],
            ["talk_document.id"],
            name=op.f("fk_case_handling_script_id_talk_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_handling")),
        sa.UniqueConstraint("lease_id", name=op.f("uq_case_handling_lease_id")),
    )
    with op.batch_alter_table("case_handling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_handling_agent"), ["agent"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_handling_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "waiting",
                "follow_up_booked",
                "promised",
                "with_department",
                "closed",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "waiting",
                "follow_up_booked",
                "promised",
                "with_department",
                "closed",
                name="target",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "close_reason",
            sa.Enum(
                "paid",
                "withdrawn",
                "attempts_used_up",
                "period_over",
                "not_callable",
                "numbers_unusable",
                "guided",
                "handed_over",
                name="closereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_case_move_case_id_call_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_move")),
    )
    with op.batch_alter_table("case_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_move_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_phone",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("lookup_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "untried",
                "valid",
                "unusable",
                "blocked",
                name="numberstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_case_phone_case_id_call_case")
        ),
        sa.PrimaryKeyConstraint("case_id", "rank", name=op.f("pk_case_phone")),
    )
    with op.batch_alter_table("case_phone", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_phone_lookup", ["campaign_code", "lookup_index"], unique=False
        )

    op.create_table(
        "call_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handling_id", sa.Uuid(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("campaign_code", sa.String(length=12), nullable=True),
        sa.Column(
            "revision",
            sa.Enum(
                "original",
                "correction",
                "cancellation",
                name="revision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("correction_reason", sa.String(length=40), nullable=True),
        sa.Column(
            "direction",
            sa.Enum(
                "outbound",
                "inbound",
                "both",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("agent", sa.String(length=16), nullable=False),
        sa.Column("band", sa.String(length=2), nullable=True),
        sa.Column("phone_rank", sa.Integer(), nullable=True),
        sa.Column("outcome_code", sa.String(length=2), nullable=False),
        sa.Column("secondary_codes", sa.String(length=12), nullable=False),
        sa.Column("outcome_version", sa.Integer(), nullable=False),
        sa.Column(
            "identity_result",
            sa.Enum(
                "pending",
                "passed",
                "refused",
                "mismatched",
                name="identityresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "speaker",
            sa.Enum(
                "none",
                "right_party",
                "household",
                "other",
                "unknown",
                name="speaker",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("counts_dial", sa.Boolean(), nullable=False),
        sa.Column("counts_attempt", sa.Boolean(), nullable=False),
        sa.Column("is_contact_wide", sa.Boolean(), nullable=False),
        sa.Column("is_contact_person", sa.Boolean(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "none",
                "white_star",
                "star",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("follow_up_at", UTCDateTime(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("payment_method", sa.Integer(), nullable=True),
        sa.Column("transfer_notice", sa.Integer(), nullable=True),
        sa.Column("script_version", sa.String(length=12), nullable=True),
        sa.Column("qa_version", sa.String(length=12), nullable=True),
        sa.Column("qa_used", sa.String(length=120), nullable=False),
        sa.Column("collected_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["dial_attempt.id"], name=op.f("fk_call_record_attempt_id_dial_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_call_record_case_id_call_case")
        ),
        sa.ForeignKeyConstraint(
            ["handling_id"],
            ["case_handling.id"],
            name=op.f("fk_call_record_handling_id_case_handling"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["call_record.id"], name=op.f("fk_call_record_supersedes_call_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_record")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_call_record_supersedes")),
    )
    with op.batch_alter_table("call_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_record_agent"), ["agent"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_record_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_call_record_business_day"), ["business_day"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_call_record_campaign_code"), ["campaign_code"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_call_record_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_call_record_handling_id"), ["handling_id"], unique=False
        )

    op.create_table(
        "dial_permit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("handling_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agent", sa.String(length=16), nullable=False),
        sa.Column("phone_rank", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column(
            "end",
            sa.Enum(
                "line_result",
                "expired",
                "revoked",
                name="permitend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_dial_permit_case_id_call_case")
        ),
        sa.ForeignKeyConstraint(
            ["handling_id"],
            ["case_handling.id"],
            name=op.f("fk_dial_permit_handling_id_case_handling"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dial_permit")),
        sa.UniqueConstraint("number", name=op.f("uq_dial_permit_number")),
    )
    with op.batch_alter_table("dial_permit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dial_permit_handling_id"), ["handling_id"], unique=False
        )

    op.create_table(
        "escalation_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("call_record_id", sa.Uuid(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(
                "none",
                "white_star",
                "star",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "acknowledged",
                "contacted",
                "answered",
                "closed",
                name="ticketstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reply_due_on", sa.Date(), nullable=False),
        sa.Column("contacted_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("resume_calls", sa.Boolean(), nullable=True),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("details_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_record_id"],
            ["call_record.id"],
            name=op.f("fk_escalation_ticket_call_record_id_call_record"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_escalation_ticket_case_id_call_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_escalation_ticket_number")),
    )
    with op.batch_alter_table("escalation_ticket", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_escalation_ticket_campaign_code"), ["campaign_code"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_escalation_ticket_case_id"), ["case_id"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("call_record_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "agreed",
                "identity_not_confirmed",
                name="followupkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agreed_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("moved_reason", sa.String(length=40), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "cancelled",
                name="followupstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("became_late_at", UTCDateTime(), nullable=True),
        sa.Column("done_by_call", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_record_id"],
            ["call_record.id"],
            name=op.f("fk_follow_up_call_record_id_call_record"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_follow_up_case_id_call_case")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_call"], ["call_record.id"], name=op.f("fk_follow_up_done_by_call_call_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_due_at"), ["due_at"], unique=False)

    op.create_table(
        "payment_promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("call_record_id", sa.Uuid(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("wait_until", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "kept",
                "broken",
                "withdrawn",
                name="promisestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_record_id"],
            ["call_record.id"],
            name=op.f("fk_payment_promise_call_record_id_call_record"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["call_case.id"], name=op.f("fk_payment_promise_case_id_call_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_promise")),
    )
    with op.batch_alter_table("payment_promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_promise_case_id"), ["case_id"], unique=False)

    op.create_table(
        "ticket_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "acknowledged",
                "contacted",
                "answered",
                "closed",
                name="ticketstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["escalation_ticket.id"],
            name=op.f("fk_ticket_move_ticket_id_escalation_ticket"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_move")),
    )
    with op.batch_alter_table("ticket_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_move_ticket_id"), ["ticket_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("ticket_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_move_ticket_id"))

    op.drop_table("ticket_move")
    with op.batch_alter_table("payment_promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_promise_case_id"))

    op.drop_table("payment_promise")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_due_at"))
        batch_op.drop_index(batch_op.f("ix_follow_up_case_id"))

    op.drop_table("follow_up")
    with op.batch_alter_table("escalation_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_ticket_case_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_ticket_campaign_code"))

    op.drop_table("escalation_ticket")
    with op.batch_alter_table("dial_permit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dial_permit_handling_id"))

    op.drop_table("dial_permit")
    with op.batch_alter_table("call_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_record_handling_id"))
        batch_op.drop_index(batch_op.f("ix_call_record_case_id"))
        batch_op.drop_index(batch_op.f("ix_call_record_campaign_code"))
        batch_op.drop_index(batch_op.f("ix_call_record_business_day"))
        batch_op.drop_index(batch_op.f("ix_call_record_attempt_id"))
        batch_op.drop_index(batch_op.f("ix_call_record_agent"))

    op.drop_table("call_record")
    with op.batch_alter_table("case_phone", schema=None) as batch_op:
        batch_op.drop_index("ix_case_phone_lookup")

    op.drop_table("case_phone")
    with op.batch_alter_table("case_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_move_case_id"))

    op.drop_table("case_move")
    with op.batch_alter_table("case_handling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_handling_case_id"))
        batch_op.drop_index(batch_op.f("ix_case_handling_agent"))

    op.drop_table("case_handling")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_case_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("call_case", schema=None) as batch_op:
        batch_op.drop_index("ix_call_case_listing")
        batch_op.drop_index(batch_op.f("ix_call_case_assignee"))

    op.drop_table("call_case")
    op.drop_table("waiting_call")
    with op.batch_alter_table("lent_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lent_list_campaign_code"))

    op.drop_table("lent_list")
    op.drop_table("erasure_step")
    with op.batch_alter_table("daily_pack_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_daily_pack_file_business_day"))

    op.drop_table("daily_pack_file")
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_step_document_id"))

    op.drop_table("approval_step")
    op.drop_table("transfer")
    op.drop_table("talk_document")
    op.drop_table("suspension")
    op.drop_table("staff_receivable")
    op.drop_table("staff_member")
    op.drop_table("sealed_file")
    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_queue_entry_ready",
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )
        batch_op.drop_index(
            "ix_queue_entry_parked",
            sqlite_where=sa.text("state = 'parked'"),
            postgresql_where=sa.text("state = 'parked'"),
        )
        batch_op.drop_index(batch_op.f("ix_queue_entry_list_ref"))
        batch_op.drop_index(
            "ix_queue_entry_leased",
            sqlite_where=sa.text("state = 'leased'"),
            postgresql_where=sa.text("state = 'leased'"),
        )

    op.drop_table("queue_entry")
    op.drop_table("profile_version")
    op.drop_table("outcome_table")
    op.drop_table("login_session")
    op.drop_table("job_run")
    op.drop_table("home_fact")
    op.drop_table("hold")
    op.drop_table("erasure")
    op.drop_table("duty")
    with op.batch_alter_table("dial_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dial_attempt_case_ref"))
        batch_op.drop_index(batch_op.f("ix_dial_attempt_business_day"))

    op.drop_table("dial_attempt")
    with op.batch_alter_table("dated_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dated_order_day"))

    op.drop_table("dated_order")
    op.drop_table("daily_close")
    op.drop_table("campaign")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_tag"))
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))

    op.drop_table("audit_event")
    op.drop_table("audit_checkpoint")
    op.drop_table("agent_state")
