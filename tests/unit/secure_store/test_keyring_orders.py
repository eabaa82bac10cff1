"""Any order of acts by two processes on one key store: erased stays erased, the rest opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secure_store.sealing import sealing_errors as errors
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import Argon2Parameters
from secure_store.sealing.scopes import BatchScope

NOW = datetime(2022, 9, 1, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SMALL = Argon2Parameters(memory_kib=64, iterations=1, lanes=1)
WORD = b"correct horse"
A = BatchScope("C004", "A01", "A01-202209")
A_NEXT = BatchScope("C004", "A01", "A01-202210")
B = BatchScope("C004", "A02", "A02-202209")
ROWS = (UUID(int=7), UUID(int=8))
Entry = tuple[BatchScope, UUID]

ACTS: dict[str, Callable[[KeyRing, BatchScope, UUID], object]] = {
    "record": lambda ring, scope, row: ring.destroy_record(scope, row, LATER),
    "batch": lambda ring, scope, row: ring.destroy_batch(scope, LATER),
    "receivable": lambda ring, scope, row: ring.destroy_receivable(scope.of_receivable(), LATER),
    "add": lambda ring, scope, row: ring.add_records(scope, [row], LATER),
    "ensure": lambda ring, scope, row: ring.ensure_data_key(scope, LATER),
    "sweep": lambda ring, scope, row: ring.sweep(scope, [uuid4()], LATER),
    "file": lambda ring, scope, row: ring.file_key_create(uuid4(), LATER, scope),
}
ERASES: dict[str, Callable[[Entry, BatchScope, UUID], bool]] = {
    "record": lambda entry, scope, row: entry == (scope, row),
    "batch": lambda entry, scope, row: entry[0] == scope,
    "receivable": lambda entry, scope, row: entry[0].receivable == scope.receivable,
}
orders = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.sampled_from([A, A_NEXT, B]),
        st.sampled_from(ROWS),
        st.booleans(),
    ),
    max_size=12,
)


def _check(ring: KeyRing, keys: dict[Entry, bytes], gone: set[Entry]) -> None:
    for entry, key in keys.items():
        if entry in gone:
            with pytest.raises(errors.KeyDestroyed):
                ring.record_key(*entry)
        else:
            assert ring.record_key(*entry).key == key


@settings(max_examples=60, deadline=None)
@given(orders)
def test_whatever_the_order_of_acts_erased_stays_erased_and_the_rest_opens(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, BatchScope, UUID, bool]]
) -> None:
    home = tmp_path_factory.mktemp("orders") / "keys"
    rings = (
        KeyRing(KeyStore.create(home, WORD, SMALL, "C004", NOW)),
        KeyRing(KeyStore.open(home, WORD)),
    )
    keys: dict[Entry, bytes] = {}
    for scope in (A, A_NEXT, B):
        rings[0].ensure_data_key(scope, NOW)
        rings[0].add_records(scope, ROWS, NOW)
        keys |= {(scope, row): rings[1].record_key(scope, row).key for row in ROWS}
    gone: set[Entry] = set()
    for act, scope, row, second in acts:
        try:
            ACTS[act](rings[second], scope, row)
        except errors.KeyDestroyed:
            assert any(entry[0] == scope for entry in gone)
        if act in ERASES:
            gone |= {entry for entry in keys if ERASES[act](entry, scope, row)}
        _check(rings[not second], keys, gone)
    assert {entry for entry in keys if not rings[0].still_opens(*entry)} == gone
