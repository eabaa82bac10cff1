"""The papers of an erasure: application, consent to exactly it, witness, instruction."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from campaigns.closing.applying import Instruction, draft_erasure, plan_erasure, send_application
from campaigns.closing.certifying import certify
from campaigns.closing.city_answers import (
    ConsentLetter,
    record_condition,
    record_consent,
    record_witness,
    request_witness,
)
from campaigns.closing.destroying import destroy_keys, freeze_now
from campaigns.closing.run import run_all
from campaigns.closing.scanning import scan_before
from campaigns.profile.contract import enter_profile, shipped_profile
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.erasure import scan
from secure_store.erasure.execution import Document, document_of, locked
from secure_store.erasure.states import ErasureGateClosed, ErasureState, Gate, IllegalErasureMove
from secure_store.errors import Invalid
from secure_store.models import AuditEvent
from tests.integration.campaigns.erasure_world import (
    ACTORS,
    ADMINISTRATOR,
    SUPERVISOR,
    World,
    make_world,
)
from webui.services import Services

TODAY = date(2023, 6, 2)
STRICT = "{consent_recorded: blocks, consent_matches: blocks, witness_present: blocks, instruction_received: blocks}"


@pytest.fixture
def world(home: Services, clock: FixedClock) -> World:
    return make_world(home, clock, "A01")


def strict(world: World) -> World:
    """As in a contract that waits for the city's papers (specification 003)."""
    with world.store.work(ADMINISTRATOR) as work:
        enter_profile(
            work,
            shipped_profile("004").replace("erasure_gates: {}", f"erasure_gates: {STRICT}"),
        )
    return world


def drafted(world: World, scope: str = "contract") -> UUID:
    with world.store.work(SUPERVISOR) as work:
        return draft_erasure(work, scope).id


def sent(world: World, scope: str = "contract") -> UUID:
    with world.store.work(SUPERVISOR) as work:
        return plan_erasure(work, scope).id


def application(world: World, erasure_id: UUID) -> Document:
    with world.store.work(SUPERVISOR, readonly=True) as work:
        return dict(document_of(locked(work, erasure_id))["application"])


def consented(world: World, erasure_id: UUID, check_no: str) -> None:
    with world.store.work(SUPERVISOR) as work:
        letter = ConsentLetter(TODAY, "管財課長", "", check_no)
        record_consent(work, erasure_id, "DO-34", letter)


def frozen_and_scanned(world: World, erasure_id: UUID) -> None:
    freeze_now(world.store, SUPERVISOR, erasure_id)
    scan_before(world.store, SUPERVISOR, erasure_id)


def refused_gates(world: World, erasure_id: UUID) -> tuple[Gate, ...]:
    with pytest.raises(ErasureGateClosed) as refused:
        destroy_keys(world.store, SUPERVISOR, ADMINISTRATOR, erasure_id)
    return refused.value.gates


def written(world: World, erasure_id: UUID) -> Document:
    return dict(json.loads(certify(world.store, SUPERVISOR, erasure_id))["certificate"])


@pytest.mark.clause("S3-B2-13.2")
def test_the_system_drafts_all_five_items_of_the_application(world: World) -> None:
    said = application(world, drafted(world))
    assert said["items"] == ["貸与データ", "架電結果", "架電により収集した個人情報"]
    assert [name for name, _kind, _place, _serial in said["media"]] == [
        "データサーバ",
        "鍵保管媒体",
    ]
    quantities = {label: count for label, _unit, count in said["quantities"]}
    assert quantities["貸与データの案件"] == 5
    assert quantities["暗号化した個人情報"] == len(world.cells())
    assert "暗号鍵の抹消" in said["method"]
    assert said["planned_on"] == TODAY.isoformat()  # two days after the period
    assert len(said["sha256"]) == 64


@pytest.mark.clause("S3-B2-13.2")
def test_a_draft_is_no_application_until_the_day_it_was_sent(world: World) -> None:
    erasure_id = drafted(world)
    with pytest.raises(IllegalErasureMove):
        freeze_now(world.store, SUPERVISOR, erasure_id)
    for day in (TODAY - timedelta(1), TODAY + timedelta(1)):
        with pytest.raises(Invalid), world.store.work(SUPERVISOR) as work:
            send_application(work, erasure_id, day)
    with world.store.work(SUPERVISOR) as work:
        view = send_application(work, erasure_id, TODAY, "申請第7号")
    assert view.state is ErasureState.APPLIED
    with pytest.raises(IllegalErasureMove), world.store.work(SUPERVISOR) as work:
        send_application(work, erasure_id, TODAY)
    run_all(world.store, ACTORS, erasure_id)
    said = written(world, erasure_id)["application"]
    assert (said["application_no"], said["applied_on"]) == ("申請第7号", "2023-06-02")
    assert said["sha256"] == application(world, erasure_id)["sha256"]
    assert said["planned_on"] == "2023-06-02"


def test_an_erasure_is_not_planned_for_a_day_that_is_over(world: World) -> None:
    with pytest.raises(Invalid), world.store.work(SUPERVISOR) as work:
        draft_erasure(work, "contract", planned_on=TODAY - timedelta(1))


@pytest.mark.clause("S3-B2-13.2")
def test_a_consent_counts_for_the_application_whose_number_it_repeats(world: World) -> None:
    erasure_id = sent(strict(world), "contract")
    check_no = application(world, erasure_id)["sha256"]
    for wrong in ("0" * 8, check_no[:7], "見本"):
        with pytest.raises(Invalid):
            consented(world, erasure_id, wrong)
    consented(world, erasure_id, check_no[:8].upper())
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED
    assert written(world, erasure_id)["consent"]["scope_match"] is True


@pytest.mark.clause("S3-B2-13.2")
def test_a_consent_to_something_unsaid_does_not_open_the_gate(world: World) -> None:
    erasure_id = sent(strict(world), "contract")
    consented(world, erasure_id, "")
    frozen_and_scanned(world, erasure_id)
    assert refused_gates(world, erasure_id) == (Gate.CONSENT_MATCHES,)
    assert scan.opens(world.store, world.cells()) == 16


def test_where_the_week_rules_an_unsaid_scope_is_noted(world: World) -> None:
    erasure_id = sent(world)
    consented(world, erasure_id, "")
    run_all(world.store, ACTORS, erasure_id)
    said = written(world, erasure_id)
    assert said["consent"]["scope_match"] is False
    gates = {entry["gate"] for entry in said["validation"]["gates_noted"]}
    assert "consent_matches" in gates
    assert "consent_recorded" not in gates


@pytest.mark.clause("S3-B2-13.3")
def test_a_witness_who_was_asked_for_has_to_be_there(world: World) -> None:
    erasure_id = sent(strict(world), "contract")
    consented(world, erasure_id, application(world, erasure_id)["sha256"][:8])
    with world.store.work(SUPERVISOR) as work:
        request_witness(work, erasure_id, "立会第2号")
    frozen_and_scanned(world, erasure_id)
    assert refused_gates(world, erasure_id) == (Gate.WITNESS_PRESENT,)
    with world.store.work(SUPERVISOR) as work:
        record_witness(work, erasure_id, "債権管理課係長")
    world.clock.advance(timedelta(minutes=5))
    run_all(world.store, ACTORS, erasure_id)
    said = written(world, erasure_id)["witness"]
    assert (said["requested"], said["post"]) == (True, "債権管理課係長")
    assert said["present_from"] < said["present_until"]
    with world.store.work(SUPERVISOR, readonly=True) as work:
        query = select(AuditEvent).where(AuditEvent.tag == Tag.ERASURE_PAPER.value)
        assert len(list(work.session.scalars(query))) == 2


@pytest.mark.clause("S4-16.1-2")
def test_an_order_about_part_of_the_data_names_the_citys_instruction(world: World) -> None:
    with world.store.work(SUPERVISOR) as work:
        order = Instruction("市文第55号", date(2023, 6, 1))
        erasure_id = plan_erasure(work, "A01-202209", order).id
    run_all(world.store, ACTORS, erasure_id)
    said = written(world, erasure_id)
    assert said["instruction"] == {"document_no": "市文第55号", "instructed_on": "2023-06-01"}
    assert "instruction_received" not in {g["gate"] for g in said["validation"]["gates_noted"]}


@pytest.mark.clause("S4-16.1-2")
def test_part_of_the_data_is_not_erased_unasked_where_the_contract_says_so(world: World) -> None:
    erasure_id = sent(strict(world), "A01")
    consented(world, erasure_id, application(world, erasure_id)["sha256"][:8])
    frozen_and_scanned(world, erasure_id)
    assert refused_gates(world, erasure_id) == (Gate.INSTRUCTION_RECEIVED,)
    with world.store.work(SUPERVISOR) as work:
        record_condition(work, erasure_id, Gate.INSTRUCTION_RECEIVED, "市文第56号")
    assert run_all(world.store, ACTORS, erasure_id).state is ErasureState.CERTIFIED


@pytest.mark.parametrize("number", ["", "x" * 61, "a\nb"])
def test_papers_have_numbers(world: World, number: str) -> None:
    erasure_id = sent(world)
    for record in (request_witness, record_witness):
        with pytest.raises(Invalid), world.store.work(SUPERVISOR) as work:
            record(work, erasure_id, number)
    with pytest.raises(Invalid), world.store.work(SUPERVISOR) as work:
        draft_erasure(work, "A01", Instruction(number, TODAY))
    with pytest.raises(Invalid), world.store.work(SUPERVISOR) as work:
        draft_erasure(work, "A01", Instruction("1", TODAY + timedelta(1)))


def test_no_paper_is_added_once_keys_are_gone(world: World) -> None:
    erasure_id = sent(world)
    run_all(world.store, ACTORS, erasure_id)
    with pytest.raises(IllegalErasureMove), world.store.work(SUPERVISOR) as work:
        request_witness(work, erasure_id, "1")
