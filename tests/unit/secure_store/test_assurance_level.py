"""Which assurance level an installation may print on a certificate."""

from __future__ import annotations

from itertools import product

import pytest

from secure_store.sealing.assurance import Level, Placing, level_of
from secure_store.sealing.root_kinds import RootKind

CASES = [
    # root, key store apart, key medium apart, rehearsal → level
    (RootKind.TOKEN, True, False, False, Level.A),
    (RootKind.KEY_FILE, True, True, False, Level.B),
    (RootKind.KEY_FILE, True, False, False, Level.C),  # the key file lies on the same disk
    (RootKind.PASSPHRASE, True, False, False, Level.C),
    (RootKind.TOKEN, False, False, False, Level.C),  # the key store lies with the database
    (RootKind.KEY_FILE, False, True, False, Level.C),
]


@pytest.mark.clause("S4-14.10")
@pytest.mark.parametrize(("root", "apart", "medium", "rehearsal", "level"), CASES)
def test_the_level_follows_from_where_the_keys_lie(
    root: RootKind, apart: bool, medium: bool, rehearsal: bool, level: Level
) -> None:
    assert level_of(Placing(root, apart, medium, rehearsal)) is level


def test_a_rehearsal_home_claims_nothing_above_c() -> None:
    for root, apart, medium in product(RootKind, (True, False), (True, False)):
        assert level_of(Placing(root, apart, medium, True)) is Level.C
