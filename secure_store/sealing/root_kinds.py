"""Pure: what a root key can come from, and how the present one came."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RootKind(StrEnum):
    """What the root key comes from."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    KEY_FILE = "key_file"
    TOKEN = "token"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, slots=True)
class RootChange:
    """When the present root key replaced another, and what became of that one.

    ``is_former_gone``: a module destroyed it. Whether a medium is destroyed, no program knows.
    ``is_source_new``: what the present root comes from does not open the former one.
    """

    at: datetime
    former: RootKind
    is_former_gone: bool
    is_source_new: bool


def note_of_change(note: bytes, change: RootChange) -> bytes:
    """What the key store keeps about a root key, with how it came there."""
    told = {
        "at": change.at.isoformat(),
        "former": change.former.value,
        "is_former_gone": change.is_former_gone,
        "is_source_new": change.is_source_new,
    }
    return json.dumps(json.loads(note) | {"change": told}, sort_keys=True).encode()


def change_of(note: bytes | None) -> RootChange | None:
    """How the present root key came to be; None when it is the first one."""
    said = json.loads(note).get("change") if note else None
    if said is None:
        return None
    at, former = datetime.fromisoformat(said["at"]), RootKind(said["former"])
    return RootChange(at, former, said["is_former_gone"], said["is_source_new"])
