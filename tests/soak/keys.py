"""Keys at their full figures (T03, T05, T09); what was counted is printed.

A million seals share no nonce and no record id; no crafted value opens under two keys; look-up
values of one person never meet across receivables; 10,000 orders of two processes bring nothing
back and lose nothing.
"""

from __future__ import annotations

import hmac
import random
import secrets
import sys
import tempfile
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from time import perf_counter
from uuid import UUID

from secure_store.sealing import aead
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import Argon2Parameters
from secure_store.sealing.scopes import BatchScope, Context
from secure_store.sealing.sealing_errors import SealBroken
from tests.key_races import ACTS, NOW, ROWS, Race

SEALS, PAIRS, PHONES, ORDERS, MOST_ACTS = 1_000_000, 1_000, 5_000, 10_000, 8
RECEIVABLES = tuple(f"A{number:02d}" for number in range(1, 9))
PLACE = Context(BatchScope("C004", "A01", "A01-202209"), "call_case", UUID(int=7), "G1", 1)


def _nonces() -> int:
    """How many nonces of a million seals came twice."""
    key, key_id = secrets.token_bytes(32), bytes(8)
    seen = {aead.seal(key, key_id, PLACE, b"x")[11:23] for _ in range(SEALS)}
    return SEALS - len(seen)


def _opened_by_two() -> int:
    """Values made of two keys' halves in every way: how many open under either key."""
    opened = 0
    for _ in range(PAIRS):
        keys = [secrets.token_bytes(32) for _each in range(2)]
        ours, theirs = (aead.seal(key, bytes(8), PLACE, b"x") for key in keys)
        head = ours[:23]
        crafted = head + aead._commitment(keys[1], head) + ours[39:]
        mixed = theirs[:39] + ours[39:]
        for value in (crafted, mixed):
            for key in keys:
                try:
                    aead.open_sealed(key, bytes(8), PLACE, value)
                except SealBroken:
                    continue
                opened += 1
    return opened


def _met_across_receivables(folder: Path) -> int:
    """The same phones under every receivable's key: how many look-up values are equal."""
    numbers = [
        f"090{number:08d}".encode() for number in random.Random(5).sample(range(10**8), PHONES)
    ]
    small = Argon2Parameters(memory_kib=64, iterations=1, lanes=1)
    ring = KeyRing(KeyStore.create(folder / "keys", b"words", small, "C004", NOW))
    indexes = {}
    for receivable in RECEIVABLES:
        scope = BatchScope("C004", receivable, f"{receivable}-202209")
        ring.ensure_data_key(scope, NOW)
        key = ring.blind_index_key(scope, "call_case", "phone")
        indexes[receivable] = {hmac.digest(key, one, "sha256")[:16] for one in numbers}
    pairs = list(permutations(RECEIVABLES, 2))
    assert len(pairs) == 56
    return sum(len(indexes[one] & indexes[other]) for one, other in pairs)


def _races(folder: Path) -> tuple[int, int]:
    """Values that came back, and values that were lost, over all orders."""
    back = lost = 0
    for number in range(ORDERS):
        chance = random.Random(number)
        race = Race(folder / str(number))
        for _act in range(chance.randint(3, MOST_ACTS)):
            race.act(chance.choice(sorted(ACTS)), chance.randint(0, 1), chance.choice(ROWS))
        found = race.verdict()
        back, lost = back + found[0], lost + found[1]
        (folder / str(number) / "keys.sqlite3").unlink()
    return back, lost


def main() -> int:
    """0 when every figure is nought."""
    # What is raced for is order, not the medium: memory spares it ten thousand times ten syncs.
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="dialer-keys-", dir=place) as name:
        folder = Path(name)
        counts: dict[str, Callable[[], tuple[int, ...]]] = {
            f"T03 repeated nonces in {SEALS:,} seals": lambda: (_nonces(),),
            f"T03 crafted values of {PAIRS:,} pairs that open": lambda: (_opened_by_two(),),
            f"T05 equal look-up values, {PHONES:,} phones, 56 pairs": lambda: (
                _met_across_receivables(folder),
            ),
            f"T09 {ORDERS:,} orders, came back and lost": lambda: _races(folder),
        }
        faults = 0
        for text, count in counts.items():
            began = perf_counter()
            found = count()
            faults += sum(found)
            sys.stdout.write(f"{text}: {found} ({perf_counter() - began:.0f} s)\n")
            sys.stdout.flush()
    return int(faults != 0)


if __name__ == "__main__":
    sys.exit(main())
