"""Loads every table into the metadata; tests may reach inside the packages."""

from __future__ import annotations


def import_all_models() -> None:
    """After this, ``Base.metadata`` knows all tables."""
    import secure_store.models  # noqa: F401
