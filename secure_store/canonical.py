"""One byte form for everything that is hashed or signed: audit events, certificates, manifests.

Sorted keys, no spaces, UTF-8, whole numbers only, absent values left out, instants in RFC 3339
with +09:00. ``secure_store/verifier/canonical.py`` says the same a second time on purpose: a
checker that shared this code would share its mistakes.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any
from uuid import UUID

from secure_store.errors import Invalid

JST = timezone(timedelta(hours=9), "JST")


class NotCanonical(Invalid):
    """The bytes are not the one canonical form of what they say."""

    code = "not_canonical"


def plain(value: Any) -> Any:
    """Turn frozen dataclasses, enums, dates and ids into what JSON knows; ``None`` fields vanish.

    Raises ``TypeError`` for floats, bytes and other types without one exact form, and
    ``ValueError`` for an instant without a zone.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return _plain_atom(value)


def _plain_fields(value: Any) -> dict[str, Any]:
    named = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {name: plain(item) for name, item in named if item is not None}


def _plain_atom(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def instant_text(instant: datetime) -> str:
    """``2026-11-21T09:30:00+09:00``; microseconds only where there are any."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(JST).isoformat()


def canonical_json(value: Any) -> bytes:
    """The one byte form of ``value`` (see the module's text)."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def parse_canonical(data: bytes) -> Any:
    """Read canonical JSON back. Raises ``NotCanonical`` unless writing it again gives ``data``."""
    try:
        value = json.loads(data.decode("utf-8"))
        again = canonical_json(value)
    except (ValueError, TypeError, RecursionError) as fault:
        raise NotCanonical from fault
    # Doubled keys, other spacing, other number forms and escapes all fail this one comparison.
    if again != data:
        raise NotCanonical
    return value
