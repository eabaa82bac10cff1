"""Incidents with their clock, two-person releases, evidence holds

An event whose number stands is never written over: replacing a row would remove it without any
trigger of removal being asked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEYS = {"audit_event": "seq", "audit_checkpoint": "size", "audit_boundary": "size"}
WORKS = ("calls", "callbacks", "intake", "exports")
KINDS = ("leak", "loss", "damage", "tampering", "breach")
PLACES = (
    "call_room",
    "supervisor_room",
    "server_room",
    "exchange",
    "transport",
    "city_office",
    "outside",
)
CIRCUMSTANCES = (
    "wrong_person_told",
    "wrong_delivery",
    "medium_lost",
    "paper_lost",
    "theft",
    "unpermitted_access",
    "intrusion",
    "wrong_operation",
    "equipment_fault",
    "unknown",
)
STAGES = ("contact", "evidence", "containment", "recovery", "recurrence")
STEPS = ("at_once", "preliminary", "final")


def upgrade() -> None:
    with op.batch_alter_table("suspension") as batch_op:
        batch_op.add_column(sa.Column("stopped_work", _kind("stoppedwork", WORKS), nullable=True))
        batch_op.add_column(sa.Column("ended_with", sa.String(length=16), nullable=True))
    with op.batch_alter_table("hold") as batch_op:
        batch_op.add_column(sa.Column("lifted_by", sa.String(length=16), nullable=True))
    _create_incident()
    _create_incident_papers()
    _create_boundary()
    _guard_rows()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEYS:
            op.execute(f"DROP TRIGGER {table}_no_replace")
    for table in ("audit_boundary", "incident_measure", "incident_report", "incident"):
        op.drop_table(table)
    with op.batch_alter_table("hold") as batch_op:
        batch_op.drop_column("lifted_by")
    with op.batch_alter_table("suspension") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_suspension_stoppedwork"), type_="check")
        batch_op.drop_column("ended_with")
        batch_op.drop_column("stopped_work")


def _guard_rows() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER audit_boundary_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON audit_boundary FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_boundary_no_{verb.lower()} BEFORE {verb} ON audit_boundary "
            f"BEGIN SELECT RAISE(ABORT, 'append only'); END"
        )
    for table, key in KEYS.items():
        standing = f"SELECT 1 FROM {table} WHERE {key} = NEW.{key}"  # noqa: S608 - our own names
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS ({standing}) BEGIN SELECT RAISE(ABORT, 'append only'); END"
        )


def _kind(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _create_incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=True),
        sa.Column("kind", _kind("incidentkind", KINDS), nullable=False),
        sa.Column("known_at", UTCDateTime(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("place", _kind("incidentplace", PLACES), nullable=True),
        sa.Column("circumstance", _kind("circumstance", CIRCUMSTANCES), nullable=True),
        sa.Column("is_wrongful", sa.Boolean(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("number", name=op.f("uq_incident_number")),
    )


def _create_incident_papers() -> None:
    op.create_table(
        "incident_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("step", _kind("reportstep", STEPS), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("reported_at", UTCDateTime(), nullable=False),
        sa.Column("reported_by", sa.String(length=16), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_report_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_report")),
    )
    op.create_index(
        op.f("ix_incident_report_incident_id"), "incident_report", ["incident_id"], unique=False
    )
    op.create_table(
        "incident_measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("stage", _kind("incidentstage", STAGES), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_measure_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_measure")),
        sa.UniqueConstraint(
            "incident_id", "stage", name=op.f("uq_incident_measure_incident_id_stage")
        ),
    )


def _create_boundary() -> None:
    op.create_table(
        "audit_boundary",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_boundary")),
    )
