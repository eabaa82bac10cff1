"""What sealing one row costs, beside hashing the same bytes."""

from __future__ import annotations

import hashlib
import secrets
from uuid import uuid4

from secure_store.sealing.aead import seal
from secure_store.sealing.scopes import BatchScope, Context
from tests.bench.ground import Ground
from tests.bench.measuring import Figure, in_turns, micros

ROUNDS, CALLS = 5, 400
ROW_BYTES = 700  # one lent row with its columns, as long as the sample layout makes it


def figures(_ground: Ground) -> list[Figure]:
    row, key, key_id = secrets.token_bytes(ROW_BYTES), secrets.token_bytes(32), b"8 bytes."
    context = Context(BatchScope("004", "A01", "A01-202209"), "call_case", uuid4(), "g3", 1)
    sealed, hashed = in_turns(
        (lambda: seal(key, key_id, context, row), lambda: hashlib.sha256(row).digest()),
        rounds=ROUNDS,
        calls=CALLS,
    )
    name = f"sealing {ROW_BYTES} bytes against hashing them"
    return [Figure(name, "none", micros(sealed), micros(hashed), sealed / hashed, None)]
