"""The root key after a contract's end: changed, or told as what may be left (S4-14.10)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from uuid import UUID

import pytest

from campaigns.closing import words
from campaigns.closing.applying import plan_erasure
from campaigns.closing.certifying import certify
from campaigns.closing.destroying import destroy_copies, destroy_keys, freeze_now, purge_rows
from campaigns.closing.overview import ErasurePage, erasure_page
from campaigns.closing.run import run_all
from campaigns.closing.scanning import scan_before
from campaigns.closing.verifying import verify_erasure
from secure_store.clock import FixedClock
from secure_store.sealing.keystore import KeyStore
from secure_store.sealing.passphrase import read_passphrase
from secure_store.sealing.sealing_errors import WrongPassphrase
from tests.integration.campaigns.erasure_world import (
    ACTORS,
    ADMINISTRATOR,
    SUPERVISOR,
    VERIFIER,
    World,
    make_world,
)
from webui.runtime.key_places import rotate_root_key
from webui.services import Services


@pytest.fixture
def world(home: Services, clock: FixedClock) -> World:
    return make_world(home, clock)


@pytest.fixture
def planned(world: World) -> UUID:
    with world.store.work(SUPERVISOR) as work:
        return plan_erasure(work, "contract").id


@pytest.mark.clause("S4-14.10")
def test_a_root_key_changed_after_the_end_stands_on_the_certificate_and_closes_older_copies(
    world: World, planned: UUID, tmp_path: Path
) -> None:
    settings = world.services.settings
    shutil.copytree(settings.keystore, tmp_path / "keystore")
    new_words = tmp_path / "words"
    new_words.write_text("見本の新しい合言葉 2023\n", encoding="utf-8")
    new_words.chmod(0o600)
    run_to_verified(world, planned)
    assert page_of(world, planned).is_root_old
    rotate_root_key(world.services, SUPERVISOR, ADMINISTRATOR, passphrase_file=new_words)
    assert not page_of(world, planned).is_root_old
    said = json.loads(certify(world.store, SUPERVISOR, planned))["certificate"]
    assert words.ROOT_CHANGED in said["cryptographic_erase"]["key_sanitization"]
    risks = said["validation"]["residual_risks"]
    assert words.RISK_OLD_KEY_STORE_COPIES in risks
    assert words.RISK_KEY_STORE_COPIES not in risks
    with pytest.raises(WrongPassphrase):
        KeyStore.open(tmp_path / "keystore", read_passphrase(new_words))


@pytest.mark.clause("S4-14.10")
def test_a_new_root_key_from_the_same_words_closes_nothing(world: World, planned: UUID) -> None:
    run_to_verified(world, planned)
    rotate_root_key(world.services, SUPERVISOR, ADMINISTRATOR)
    assert page_of(world, planned).is_root_old
    said = json.loads(certify(world.store, SUPERVISOR, planned))["certificate"]
    assert words.RISK_KEY_STORE_COPIES in said["validation"]["residual_risks"]


@pytest.mark.clause("S4-14.10")
def test_a_root_key_left_as_it_was_is_told_as_a_risk(world: World, planned: UUID) -> None:
    run_all(world.store, ACTORS, planned)
    said = json.loads(certify(world.store, SUPERVISOR, planned))["certificate"]
    assert words.RISK_KEY_STORE_COPIES in said["validation"]["residual_risks"]
    assert "根鍵を新しく" not in said["cryptographic_erase"]["key_sanitization"]


def page_of(world: World, erasure_id: UUID) -> ErasurePage:
    with world.store.work(SUPERVISOR, readonly=True) as work:
        return erasure_page(work, erasure_id)


def run_to_verified(world: World, erasure_id: UUID) -> None:
    freeze_now(world.store, SUPERVISOR, erasure_id)
    scan_before(world.store, SUPERVISOR, erasure_id)
    destroy_keys(world.store, SUPERVISOR, ADMINISTRATOR, erasure_id)
    purge_rows(world.store, ADMINISTRATOR, erasure_id)
    destroy_copies(world.store, ADMINISTRATOR, erasure_id)
    verify_erasure(world.store, VERIFIER, erasure_id)
