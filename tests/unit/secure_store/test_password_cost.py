"""What it costs to guess a password."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.low_level import Type

from secure_store.people import passwords


def test_a_guess_costs_64_mebibytes_and_three_passes() -> None:
    # Made when the program started, before the tests made their own log-ins cheap.
    found = extract_parameters(passwords._NOBODY)
    assert (found.type, found.memory_cost, found.time_cost) == (Type.ID, 65536, 3)
