"""Builds logs as the writer would, and the attacks on them, for the audit tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from secure_store.audit.chain import (
    GENESIS,
    AuditFacts,
    MerkleAccumulator,
    canonical_bytes,
    checkpoint_text,
    event_hash,
    note_key_id,
    signed_note,
    signer_name,
)
from secure_store.audit.tags import FieldGroup, Result, Tag
from secure_store.verifier.audit_check import Kind, Status
from secure_store.verifier.audit_log import StoredEvent

START = datetime(2026, 11, 2, 2, 30, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
TAGS = tuple(Tag)


def facts(seq: int, prev: bytes, draw: random.Random) -> AuditFacts:
    return AuditFacts(
        seq=seq,
        at=START + timedelta(seconds=7 * seq, microseconds=draw.randrange(10**6)),
        actor=f"u-{draw.randrange(60):03d}",
        role="agent",
        tag=draw.choice(TAGS),
        prev=prev,
        result=draw.choice(tuple(Result)),
        session_ref=f"{draw.randrange(16**8):08x}",
        receivable=f"A0{draw.randrange(1, 9)}",
        object_kind="call_case",
        object_id=UUID(int=draw.getrandbits(128)),
        subject=f"{draw.getrandbits(128):032x}",
        groups=(FieldGroup.CONTACT,),
        count=draw.randrange(5),
    )


def log_of(size: int, draw: random.Random) -> list[AuditFacts]:
    events: list[AuditFacts] = []
    prev = GENESIS
    for seq in range(1, size + 1):
        events.append(facts(seq, prev, draw))
        prev = event_hash(canonical_bytes(events[-1]))
    return events


def stored(events: list[AuditFacts]) -> list[StoredEvent]:
    return [_row(event) for event in events]


@lru_cache(maxsize=4000)
def _row(event: AuditFacts) -> StoredEvent:
    """Most events of a log stand as they were, whatever is done to one of them."""
    body = canonical_bytes(event)
    return StoredEvent(body, event_hash(body))


def relinked(events: list[AuditFacts]) -> list[AuditFacts]:
    """The same events numbered and chained anew, as somebody with the database could do."""
    again: list[AuditFacts] = []
    prev = GENESIS
    for seq, event in enumerate(events, start=1):
        stands = event.seq == seq and event.prev == prev
        again.append(event if stands else replace(event, seq=seq, prev=prev))
        prev = _row(again[-1]).stored_hash
    return again


def head(events: list[AuditFacts], size: int, contract: str = "C-2026") -> str:
    tree = MerkleAccumulator()
    for event in events[:size]:
        tree.add(_row(event).stored_hash)
    return signed_head(checkpoint_text("sapporo", contract, size, tree.root()))


def signed_head(text: str, private: Ed25519PrivateKey = PRIVATE) -> str:
    name = signer_name("sapporo")
    raw = private.public_key().public_bytes_raw()
    return signed_note(text, name, note_key_id(name, raw), private.sign(text.encode()))


@dataclass(frozen=True)
class Attack:
    """What an attack leaves behind, and what the checker has to say about it."""

    rows: list[StoredEvent]
    status: Status
    kind: Kind
    first_bad_seq: int | None


def changed(event: AuditFacts) -> AuditFacts:
    return replace(event, actor="u-999", count=(event.count or 0) + 1)


def edit(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    rows = stored(events)
    rows[at - 1] = StoredEvent(canonical_bytes(changed(events[at - 1])), rows[at - 1].stored_hash)
    return Attack(rows, Status.BROKEN, Kind.EDITED, at)


def edit_one_with_its_hash(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    rows = stored(events)
    rows[at - 1] = stored([changed(events[at - 1])])[0]
    return Attack(rows, Status.BROKEN, Kind.EDITED, at)


def alter_hash(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    rows = stored(events)
    rows[at - 1] = StoredEvent(rows[at - 1].canonical, bytes(32))
    return Attack(rows, Status.BROKEN, Kind.HASH_ALTERED, at)


def delete(events: list[AuditFacts], at: int, draw: random.Random) -> Attack:
    rows = stored(events)
    count = min(draw.randrange(1, 4), len(rows) - at)
    return Attack(rows[: at - 1] + rows[at - 1 + count :], Status.BROKEN, Kind.DELETED, at)


def insert(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    rows = stored(events)
    false = stored([changed(events[at - 1])])
    return Attack(rows[: at - 1] + false + rows[at - 1 :], Status.BROKEN, Kind.INSERTED, at)


def repeat(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    rows = stored(events)
    return Attack(rows[:at] + [rows[at - 1]] + rows[at:], Status.BROKEN, Kind.INSERTED, at)


def swap(events: list[AuditFacts], at: int, draw: random.Random) -> Attack:
    rows = stored(events)
    other = draw.randrange(at + 1, len(rows) + 1)
    rows[at - 1], rows[other - 1] = rows[other - 1], rows[at - 1]
    return Attack(rows, Status.BROKEN, Kind.SWAPPED, at)


def edit_and_rehash(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    again = relinked([*events[: at - 1], changed(events[at - 1]), *events[at:]])
    return Attack(stored(again), Status.ANCHOR_NOT_REPRODUCED, Kind.REWRITTEN, None)


def delete_and_rehash(events: list[AuditFacts], at: int, draw: random.Random) -> Attack:
    # One is taken out and the tail grows on, so that the length betrays nothing.
    again = relinked([*events[: at - 1], *events[at:], facts(1, GENESIS, draw)])
    return Attack(stored(again), Status.ANCHOR_NOT_REPRODUCED, Kind.REWRITTEN, None)


def insert_and_rehash(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    again = relinked([*events[:at], changed(events[at - 1]), *events[at:]])
    return Attack(stored(again), Status.ANCHOR_NOT_REPRODUCED, Kind.REWRITTEN, None)


def truncate(events: list[AuditFacts], at: int, _draw: random.Random) -> Attack:
    return Attack(stored(events[: at - 1]), Status.ANCHOR_NOT_REPRODUCED, Kind.TRUNCATED, at)


def truncate_and_regrow(events: list[AuditFacts], at: int, draw: random.Random) -> Attack:
    tail = [facts(1, GENESIS, draw) for _ in events[at - 1 :]]
    again = relinked([*events[: at - 1], *tail])
    return Attack(stored(again), Status.ANCHOR_NOT_REPRODUCED, Kind.REWRITTEN, None)


ATTACKS: tuple[Callable[[list[AuditFacts], int, random.Random], Attack], ...] = (
    edit,
    edit_one_with_its_hash,
    alter_hash,
    delete,
    insert,
    repeat,
    swap,
    edit_and_rehash,
    delete_and_rehash,
    insert_and_rehash,
    truncate,
    truncate_and_regrow,
)
