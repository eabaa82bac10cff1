"""Orders of the city about part of the data: each takes its part and nothing else (S4-16.1-2)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from uuid import UUID

import pytest

from campaigns.cases.cases import list_campaigns
from campaigns.closing.applying import plan_erasure
from campaigns.closing.certifying import certify
from campaigns.closing.plan import get_erasure
from campaigns.closing.run import run_all
from secure_store.clock import FixedClock
from secure_store.erasure import scan
from secure_store.erasure.certificate_blocks import AssuranceLevel
from secure_store.erasure.execution import erased_by
from secure_store.erasure.printed_words import LEVELS
from secure_store.erasure.states import ErasureState
from secure_store.errors import NotFound
from secure_store.models import FileKind, SealedFile
from secure_store.sealing.installed import install, installed_of
from secure_store.sealing.sealing_errors import KeyDestroyed
from secure_store.sealing.vault import FileGone, FileLabel, vault_of
from secure_store.verifier.certificate_check import check
from tests.integration.campaigns.erasure_world import ACTORS, SUPERVISOR, World, make_world
from webui.services import Services

AUDIO = b"RIFF sample audio" * 500


@pytest.fixture
def world(home: Services, clock: FixedClock) -> World:
    return make_world(home, clock)


def recorded(world: World, campaign: str, case_id: UUID) -> UUID:
    """One recorded call about a case."""
    with world.store.work(SUPERVISOR) as work:
        label = FileLabel(
            FileKind.RECORDING, "20220915-0001.wav", campaign[:3], campaign, subject_id=case_id
        )
        return vault_of(work).put(label, AUDIO)


def day_report(world: World) -> UUID:
    """The report over all campaigns of a day: counts only."""
    with world.store.work(SUPERVISOR) as work:
        label = FileLabel(FileKind.DAILY_PACK, "NIPPO_20220915.csv")
        return vault_of(work).put(label, b"calls,12\r\n")


def opens(world: World, file_id: UUID) -> bool:
    with world.store.work(SUPERVISOR, readonly=True) as work:
        try:
            return bool(vault_of(work).get(file_id))
        except (FileGone, KeyDestroyed):
            return False


def erased(world: World, scope: str) -> dict[str, object]:
    with world.store.work(SUPERVISOR) as work:
        erasure_id = plan_erasure(work, scope).id
    view = run_all(world.store, ACTORS, erasure_id)
    assert view.state is ErasureState.CERTIFIED
    file = certify(world.store, SUPERVISOR, erasure_id)
    assert check(file, installed_of(world.store).keyring.public_key()).ok
    return dict(json.loads(file)["certificate"])


@pytest.mark.clause("S4-14.7b")
@pytest.mark.both_databases
def test_one_recording_is_erased_and_its_case_and_the_other_recordings_stay(world: World) -> None:
    first, second = world.case_ids("A01-202209")[:2]
    gone, kept = recorded(world, "A01-202209", first), recorded(world, "A01-202209", second)
    cells = world.cells()
    record = erased(world, f"recording:{gone}")
    assert (opens(world, gone), opens(world, kept)) == (False, True)
    assert scan.opens(world.store, cells) == len(cells)
    assert len(world.cells()) == len(cells)
    folder = installed_of(world.store).vault_folder
    with world.store.work(SUPERVISOR, readonly=True) as work:
        row = work.session.get_one(SealedFile, gone)
        assert not (folder / row.path).exists()
        assert len(row.sha256) == 64  # what it was stays provable
        # Packs hold no sound: they may still be built.
        assert erased_by(work, "A01", "A01-202209") is None
        assert not any(campaign.is_erased for campaign in list_campaigns(work))
    head, lines = record["head"], record["inventory"]
    assert isinstance(head, dict)
    assert isinstance(lines, list)
    assert (head["document"], head["basis"]) == ("deletion_record", "仕様書14(7)イ")
    assert [(line["kind"], line["before"], line["after"]) for line in lines if line["before"]] == [
        ("recordings", 1, 0)
    ]


@pytest.mark.clause("S4-16.1-2")
def test_a_case_takes_its_recordings_with_it_and_no_others(world: World) -> None:
    first, second = world.case_ids("A01-202209")[:2]
    gone, kept = recorded(world, "A01-202209", first), recorded(world, "A01-202209", second)
    erased(world, f"case:{first}")
    assert (opens(world, gone), opens(world, kept)) == (False, True)


@pytest.mark.clause("S4-16.1-2")
@pytest.mark.parametrize("scope", ["A01", "A01-202209", "case"])
def test_the_day_report_of_all_campaigns_outlives_an_order_about_one(
    world: World, scope: str
) -> None:
    report = day_report(world)
    case = world.case_ids("A01-202209")[0]
    record = erased(world, f"case:{case}" if scope == "case" else scope)
    assert opens(world, report)
    head = record["head"]
    assert isinstance(head, dict)
    assert head["document"] == "deletion_record"  # part of a medium in use is no sanitization


def test_the_day_report_ends_with_the_contract(world: World) -> None:
    report = day_report(world)
    erased(world, "contract")
    assert not opens(world, report)


@pytest.mark.clause("T13", "S4-14.10")
@pytest.mark.parametrize("level", ["A", "B", "C"])
def test_no_level_claims_that_the_root_key_was_destroyed(world: World, level: str) -> None:
    """The module's key and the key medium still exist when the certificate is written."""
    install(world.store, replace(installed_of(world.store), assurance_level=level))
    record = erased(world, "contract")
    execution, said = record["execution"], record["validation"]
    assert isinstance(execution, dict)
    assert isinstance(said, dict)
    assert (execution["assurance_level"], execution["sanitization"]) == (level, "clear")
    assert any("根鍵" in risk for risk in said["residual_risks"]) == (level != "C")
    assert not re.search("で抹消|破壊", LEVELS[AssuranceLevel(level)]) or level == "C"


@pytest.mark.clause("T10", "T13")
def test_an_order_about_one_entry_says_what_older_backups_still_hold(world: World) -> None:
    record = erased(world, f"case:{world.case_ids('A01-202209')[0]}")
    said, inventory = record["validation"], record["inventory"]
    assert isinstance(said, dict)
    assert isinstance(inventory, list)
    told = "".join(said["residual_risks"])
    assert "バックアップに残る暗号文" in told
    assert "電話番号の照合値" in told
    # None was counted, so none is said to have been taken away.
    assert "backups" not in {line["kind"] for line in inventory}


@pytest.mark.parametrize("kind", ["unknown", "pack"])
def test_only_a_recording_is_erased_as_a_recording(world: World, kind: str) -> None:
    wanted = day_report(world) if kind == "pack" else UUID(int=7)
    with pytest.raises(NotFound), world.store.work(SUPERVISOR) as work:
        plan_erasure(work, f"recording:{wanted}")


def test_the_recording_of_a_receivable_not_granted_is_not_found(world: World) -> None:
    file_id = recorded(world, "A01-202209", world.case_ids("A01-202209")[0])
    narrow = replace(SUPERVISOR, receivables=frozenset({"A02"}))
    with pytest.raises(NotFound), world.store.work(narrow) as work:
        plan_erasure(work, f"recording:{file_id}")
    with world.store.work(SUPERVISOR) as work:
        erasure_id = plan_erasure(work, f"recording:{file_id}").id
    with pytest.raises(NotFound), world.store.work(narrow, readonly=True) as work:
        get_erasure(work, erasure_id)
