"""引抜き and 納付確認 at any moment of a call: nothing more is dialled, nothing recorded is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from campaigns import api as c
from campaigns.errors import CaseNotCallable
from campaigns.notice_errors import CaseTakenBack, NoticeApplied, NoticeKnown, NoticeRejected
from secure_store.clock import FixedClock
from secure_store.people.watching import remember_found
from tests.integration.campaigns.desk_world import (
    ARRIVAL,
    NOTE,
    OP,
    SV,
    DeskWorld,
    agent,
    ready_world,
)
from tests.integration.campaigns.notice_world import (
    CAMPAIGN,
    all_cases,
    key_of,
    payments,
    promised_case,
    promises,
    tell,
    unpaid_of,
    withdrawal,
)
from webui.rehearsal.sample_notices import SamplePayment
from webui.services import Services

pytestmark = pytest.mark.both_databases


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


def test_a_case_taken_back_before_dialling_is_put_back_and_served_to_nobody(
    world: DeskWorld,
) -> None:
    served = world.served()
    world.permit(served)
    assert world.view().number
    told = tell(world, withdrawal(world, served.case_id))
    assert (told.found, told.ended, told.not_found) == (1, 1, 0)
    view = world.view()
    assert view.taken_back is not None
    assert (view.taken_back.reason, view.number, view.permit) == (
        c.CloseReason.WITHDRAWN,
        None,
        None,
    )
    with pytest.raises(CaseNotCallable):
        world.permit(served)
    with world.store.work(OP) as work:
        c.put_back(work, served.handling_id)
    following = world.served()
    assert following.case_id != served.case_id


@pytest.mark.clause("S4-11.3a-1")
def test_a_withdrawal_in_the_middle_of_the_guidance_takes_the_debt_off_the_screen(
    world: DeskWorld,
) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.identify(served.handling_id)
    promise = world.promise()
    tell(world, withdrawal(world, served.case_id))
    with world.store.work(OP, readonly=True) as work:
        assert c.taken_from_hand(work) == served.handling_id
    view = world.view()
    assert view.taken_back is not None
    assert (view.stage, view.debt, view.identity_lines) == (c.Stage.GREETING, None, ())
    with pytest.raises(CaseTakenBack), world.store.work(OP) as work:
        c.begin_identity(work, served.handling_id)
    first = world.record(served.handling_id, "51", **promise)
    again = world.record(served.handling_id, "51", **promise)
    assert first.record_id == again.record_id
    assert [record.outcome_code for record in world.records(served.case_id)] == ["51"]
    case = world.case(served.case_id)
    assert (case.status, case.close_reason) == (c.CaseStatus.CLOSED, c.CloseReason.WITHDRAWN)
    assert world.take() is not None


def test_a_withdrawal_while_it_rings_leaves_the_result_of_the_line_to_be_recorded(
    world: DeskWorld,
) -> None:
    served = world.served()
    world.permit(served)
    world.compare(served)
    tell(world, withdrawal(world, served.case_id))
    with world.store.work(OP) as work:
        c.note_line(work, served.handling_id, c.LineResult.NO_ANSWER)
    world.record(served.handling_id, "11")
    case = world.case(served.case_id)
    assert (case.status, case.dials) == (c.CaseStatus.CLOSED, 1)


def test_the_whole_payment_during_the_call_closes_the_case_as_paid(world: DeskWorld) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    paid = SamplePayment(
        key=key_of(world, served.case_id),
        paid_on=date(2022, 9, 14),
        yen=unpaid_of(world, served.case_id),
    )
    assert tell(world, payments([paid], date(2022, 9, 15))).ended == 1
    view = world.view()
    assert view.taken_back is not None
    assert view.taken_back.reason is c.CloseReason.PAID
    world.record(served.handling_id, "17", note=NOTE)
    assert world.case(served.case_id).close_reason is c.CloseReason.PAID


def test_a_promise_not_kept_gets_one_reminder_and_the_next_time_is_handed_over(
    world: DeskWorld,
) -> None:
    case_id = promised_case(world)
    world.at("2022-09-27T11:40")
    world.on_duty()
    early = tell(world, payments([], date(2022, 9, 26)))
    assert (early.ended, promises(world, case_id)) == (0, [c.PromiseStatus.OPEN])
    tell(world, payments([], date(2022, 9, 27), serial=2))
    assert promises(world, case_id) == [c.PromiseStatus.BROKEN]
    assert world.case(case_id).status is c.CaseStatus.WAITING
    put_off = world.served()
    assert put_off.case_id != case_id  # the last day of the grace is free of calls
    with world.store.work(OP) as work:
        c.put_back(work, put_off.handling_id)
    world.at("2022-09-28T11:40")
    served = world.served()
    assert served.case_id == case_id  # before all the others
    world.dial(served, c.LineResult.CONNECTED)
    world.identify(served.handling_id)
    world.record(served.handling_id, "51", **{**world.promise(), "promised_on": date(2022, 9, 28)})
    world.at("2022-10-06T10:00")
    tell(world, payments([], date(2022, 10, 5), serial=3))
    case = world.case(case_id)
    assert promises(world, case_id) == [c.PromiseStatus.BROKEN, c.PromiseStatus.BROKEN]
    assert case.close_reason is c.CloseReason.HANDED_OVER


def test_a_late_file_turns_a_broken_promise_into_a_kept_one_and_twice_changes_nothing(
    world: DeskWorld,
) -> None:
    case_id = promised_case(world)
    world.at("2022-09-28T10:00")
    tell(world, payments([], date(2022, 9, 28)))
    assert promises(world, case_id) == [c.PromiseStatus.BROKEN]
    half = unpaid_of(world, case_id) // 2
    key = key_of(world, case_id)
    first = SamplePayment(key=key, paid_on=date(2022, 9, 19), yen=half, period="001")
    rest = SamplePayment(key=key, paid_on=date(2022, 9, 27), yen=unpaid_of(world, case_id) - half)
    assert tell(world, payments([first], date(2022, 9, 27), serial=2)).ended == 0
    assert promises(world, case_id) == [c.PromiseStatus.PARTLY]
    told = tell(world, payments([first, rest], date(2022, 9, 28), serial=3))
    assert (told.repeated, told.ended) == (1, 1)
    assert promises(world, case_id) == [c.PromiseStatus.KEPT]
    assert world.case(case_id).close_reason is c.CloseReason.PAID


def test_the_same_notice_is_refused_and_a_faulty_one_leaves_nothing(world: DeskWorld) -> None:
    case_id = all_cases(world)[0]
    files = withdrawal(world, case_id)
    broken = {name: data[:-6] if "HIKI" in name else data for name, data in files.items()}
    with pytest.raises(NoticeRejected) as refused:
        c.check_notice(world.store, SV, CAMPAIGN, broken)
    assert key_of(world, case_id) not in str(refused.value.details)
    notice_id = c.check_notice(world.store, SV, CAMPAIGN, files)
    assert world.case(case_id).status is c.CaseStatus.WAITING  # nothing before the confirmation
    with pytest.raises(NoticeKnown):
        c.check_notice(world.store, SV, CAMPAIGN, files)
    c.apply_notice(world.store, SV, notice_id)
    with pytest.raises(NoticeApplied):
        c.apply_notice(world.store, SV, notice_id)
    with pytest.raises(NoticeApplied), world.store.work(SV) as work:
        c.give_back_notice(work, notice_id)


def test_a_payment_entered_by_hand_and_told_again_by_a_file_counts_once(
    world: DeskWorld,
) -> None:
    case_id = promised_case(world)
    yen = unpaid_of(world, case_id) // 2
    entered = c.EnteredPayment("市財第41号", date(2022, 9, 15), yen)
    with world.store.work(SV) as work:
        assert c.enter_payment(work, case_id, entered) is False
    with pytest.raises(NoticeKnown), world.store.work(SV) as work:
        c.enter_payment(work, case_id, entered)
    same = SamplePayment(key=key_of(world, case_id), paid_on=date(2022, 9, 15), yen=yen)
    told = tell(world, payments([same], date(2022, 9, 15)))
    assert (told.repeated, told.ended) == (1, 0)
    assert world.case(case_id).status is c.CaseStatus.PROMISED
    with world.store.work(SV) as work:
        assert c.payment_counts(work, CAMPAIGN).paid_yen == yen


def test_payments_are_counted_for_those_reached_and_those_never_reached(
    world: DeskWorld,
) -> None:
    case_id = promised_case(world)
    other = next(one for one in all_cases(world) if one != case_id)
    entries = [
        SamplePayment(key=key_of(world, one), paid_on=date(2022, 9, 19), yen=unpaid_of(world, one))
        for one in (case_id, other)
    ]
    world.at("2022-09-28T10:00")
    tell(world, payments(entries, date(2022, 9, 27)))
    with world.store.work(SV) as work:
        found = c.payment_counts(work, CAMPAIGN)
    assert (found.lent, found.reached, found.never_reached) == (6, 1, 5)
    assert (found.paid_of_reached, found.paid_of_never_reached, found.paid_in_full) == (1, 1, 2)
    assert (found.promises_due, found.promises_kept, found.promises_kept_yen) == (
        1,
        1,
        unpaid_of(world, case_id),
    )
    assert found.measures.uplift == 80
    assert found.counts.promises_kept_yen == 0  # one promise: its sum would be that person's
    assert found.interim == 6


def test_a_large_notice_goes_slice_by_slice_and_on_from_where_it_stopped(
    world: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.desk.notice_applying.SLICE", 2)
    case_ids = all_cases(world)[:5]
    notice_id = c.check_notice(world.store, SV, CAMPAIGN, withdrawal(world, *case_ids))
    seen: list[int] = []

    def stop(done: int, _all: int) -> None:
        seen.append(done)
        if done == 4:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        c.apply_notice(world.store, SV, notice_id, stop)
    with world.store.work(SV, readonly=True) as work:
        half = c.get_notice(work, notice_id)
    assert (half.state, half.done, half.ended) == (c.NoticeState.APPLYING, 4, 4)
    whole = c.apply_notice(world.store, SV, notice_id, lambda done, _all: seen.append(done))
    assert (seen, whole.ended, whole.state) == ([2, 4, 5], 5, c.NoticeState.APPLIED)
    statuses = [world.case(case_id).status for case_id in all_cases(world)]
    assert statuses == [c.CaseStatus.CLOSED] * 5 + [c.CaseStatus.WAITING]


@pytest.mark.clause("S4-14.4-2")
def test_a_key_of_another_receivable_meets_nothing(world: DeskWorld) -> None:
    """Even the very same key: it is looked up in the notice's own campaign only."""
    world.publish(world.lend("A02", rows=2), "A02-202209", ["OP02"])
    foreign = SamplePayment(key="A02-0000001", paid_on=date(2022, 9, 15), yen=1_000_000)
    told = tell(world, payments([foreign], date(2022, 9, 15)))
    assert (told.received, told.found, told.not_found, told.ended) == (1, 0, 1, 0)
    with world.store.work(SV) as work:
        assert c.payment_counts(work, "A02-202209").paid_yen == 0
        assert c.payment_counts(work, CAMPAIGN).paid_yen == 0


def test_a_case_that_waited_for_a_new_slip_waits_again_when_arrears_are_left(
    world: DeskWorld,
) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.identify(served.handling_id)
    world.record(served.handling_id, "55", note=NOTE)
    waiting = world.case(served.case_id)
    assert waiting.status is c.CaseStatus.PROMISED
    assert waiting.promise_until is not None
    world.at("2022-10-07T10:00")
    tell(world, payments([], waiting.promise_until - timedelta(days=1)))
    assert world.case(served.case_id).status is c.CaseStatus.PROMISED
    tell(world, payments([], waiting.promise_until, serial=2))
    again = world.case(served.case_id)
    assert (again.status, promises(world, served.case_id)) == (c.CaseStatus.WAITING, [])


def test_a_promise_broken_while_the_person_is_on_the_line_leaves_the_call_to_its_agent(
    world: DeskWorld,
) -> None:
    case_id = promised_case(world)
    world.at("2022-09-27T11:40")
    world.on_duty()
    with world.store.work(OP) as work:
        remember_found(work, [case_id])
        ringing = c.answer_callback(work, case_id)
    tell(world, payments([], date(2022, 9, 27)))
    assert promises(world, case_id) == [c.PromiseStatus.BROKEN]
    view = world.view()
    assert (view.case_id, view.taken_back) == (case_id, None)
    assert world.take(agent("OP02")) is None  # nobody else is served what is being spoken about
    world.identify(ringing.handling_id)
    later = {**world.promise(), "promised_on": date(2022, 9, 29)}
    world.record(ringing.handling_id, "51", **later)
    assert promises(world, case_id) == [c.PromiseStatus.BROKEN, c.PromiseStatus.OPEN]
    assert world.case(case_id).status is c.CaseStatus.PROMISED
