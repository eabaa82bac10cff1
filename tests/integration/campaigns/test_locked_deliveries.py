"""The daily pack leaves locked for its department, and exports only under an approval.

S4-8.5, S3-B1-5.6-1, S4-8.6-1, S4-14.4-1, S4-16.2, S3-B2-4.3, S3-B2-11.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyrage
import pytest

from campaigns import api as c
from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.erasure.destruction import OUTBOUND, exchange_copies
from secure_store.exchange import exports
from secure_store.exchange.envelopes import Form, Openers, open_envelopes
from secure_store.exchange.exports import (
    NewApproval,
    end_approval,
    enter_approval,
    list_approvals,
    list_runs,
)
from secure_store.exchange.manifest import LOCKED_SUFFIXES
from secure_store.exchange.recipients import (
    confirm_recipient,
    end_recipient,
    enter_recipient,
    list_recipients,
    recipient_for,
)
from secure_store.orders.suspension import order
from secure_store.people.caps import USUAL, Caps
from tests.integration.campaigns.daily_world import build, confirm, deliver, digests, outbound, told
from tests.integration.campaigns.desk_world import (
    ARRIVAL,
    CF,
    DAY,
    OP,
    SV,
    DeskWorld,
    ready_world,
)
from tests.integration.secure_store.exchange_world import done, put_account, refused
from webui.services import Services

CITY = pyrage.x25519.Identity.generate()
CITY_KEY = str(CITY.to_public())
PASSWORD = "見本のパスワード-2022"
PURPOSES, PLACES = ("report", "return"), ("department", "exchange_server")
SV2 = Actor("SV02", Role.SUPERVISOR, rehearsal=True)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    world = ready_world(home, clock, rows=3)
    with world.store.work(SV) as work:
        for supervisor in (SV, SV2):
            put_account(work, supervisor, on_chart=True)
    return world


def registered(world: DeskWorld, receivable: str | None = None, form: Form = Form.AGE) -> None:
    """A delivery setting that a second person confirmed."""
    entered = done(
        world.store,
        SV,
        lambda work: enter_recipient(work, receivable, form, CITY_KEY, "保第12号"),
    )
    done(world.store, CF, lambda work: confirm_recipient(work, entered.id))


def clear(world: DeskWorld) -> dict[str, bytes]:
    with world.store.work(SV) as work:
        return {name: c.read_file(work, DAY, name) for name in digests(world)}


@pytest.mark.clause("S4-8.5", "S3-B1-5.6-1")
def test_the_city_opens_its_files_with_its_own_key_and_the_age_tool(
    world: DeskWorld, tmp_path: Path
) -> None:
    world.call("11")
    registered(world)
    folder = deliver(world)
    names = {f"{name}.age" for name in digests(world)}
    assert {path.name for path in folder.iterdir()} == {
        *names,
        "manifest.json",
        "manifest.sig",
        "checkpoint.txt",
    }
    tool = shutil.which("age")
    assert tool
    (tmp_path / "key").write_text(f"{CITY}\n")
    for name, data in clear(world).items():
        locked = (folder / f"{name}.age").read_bytes()
        assert data not in locked
        command = [tool, "--decrypt", "-i", str(tmp_path / "key"), str(folder / f"{name}.age")]
        assert subprocess.run(command, capture_output=True, check=True).stdout == data
        assert open_envelopes({name: locked}, Openers((str(CITY),))) == {name: data}
        assert hashlib.sha256(data).hexdigest() == digests(world)[name]
    assert confirm(world).state is c.DayState.CONFIRMED
    with world.store.work(CF) as work:
        assert all(c.read_file(work, DAY, name) for name in digests(world))


@pytest.mark.clause("S4-8.5")
def test_in_production_nothing_is_placed_without_a_confirmed_recipient(world: DeskWorld) -> None:
    build(world)
    with world.store.work(SV) as work:
        c.sign_files(work, DAY)
    world.store.is_rehearsal = False
    with refused("recipient_missing"):
        c.place_files(world.store, SV, DAY)
    entered = done(
        world.store, SV, lambda work: enter_recipient(work, None, Form.AGE, CITY_KEY, "保第12号")
    )
    with refused("recipient_missing"):
        c.place_files(world.store, SV, DAY)
    assert outbound(world) == []
    done(world.store, SV2, lambda work: confirm_recipient(work, entered.id))
    assert c.place_files(world.store, SV, DAY).is_dir()
    assert not any(path.suffix == ".sealed" for path in outbound(world))


@pytest.mark.clause("S4-8.5", "S4-14.4-1", "T22")
def test_a_department_confirms_no_key_of_another_department(world: DeskWorld) -> None:
    entered = done(
        world.store, SV, lambda work: enter_recipient(work, "A01", Form.AGE, CITY_KEY, "保第12号")
    )
    other = replace(CF, code="CF31", receivables=frozenset({"A02"}))
    with refused("not_found"):
        done(world.store, other, lambda work: confirm_recipient(work, entered.id))
    own = replace(CF, receivables=frozenset({"A01"}))
    assert done(world.store, own, lambda work: confirm_recipient(work, entered.id)).is_in_force


@pytest.mark.both_databases
@pytest.mark.clause("S4-8.5")
def test_a_recipient_needs_two_persons_and_a_usable_key(world: DeskWorld) -> None:
    def enter(key: str = CITY_KEY, form: Form = Form.AGE) -> object:
        return done(world.store, SV, lambda work: enter_recipient(work, None, form, key, "第1号"))

    for key in ("", "age1", CITY_KEY[:-1] + "q", str(CITY), "ssh-ed25519 AAAA"):
        with refused("recipient_invalid"):
            enter(key)
    with refused("recipient_invalid"):
        enter(form=Form.PLAIN)
    enter()
    (one,) = done(world.store, SV, list_recipients)
    with refused("recipient_same_person"):
        done(world.store, SV, lambda work: confirm_recipient(work, one.id))
    with refused("not_allowed"):
        done(world.store, OP, lambda work: confirm_recipient(work, one.id))
    done(world.store, CF, lambda work: confirm_recipient(work, one.id))
    with refused("conflict"):
        done(world.store, CF, lambda work: confirm_recipient(work, one.id))
    done(world.store, SV, lambda work: end_recipient(work, one.id))
    with refused("recipient_missing"):
        done(world.store, SV, lambda work: recipient_for(work, "A01"))
    assert [told(world, tag) for tag in (Tag.RECIPIENT_CONFIRMED, Tag.RECIPIENT_ENDED)] == [1, 1]


def test_a_receivables_own_setting_goes_before_the_contracts(world: DeskWorld) -> None:
    registered(world)
    registered(world, "A01", Form.AES_ZIP)
    folder = None
    build(world)
    with world.store.work(SV) as work:
        c.sign_files(work, DAY)
        assert c.delivery_forms(work, DAY) == {Form.AGE, Form.AES_ZIP}
    with refused("delivery_password_missing"):
        c.place_files(world.store, SV, DAY)
    for weak in ("short", "1" * 12, "202209200001", "password1234", "abababababab"):
        with refused("delivery_password_weak"):
            c.place_files(world.store, SV, DAY, weak)
    assert outbound(world) == []
    folder = c.place_files(world.store, SV, DAY, PASSWORD)
    suffixes = sorted(path.suffix for path in folder.iterdir() if path.suffix in {".age", ".zip"})
    assert suffixes == [".age", ".zip", ".zip", ".zip"]  # NIPPO belongs to the contract
    for name, data in clear(world).items():
        if not name.startswith("NIPPO"):
            locked = (folder / f"{name}.zip").read_bytes()
            assert open_envelopes({"x": locked}, Openers((), PASSWORD)) == {name: data}


def test_a_department_that_insists_gets_books_whose_cells_are_text(world: DeskWorld) -> None:
    from openpyxl import load_workbook

    world.call("11")
    registered(world, None, Form.PASSWORD_XLSX)
    build(world)
    with world.store.work(SV) as work:
        c.sign_files(work, DAY)
    folder = c.place_files(world.store, SV, DAY, PASSWORD)
    for name in digests(world):
        locked = (folder / f"{name}.xlsx").read_bytes()
        opened = open_envelopes({name: locked}, Openers((), PASSWORD))[name]
        cells = [cell for row in load_workbook(io.BytesIO(opened)).active for cell in row]
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
        assert not any(cell.data_type == "f" for cell in cells)


@pytest.mark.clause("S4-16.1-2")
def test_an_erasure_finds_the_copies_that_were_locked_for_the_city(world: DeskWorld) -> None:
    registered(world)
    registered(world, "A01", Form.AES_ZIP)
    build(world)
    with world.store.work(SV) as work:
        c.sign_files(work, DAY)
    folder = c.place_files(world.store, SV, DAY, PASSWORD)
    found = exchange_copies(world.store, OUTBOUND, tuple(digests(world)))
    assert {path.name for path in found} == {
        path.name for path in folder.iterdir() if path.suffix in LOCKED_SUFFIXES
    }
    assert len(found) == len(digests(world))


def approved(world: DeskWorld, **changes: object) -> c.DayExport:
    """An approval of the city in force today, and the export it allows."""
    new = NewApproval(
        "保第30号", "保育課長", "report", "department", None, DAY, DAY + timedelta(days=14)
    )
    view = done(
        world.store,
        SV,
        lambda work: enter_approval(work, replace(new, **changes), PURPOSES, PLACES),
    )
    return c.DayExport(DAY, view.id, "report", "department")


@pytest.mark.both_databases
@pytest.mark.clause("S4-8.6-1", "S4-16.2", "S4-14.4-1")
def test_an_export_under_an_approval_leaves_locked_and_on_record(
    world: DeskWorld, tmp_path: Path
) -> None:
    registered(world)
    deliver(world)
    wanted = replace(approved(world), folder=tmp_path / "out")
    folder = c.export_day(world.store, SV, wanted)
    sums = (folder / "SHA256SUMS").read_bytes()
    for name, data in clear(world).items():
        locked = (folder / f"{name}.age").read_bytes()
        assert bytes(pyrage.decrypt(locked, [CITY])) == data
    (run,) = done(world.store, SV, list_runs)
    assert (run.document_no, run.purpose, run.by) == ("保第30号", "report", "SV01")
    assert (run.files, run.digest) == (4, hashlib.sha256(sums).hexdigest())
    assert told(world, Tag.EXPORT_RELEASED) == 1
    assert done(world.store, SV, list_approvals)[0].runs == 1


@pytest.mark.clause("S4-14.4-1")
def test_one_person_takes_out_ten_times_a_day_and_no_more(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(world)
    deliver(world)
    wanted = approved(world)
    monkeypatch.setattr(exports, "USUAL", Caps(exports_a_day=1))
    c.export_day(world.store, SV, wanted)
    before = outbound(world)
    with refused("export_limit_reached"):
        c.export_day(world.store, SV, wanted)
    assert outbound(world) == before
    assert told(world, Tag.EXPORT_DENIED) == 1
    world.clock.advance(timedelta(days=1))
    c.export_day(world.store, SV, wanted)
    assert USUAL.exports_a_day == 10


REFUSALS: dict[str, dict[str, object]] = {
    "purpose_not_listed": {"purpose": "statistics"},
    "other_purpose": {"purpose": "return"},
    "place_not_designated": {"place": "home"},
    "other_place": {"place": "exchange_server"},
}


@pytest.mark.clause("S4-8.6-1", "S4-14.4-1", "S3-B2-4.3", "S3-B2-11", "S2-PI6", "S2-PI5.2")
@pytest.mark.parametrize("reason", REFUSALS)
def test_another_purpose_or_place_is_refused_and_on_record(world: DeskWorld, reason: str) -> None:
    registered(world)
    deliver(world)
    before = outbound(world)
    wanted = replace(approved(world), **REFUSALS[reason])
    with refused("export_refused"):
        c.export_day(world.store, SV, wanted)
    assert outbound(world) == before
    assert told(world, Tag.EXPORT_DENIED) == 1
    assert done(world.store, SV, list_runs) == []


@pytest.mark.both_databases
@pytest.mark.clause("S4-8.6-1", "S4-16.2", "S2-PI3.4", "S2-PI7", "S3-B2-8")
def test_an_approval_that_is_over_ended_or_for_another_receivable_lets_nothing_out(
    world: DeskWorld,
) -> None:
    registered(world)
    deliver(world)
    over = approved(world, valid_from=date(2022, 9, 1), valid_until=date(2022, 9, 14))
    to_come = approved(world, valid_from=DAY + timedelta(days=2))
    other = approved(world, receivable="A02")
    ended = approved(world)
    done(world.store, SV, lambda work: end_approval(work, ended.approval_id))
    for wanted in (over, to_come, other, ended):
        with refused("export_refused"):
            c.export_day(world.store, SV, wanted)
    assert told(world, Tag.EXPORT_DENIED) == 4
    own = approved(world, receivable="A01")
    folder = c.export_day(world.store, SV, own)
    assert not any(path.name.startswith("NIPPO") for path in folder.iterdir())
    with refused("export_approval_invalid"):
        approved(world, purpose="statistics")
    with refused("export_approval_invalid"):
        approved(world, place="home")


@pytest.mark.clause("S4-14.11c")
def test_a_suspension_stops_exports_too(world: DeskWorld) -> None:
    registered(world)
    deliver(world)
    wanted = approved(world)
    done(world.store, SV, lambda work: order(work, "A01", "停第1号"))
    with refused("work_suspended"):
        c.export_day(world.store, SV, wanted)


@pytest.mark.clause("S4-8.10c")
@pytest.mark.parametrize("actor", [OP, CF])
def test_nobody_but_a_supervisor_exports(world: DeskWorld, actor: Actor) -> None:
    registered(world)
    deliver(world)
    wanted = approved(world)
    with refused("not_allowed"):
        c.export_day(world.store, actor, wanted)
