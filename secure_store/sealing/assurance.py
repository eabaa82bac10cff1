"""Pure: how far the destruction of keys may be trusted, printed on every certificate.

A: the root key lies in a module that never gives it away; destroying it there is the act.
B: passphrase and a key file on a medium of its own; destroying the medium is the act.
C: everything else; then the server's disk itself must be purged or destroyed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from secure_store.sealing.root_kinds import RootKind


class Level(StrEnum):
    """The assurance level of an installation (security.md 5.5)."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Placing:
    """What the level depends on. ``medium_apart``: the key file shares no device with the rest."""

    root: RootKind
    store_apart: bool
    medium_apart: bool
    is_rehearsal: bool


def level_of(placing: Placing) -> Level:
    """The level that may be claimed; a rehearsal home claims none above C."""
    if placing.is_rehearsal or not placing.store_apart:
        return Level.C
    if placing.root is RootKind.TOKEN:
        return Level.A
    if placing.root is RootKind.KEY_FILE and placing.medium_apart:
        return Level.B
    return Level.C
