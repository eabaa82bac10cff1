"""The schedule on a database: changed periods, notified and planned numbers, their alarms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from campaigns import api as c
from campaigns.cases.period_changes import period_of
from campaigns.errors import LateInstruction, PeriodChangeRefused, VolumeUnusable
from dialer.api import running
from secure_store.access import Actor, Role
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed, NotFound
from tests.integration.campaigns.desk_world import (
    DAY,
    MONTH,
    OP,
    SV,
    DeskWorld,
    bare_world,
    ready_world,
)
from webui.services import Services

AUGUST = date(2022, 8, 1)
PLANNED = c.Period(date(2022, 8, 15), date(2022, 8, 26), date(2022, 9, 2))
MOVED = c.Period(date(2022, 8, 18), date(2022, 8, 30), date(2022, 9, 6))
CODE = "A01-202208"
SEPTEMBER = "A01-202209"


def paper(received_on: date, number: str = "札子企第5号") -> c.CityPaper:
    return c.CityPaper(number, "管財課長", received_on)


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return bare_world(home, clock)


def open_august(world: DeskWorld) -> None:
    world.at("2022-07-15T10:00")
    with world.store.work(SV) as work:
        plan = c.CampaignPlan(
            "A01", AUGUST, PLANNED.calls_from, PLANNED.calls_until, PLANNED.callbacks_until
        )
        c.open_campaign(work, plan)


def alarms(world: DeskWorld) -> list[tuple[c.Step, date]]:
    with world.store.work(SV, readonly=True) as work:
        return [(one.step, one.due) for one in c.schedule_alarms(work)]


def row_of(world: DeskWorld, receivable: str, month: date) -> c.ScheduleRow:
    with world.store.work(SV, readonly=True) as work:
        rows = {one.receivable: one for one in c.month_schedule(work, month)}
    return rows[receivable]


@pytest.mark.both_databases
@pytest.mark.clause("S4-7.2a-2")
def test_an_instruction_of_the_month_before_moves_the_dates_and_keeps_the_old_ones(
    world: DeskWorld,
) -> None:
    open_august(world)
    world.at("2022-08-01T10:00")
    with world.store.work(SV) as work:
        moved = c.change_period(work, CODE, MOVED, paper(date(2022, 7, 31)))
    assert period_of(moved) == MOVED
    with pytest.raises(LateInstruction), world.store.work(SV) as work:
        c.change_period(work, CODE, PLANNED, paper(date(2022, 8, 1)))
    with world.store.work(SV, readonly=True) as work:
        assert period_of(c.get_campaign(work, CODE)) == MOVED
    world.at("2022-08-01T10:01")
    with world.store.work(SV) as work:
        c.change_period(work, CODE, PLANNED, paper(date(2022, 8, 1)), confirmed=True)
    with world.store.work(SV, readonly=True) as work:
        history = c.period_changes(work, CODE)
        assert period_of(c.get_campaign(work, CODE)) == PLANNED
    assert [(one.old, one.new, one.was_late) for one in reversed(history)] == [
        (PLANNED, MOVED, False),
        (MOVED, PLANNED, True),
    ]
    assert {one.paper.signer for one in history} == {"管財課長"}


@pytest.mark.clause("S4-7.2a-2")
def test_a_period_never_moves_away_from_under_a_call_nor_out_of_the_contract(
    home: Services, clock: FixedClock
) -> None:
    world = ready_world(home, clock, rows=2)
    world.call("11")
    world.at("2022-09-15T14:00")
    until, callbacks = date(2022, 9, 30), date(2022, 10, 7)
    for new, reason in (
        (c.Period(date(2022, 9, 16), until, callbacks), "calls_outside"),
        (c.Period(date(2022, 6, 30), until, callbacks), "in_preparation"),
        (c.Period(DAY, until, date(2023, 6, 1)), "after_contract"),
    ):
        with pytest.raises(PeriodChangeRefused) as refused, world.store.work(SV) as work:
            c.change_period(work, SEPTEMBER, new, paper(date(2022, 8, 31)))
        assert refused.value.details == {"reason": reason}
    with world.store.work(SV, readonly=True) as work:
        assert c.period_changes(work, SEPTEMBER) == []


def test_only_who_manages_campaigns_of_this_receivable_moves_its_dates(world: DeskWorld) -> None:
    open_august(world)
    with pytest.raises(NotAllowed), world.store.work(OP) as work:
        c.change_period(work, CODE, MOVED, paper(date(2022, 7, 15)))
    with pytest.raises(NotFound), world.store.work(SV) as work:
        c.change_period(work, "A02-202208", MOVED, paper(date(2022, 7, 15)))
    foreign = Actor("SV01", Role.SUPERVISOR, frozenset({"A02"}), rehearsal=True)
    with pytest.raises(NotFound), world.store.work(foreign) as work:
        c.change_period(work, CODE, MOVED, paper(date(2022, 7, 15)))


@pytest.mark.both_databases
@pytest.mark.clause("S4-11.1a")
def test_a_volume_not_confirmed_a_week_before_the_start_raises_the_alarm(world: DeskWorld) -> None:
    open_august(world)
    with world.store.work(SV) as work:
        c.enter_volume_notice(work, "A01", AUGUST, 480, date(2022, 7, 14))
    world.at("2022-07-15T11:00")
    with world.store.work(SV) as work:
        notice = c.enter_volume_notice(work, "A01", AUGUST, 500, date(2022, 7, 15))
    world.at("2022-08-08T23:59")
    assert alarms(world) == []
    world.at("2022-08-09T00:00")
    assert alarms(world) == [(c.Step.VOLUME, date(2022, 8, 8))]
    with world.store.work(SV) as work:
        c.confirm_volume_notice(work, notice)
    assert alarms(world) == []
    row = row_of(world, "A01", AUGUST)
    assert row.notice is not None
    assert (row.notice.cases, row.notice.confirmed_by) == (500, "SV01")
    assert row.steps[0].state is c.StepState.DONE_LATE


def test_a_notice_that_was_replaced_is_not_confirmed(world: DeskWorld) -> None:
    open_august(world)
    with world.store.work(SV) as work:
        old = c.enter_volume_notice(work, "A01", AUGUST, 480, date(2022, 7, 14))
    world.at("2022-07-16T10:00")
    with world.store.work(SV) as work:
        c.enter_volume_notice(work, "A01", AUGUST, 500, date(2022, 7, 15))
    with pytest.raises(NotFound), world.store.work(SV) as work:
        c.confirm_volume_notice(work, old)
    with pytest.raises(VolumeUnusable), world.store.work(SV) as work:
        c.enter_volume_notice(work, "A01", AUGUST, -1, date(2022, 7, 15))


@pytest.mark.clause("S4-11.1b", "S4-11.1c", "S4-6.3-1")
def test_lent_data_and_call_list_have_their_days_and_their_alarms(world: DeskWorld) -> None:
    list_id = world.lend(rows=6)
    with world.store.work(SV) as work:
        notice = c.enter_volume_notice(work, "A01", MONTH, 4, date(2022, 9, 8))
        c.confirm_volume_notice(work, notice)
        c.plan_volume(work, "A01", MONTH, 10)
    world.at("2022-09-13T10:01")
    with world.store.work(SV) as work:
        c.plan_volume(work, "A01", MONTH, 4)
    row = row_of(world, "A01", MONTH)
    assert row.lent is not None
    assert (row.received, row.lent.difference) == (6, 2)
    assert [one.state.value for one in row.steps] == ["done_late", "done", "open"]
    with world.store.work(SV) as work:
        c.publish(work, list_id)
    world.at("2022-09-15T11:30")
    assert alarms(world) == [(c.Step.LIST, date(2022, 9, 14))]
    world.approve("A01")
    world.on_duty()
    assert world.take() is None  # without a list nobody is served
    c.build_call_list(world.store, SV, SEPTEMBER)
    assert alarms(world) == []
    calls = row_of(world, "A01", MONTH).calls
    assert calls is not None
    assert (calls.expected, calls.actual, calls.ratio) == (4, 0, 0.0)


def test_no_file_two_days_before_the_start_raises_the_alarm(world: DeskWorld) -> None:
    open_august(world)
    with world.store.work(SV) as work:
        notice = c.enter_volume_notice(work, "A01", AUGUST, 500, date(2022, 7, 15))
        c.confirm_volume_notice(work, notice)
    world.at("2022-08-14T00:00")
    assert alarms(world) == [(c.Step.DATA, date(2022, 8, 13))]
    world.at("2022-08-27T00:00")  # its calls are over: nothing can be mended any more
    assert alarms(world) == []


@pytest.mark.both_databases
@pytest.mark.clause("S4-7.2b-3")
def test_an_attempt_tells_the_order_that_allowed_it(home: Services, clock: FixedClock) -> None:
    world = ready_world(home, clock, rows=2)
    hours = (c.parse_interval("10:00-12:00"),)
    named = paper(DAY, "札子企第9号")
    world.at("2022-09-15T10:30")
    with world.store.work(SV) as work:
        c.change_hours(work, c.NewOrder(DAY, (), named), confirmed=True)
        second = c.change_hours(work, c.NewOrder(DAY, hours, named, "A01"), confirmed=True)
    world.at("2022-09-15T10:40")
    served, _recorded = world.call("11")
    with world.store.work(SV) as work:
        c.change_hours(work, c.WithdrawnOrder(second.order_id))
    with world.store.work(SV, readonly=True) as work:
        label = world.records(served.case_id)[0].rule
        order = c.order_behind(work, label, DAY, "A01")
        assert order is not None
        assert (order.id, order.rule) == (second.order_id, "order:札子企第9号#2")
        assert c.window_at(work, served_at(world), "A01").rule == order.rule
        assert c.order_behind(work, "weekday@p1", DAY, "A01") is None
        assert c.order_behind(work, label, DAY, "A02") is None


@pytest.mark.clause("S4-7.2b-3")
def test_an_order_between_permit_and_dialling_is_the_one_the_attempt_keeps(
    home: Services, clock: FixedClock
) -> None:
    world = ready_world(home, clock, rows=2)
    noon = datetime.fromisoformat("2022-09-15T12:00:00+09:00")
    with world.store.work(SV) as work:
        longer = (c.parse_interval("11:30-14:00"),)
        order = c.NewOrder(DAY, longer, paper(DAY), effective_at=noon)
        c.change_hours(work, order, confirmed=True)
    world.at("2022-09-15T11:59:50")
    served = world.served()
    permit = world.permit(served)
    world.at("2022-09-15T12:00:00")
    world.compare(served)
    with world.store.work(SV, readonly=True) as work:
        (attempt,) = running(work)
        found = c.order_behind(work, attempt.rule, DAY, "A01")
    assert permit.rule.startswith("weekday")
    assert found is not None
    assert found.document_no == "札子企第5号"


def served_at(world: DeskWorld) -> datetime:
    return world.records()[0].started_at


@pytest.mark.clause("S4-7.2b-3")
def test_what_held_is_told_after_a_withdrawal_as_it_was_before_it(world: DeskWorld) -> None:
    world.at("2022-09-15T12:00")
    with world.store.work(SV) as work:
        order = c.NewOrder(DAY, (), paper(DAY), effective_at=None)
        change = c.change_hours(work, order, confirmed=True)
        assert change.rules_from == work.now  # the document named midnight
    world.at("2022-09-15T12:30")
    with world.store.work(SV) as work:
        c.change_hours(work, c.WithdrawnOrder(change.order_id))
    with world.store.work(SV, readonly=True) as work:
        hours = c.month_hours(work, MONTH)[DAY.day - 1]
    told = [f"{start:%H:%M}-{end:%H:%M}" for start, end in hours.windows]
    assert told == ["11:30-12:00", "12:30-13:30", "16:30-20:30"]
    assert [span.rule for span in hours.rules] == ["weekday", "order:札子企第5号", "weekday"]
    assert hours.minutes == 330


def test_the_hours_of_a_receivable_are_changed_only_by_whom_it_was_granted_to(
    world: DeskWorld,
) -> None:
    world.at("2022-09-15T10:30")
    other = replace(SV, receivables=frozenset({"A02"}))
    order = c.NewOrder(DAY, (), paper(DAY), "A01")
    with pytest.raises(NotAllowed), world.store.work(other) as work:
        c.change_hours(work, order, confirmed=True)
    with world.store.work(SV) as work:
        entered = c.change_hours(work, order, confirmed=True)
    with pytest.raises(NotAllowed), world.store.work(other) as work:
        c.change_hours(work, c.WithdrawnOrder(entered.order_id))


def test_a_late_order_is_not_taken_without_a_confirmation(world: DeskWorld) -> None:
    world.at("2022-09-15T00:00")
    with pytest.raises(LateInstruction) as refused, world.store.work(SV) as work:
        c.change_hours(work, c.NewOrder(DAY, (), paper(DAY)))
    assert refused.value.details == {"lateness": "on_the_day"}
    with world.store.work(SV, readonly=True) as work:
        assert c.order_history(work) == []
