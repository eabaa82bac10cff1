"""What a delivery changes for the desk: nothing before publication, nothing when it is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from desk_world import ARRIVAL, NOON, OP, SEED, SV, DeskWorld, bare_world
from sqlalchemy import func, select

from campaigns import api as c
from campaigns.cases.models import CallCase, CasePhone, LentList, LentListState
from campaigns.errors import (
    AlreadyImported,
    CampaignNotReady,
    KeysAlreadyLent,
    RowsRejected,
    StagingGoesOn,
)
from campaigns.intake import importer
from secure_store.audit.log import size
from secure_store.clock import FixedClock
from secure_store.errors import NotFound
from secure_store.models import SealedFile
from secure_store.people.watching import remember_found
from secure_store.sealing.installed import installed_of
from secure_store.sealing.scopes import KeyKind
from webui.rehearsal.sample_delivery import make_delivery
from webui.rehearsal.simulated_people import people_of
from webui.services import Services

pytestmark = pytest.mark.both_databases

CODE = "A01-202209"
ROWS = 6


class PowerCut(BaseException):
    """The process ends here: no handler of the program runs."""


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    """Approved texts and open campaigns, nobody lent yet."""
    world = bare_world(home, clock)
    world.approve("A01", "A02")
    return world


def counts(world: DeskWorld) -> tuple[int, ...]:
    """Rows of cases, numbers and lists, live sealed files, row salts, audit events."""
    with world.store.work(SV, readonly=True) as work:
        tables = [
            work.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (CallCase, CasePhone, LentList)
        ]
        files = work.session.scalar(
            select(func.count())
            .select_from(SealedFile)
            .where(SealedFile.key_destroyed_at.is_(None))
        )
        return (*tables, files or 0, salts(world), size(work))


def salts(world: DeskWorld) -> int:
    """How many rows the key store can open."""
    inventory = installed_of(world.store).keyring.inventory()
    return sum(one.count for one in inventory if one.kind is KeyKind.RECORD)


def test_staged_rows_are_invisible(world: DeskWorld) -> None:
    world.lend(rows=ROWS)
    number = people_of("A01", world.deliveries["A01"])[0].numbers[0]
    with world.store.work(SV) as work:
        assert c.list_cases(work, CODE, c.ListFilter()) == []
        assert c.campaign_numbers(work, CODE).received == 0
        assert c.share_out(work, CODE, ["OP01"]) == {"OP01": 0}
    assert c.build_call_list(world.store, SV, CODE) == 0
    with world.store.work(OP) as work:
        assert c.search_by_number(work, "A01", number) == []
        assert c.search_by_key(work, "A01", "A01-0000001") == []
    world.clock.set(NOON)
    world.on_duty()
    assert world.take() is None
    with world.store.work(SV) as work:
        case_id = work.session.scalar(select(CallCase.id).limit(1))
        assert case_id is not None
    with world.store.work(OP) as work:
        remember_found(work, [case_id])
    with pytest.raises(NotFound), world.store.work(OP) as work:
        c.answer_callback(work, case_id)


@pytest.mark.parametrize("published", [False, True])
def test_the_same_files_again_are_refused_and_nothing_changes(
    world: DeskWorld, published: bool
) -> None:
    list_id = world.lend(rows=ROWS)
    if published:
        world.publish(list_id, CODE, ["OP01"])
    before = counts(world)
    files = dict(world.deliveries["A01"].files)
    renamed = {name.replace("_01", "_02"): content for name, content in files.items()}
    for again in (files, renamed):
        with pytest.raises(AlreadyImported):
            c.stage_delivery(world.store, SV, CODE, again)
        assert counts(world) == before


def test_keys_that_were_lent_before_are_refused_and_leave_nothing(world: DeskWorld) -> None:
    world.publish(world.lend(rows=ROWS), CODE, ["OP01"])
    before = counts(world)
    second = make_delivery("A01", ARRIVAL.date().replace(day=1), ROWS, SEED + 1, serial=2)
    with pytest.raises(KeysAlreadyLent):
        c.stage_delivery(world.store, SV, CODE, second.files)
    after = counts(world)
    assert (after[:2], after[3:5]) == (before[:2], before[3:5])
    with world.store.work(SV) as work:
        states = sorted(one.state.value for one in c.list_deliveries(work))
    assert states == ["discarded", "published"]


def test_a_refused_delivery_leaves_only_its_audit_event(world: DeskWorld) -> None:
    world.lend(rows=ROWS)
    before = counts(world)
    damaged = dict(make_delivery("A01", ARRIVAL.date().replace(day=1), 3, 99, serial=3).files)
    name = next(name for name in damaged if "TAISHO" in name)
    damaged[name] = damaged[name].replace(b"\r\n", b"\n", 1)
    with pytest.raises(RowsRejected) as refused:
        c.stage_delivery(world.store, SV, CODE, damaged)
    after = counts(world)
    assert (after[:5], after[5] - before[5]) == (before[:5], 1)
    assert "見本" not in str(refused.value)


@pytest.mark.parametrize("slices", [0, 1])
def test_staging_that_a_crash_cut_off_is_removed_and_can_be_done_again(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch, slices: int
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(importer, "SLICE", 2)
        broken.setattr(importer, "remove_list", _no_handler_runs)
        _cut_off_after(broken, slices)
        with pytest.raises(PowerCut):
            world.lend(rows=ROWS)
    assert salts(world) > 0
    delivery = make_delivery(
        "A01", ARRIVAL.date().replace(day=1), ROWS, SEED, with_unreachable=False
    )
    with pytest.raises(AlreadyImported):  # as long as the remains are there
        c.stage_delivery(world.store, SV, CODE, delivery.files)
    assert c.remove_unfinished(world.store, SV) == 1
    cases, phones, lists, files, left, _events = counts(world)
    assert (cases, phones, lists, files, left) == (0, 0, 1, 0, 0)
    assert c.remove_unfinished(world.store, SV) == 0
    list_id = c.stage_delivery(world.store, SV, CODE, delivery.files)
    world.publish(list_id, CODE, ["OP01"])
    assert counts(world)[0] == salts(world) == ROWS


def test_a_delivery_that_is_being_staged_is_no_crashs_remains(world: DeskWorld) -> None:
    seen = []

    def meanwhile(_done: int, _all: int) -> None:
        with world.store.work(SV, readonly=True) as work:
            list_id: UUID = work.session.scalars(
                select(LentList.id).where(LentList.state == LentListState.STAGING)
            ).one()
        seen.append(c.remove_unfinished(world.store, SV))
        with pytest.raises(StagingGoesOn):
            c.discard(world.store, SV, list_id)

    c.discard(world.store, SV, world.lend(rows=ROWS))  # opens the campaign
    delivery = make_delivery(
        "A01", ARRIVAL.date().replace(day=1), ROWS, SEED, with_unreachable=False
    )
    list_id = c.stage_delivery(world.store, SV, CODE, delivery.files, meanwhile)
    world.publish(list_id, CODE, ["OP01"])
    assert seen == [0]
    assert counts(world)[0] == salts(world) == ROWS


def _no_handler_runs(*_args: object) -> None:
    """After a power cut the clean-up of the same process does not happen."""


def _cut_off_after(patch: pytest.MonkeyPatch, slices: int) -> None:
    insert, done = importer._insert, iter(range(ROWS))

    def cut(*args: object) -> None:
        if next(done) >= slices:
            raise PowerCut
        insert(*args)  # type: ignore[arg-type]

    patch.setattr(importer, "_insert", cut)


def test_an_unfinished_list_cannot_be_published(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "remove_list", _no_handler_runs)
    _cut_off_after(monkeypatch, 0)
    with pytest.raises(PowerCut):
        world.lend(rows=ROWS)
    with world.store.work(SV) as work:
        list_id: UUID = work.session.scalars(select(LentList.id)).one()
    with pytest.raises(CampaignNotReady), world.store.work(SV) as work:
        c.publish(work, list_id)
