"""Tombstones as text, one JSON object a line: for media that keep them apart from the key store.

They hold ids and dates and no secret. Whoever adds a line can destroy a key, so such a text is
believed only from inside a sealed backup, or when it bears our signature.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from secure_store.sealing.scopes import DestroyedKey, KeyKind


def lines_of(stones: Iterable[DestroyedKey]) -> bytes:
    """The tombstones as UTF-8 lines."""
    return b"".join(json.dumps(_document(one), sort_keys=True).encode() + b"\n" for one in stones)


def stones_of(lines: bytes) -> tuple[DestroyedKey, ...]:
    """What ``lines_of`` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    return tuple(_stone(json.loads(line)) for line in lines.splitlines() if line.strip())


def _document(stone: DestroyedKey) -> dict[str, str]:
    return {
        "key_id": stone.key_id,
        "kind": stone.kind.value,
        "scope": stone.scope,
        "name": stone.name,
        "created_at": stone.created_at.isoformat(),
        "destroyed_at": stone.destroyed_at.isoformat(),
        "kcv": stone.kcv,
    }


def _stone(raw: dict[str, Any]) -> DestroyedKey:
    return DestroyedKey(
        str(raw["key_id"]),
        KeyKind(raw["kind"]),
        str(raw["scope"]),
        str(raw["name"]),
        datetime.fromisoformat(raw["created_at"]),
        datetime.fromisoformat(raw["destroyed_at"]),
        str(raw["kcv"]),
    )
