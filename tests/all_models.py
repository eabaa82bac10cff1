"""Loads every table into the metadata; tests may reach inside the packages."""

from __future__ import annotations

from importlib import import_module

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


def import_all_models() -> None:
    """After this, ``Base.metadata`` knows all tables."""
    for module in MODELS:
        import_module(module)
