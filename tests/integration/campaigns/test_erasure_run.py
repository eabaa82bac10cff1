"""An erasure from the application to the certificate, on both databases."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.cases.cases import list_campaigns
from campaigns.cases.personal_data import make_keys
from campaigns.closing.applying import plan_erasure
from campaigns.closing.certifying import certify
from campaigns.closing.destroying import destroy_copies, destroy_keys, purge_rows
from campaigns.closing.plan import accept, freeze, get_erasure, list_erasures
from campaigns.closing.run import run_all
from campaigns.closing.scanning import scan_before
from campaigns.closing.sealed_cells import BOX_VERSIONS, sealed_columns
from campaigns.closing.tables import KEPT_AFTER_ERASURE, PURGED
from campaigns.closing.verifying import verify_erasure
from campaigns.errors import ErasurePersonsWrong, ErasureUnderWay
from dialer.api import lease_case, lease_next
from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.database import Base, make_engine
from secure_store.erasure import scan
from secure_store.erasure.destruction import DatabaseBusy
from secure_store.erasure.execution import erased_by
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.erasure.signing import public_key_pem
from secure_store.erasure.states import (
    ErasureGateClosed,
    ErasureState,
    Gate,
    IllegalErasureMove,
)
from secure_store.errors import NotAllowed, NotFound
from secure_store.models import AuditEvent, Erasure, SealedFile
from secure_store.sealing.installed import install, installed_of
from secure_store.sealing.keyring import KeyRing
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import read_passphrase
from secure_store.sealing.sealing_errors import KeyDestroyed
from secure_store.work import SecureStore
from tests.all_models import import_all_models
from tests.integration.campaigns.erasure_world import (
    ACTORS,
    ADMINISTRATOR,
    SUPERVISOR,
    VERIFIER,
    World,
    backed_up,
    make_world,
)
from webui.services import Services

ROOT = Path(__file__).resolve().parents[3]
A01 = ErasureScope(ScopeKind.CAMPAIGN, "A01", "A01-202209")
A02 = ErasureScope(ScopeKind.CAMPAIGN, "A02", "A02-202209")


@pytest.fixture
def world(home: Services, clock: FixedClock) -> World:
    return make_world(home, clock)


def planned(world: World, scope: str) -> Erasure:
    with world.store.work(SUPERVISOR) as work:
        return work.session.get_one(Erasure, plan_erasure(work, scope).id)


def state_of(world: World, row: Erasure) -> ErasureState:
    with world.store.work(SUPERVISOR, readonly=True) as work:
        return get_erasure(work, row.id).state


def tags(world: World, row: Erasure) -> list[str]:
    with world.store.work(SUPERVISOR, readonly=True) as work:
        query = select(AuditEvent.tag).where(AuditEvent.object_id == row.id)
        return list(work.session.scalars(query.order_by(AuditEvent.seq)))


def checked(certificate: bytes, world: World, folder: Path) -> subprocess.CompletedProcess[str]:
    """What somebody with the file and the public key alone finds, in a process of their own."""
    (folder / "certificate.json").write_bytes(certificate)
    (folder / "key.pem").write_text(public_key_pem(world.store))
    command = [sys.executable, "-I", "-c", _CHECK, str(ROOT), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


_CHECK = """
import sys
sys.path.insert(0, sys.argv[1])
from secure_store.verifier.certificate_check import main
code = main([sys.argv[2] + "/certificate.json", "--public-key", sys.argv[2] + "/key.pem"])
assert "sqlalchemy" not in sys.modules
sys.exit(code)
"""


@pytest.mark.both_databases
@pytest.mark.clause("S4-14.10", "S2-PI8.1", "S2-PI8.3", "S3-B2-13.1")
def test_a_contract_is_erased_and_certified(world: World, tmp_path: Path) -> None:
    cells = world.cells()
    assert len(cells) == 2 * (5 * 3 + 1)
    assert scan.opens(world.store, cells) == len(cells)
    row = planned(world, "contract")
    view = run_all(world.store, ACTORS, row.id)
    assert view.state is ErasureState.CERTIFIED
    assert scan.opens(world.store, cells) == 0
    assert set(world.rows().values()) == {0}
    assert list(installed_of(world.store).vault_folder.iterdir()) == []
    assert view.before is not None
    assert view.after is not None
    assert (view.before.tried, view.before.opened) == (len(cells) + 4, len(cells) + 4)
    assert view.before.sought > 20
    assert (view.before.hits, view.after.opened, view.after.hits) == (0, 0, 0)
    assert view.after.tried == len(cells) + 4  # two canaries, two whole files
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert all(campaign.is_erased for campaign in list_campaigns(work))
        assert erased_by(work, "A01", "A01-202209") == view.number
        assert all(f.key_destroyed_at for f in work.session.scalars(select(SealedFile)))
    told = checked(certify(world.store, SUPERVISOR, row.id), world, tmp_path)
    assert (told.returncode, told.stdout.split("\n")[0]) == (0, "ok"), told.stderr


@pytest.mark.clause("S4-14.10")
def test_the_certificate_counts_what_was_there_and_what_is_left(world: World) -> None:
    before = world.rows()
    row = planned(world, "contract")
    run_all(world.store, ACTORS, row.id)
    written = json.loads(certify(world.store, SUPERVISOR, row.id))["certificate"]
    rows = [line for line in written["inventory"] if line["kind"] == "rows"]
    assert sum(line["before"] for line in rows) == sum(before.values())
    assert {line["after"] for line in written["inventory"]} == {0}
    assert written["head"]["document"] == "erasure_certificate"
    assert written["head"]["rehearsal"] is True
    assert (written["legal_deadline"], written["on_time"]) == ("2023-06-07", True)
    assert written["execution"]["assurance_level"] == "C"
    assert written["execution"]["sanitization"] == "clear"
    said = written["key_destruction"]
    assert said["tombstones"] == said["ever_made"] > said["alive_before"] == len(said["keys"])
    # A data and a pseudonym key of each receivable, the contract's own, and two packs.
    kinds = sorted(key["kind"] for key in said["keys"])
    assert kinds == ["contract", "data", "data", "file", "file", "pseudonym", "pseudonym"]
    noted = {entry["gate"] for entry in written["validation"]["gates_noted"]}
    assert "consent_recorded" in noted


def test_every_step_is_noted_and_nothing_is_done_twice(world: World) -> None:
    row = planned(world, "A01")
    run_all(world.store, ACTORS, row.id)
    first = certify(world.store, SUPERVISOR, row.id)
    noted = tags(world, row)
    run_all(world.store, ACTORS, row.id)
    assert certify(world.store, SUPERVISOR, row.id) == first
    assert tags(world, row) == noted
    steps = ["draft", "applied", "frozen", "scanned_before", "keys_destroyed", "rows_purged"]
    steps += ["copies_destroyed", "verified", "certified"]
    assert noted == [f"erasure:{step}" for step in steps]
    with world.store.work(SUPERVISOR) as work:
        assert accept(work, row.id).state is ErasureState.ACCEPTED
    with world.store.work(SUPERVISOR) as work:
        assert accept(work, row.id).state is ErasureState.ACCEPTED
    assert tags(world, row)[-1] == Tag.ERASURE_ACCEPTED.value


def test_a_step_out_of_order_is_refused_with_the_present_state(world: World) -> None:
    row = planned(world, "A01")
    for step in (
        lambda: scan_before(world.store, SUPERVISOR, row.id),
        lambda: destroy_keys(world.store, SUPERVISOR, ADMINISTRATOR, row.id),
        lambda: purge_rows(world.store, ADMINISTRATOR, row.id),
        lambda: destroy_copies(world.store, ADMINISTRATOR, row.id),
        lambda: verify_erasure(world.store, VERIFIER, row.id),
        lambda: certify(world.store, SUPERVISOR, row.id),
    ):
        with pytest.raises(IllegalErasureMove) as refused:
            step()
        assert refused.value.details["current"] == "applied"
    assert tags(world, row).count("erasure:refused") == 6
    assert scan.opens(world.store, world.cells()) == len(world.cells())


@pytest.mark.both_databases
@pytest.mark.clause("S4-16.1-2")
def test_a_campaign_leaves_its_neighbours_readable(world: World) -> None:
    gone, kept = world.cells(A01), world.cells(A02)
    row = planned(world, "A01-202209")
    assert run_all(world.store, ACTORS, row.id).state is ErasureState.CERTIFIED
    assert scan.opens(world.store, gone) == 0
    assert scan.opens(world.store, kept) == len(kept) > 0
    assert world.cells(A01) == []
    assert len(world.cells(A02)) == len(kept)
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert {c.code: c.is_erased for c in list_campaigns(work)} == {
            "A01-202209": True,
            "A02-202209": False,
        }
        assert erased_by(work, "A02", "A02-202209") is None


@pytest.mark.both_databases
@pytest.mark.clause("S4-16.1-2", "S3-B1-5.10")
def test_one_entry_is_erased_and_gets_a_deletion_record(world: World, tmp_path: Path) -> None:
    first, *others = world.case_ids("A01-202209")
    scope = ErasureScope(ScopeKind.CASE, "A01", "A01-202209", first)
    gone = world.cells(scope)
    kept = [cell for cell in world.cells() if cell.key_row != first]
    assert len(gone) == 4  # three lent boxes and one note
    row = planned(world, f"case:{first}")
    run_all(world.store, ACTORS, row.id)
    assert scan.opens(world.store, gone) == 0
    assert scan.opens(world.store, kept) == len(kept) > len(others) * 3
    assert world.case_ids("A01-202209") == others
    certificate = certify(world.store, SUPERVISOR, row.id)
    assert json.loads(certificate)["certificate"]["head"]["document"] == "deletion_record"
    assert checked(certificate, world, tmp_path).returncode == 0
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert erased_by(work, "A01", "A01-202209") == row.number
        assert not any(campaign.is_erased for campaign in list_campaigns(work))


@pytest.mark.clause("S4-14.10")
def test_a_copy_of_the_database_from_before_does_not_open_with_the_keys_of_after(
    world: World, tmp_path: Path
) -> None:
    before = tmp_path / "before"
    before.mkdir()
    backed_up(world, before / "copy.db")
    settings = world.services.settings
    shutil.copytree(settings.keystore, before / "keystore")
    row = planned(world, "contract")
    run_all(world.store, ACTORS, row.id)
    passphrase = read_passphrase(settings.passphrase_file)
    old_keys = KeyRing(KeyStore.open(before / "keystore", passphrase))
    new_keys = KeyRing(KeyStore.open(settings.keystore, passphrase))
    # The control: both from before open all, so the copy is a good one.
    assert _open_copy(world, before, old_keys) == (32, 32)
    assert _open_copy(world, before, new_keys) == (32, 0)


def _open_copy(world: World, folder: Path, keys: KeyRing) -> tuple[int, int]:
    engine = make_engine(f"sqlite:///{folder / 'copy.db'}")
    store = SecureStore(engine, world.clock, lambda _work, _notes: None)
    install(store, replace(installed_of(world.store), keyring=keys))
    copy = World(replace(world.services, store=store), world.clock)
    cells = copy.cells()
    found = len(cells), scan.opens(store, cells)
    engine.dispose()
    return found


def test_nothing_of_the_erased_values_is_left_in_the_database_file(world: World) -> None:
    fingerprints = [cell.fingerprint() for cell in world.cells()]
    number = planned(world, "contract")
    found = scan.search(world.store, SUPERVISOR, fingerprints, number.number)
    assert (found.hits, found.sought) == (len(fingerprints), len(fingerprints))  # they were there
    run_all(world.store, ACTORS, number.id)
    after = scan.search(world.store, SUPERVISOR, fingerprints, number.number)
    assert (after.sought, after.hits) == (len(fingerprints), 0)


def test_a_reader_in_the_way_delays_the_purge_and_loses_nothing(world: World) -> None:
    row = planned(world, "A01")
    with world.store.work(SUPERVISOR) as work:
        freeze(work, row.id)
    scan_before(world.store, SUPERVISOR, row.id)
    destroy_keys(world.store, SUPERVISOR, ADMINISTRATOR, row.id)
    with world.store.work(SUPERVISOR, readonly=True) as reader:
        reader.session.get_one(Erasure, row.id)
        with pytest.raises(DatabaseBusy):
            purge_rows(world.store, ADMINISTRATOR, row.id)
    assert state_of(world, row) is ErasureState.KEYS_DESTROYED
    assert run_all(world.store, ACTORS, row.id).state is ErasureState.CERTIFIED


def test_a_value_in_the_clear_stops_the_erasure(world: World) -> None:
    cells = world.cells(A01)
    _count, patterns = scan.patterns_of_values(world.store, cells, {"g1": (0,)}, "cp932")
    assert patterns
    folder = installed_of(world.store).vault_folder
    (folder / "left-behind.tmp").write_bytes(b"..." + max(patterns, key=len) + b"...")
    row = planned(world, "A01")
    with world.store.work(SUPERVISOR) as work:
        freeze(work, row.id)
    with pytest.raises(ErasureGateClosed) as refused:
        scan_before(world.store, SUPERVISOR, row.id)
    assert refused.value.gates == (Gate.SCAN_BEFORE_CLEAN,)
    assert state_of(world, row) is ErasureState.FROZEN
    (folder / "left-behind.tmp").unlink()
    assert scan_before(world.store, SUPERVISOR, row.id).state is ErasureState.SCANNED_BEFORE


def test_one_person_alone_destroys_no_key(world: World) -> None:
    row = planned(world, "A01")
    with world.store.work(SUPERVISOR) as work:
        freeze(work, row.id)
    scan_before(world.store, SUPERVISOR, row.id)
    both_in_one = Actor(code="SV01", role=Role.SYSTEM_ADMIN)
    second = Actor(code="SV02", role=Role.SUPERVISOR)
    for one, other in (
        (SUPERVISOR, SUPERVISOR),
        (SUPERVISOR, second),
        (SUPERVISOR, both_in_one),
        (ADMINISTRATOR, SUPERVISOR),
    ):
        with pytest.raises(ErasurePersonsWrong):
            destroy_keys(world.store, one, other, row.id)
    with pytest.raises(NotAllowed):
        destroy_keys(world.store, SUPERVISOR, VERIFIER, row.id)
    assert scan.opens(world.store, world.cells()) == 32


def test_who_destroyed_the_keys_does_not_verify(world: World) -> None:
    row = planned(world, "A01")
    one_code = Actor(code=ADMINISTRATOR.code, role=Role.VERIFIER)
    with pytest.raises(ErasurePersonsWrong):
        run_all(world.store, replace(ACTORS, verifier=one_code), row.id)
    assert state_of(world, row) is ErasureState.COPIES_DESTROYED
    assert run_all(world.store, ACTORS, row.id).state is ErasureState.CERTIFIED


def test_a_frozen_scope_is_served_to_nobody(world: World) -> None:
    case = world.case_ids("A01-202209")[0]
    with world.store.work(SUPERVISOR) as work:
        assert lease_case(work, case, "OP01", 10) is not None
    row = planned(world, "A01")
    with pytest.raises(ErasureGateClosed) as refused, world.store.work(SUPERVISOR) as work:
        freeze(work, row.id)
    assert refused.value.gates == (Gate.LEASES_CLOSED,)
    world.clock.set(world.clock.now().replace(hour=23))
    with world.store.work(SUPERVISOR) as work:
        assert freeze(work, row.id).state is ErasureState.FROZEN
        assert lease_next(work, "OP01", 10) is None


def test_a_scope_is_erased_once(world: World) -> None:
    row = planned(world, "A01")
    with pytest.raises(ErasureUnderWay) as refused, world.store.work(SUPERVISOR) as work:
        plan_erasure(work, "A01")
    assert refused.value.details == {"number": row.number}
    assert row.number == "E-20230602-001"
    run_all(world.store, ACTORS, row.id)
    with pytest.raises(KeyDestroyed):
        make_keys(world.store, "A01", "A01-202210", world.clock.now())


def test_an_unknown_scope_is_not_found(world: World) -> None:
    for scope in ("A09", "A01-209901", "case:00000000-0000-0000-0000-000000000000"):
        with pytest.raises(NotFound), world.store.work(SUPERVISOR) as work:
            plan_erasure(work, scope)
    narrow = replace(SUPERVISOR, receivables=frozenset({"A02"}))
    with pytest.raises(NotFound), world.store.work(narrow) as work:
        plan_erasure(work, "A01-202209")
    for scope in ("A01", "contract"):
        with pytest.raises(NotAllowed), world.store.work(narrow) as work:
            plan_erasure(work, scope)


def test_erasures_of_other_receivables_are_not_listed(world: World) -> None:
    rows = [planned(world, scope) for scope in ("A01", "A02")]
    narrow = replace(SUPERVISOR, receivables=frozenset({"A02"}))
    with world.store.work(narrow, readonly=True) as work:
        assert [view.number for view in list_erasures(work)] == [rows[1].number]
        with pytest.raises(NotFound):
            get_erasure(work, rows[0].id)


def test_every_table_is_purged_or_kept_for_a_reason() -> None:
    import_all_models()  # also those that no other line of this module needs
    purged = {reach.table for reach in PURGED}
    assert purged | set(KEPT_AFTER_ERASURE) == set(Base.metadata.tables)
    assert purged & set(KEPT_AFTER_ERASURE) == set()
    sealed = {name for name in Base.metadata.tables if sealed_columns(name)}
    assert sealed == set(BOX_VERSIONS)
    assert sealed <= purged
