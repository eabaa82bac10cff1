"""Holds, consent, conditions on paper, copies in the exchange folders, and the alarm."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from campaigns.calling.day_close import DailyClose, DayState
from campaigns.closing.applying import plan_erasure
from campaigns.closing.certifying import certify
from campaigns.closing.city_answers import ConsentLetter, record_condition, record_consent
from campaigns.closing.destroying import destroy_keys, freeze_now
from campaigns.closing.gates import policy_of
from campaigns.closing.plan import freeze, get_erasure, overdue_erasure
from campaigns.closing.run import run_all
from campaigns.closing.scanning import scan_before
from campaigns.errors import PackNotConfirmed, ProfileInvalid
from campaigns.profile.contract import enter_profile, read_profile, shipped_profile
from campaigns.reports.models import DailyPackFile
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.erasure import scan
from secure_store.erasure.execution import document_of, locked
from secure_store.erasure.states import (
    ErasureGateClosed,
    ErasureState,
    Gate,
    GateMode,
    IllegalErasureMove,
)
from secure_store.errors import Invalid
from secure_store.exchange import media
from secure_store.models import AuditEvent, FileKind, SealedFile
from secure_store.orders.holds import EvidenceHeld, lift, place
from secure_store.sealing.installed import installed_of
from tests.integration.campaigns.erasure_world import (
    ACTORS,
    ADMINISTRATOR,
    END,
    SUPERVISOR,
    World,
    make_world,
)
from tests.integration.secure_store.exchange_world import SV, staffed
from webui.services import Services


@pytest.fixture
def world(home: Services, clock: FixedClock) -> World:
    return make_world(home, clock, "A01")


def planned(world: World, scope: str = "A01") -> UUID:
    with world.store.work(SUPERVISOR) as work:
        return plan_erasure(work, scope).id


def written(world: World, erasure_id: UUID) -> dict[str, object]:
    return dict(json.loads(certify(world.store, SUPERVISOR, erasure_id))["certificate"])


@pytest.mark.clause("S4-14.11a")
@pytest.mark.both_databases
@pytest.mark.parametrize("held", ["A01", None])
def test_a_hold_refuses_the_erasure_with_its_case_number(world: World, held: str | None) -> None:
    erasure_id = planned(world)
    with world.store.work(SUPERVISOR) as work:
        hold_id = place(work, held, "INC-2023-004")
    with pytest.raises(EvidenceHeld) as refused, world.store.work(SUPERVISOR) as work:
        freeze(work, erasure_id)
    assert refused.value.details == {"document_no": "INC-2023-004"}
    with pytest.raises(EvidenceHeld):
        run_all(world.store, ACTORS, erasure_id)
    assert scan.opens(world.store, world.cells()) == 16
    with world.store.work(SUPERVISOR) as work:
        view = get_erasure(work, erasure_id)
        assert (view.state, view.held_from) == (ErasureState.HELD, ErasureState.APPLIED)
        lift(work, hold_id)
        assert get_erasure(work, erasure_id).state is ErasureState.APPLIED
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED


@pytest.mark.clause("S4-14.11a")
def test_a_hold_placed_after_the_scan_still_saves_the_keys(world: World) -> None:
    erasure_id = planned(world)
    freeze_now(world.store, SUPERVISOR, erasure_id)
    scan_before(world.store, SUPERVISOR, erasure_id)
    with world.store.work(ADMINISTRATOR) as work:
        hold_id = place(work, "A01", "INC-1")
    with pytest.raises(IllegalErasureMove) as refused:
        destroy_keys(world.store, SUPERVISOR, ADMINISTRATOR, erasure_id)
    assert refused.value.details["current"] == "held"
    assert scan.opens(world.store, world.cells()) == 16
    with world.store.work(ADMINISTRATOR) as work:
        lift(work, hold_id)
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED


def test_a_hold_on_another_receivable_does_not_concern_it(world: World) -> None:
    erasure_id = planned(world)
    with world.store.work(SUPERVISOR) as work:
        place(work, "A02", "INC-2")
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED


def test_a_consent_stands_on_the_certificate(world: World) -> None:
    erasure_id = planned(world)
    with world.store.work(SUPERVISOR) as work:
        check_no = document_of(locked(work, erasure_id))["application"]["sha256"][:8]
        letter = ConsentLetter(date(2023, 6, 2), "管財課長（見本）", "a" * 64, check_no)
        view = record_consent(work, erasure_id, "DO-34", letter)
    assert (view.state, view.consent_no) == (ErasureState.CONSENTED, "DO-34")
    run_all(world.store, ACTORS, erasure_id)
    certificate = written(world, erasure_id)
    assert certificate["consent"] == {
        "consent_no": "DO-34",
        "consented_on": "2023-06-02",
        "post_and_name": "管財課長（見本）",
        "letter_sha256": "a" * 64,
        "scope_match": True,
    }
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert Gate.CONSENT_RECORDED not in get_erasure(work, erasure_id).gates_noted


@pytest.mark.parametrize(
    ("number", "day"),
    [("", date(2023, 6, 2)), ("x" * 61, date(2023, 6, 2)), ("1", date(2023, 6, 1))],
)
def test_a_consent_without_number_or_older_than_the_application_is_refused(
    world: World, number: str, day: date
) -> None:
    erasure_id = planned(world)
    with pytest.raises(Invalid), world.store.work(SUPERVISOR) as work:
        record_consent(work, erasure_id, number, ConsentLetter(day, "", ""))


def test_a_consent_comes_too_late_after_the_freeze(world: World) -> None:
    erasure_id = planned(world)
    freeze_now(world.store, SUPERVISOR, erasure_id)
    with pytest.raises(IllegalErasureMove), world.store.work(SUPERVISOR) as work:
        record_consent(work, erasure_id, "DO-34")


def test_a_contract_that_waits_for_consent_blocks_without_it(world: World) -> None:
    document = shipped_profile("004").replace(
        "erasure_gates: {}", "erasure_gates: {consent_recorded: blocks, return_done: blocks}"
    )
    with world.store.work(ADMINISTRATOR) as work:
        enter_profile(work, document)
    erasure_id = planned(world)
    with pytest.raises(IllegalErasureMove):
        freeze_now(world.store, SUPERVISOR, erasure_id)
    with world.store.work(SUPERVISOR) as work:
        record_consent(work, erasure_id, "DO-34")
    with pytest.raises(ErasureGateClosed) as refused:
        run_all(world.store, ACTORS, erasure_id)
    assert refused.value.gates == (Gate.RETURN_DONE,)
    assert scan.opens(world.store, world.cells()) == 16
    with world.store.work(SUPERVISOR) as work:
        record_condition(work, erasure_id, Gate.RETURN_DONE, "R-7")
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED


def test_only_paper_conditions_are_entered_by_hand(world: World) -> None:
    erasure_id = planned(world)
    for gate in (Gate.NOTHING_OPENS, Gate.TWO_PERSONS, Gate.CONSENT_RECORDED):
        with pytest.raises(Invalid), world.store.work(SUPERVISOR) as work:
            record_condition(work, erasure_id, gate, "1")


@pytest.mark.parametrize("gate", ["two_persons", "no_open_hold", "unknown"])
def test_a_profile_cannot_weaken_what_always_holds(gate: str) -> None:
    document = shipped_profile("004").replace(
        "erasure_gates: {}", f"erasure_gates: {{{gate}: off}}"
    )
    with pytest.raises(ProfileInvalid):
        policy_of(read_profile(document))


def test_in_004_every_settable_gate_is_noted() -> None:
    policy = policy_of(read_profile(shipped_profile("004")))
    assert policy.mode(Gate.CONSENT_RECORDED) is GateMode.NOTED
    assert policy.mode(Gate.TWO_PERSONS) is GateMode.BLOCKS


def _placed(world: World, state: DayState) -> str:
    """The world's pack, placed in the outbound folder; the city may have confirmed it."""
    with world.store.work(SUPERVISOR) as work:
        kind = SealedFile.kind == FileKind.DAILY_PACK
        file = work.session.scalars(select(SealedFile).where(kind)).one()
        day = date(2022, 9, 15)
        at = datetime(2022, 9, 15, 12, tzinfo=UTC)
        work.session.add(
            DailyClose(
                business_day=day,
                state=state,
                closed_at=at,
                closed_by="SV01",
                due_at=at,
                audit_size=1,
                audit_note="head",
            )
        )
        work.session.add(
            DailyPackFile(
                id=uuid4(),
                business_day=day,
                revision=1,
                kind="results",
                campaign_code=file.campaign_code,
                name=file.name,
                sha256=file.sha256,
                rows=5,
                sealed_file_id=file.id,
                built_at=at,
            )
        )
        name = file.name
    folder = installed_of(world.store).exchange_folder / "outbound" / "20220915"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"sample")
    (folder / "A02_20220915_result.csv").write_bytes(b"somebody else's")
    return name


def _outbound(world: World) -> set[str]:
    folder = installed_of(world.store).exchange_folder / "outbound"
    return {path.name for path in folder.rglob("*.csv")}


def test_copies_the_city_has_confirmed_go(world: World) -> None:
    _placed(world, DayState.CONFIRMED)
    erasure_id = planned(world, "A01-202209")
    run_all(world.store, ACTORS, erasure_id)
    assert _outbound(world) == {"A02_20220915_result.csv"}
    with world.store.work(SUPERVISOR, readonly=True) as work:
        noted = get_erasure(work, erasure_id).gates_noted
    assert Gate.FINAL_RESULTS_ACCEPTED not in noted


def test_copies_the_city_has_not_confirmed_stay_and_are_listed(world: World) -> None:
    name = _placed(world, DayState.PLACED)
    world.clock.set(END)
    erasure_id = planned(world, "contract")
    run_all(world.store, ACTORS, erasure_id)
    assert name in _outbound(world)
    certificate = written(world, erasure_id)
    assert [entry["no"] for entry in certificate["validation"]["exceptions"]] == [1]  # type: ignore[index]
    lines = [line for line in certificate["inventory"] if line["kind"] == "outbox_files"]  # type: ignore[attr-defined]
    assert all(line["after"] > 0 and line["exception_no"] == 1 for line in lines)
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert Gate.FINAL_RESULTS_ACCEPTED in get_erasure(work, erasure_id).gates_noted


@pytest.mark.clause("S4-14.2c", "S4-14.10")
@pytest.mark.parametrize("is_wiped", [False, True])
def test_a_carried_medium_that_was_not_wiped_is_told_on_the_certificate(
    world: World, is_wiped: bool
) -> None:
    staffed(world.store)
    with world.store.work(SV) as work:
        media.register_medium(work, "USB-0001", "見本 U-1", encrypted=True)
        media.take_out(work, "USB-0001")
        media.note_use(work, "USB-0001", "A01-202209", 4)
        if is_wiped:
            media.note_wiped(work, "USB-0001", 4)
    erasure_id = planned(world, "contract")
    run_all(world.store, ACTORS, erasure_id)
    certificate = written(world, erasure_id)
    left = [entry["no"] for entry in certificate["validation"]["exceptions"]]  # type: ignore[index]
    assert left == ([] if is_wiped else [3])
    (line,) = (one for one in certificate["inventory"] if one["kind"] == "media")  # type: ignore[attr-defined]
    assert line["before"] == line["after"] == (0 if is_wiped else 1)
    told = [medium.get("serial") for medium in certificate["application"]["media"]]  # type: ignore[index]
    assert ("USB-0001" in told) is not is_wiped


def test_a_medium_used_while_an_erasure_runs_stops_no_certificate(world: World) -> None:
    staffed(world.store)
    erasure_id = planned(world, "contract")
    freeze_now(world.store, SUPERVISOR, erasure_id)
    scan_before(world.store, SUPERVISOR, erasure_id)
    destroy_keys(world.store, SUPERVISOR, ADMINISTRATOR, erasure_id)
    with world.store.work(SV) as work:
        media.register_medium(work, "USB-0001", "見本 U-1", encrypted=True)
        media.take_out(work, "USB-0001")
        media.note_use(work, "USB-0001", "A01-202209", 4)
    run_all(world.store, ACTORS, erasure_id)
    said = written(world, erasure_id)["validation"]
    assert [entry["no"] for entry in said["exceptions"]] == [3]  # type: ignore[index]
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert Gate.COUNTS_AS_APPLIED not in get_erasure(work, erasure_id).gates_noted


@pytest.mark.parametrize("scope", ["A01", "A01-202209"])
def test_a_part_waits_until_the_city_has_every_closed_day(world: World, scope: str) -> None:
    _placed(world, DayState.PLACED)
    erasure_id = planned(world, scope)
    with pytest.raises(PackNotConfirmed) as refused:
        run_all(world.store, ACTORS, erasure_id)
    assert refused.value.details == {"day": "2022-09-15"}
    with world.store.work(SUPERVISOR, readonly=True) as work:
        assert get_erasure(work, erasure_id).state is ErasureState.SCANNED_BEFORE


def test_lent_files_left_in_the_inbound_folder_go(world: World) -> None:
    with world.store.work(SUPERVISOR, readonly=True) as work:
        query = select(SealedFile.name).where(SealedFile.kind == FileKind.LENT)
        names = list(work.session.scalars(query))
    folder = installed_of(world.store).exchange_folder / "inbound"
    for name in (*names, "A02_202209_TAISHO.csv"):
        (folder / name).write_bytes(b"sample")
    run_all(world.store, ACTORS, planned(world, "A01-202209"))
    assert [path.name for path in folder.iterdir()] == ["A02_202209_TAISHO.csv"]


@pytest.mark.clause("S4-14.10")
def test_a_contract_that_is_not_erased_in_a_week_raises_the_alarm(world: World) -> None:
    alarms = {}
    for days in (7, 8):
        world.clock.set(datetime.fromisoformat("2023-05-31T23:59:00+09:00") + timedelta(days))
        with world.store.work(SUPERVISOR) as work:
            alarms[days] = overdue_erasure(work)
    assert alarms[7] is None
    assert alarms[8] is not None
    assert alarms[8].due_on == date(2023, 6, 7)
    with world.store.work(SUPERVISOR, readonly=True) as work:
        query = select(AuditEvent).where(AuditEvent.tag == Tag.ERASURE_OVERDUE.value)
        assert len(list(work.session.scalars(query))) == 1
    world.clock.set(END)
    erasure_id = planned(world, "contract")
    run_all(world.store, ACTORS, erasure_id)
    world.clock.set(END + timedelta(days=30))
    with world.store.work(SUPERVISOR) as work:
        assert overdue_erasure(work) is None


@pytest.mark.clause("S4-14.10")
def test_a_late_erasure_says_so_on_its_certificate(world: World) -> None:
    world.clock.set(datetime.fromisoformat("2023-06-08T09:00:00+09:00"))
    erasure_id = planned(world, "contract")
    run_all(world.store, ACTORS, erasure_id)
    certificate = written(world, erasure_id)
    assert (certificate["legal_deadline"], certificate["on_time"]) == ("2023-06-07", False)
