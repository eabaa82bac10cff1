"""Work instructions at work: the next case follows them, the call in hand never changes its rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from desk_world import DAY, FOUNDER, NOTE, OP, SV, DeskWorld, ready_world

from campaigns import api as c
from campaigns.calling.models import DialPermit, PermitEnd
from campaigns.cases.models import CasePhone, NumberState
from campaigns.errors import CaseNotCallable, InstructionInvalid, InstructionObsolete
from dialer.errors import OutsideCallingHours, PermitExpired
from dialer.models import DialAttempt
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed, NotFound
from webui.services import Services

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


def instruct(world: DeskWorld, first: date = DAY, *, approved: bool = True, **fields: Any) -> int:
    """A version for A01 that the city approved, unless it is left a draft."""
    with world.store.work(SV) as work:
        sheet = c.sheet_from({"receivable": "A01", **fields})
        version = c.enter_instruction(work, sheet, first).version
        if approved:
            c.approve_instruction(work, "A01", version, "札財管第118号")
    return version


def attempts(*, most: int, least: int = 0, **others: object) -> dict[str, object]:
    return {"min_counted_attempts": least, "max_counted_attempts": most, **others}


def rule_of(world: DeskWorld, case_id: object) -> str:
    with world.store.work(SV, readonly=True) as work:
        return work.session.query(DialAttempt).filter_by(case_ref=case_id).one().rule


@pytest.mark.clause("S4-11.2-1", "S4-8.6b", "S4-11.2f")
def test_a_change_holds_from_the_next_case_and_never_half_way(world: DeskWorld) -> None:
    first = world.served()
    world.dial(first, c.LineResult.CONNECTED)
    instruct(
        world,
        parameters=attempts(most=3, promise_horizon_days=3),
        identity_items=["name", "address", "notice_number"],
        spare_item="birth_date",
    )
    view = world.view()
    assert view.attempts_limit == 6
    assert view.receivable.identity_items == ("name", "birth_date", "address")
    assert world.identify(first.handling_id) is c.IdentityResult.PASSED
    with world.store.work(OP, readonly=True) as work:
        assert c.last_promise_day(work, first.handling_id, "51") == date(2022, 9, 29)
    recorded = world.record(first.handling_id, "53", note=NOTE)
    assert recorded.status is c.CaseStatus.WAITING

    second = world.served()
    assert world.view().attempts_limit == 3
    assert world.view().receivable.spare_item == "birth_date"
    world.dial(second, c.LineResult.NO_ANSWER)
    world.record(second.handling_id, "11")
    assert rule_of(world, first.case_id) == "weekday@p1"
    assert rule_of(world, second.case_id) == "weekday@p1/i1"
    assert {record.rule for record in world.records()} == {"weekday@p1", "weekday@p1/i1"}


def test_a_draft_and_a_version_to_come_change_nothing_yet(world: DeskWorld) -> None:
    instruct(world, date(2022, 9, 16), parameters=attempts(most=2))
    instruct(world, DAY, approved=False, parameters=attempts(most=1))
    world.served()
    assert world.view().attempts_limit == 6
    with world.store.work(SV, readonly=True) as work:
        draft, coming = c.instruction_history(work, "A01")
        assert (draft.state, coming.state) == (
            c.InstructionState.DRAFT,
            c.InstructionState.COMING,
        )
        assert c.calling_rules(work, "A02").version == 0
    world.at("2022-09-16T00:00:00")
    with world.store.work(SV, readonly=True) as work:
        assert c.calling_rules(work, "A01").label == "p1/i1"
        assert [one.in_force is not None for one in c.instructions_overview(work)][:2] == [
            True,
            False,
        ]


def test_approval_is_given_once_with_a_document_by_a_supervisor(world: DeskWorld) -> None:
    version = instruct(world, approved=False)
    with pytest.raises(NotAllowed), world.store.work(OP) as work:
        c.approve_instruction(work, "A01", version, "見本第1号")
    with pytest.raises(InstructionInvalid), world.store.work(SV) as work:
        c.approve_instruction(work, "A01", version, "  ")
    newer = instruct(world)
    for one in (version, newer):
        with pytest.raises(InstructionObsolete), world.store.work(SV) as work:
            c.approve_instruction(work, "A01", one, "見本第1号")
    with pytest.raises(InstructionInvalid):
        instruct(world, date(2022, 9, 14))
    other = Actor("SV01", Role.SUPERVISOR, frozenset({"A02"}), rehearsal=True)
    with pytest.raises(NotAllowed), world.store.work(other) as work:
        c.instruction_history(work, "A01")
    with pytest.raises(NotFound), world.store.work(SV) as work:
        c.get_instruction(work, "A01", 9)


@pytest.mark.clause("S4-7.2b-1")
def test_no_permit_lives_past_the_end_of_the_window(world: DeskWorld) -> None:
    world.at("2022-09-15T13:29:10")
    served = world.served()
    end = datetime.fromisoformat("2022-09-15T13:30:00+09:00")
    assert world.permit(served).expires_at == end
    world.at("2022-09-15T13:29:59")
    with world.store.work(OP) as work:
        assert c.extend_permit(work, served.handling_id).expires_at == end
    world.at("2022-09-15T13:30:00")
    for refused in (c.ask_permit, c.number_compared):
        with pytest.raises(OutsideCallingHours), world.store.work(OP) as work:
            refused(work, served.handling_id)
    with pytest.raises(PermitExpired), world.store.work(OP) as work:
        c.extend_permit(work, served.handling_id)
    assert world.view().number is None


@pytest.mark.clause("S4-7.2b-1")
def test_no_permit_is_given_or_lives_in_the_last_minutes(world: DeskWorld) -> None:
    instruct(world, parameters={"no_new_call_minutes": 10})
    world.at("2022-09-15T13:19:30")
    served = world.served()
    end = datetime.fromisoformat("2022-09-15T13:20:00+09:00")
    assert world.permit(served).expires_at == end
    world.clock.set(end)
    for refused in (c.ask_permit, c.extend_permit, c.number_compared):
        with (
            pytest.raises((OutsideCallingHours, PermitExpired, CaseNotCallable)),
            world.store.work(OP) as work,
        ):
            refused(work, served.handling_id)


def test_an_order_that_closes_the_window_takes_the_permit_back(world: DeskWorld) -> None:
    served = world.served()
    world.permit(served)
    assert world.view().number
    with world.store.work(SV) as work:
        paper = c.CityPaper("札財管第119号", "管財課長", DAY)
        c.change_hours(work, c.NewOrder(DAY, (), paper), confirmed=True)
    assert world.view().number is None
    with pytest.raises(OutsideCallingHours):
        world.compare(served)
    with world.store.work(SV, readonly=True) as work:
        (row,) = work.session.query(DialPermit)
        assert row.end is PermitEnd.REVOKED


def test_a_withdrawal_during_the_call_ends_the_case_but_not_the_record(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    with world.store.work(SV) as work:
        assert c.withdraw_cases(work, [served.case_id], "document_3") == 1
    recorded = world.record(
        served.handling_id, "31", follow_up_at=datetime.fromisoformat("2022-09-15T19:00:00+09:00")
    )
    assert recorded.status is c.CaseStatus.CLOSED
    assert world.case(served.case_id).close_reason is c.CloseReason.WITHDRAWN
    assert [record.outcome_code for record in world.records(served.case_id)] == ["31"]
    assert world.follow_ups() == []


def _only_number_twice(world: DeskWorld, case_id: Any, kind: int) -> None:
    """Leaves the case one number, standing there under two ranks."""
    with world.store.work(SV) as work:
        query = work.session.query(CasePhone).filter_by(case_id=case_id)
        first, *others = query.order_by(CasePhone.rank)
        for other in others:
            work.session.delete(other)
        work.session.flush()
        work.session.add(
            CasePhone(
                case_id=case_id,
                rank=3,
                campaign_code=first.campaign_code,
                kind=kind,
                lookup_index=first.lookup_index,
                state=NumberState.UNTRIED,
            )
        )


@pytest.mark.clause("S4-11.2f")
def test_a_vacant_number_is_given_up_under_every_rank_and_for_ever(world: DeskWorld) -> None:
    served = world.served()
    _only_number_twice(world, served.case_id, kind=1)
    world.dial(served, c.LineResult.FAILED)
    recorded = world.record(served.handling_id, "21")
    assert recorded.status is c.CaseStatus.CLOSED
    assert world.case(served.case_id).close_reason is c.CloseReason.NUMBERS_UNUSABLE
    assert {phone.state for phone in world.phones(served.case_id)} == {NumberState.UNUSABLE}
    with world.store.work(SV) as work:
        c.reopen_case(work, served.case_id, "document_4")
    world.at("2022-09-16T11:30:00")
    world.promote()
    while (other := world.take()) is not None:
        assert other.case_id != served.case_id
        world.dial(other, c.LineResult.NO_ANSWER)
        world.record(other.handling_id, "11")


@pytest.mark.clause("S4-11.2f")
def test_a_workplace_is_dialled_only_where_the_instruction_permits_it(world: DeskWorld) -> None:
    served = world.served()
    with world.store.work(SV) as work:
        for phone in work.session.query(CasePhone).filter_by(case_id=served.case_id):
            phone.kind = 3
    with pytest.raises(CaseNotCallable):
        world.permit(served)
    with world.store.work(OP) as work:
        c.put_back(work, served.handling_id)
    instruct(world, workplace_numbers=True)
    again = world.served()
    while again.case_id != served.case_id:
        world.dial(again, c.LineResult.NO_ANSWER)
        world.record(again.handling_id, "11")
        again = world.served()
    assert world.permit(again).phone_rank in {phone.rank for phone in world.phones(again.case_id)}


def test_the_order_is_written_anew_at_the_bands_of_every_receivable(world: DeskWorld) -> None:
    def ranks(receivable: str | None) -> list[str]:
        with world.store.work(SV, readonly=True) as work:
            (plan,) = c.day_plans(work, [DAY], receivable)
        return [f"{at:%H:%M}" for at in plan.ranks_at]

    usual = ["11:30", "16:30", "18:30"]
    assert (ranks(None), ranks("A01")) == (usual, usual)
    weekday = {"H1": "11:30-13:30", "H2": "16:30-19:00", "H3": "19:00-20:30"}
    weekend = {"H4": "10:00-13:00", "H5": "13:00-16:00"}
    instruct(world, bands={"weekday": weekday, "weekend_or_holiday": weekend})
    assert ranks("A01") == ["11:30", "16:30", "19:00"]
    assert ranks("A02") == usual
    assert ranks(None) == [*usual, "19:00"]


def test_a_call_keeps_the_contract_profile_it_began_under(world: DeskWorld) -> None:
    first = world.served()
    document = c.shipped_profile("004").replace(
        "parameters: {}", "parameters: {max_counted_attempts: 4}"
    )
    with world.store.work(FOUNDER) as work:
        assert c.enter_profile(work, document).version == 2
    assert world.view().attempts_limit == 6
    world.dial(first, c.LineResult.NO_ANSWER)
    world.record(first.handling_id, "11")
    second = world.served()
    assert world.view().attempts_limit == 4
    world.dial(second, c.LineResult.NO_ANSWER)
    assert (rule_of(world, first.case_id), rule_of(world, second.case_id)) == (
        "weekday@p1",
        "weekday@p2",
    )
