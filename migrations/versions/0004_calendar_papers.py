"""The city's orders, changes of period and notices of volume

Orders entered before this revision were meant for their whole day, so they take effect at its
beginning; the day they were received on is the day they were entered on.
"""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from secure_store.database import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TOKYO = ZoneInfo("Asia/Tokyo")
UNKNOWN_SIGNER = "記録なし"
NEW_ORDER_COLUMNS = ("running_no", "signer", "received_on", "effective_at", "withdrawn_by")


def upgrade() -> None:
    _widen_orders()
    _fill_orders()
    with op.batch_alter_table("dated_order") as batch_op:
        for name, kind in (
            ("running_no", sa.Integer()),
            ("signer", sa.String(length=30)),
            ("received_on", sa.Date()),
            ("effective_at", UTCDateTime()),
        ):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_dated_order_day_document_no_running_no"),
            ["day", "document_no", "running_no"],
        )
    _create_period_change()
    _create_volumes()


def downgrade() -> None:
    for table in ("planned_volume", "volume_notice"):
        op.drop_index(f"ix_{table}_month", table_name=table)
        op.drop_table(table)
    op.drop_index(op.f("ix_period_change_campaign_code"), table_name="period_change")
    op.drop_table("period_change")
    with op.batch_alter_table("dated_order") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_dated_order_day_document_no_running_no"), type_="unique"
        )
        for name in NEW_ORDER_COLUMNS:
            batch_op.drop_column(name)


def _widen_orders() -> None:
    with op.batch_alter_table("dated_order") as batch_op:
        batch_op.add_column(sa.Column("running_no", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("signer", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("effective_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.String(length=16), nullable=True))


def _fill_orders() -> None:
    orders = sa.table(
        "dated_order",
        sa.column("id"),
        sa.column("day", sa.Date()),
        sa.column("document_no", sa.String()),
        sa.column("entered_at", UTCDateTime()),
        sa.column("running_no", sa.Integer()),
        sa.column("signer", sa.String()),
        sa.column("received_on", sa.Date()),
        sa.column("effective_at", UTCDateTime()),
    )
    connection = op.get_bind()
    connection.execute(
        sa.update(orders).values(running_no=_place_of(orders), signer=UNKNOWN_SIGNER)
    )
    for day in connection.scalars(sa.select(orders.c.day).distinct()).all():
        midnight = datetime.combine(day, time.min, tzinfo=TOKYO)
        connection.execute(
            sa.update(orders).where(orders.c.day == day).values(effective_at=midnight)
        )
    for entered_at in connection.scalars(sa.select(orders.c.entered_at).distinct()).all():
        connection.execute(
            sa.update(orders)
            .where(orders.c.entered_at == entered_at)
            .values(received_on=entered_at.astimezone(TOKYO).date())
        )


def _place_of(orders: sa.TableClause) -> sa.ScalarSelect[int]:
    """The place of an order among those of one document for its day, as they were entered."""
    earlier = orders.alias("earlier")
    return (
        sa.select(sa.func.count())
        .select_from(earlier)
        .where(
            earlier.c.day == orders.c.day,
            earlier.c.document_no == orders.c.document_no,
            sa.or_(
                earlier.c.entered_at < orders.c.entered_at,
                sa.and_(earlier.c.entered_at == orders.c.entered_at, earlier.c.id <= orders.c.id),
            ),
        )
        .correlate(orders)
        .scalar_subquery()
    )


def _create_period_change() -> None:
    op.create_table(
        "period_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_code", sa.String(length=12), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("signer", sa.String(length=30), nullable=False),
        sa.Column("old_calls_from", sa.Date(), nullable=False),
        sa.Column("old_calls_until", sa.Date(), nullable=False),
        sa.Column("old_callbacks_until", sa.Date(), nullable=False),
        sa.Column("new_calls_from", sa.Date(), nullable=False),
        sa.Column("new_calls_until", sa.Date(), nullable=False),
        sa.Column("new_callbacks_until", sa.Date(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_code"],
            ["campaign.code"],
            name=op.f("fk_period_change_campaign_code_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_change")),
    )
    op.create_index(
        op.f("ix_period_change_campaign_code"), "period_change", ["campaign_code"], unique=False
    )


def _create_volumes() -> None:
    op.create_table(
        "volume_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_notice")),
    )
    op.create_index("ix_volume_notice_month", "volume_notice", ["receivable", "month"])
    op.create_table(
        "planned_volume",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receivable", sa.String(length=3), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_volume")),
    )
    op.create_index("ix_planned_volume_month", "planned_volume", ["receivable", "month"])
