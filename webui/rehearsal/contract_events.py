"""The story of a simulated contract as one digest: the same seed must tell the same story.

Ids are drawn from the seed while a contract is simulated, because the order of the queue falls
back on them; in the digest they and all pseudonyms stand as "the first, the second, …".
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any

DIGEST_LENGTH = 64


@contextmanager
def ids_from(seed: int) -> Iterator[None]:
    """While this runs, ``uuid4`` of this process draws from the seed; keys and salts do not."""
    kept = vars(uuid)["os"]
    vars(uuid)["os"] = SimpleNamespace(urandom=Random(f"{seed}/ids").randbytes)
    try:
        yield
    finally:
        vars(uuid)["os"] = kept


class EventHash:
    """Digest over audit events, fed in their order."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._places: dict[str, int] = {}
        self.events = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Takes further lines of the log."""
        for line in lines:
            self._digest.update(self._told(json.loads(line)["event"]).encode())
            self.events += 1

    def hex(self) -> str:
        """The digest so far."""
        return self._digest.hexdigest()

    def _told(self, event: dict[str, Any]) -> str:
        ref = event.get("ref")
        told = [
            *(event.get(name) for name in ("at", "actor", "tag", "result", "receivable", "batch")),
            *(event.get(name) for name in ("object_kind", "reason", "count")),
            self._place(event.get("object_id")),
            self._place(event.get("subject")),
            self._place(ref) if ref and len(ref) == DIGEST_LENGTH else ref,
        ]
        return json.dumps(told, ensure_ascii=False) + "\n"

    def _place(self, name: str | None) -> int | None:
        return None if name is None else self._places.setdefault(name, len(self._places))
