"""Key rings of a contract with four batches, for the tests of the key store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from secure_store.sealing import aead
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import Argon2Parameters
from secure_store.sealing.scopes import BatchScope, Context

NOW = datetime(2022, 9, 1, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LATEST = NOW + timedelta(days=2)
SMALL = Argon2Parameters(memory_kib=64, iterations=1, lanes=1)
WORD = b"correct horse"
A = BatchScope("C004", "A01", "A01-202209")
A_NEXT = BatchScope("C004", "A01", "A01-202210")
B = BatchScope("C004", "A02", "A02-202209")
A_LIKE = BatchScope("C004", "A011", "A01-202209")
ROW = UUID(int=7)
OTHER = UUID(int=8)


def created(directory: Path) -> KeyRing:
    return KeyRing(KeyStore.create(directory, WORD, SMALL, "C004", NOW))


def reopened(directory: Path) -> KeyRing:
    return KeyRing(KeyStore.open(directory, WORD))


def box_of(ring: KeyRing, scope: BatchScope, row: UUID = ROW, text: bytes = b"sample") -> bytes:
    key = ring.record_key(scope, row)
    return aead.seal(key.key, key.key_id, Context(scope, "call_case", row, "G1", 1), text)


def open_box(ring: KeyRing, scope: BatchScope, box: bytes, row: UUID = ROW) -> bytes:
    key = ring.record_key(scope, row)
    return aead.open_sealed(key.key, key.key_id, Context(scope, "call_case", row, "G1", 1), box)


def ring_of_four(home: Path) -> KeyRing:
    """Four batches of three receivables, two rows in each."""
    made = created(home)
    for scope in (A, A_NEXT, B, A_LIKE):
        made.ensure_data_key(scope, NOW)
        made.add_records(scope, [ROW, OTHER], NOW)
    return made
