"""An erasure that is killed at any point is finished by calling it again."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.closing.applying import plan_erasure
from campaigns.closing.certifying import certify
from campaigns.closing.plan import get_erasure
from campaigns.closing.run import run_all
from secure_store.clock import FixedClock
from secure_store.erasure import scan
from secure_store.erasure.states import ErasureState
from secure_store.sealing.installed import installed_of
from secure_store.verifier.certificate_check import check
from tests.integration.campaigns.erasure_world import ACTORS, SUPERVISOR, make_world
from webui.runtime.rehearsal_clock import set_clock
from webui.services import Services

ROOT = Path(__file__).resolve().parents[3]

# Plays the erasure in a process of its own, which dies at the n-th call of one function.
_PLAY = """
import importlib, os, signal, sys
from pathlib import Path
from uuid import UUID
root, home, erasure, module, name, moment, nth = sys.argv[1:]
sys.path.insert(0, root)
from campaigns.closing.run import run_all
from tests.integration.campaigns.erasure_world import ACTORS
from webui.runtime.wiring import open_home
place = importlib.import_module(module)
real, calls = getattr(place, name), []
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def dying(*given):
    calls.append(1)
    if moment == "before" and len(calls) == int(nth):
        die()
    result = real(*given)
    if moment == "after" and len(calls) == int(nth):
        die()
    return result
setattr(place, name, dying)
run_all(open_home(Path(home)).store, ACTORS, UUID(erasure))
"""

DESTRUCTION = "secure_store.erasure.destruction"
DESTROYING = "campaigns.closing.destroying"
SCAN = "secure_store.erasure.scan"
POINTS = [
    ("campaigns.closing.gates", "take_from_queue", "after", 1, ErasureState.APPLIED),
    (SCAN, "search", "after", 1, ErasureState.FROZEN),
    (DESTRUCTION, "destroy_keys", "after", 1, ErasureState.SCANNED_BEFORE),
    (DESTRUCTION, "destroy_files", "after", 1, ErasureState.SCANNED_BEFORE),
    (DESTROYING, "purge_slice", "after", 9, ErasureState.KEYS_DESTROYED),
    (DESTRUCTION, "compact", "before", 1, ErasureState.KEYS_DESTROYED),
    (DESTRUCTION, "remove", "after", 1, ErasureState.ROWS_PURGED),
    (SCAN, "search", "after", 3, ErasureState.COPIES_DESTROYED),
    ("campaigns.closing.certifying", "signed_file", "after", 1, ErasureState.VERIFIED),
]


@pytest.mark.both_databases
@pytest.mark.parametrize(("module", "name", "moment", "nth", "left_in"), POINTS)
def test_a_killed_erasure_is_finished_by_calling_it_again(
    home: Services,
    clock: FixedClock,
    module: str,
    name: str,
    moment: str,
    nth: int,
    left_in: ErasureState,
) -> None:
    world = make_world(home, clock, "A01")
    cells = world.cells()
    with world.store.work(SUPERVISOR) as work:
        erasure_id = plan_erasure(work, "contract").id
    set_clock(home.settings, clock.now())
    given = (str(ROOT), str(home.settings.home), str(erasure_id), module, name, moment, str(nth))
    killed = subprocess.run(
        [sys.executable, "-c", _PLAY, *given], capture_output=True, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert get_erasure(work, erasure_id).state is left_in
    clock.advance(timedelta(hours=1))
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED
    assert scan.opens(world.store, cells) == 0
    assert set(world.rows().values()) == {0}
    public_key = installed_of(world.store).keyring.public_key()
    assert check(certify(world.store, SUPERVISOR, erasure_id), public_key).ok
