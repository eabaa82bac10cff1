"""Two processes on one key store that destroy, rewrap, replace, insert and prune in any order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from secure_store.sealing import aead
from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import Argon2Parameters
from secure_store.sealing.rotation import (
    begin_data_key,
    former_data_keys,
    prune_data_key,
    rotate_epoch,
)
from secure_store.sealing.scopes import BatchScope, Context

NOW = datetime(2022, 9, 1, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
WORD = b"correct horse"
A = BatchScope("C004", "A01", "A01-202209")
B = BatchScope("C004", "A02", "A02-202209")
ROWS = (UUID(int=7), UUID(int=8))


def sealed(ring: KeyRing, scope: BatchScope, row: UUID) -> bytes:
    """A value of a row under the present key."""
    key = ring.record_key(scope, row)
    return aead.seal(key.key, key.key_id, Context(scope, "call_case", row, "G1", 1), b"sample")


def opened(ring: KeyRing, scope: BatchScope, box: bytes, row: UUID) -> bytes:
    """The value, under whichever generation of the data key sealed it."""
    key = ring.record_keys(scope, [row], aead.key_id_in(box))[row]
    return aead.open_sealed(key.key, key.key_id, Context(scope, "call_case", row, "G1", 1), box)


class Race:
    """What was erased, and what must still open."""

    def __init__(self, folder: Path) -> None:
        small = Argon2Parameters(memory_kib=64, iterations=1, lanes=1)
        KeyStore.create(folder, WORD, small, "C004", NOW)
        self.rings = [KeyRing(KeyStore.open(folder, WORD)) for _ in range(2)]
        for scope in (A, B):
            self.rings[0].ensure_data_key(scope, NOW)
            self.rings[0].add_records(scope, ROWS, NOW)
        self.boxes = [(row, sealed(self.rings[0], A, row)) for row in ROWS]
        self.kept = sealed(self.rings[0], B, ROWS[0])
        self.erased: set[UUID] = set()

    def act(self, name: str, who: int, row: UUID) -> None:
        """One act of one process; being refused is an answer too."""
        with suppress(errors.KeyDestroyed, errors.KeyInUse):
            ACTS[name](self, self.rings[who], row)

    def destroy_record(self, ring: KeyRing, row: UUID) -> None:
        self.erased.add(row)
        ring.destroy_record(A, row, LATER)

    def destroy_batch(self, ring: KeyRing, _row: UUID) -> None:
        self.erased |= set(ROWS)
        ring.destroy_batch(A, LATER)

    def prune(self, ring: KeyRing, _row: UUID) -> None:
        for old in former_data_keys(ring, A):
            prune_data_key(ring, A, old, lambda: len(self.boxes), LATER)

    def verdict(self) -> tuple[int, int]:
        """How many values came back though erased, and how many are lost though they are not."""
        resurrected = lost = 0
        for ring in self.rings:
            for row, box in self.boxes:
                try:
                    opened(ring, A, box, row)
                except (errors.KeyDestroyed, errors.SealBroken):
                    lost += row not in self.erased
                else:
                    resurrected += row in self.erased
            lost += opened(ring, B, self.kept, ROWS[0]) != b"sample"
        return resurrected, lost


ACTS: dict[str, Callable[[Race, KeyRing, UUID], object]] = {
    "destroy_record": Race.destroy_record,
    "destroy_batch": Race.destroy_batch,
    "rewrap": lambda _race, ring, _row: rotate_epoch(ring, LATER),
    "rekey": lambda _race, ring, _row: begin_data_key(ring, A, LATER),
    "insert": lambda _race, ring, _row: ring.ensure_data_key(A, LATER),
    "salt": lambda _race, ring, row: ring.add_records(A, [row], LATER),
    "file": lambda _race, ring, _row: ring.destroy_file_keys([uuid4()], LATER),
    "prune": Race.prune,
}
