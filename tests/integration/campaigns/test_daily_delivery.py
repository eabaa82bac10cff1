"""Signing, placing, confirming, and what stays of a pack afterwards (S4-13.1, S4-12.1e)."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from campaigns import api as c
from campaigns.errors import AlreadySent, DayNotClosed, PackNotSigned, ReasonMissing
from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed, NotFound
from secure_store.sealing.installed import installed_of
from secure_store.sealing.vault import FileGone
from tests.integration.campaigns.daily_world import (
    build,
    close,
    confirm,
    day_of,
    deliver,
    digests,
    outbound,
    table,
    told,
)
from tests.integration.campaigns.desk_world import (
    ARRIVAL,
    CF,
    DAY,
    OP,
    SV,
    DeskWorld,
    ready_world,
)
from webui.services import Services

pytestmark = pytest.mark.both_databases

SATURDAY = date(2022, 9, 17)
DUE = datetime.fromisoformat("2022-09-18T09:30:00+09:00")
OTHER_OFFICER = Actor("CF02", Role.DEPARTMENT_OFFICER, frozenset({"A02"}), rehearsal=True)


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock, rows=4)


@pytest.mark.clause("S4-12.1e")
def test_an_unsigned_pack_never_leaves(world: DeskWorld, tmp_path: Path) -> None:
    world.call("11")
    close(world)
    with pytest.raises(PackNotSigned):
        c.place_files(world.store, SV, DAY)
    c.build_files(world.store, SV, DAY)
    with pytest.raises(PackNotSigned):
        c.place_files(world.store, SV, DAY)
    with pytest.raises(PackNotSigned):
        confirm(world)
    for file in day_of(world).files:
        with pytest.raises(PackNotSigned), world.store.work(CF) as work:
            c.read_file(work, DAY, file.name)
    assert outbound(world) == []
    assert not (tmp_path / "out").exists()
    with world.store.work(CF) as work:
        assert c.list_days(work, sent=True) == []


@pytest.mark.clause("S4-12.1e")
@pytest.mark.parametrize("actor", [OP, CF, Actor("AD01", Role.SYSTEM_ADMIN)])
def test_only_a_supervisor_signs(world: DeskWorld, actor: Actor) -> None:
    build(world)
    with pytest.raises(NotAllowed), world.store.work(actor) as work:
        c.sign_files(work, DAY)
    assert day_of(world).state is c.DayState.BUILT


@pytest.mark.clause("S4-8.10c")
def test_an_agent_reads_no_daily_file(world: DeskWorld) -> None:
    deliver(world)
    for file in day_of(world).files:
        with pytest.raises(NotAllowed), world.store.work(OP) as work:
            c.read_file(work, DAY, file.name)
    with pytest.raises(NotAllowed), world.store.work(OP) as work:
        c.list_days(work)


def test_a_department_reads_its_own_receivables_and_each_look_is_noted(world: DeskWorld) -> None:
    deliver(world)
    before = told(world, Tag.DAILY_READ)
    with world.store.work(CF) as work:
        names = [file.name for file in c.get_day(work, DAY).files]
        for name in names:
            assert c.read_file(work, DAY, name)
    assert told(world, Tag.DAILY_READ) == before + len(names)
    with world.store.work(OTHER_OFFICER, readonly=True) as work:
        assert [file.kind for file in c.get_day(work, DAY).files] == ["NIPPO"]
    with pytest.raises(NotAllowed), world.store.work(OTHER_OFFICER) as work:
        c.read_file(work, DAY, names[1])
    with pytest.raises(NotFound), world.store.work(CF) as work:
        c.read_file(work, DAY, "A01_202209_KEKKA_20220914_01.csv")


@pytest.mark.clause("S4-13.1")
def test_the_placed_folder_holds_sealed_files_and_a_signed_list_of_them(world: DeskWorld) -> None:
    folder = deliver(world)
    names = set(digests(world))
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.sealed" for name in names),
        "manifest.json",
        "manifest.sig",
        "checkpoint.txt",
    }
    manifest = (folder / "manifest.json").read_bytes()
    said = json.loads(manifest)
    assert {one["name"]: one["sha256"] for one in said["files"]} == digests(world)
    assert (said["business_day"], said["receivables"], said["rehearsal"]) == (
        "2022-09-15",
        ["A01"],
        True,
    )
    # Ed25519 gives the same signature for the same bytes.
    keyring = installed_of(world.store).keyring
    assert (folder / "manifest.sig").read_bytes() == keyring.sign(manifest)
    with world.store.work(SV) as work:
        clear = {name: c.read_file(work, DAY, name) for name in names}
    for name, data in clear.items():
        assert hashlib.sha256(data).hexdigest() == digests(world)[name]
        assert data not in (folder / f"{name}.sealed").read_bytes()


def test_placing_again_changes_nothing(world: DeskWorld) -> None:
    folder = deliver(world)
    first = {path: path.read_bytes() for path in folder.iterdir()}
    seen = day_of(world)
    world.clock.advance(timedelta(hours=1))
    assert c.place_files(world.store, SV, DAY) == folder
    assert {path: path.read_bytes() for path in folder.iterdir()} == first
    assert day_of(world) == seen
    assert (seen.signed_by, seen.placed_by, seen.confirmed_by) == ("SV01", "SV01", None)


@pytest.mark.clause("S4-13.1")
def test_saturday_is_late_on_sunday_after_half_past_nine(world: DeskWorld) -> None:
    deliver(world, SATURDAY)
    world.clock.set(DUE)
    assert not day_of(world, SATURDAY).is_late
    world.clock.set(DUE + timedelta(minutes=1))
    seen = day_of(world, SATURDAY)
    assert (seen.due_at, seen.is_late) == (DUE, True)
    with world.store.work(SV) as work:
        assert c.mark_late_days(work) == [SATURDAY]
    with world.store.work(SV) as work:
        assert c.mark_late_days(work) == []
    assert told(world, Tag.DAILY_LATE) == 1
    assert confirm(world, SATURDAY).is_late


@pytest.mark.clause("S4-13.1")
def test_the_confirmed_upload_stops_the_clock(world: DeskWorld) -> None:
    deliver(world, SATURDAY)
    world.clock.set(DUE)
    seen = confirm(world, SATURDAY, " R-0917 ")
    assert (seen.state, seen.receipt_no) == (c.DayState.CONFIRMED, "R-0917")
    world.clock.advance(timedelta(days=3))
    assert not day_of(world, SATURDAY).is_late
    with world.store.work(SV) as work:
        assert c.mark_late_days(work) == []
    with pytest.raises(AlreadySent):
        confirm(world, SATURDAY, "R-0918")
    assert day_of(world, SATURDAY).receipt_no == "R-0917"


@pytest.mark.clause("S4-13.1")
def test_placing_alone_does_not_stop_the_clock(world: DeskWorld) -> None:
    deliver(world, SATURDAY)
    world.clock.set(DUE + timedelta(minutes=1))
    assert day_of(world, SATURDAY).is_late
    with pytest.raises(ReasonMissing):
        confirm(world, SATURDAY, "  ")


def test_keys_of_a_pack_go_a_week_after_the_confirmation_and_digests_stay(
    world: DeskWorld,
) -> None:
    world.call("11")
    deliver(world)
    before = digests(world)
    confirm(world)
    world.clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert c.destroy_old_packs(world.store, SV) == 0
    world.clock.advance(timedelta(seconds=1))
    assert c.destroy_old_packs(world.store, SV) == len(before)
    assert c.destroy_old_packs(world.store, SV) == 0
    seen = day_of(world)
    assert digests(world) == before
    assert not any(file.is_readable for file in seen.files)
    for name in before:
        with pytest.raises(FileGone), world.store.work(SV) as work:
            c.read_file(work, DAY, name)
    with world.store.work(SV, readonly=True) as work:
        assert c.day_sums(work, DAY).lines == ()


def test_the_keys_of_an_unconfirmed_pack_stand(world: DeskWorld) -> None:
    deliver(world)
    world.clock.advance(timedelta(days=30))
    assert c.destroy_old_packs(world.store, SV) == 0
    assert all(file.is_readable for file in day_of(world).files)


def test_every_step_of_an_open_day_is_refused(world: DeskWorld) -> None:
    for step in (c.build_files, c.place_files):
        with pytest.raises(DayNotClosed):
            step(world.store, SV, DAY)
    with pytest.raises(DayNotClosed), world.store.work(SV) as work:
        c.sign_files(work, DAY)


def test_days_are_listed_newest_first_from_any_day_on(world: DeskWorld) -> None:
    days = [DAY, DAY + timedelta(days=1), SATURDAY]
    for day in days:
        deliver(world, day)
    with world.store.work(SV, readonly=True) as work:
        assert [one.business_day for one in c.list_days(work)] == days[::-1]
        assert [one.business_day for one in c.list_days(work, limit=1, until=days[1])] == [days[1]]


def test_the_files_of_a_rehearsal_say_so_in_every_row(world: DeskWorld) -> None:
    assert all(row["訓練"] for row in table(build(world)["KEKKA"]))
