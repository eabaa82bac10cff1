"""Runs migrations on the connection that the caller hands over, one process at a time."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from alembic import context
from sqlalchemy import text
from sqlalchemy.engine import Connection

from secure_store.database import Base, UTCDateTime

# Every table must be known before models and database are compared.
MODELS = (
    "campaigns.calling.day_close",
    "campaigns.calling.models",
    "campaigns.calling.notice_models",
    "campaigns.cases.models",
    "campaigns.cases.schedule_models",
    "campaigns.escalation.models",
    "campaigns.profile.instruction_models",
    "campaigns.profile.models",
    "campaigns.reports.models",
    "dialer.models",
    "scripts_talk.models",
    "secure_store.backups.models",
    "secure_store.exchange.models",
    "secure_store.models",
    "secure_store.orders.models",
    "secure_store.people.models",
)
for module in MODELS:
    import_module(module)

# Any number will do; it must only be the same in every process that migrates.
ADVISORY_LOCK = 4_211_550


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Writes our instants by their short name into new revisions."""
    if kind == "type" and isinstance(item, UTCDateTime):
        autogen_context.imports.add("from secure_store.database import UTCDateTime")
        return "UTCDateTime()"
    return False


def run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Waiting forever behind a long report would stop every writer that queues after us.
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        render_item=render_item,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
