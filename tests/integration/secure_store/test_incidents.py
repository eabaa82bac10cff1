"""Incidents: opened at once, reported with four items, closed; nothing is erased meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from secure_store.access import Actor, Role
from secure_store.audit.log import read_lines
from secure_store.clock import FixedClock
from secure_store.errors import Invalid, NotAllowed, NotFound
from secure_store.orders.holds import EvidenceHeld, lift, place, require_no_hold
from secure_store.orders.incident_facts import (
    Circumstance,
    IncidentFacts,
    IncidentKind,
    IncidentPlace,
    IncidentStage,
    ReportStep,
)
from secure_store.orders.incident_reading import incident, incidents
from secure_store.orders.incidents import (
    IncidentIncomplete,
    IncidentNotReported,
    close_incident,
    finish_measure,
    open_incident,
    open_incidents,
    plan_measure,
    report,
    state_facts,
)
from secure_store.people.staff import add_staff
from secure_store.sealing.installed import installed_of
from secure_store.work import SecureStore
from webui.rehearsal.persons import READY_PERSONS, REHEARSAL_PASSWORD

SUPERVISOR = Actor(code="SV01", role=Role.SUPERVISOR)
KNOWN = IncidentFacts(3, 12, IncidentPlace.TRANSPORT, Circumstance.MEDIUM_LOST)


def opened(store: SecureStore, receivable: str | None = "A01") -> str:
    with store.work(SUPERVISOR) as work:
        return open_incident(work, IncidentKind.LOSS, receivable, work.now)


@pytest.mark.both_databases
@pytest.mark.clause("S3-B2-16.1")
def test_a_report_without_the_four_items_is_refused_and_its_time_is_kept(
    store: SecureStore, clock: FixedClock
) -> None:
    number = opened(store)
    for facts in (
        IncidentFacts(),
        replace(KNOWN, groups=0),
        replace(KNOWN, persons=None),
        replace(KNOWN, place=None),
        replace(KNOWN, circumstance=None),
    ):
        with store.work(SUPERVISOR) as work:
            state_facts(work, number, facts)
        with pytest.raises(IncidentIncomplete), store.work(SUPERVISOR) as work:
            report(work, number, ReportStep.AT_ONCE, "札納第1号")
    clock.advance(timedelta(minutes=20))
    with store.work(SUPERVISOR) as work:
        state_facts(work, number, KNOWN)
        report(work, number, ReportStep.AT_ONCE, " 札納第1号 ")
    with store.work(SUPERVISOR, readonly=True) as work:
        (made,) = incident(work, number).reports
    assert (made.document_no, made.persons) == ("札納第1号", 12)
    assert made.reported_at == clock.now()


@pytest.mark.both_databases
@pytest.mark.clause("S4-14.11a")
def test_an_open_incident_stops_erasure_with_its_number(store: SecureStore) -> None:
    number = opened(store)
    with store.work(SUPERVISOR, readonly=True) as work:
        assert open_incidents(work, None) == open_incidents(work, "A01") == [number]
        assert open_incidents(work, "A02") == []
        for scope in ("A01", None):
            with pytest.raises(EvidenceHeld) as refused:
                require_no_hold(work, scope)
            assert refused.value.details == {"document_no": number}
        require_no_hold(work, "A02")
    with store.work(SUPERVISOR) as work:
        hold_id = place(work, "A01", "市文第3号")
        state_facts(work, number, KNOWN)
        report(work, number, ReportStep.FINAL, "札納第2号")
        close_incident(work, number)
        with pytest.raises(EvidenceHeld):  # the hold goes on by itself
            require_no_hold(work, "A01")
        lift(work, hold_id)
        require_no_hold(work, None)


def test_it_is_closed_only_after_its_final_report(store: SecureStore) -> None:
    number = opened(store)
    with store.work(SUPERVISOR) as work:
        state_facts(work, number, KNOWN)
        report(work, number, ReportStep.PRELIMINARY, "札納第1号")
    with pytest.raises(IncidentNotReported), store.work(SUPERVISOR) as work:
        close_incident(work, number)
    with store.work(SUPERVISOR) as work:
        report(work, number, ReportStep.FINAL, "札納第2号")
        close_incident(work, number)
    with pytest.raises(NotFound), store.work(SUPERVISOR) as work:
        state_facts(work, number, KNOWN)


@pytest.mark.clause("S3-B2-16.2", "S2-PI12.2")
def test_the_five_stages_show_who_answers_until_when_and_what_is_done(store: SecureStore) -> None:
    with store.work(Actor("init", Role.SYSTEM_ADMIN, rehearsal=True)) as work:
        person = next(one for one in READY_PERSONS if one.code == "SV01")
        add_staff(work, person, REHEARSAL_PASSWORD)
    number = opened(store)
    with store.work(SUPERVISOR) as work:
        plan_measure(work, number, IncidentStage.CONTAINMENT, "SV01", date(2022, 9, 16))
        finish_measure(work, number, IncidentStage.CONTACT)
        with pytest.raises(Invalid):
            plan_measure(work, number, IncidentStage.RECOVERY, "XX99", date(2022, 9, 16))
        measures = incident(work, number).measures
    assert [one.stage for one in measures] == list(IncidentStage)
    assert [one.stage for one in measures if one.done_at] == [IncidentStage.CONTACT]
    assert measures[2].owner == "SV01"
    assert measures[2].due_on == date(2022, 9, 16)


@pytest.mark.clause("S2-PI12.1")
def test_it_is_opened_and_reported_after_the_end_when_every_key_is_gone(
    store: SecureStore, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=500))
    installed_of(store).keyring.destroy_contract(clock.now())
    number = opened(store, None)
    with store.work(SUPERVISOR) as work:
        state_facts(work, number, KNOWN)
        report(work, number, ReportStep.AT_ONCE, "札納第9号")
        assert [one.number for one in incidents(work)] == [number]


def test_numbers_count_through_the_year(store: SecureStore, clock: FixedClock) -> None:
    assert [opened(store), opened(store)] == ["INC-2022-001", "INC-2022-002"]
    clock.advance(timedelta(days=365))
    assert opened(store) == "INC-2023-001"


def test_what_is_yet_to_come_is_not_known(store: SecureStore) -> None:
    with pytest.raises(Invalid), store.work(SUPERVISOR) as work:
        open_incident(work, IncidentKind.LEAK, None, work.now + timedelta(minutes=1))


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR, Role.VERIFIER, Role.DEPARTMENT_OFFICER])
def test_others_handle_no_incident(store: SecureStore, role: Role) -> None:
    number = opened(store)
    other = Actor(code="XX01", role=role)
    for act in (
        lambda work: open_incident(work, IncidentKind.LEAK, None, work.now),
        lambda work: state_facts(work, number, KNOWN),
        lambda work: close_incident(work, number),
    ):
        with pytest.raises(NotAllowed), store.work(other) as work:
            act(work)


def test_every_act_is_noted_with_the_number_and_no_paper(store: SecureStore) -> None:
    number = opened(store)
    with store.work(SUPERVISOR) as work:
        state_facts(work, number, KNOWN)
        report(work, number, ReportStep.FINAL, "札納第2号")
        close_incident(work, number)
    with store.work(SUPERVISOR, readonly=True) as work:
        noted = [line for line in read_lines(work) if number.encode() in line]
    tags = [line.partition(b'"tag":"')[2].partition(b'"')[0].decode() for line in noted]
    assert tags == ["incident:opened", "incident:stated", "incident:reported", "incident:closed"]
    assert "札納".encode() not in b"".join(noted)
