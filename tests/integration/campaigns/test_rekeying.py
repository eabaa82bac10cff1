"""A campaign's data key is replaced while its rows are in use."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from campaigns.api import prune_replaced_keys, replace_data_key
from campaigns.cases import payment_data, personal_data
from campaigns.cases.models import CallCase, CasePhone
from campaigns.closing import rekeying
from campaigns.closing.rekeying import CARRIED
from campaigns.closing.sealed_cells import BOX_VERSIONS, sealed_columns
from campaigns.closing.tables import table_of
from secure_store.backups import running
from secure_store.backups.media import register_medium
from secure_store.backups.models import Destruction
from secure_store.backups.register import live_backups, record_destroyed
from secure_store.clock import FixedClock
from secure_store.erasure import scan
from secure_store.key_custody import key_status
from secure_store.sealing import aead
from tests.integration.campaigns.erasure_world import (
    ADMINISTRATOR,
    SUPERVISOR,
    World,
    make_world,
    write_note,
)
from webui.services import Services

CAMPAIGN = "A01-202209"


@pytest.fixture
def world(home: Services, clock: FixedClock) -> World:
    return make_world(home, clock, "A01")


def key_ids(world: World) -> set[bytes]:
    return {aead.key_id_in(cell.sealed) for cell in world.cells()}


def test_the_carried_columns_are_all_that_hold_keyed_hashes() -> None:
    cases = personal_data.CASES
    assert set(CARRIED) == {
        (cases, personal_data.KEY_COLUMN),
        (cases, personal_data.PHONE_COLUMN),
        (payment_data.PAYMENTS, payment_data.LINE_COLUMN),
    }
    stored = {
        f"{table.name}.{column.name}"
        for table in (table_of(name) for name in ("call_case", "case_phone", "payment_notice"))
        for column in table.columns
        if column.name.endswith("_index")
    }
    assert stored == {"call_case.key_index", "case_phone.lookup_index", "payment_notice.line_index"}
    assert all(sealed_columns(name) for name in BOX_VERSIONS)


@pytest.mark.both_databases
def test_every_row_is_sealed_anew_and_the_old_key_goes(world: World) -> None:
    before, values = key_ids(world), len(world.cells())
    done = replace_data_key(world.store, ADMINISTRATOR, CAMPAIGN)
    assert (done.resealed, done.left, done.is_pruned) == (values, 0, True)
    assert key_ids(world) & before == set()
    assert scan.opens(world.store, world.cells()) == values
    assert not any(batch.is_being_replaced for batch in key_status(world.store).batches)
    assert prune_replaced_keys(world.store, ADMINISTRATOR, [CAMPAIGN]) == 0


def test_a_person_who_rings_back_is_found_before_and_after(world: World) -> None:
    case = world.case_ids(CAMPAIGN)[0]
    cipher = personal_data.cipher_of_store(world.store)
    scope = cipher.scope("A01", CAMPAIGN)
    numbers = ("0111234567", "09012345678")
    before = {column: cipher.index(scope, *column, numbers) for column in CARRIED}
    with world.store.work(SUPERVISOR) as work:
        row = work.session.scalars(select(CasePhone).where(CasePhone.case_id == case)).all()[0]
        row.lookup_index = before[("call_case", "phone")][0]
    replace_data_key(world.store, ADMINISTRATOR, CAMPAIGN)
    assert {column: cipher.index(scope, *column, numbers) for column in CARRIED} == before
    today = date(2022, 9, 20)
    with world.store.work(SUPERVISOR) as work:
        assert case in personal_data.find_by_number(work, "A01", numbers[0], today)


def test_a_row_written_meanwhile_keeps_its_newer_content(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value read by the pass and changed by somebody before it is put back."""
    first = world.case_ids(CAMPAIGN)[0]
    written: list[UUID] = []
    put = rekeying._put

    def late(work, cell, sealed):  # type: ignore[no-untyped-def]
        if cell.table == "call_record" and not written:
            written.append(cell.row_id)
            table = table_of("call_record")
            fresh = personal_data.seal_collected(
                work,
                work.session.get_one(CallCase, first),
                personal_data.CollectedPlace("call_record", cell.row_id),
                ("見本：あとから直した".encode(),),
            )
            work.session.execute(
                table.update().where(table.c.id == cell.row_id).values(collected_sealed=fresh)
            )
        return put(work, cell, sealed)

    monkeypatch.setattr(rekeying, "_put", late)
    assert replace_data_key(world.store, ADMINISTRATOR, CAMPAIGN).is_pruned
    with world.store.work(SUPERVISOR, readonly=True) as work:
        case = work.session.get_one(CallCase, first)
        (cell,) = [cell for cell in world.cells() if cell.row_id == written[0]]
        place = personal_data.CollectedPlace("call_record", cell.row_id)
        said = personal_data.open_collected(work, case, place, cell.sealed, for_file=True)
    assert said == ("見本：あとから直した".encode(),)


def test_a_replacement_cut_short_goes_on_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_note(world, world.case_ids(CAMPAIGN)[0])
    values, count = len(world.cells()), 0
    put = rekeying._put

    def dies(work, cell, sealed):  # type: ignore[no-untyped-def]
        nonlocal count
        count += 1
        if count == 17:
            raise RuntimeError("the power went")
        return put(work, cell, sealed)

    monkeypatch.setattr(rekeying, "_put", dies)
    with pytest.raises(RuntimeError):
        replace_data_key(world.store, ADMINISTRATOR, CAMPAIGN)
    monkeypatch.setattr(rekeying, "_put", put)
    assert scan.opens(world.store, world.cells()) == values
    assert len(key_ids(world)) == 2
    assert prune_replaced_keys(world.store, ADMINISTRATOR, [CAMPAIGN]) == 1
    assert scan.opens(world.store, world.cells()) == values
    assert len(key_ids(world)) == 1


def test_an_old_key_stays_while_an_unexpired_backup_needs_it(world: World, tmp_path: Path) -> None:
    (tmp_path / "medium").mkdir()
    with world.store.work(ADMINISTRATOR) as work:
        view = register_medium(work, "BK01", "S-0001", tmp_path / "medium")
    running.label_medium(world.store, view)
    keep = timedelta(days=14)
    running.run_backup(world.store, ADMINISTRATOR, "BK01", keep)
    assert not replace_data_key(world.store, ADMINISTRATOR, CAMPAIGN).is_pruned
    world.clock.set(world.clock.now() + timedelta(hours=1))
    running.run_backup(world.store, ADMINISTRATOR, "BK01", keep)  # holds the new key's rows only
    assert prune_replaced_keys(world.store, ADMINISTRATOR, [CAMPAIGN]) == 0
    with world.store.work(ADMINISTRATOR) as work:
        record_destroyed(work, live_backups(work)[0].id, Destruction.EXPIRED)
    assert prune_replaced_keys(world.store, ADMINISTRATOR, [CAMPAIGN]) == 1
