"""The scheduler: what is due is done once, whoever rings and however often."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaigns import api as c
from campaigns.api import close_ended_cases, day_plans, expire_leases, owed_days
from campaigns.calling.models import CaseHandling, HandlingEnd
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, CloseReason
from dialer.api import AgentActivity, begin_duty, seats
from secure_store.audit.checkpoints import EVERY_EVENTS, sign_if_new
from secure_store.audit.log import size
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.models import AuditCheckpoint, AuditEvent, Duty, JobRun, JobState
from secure_store.work import SecureStore
from tests.integration.campaigns.desk_world import ARRIVAL, SV, DeskWorld, bare_world, ready_world
from webui.runtime.jobs import SCHEDULER
from webui.runtime.rehearsal_clock import set_clock
from webui.runtime.scheduler import JOBS, Ran, Scheduler
from webui.services import Services

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).resolve().parents[3]
MINUTE = timedelta(minutes=1)
CAMPAIGN = "A01-202209"
CLOSE_OF_THURSDAY = datetime.fromisoformat("2022-09-15T20:45:00+09:00")


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


def events(store: SecureStore, tag: Tag) -> int:
    with store.work(SCHEDULER, readonly=True) as work:
        query = select(func.count()).select_from(AuditEvent).where(AuditEvent.tag == tag.value)
        return work.session.scalar(query) or 0


def rows(store: SecureStore, job: str | None = None) -> list[JobRun]:
    with store.work(SCHEDULER, readonly=True) as work:
        query = select(JobRun).order_by(JobRun.due_at)
        found = list(work.session.scalars(query))
    return [row for row in found if job in (None, row.job)]


def ring(store: SecureStore, *names: str) -> list[Ran]:
    table = [job for job in JOBS if not names or job.name in names]
    return Scheduler(store, table).ring()


def test_two_scheduler_processes_close_a_day_once(world: DeskWorld) -> None:
    set_clock(world.services.settings, CLOSE_OF_THURSDAY + timedelta(seconds=5))
    command = [sys.executable, "-m", "webui.cli.main", "scheduler", "--once", "--json"]
    processes = [
        subprocess.Popen(
            [*command, "--home", str(world.services.settings.home)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(answer.count('"close_of_day"') for answer in answers) == 1
    assert {(row.state, row.attempts) for row in rows(world.store)} == {(JobState.DONE, 1)}
    assert events(world.store, Tag.DAILY_CLOSED) == 1


@pytest.mark.clause("S4-13.1")
def test_a_day_is_closed_after_its_last_window_and_its_files_wait_for_a_signature(
    world: DeskWorld, clock: FixedClock
) -> None:
    clock.set(CLOSE_OF_THURSDAY - timedelta(seconds=1))
    assert ring(world.store, "close_of_day") == []
    clock.set(CLOSE_OF_THURSDAY)
    assert [ran.error_code for ran in ring(world.store, "close_of_day")] == [None]
    with world.store.work(SV) as work:
        view = c.get_day(work, date(2022, 9, 15))
        assert work.session.scalars(select(Duty.ended_at)).all() == [clock.now()]
    assert view.state is c.DayState.BUILT
    assert view.signed_by is None
    assert len(view.files) == 4
    outbound = world.services.settings.exchange / "outbound"
    assert list(outbound.iterdir()) == []


@pytest.mark.clause("S4-11.3b-3", "S4-13.1")
def test_a_clock_that_jumped_has_every_missed_day_closed_also_those_without_calls(
    world: DeskWorld, clock: FixedClock
) -> None:
    world.at("2022-10-09T12:00")
    runs = ring(world.store, "close_of_day")
    days = [date(2022, 9, 15) + timedelta(days=number) for number in range(23)]  # until 7 October
    assert [ran.due_at.date() for ran in runs] == days
    assert {ran.error_code for ran in runs} == {None}
    with world.store.work(SV) as work:
        states = {view.business_day: view.state for view in c.list_days(work)}
    assert states == dict.fromkeys(days, c.DayState.BUILT)
    assert ring(world.store, "close_of_day") == []


@pytest.mark.clause("S4-13.1")
def test_files_not_confirmed_at_half_past_nine_are_flagged_once(
    world: DeskWorld, clock: FixedClock
) -> None:
    clock.set(CLOSE_OF_THURSDAY)
    ring(world.store, "close_of_day")
    world.at("2022-09-16T09:29")
    ring(world.store, "late_files")
    assert events(world.store, Tag.DAILY_LATE) == 0
    world.at("2022-09-16T09:30")
    ring(world.store, "late_files")
    world.at("2022-09-16T09:31")
    ring(world.store, "late_files")
    assert events(world.store, Tag.DAILY_LATE) == 1


def test_a_case_nobody_dialled_goes_back_when_its_lease_is_over(
    world: DeskWorld, clock: FixedClock
) -> None:
    served = world.served()
    clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    ring(world.store, "expire_leases")
    assert events(world.store, Tag.LEASE_EXPIRED) == 0
    clock.advance(MINUTE)
    ring(world.store, "expire_leases")
    assert events(world.store, Tag.LEASE_EXPIRED) == 1
    with world.store.work(SV, readonly=True) as work:
        handling = work.session.get_one(CaseHandling, served.handling_id)
        activity = {seat.staff_code: seat.activity for seat in seats(work)}
    assert handling.end is HandlingEnd.EXPIRED
    assert activity["OP01"] is AgentActivity.AWAY
    assert world.served().case_id == served.case_id


@pytest.mark.clause("S4-11.2e")
def test_a_dialled_case_stays_with_its_agent_until_there_is_an_outcome(
    world: DeskWorld, clock: FixedClock
) -> None:
    served = world.served()
    world.dial(served, c.LineResult.NO_ANSWER)
    clock.advance(timedelta(hours=1))
    with world.store.work(SCHEDULER) as work:
        assert expire_leases(work) == 0
    world.record(served.handling_id, "11")
    assert len(world.records(served.case_id)) == 1


def test_a_number_on_the_screen_keeps_the_case_in_hand(world: DeskWorld, clock: FixedClock) -> None:
    served = world.served()
    clock.advance(timedelta(minutes=14, seconds=30))
    permit = world.permit(served)
    clock.advance(timedelta(seconds=45))
    with world.store.work(SCHEDULER) as work:
        assert expire_leases(work) == 0
    clock.set(permit.expires_at)
    with world.store.work(SCHEDULER) as work:
        assert expire_leases(work) == 1


@pytest.mark.clause("S4-7.2a-1")
def test_cases_of_an_ended_campaign_are_closed_as_period_over(
    world: DeskWorld, clock: FixedClock
) -> None:
    world.at("2022-09-30T23:59")
    assert close_ended_cases(world.store, SCHEDULER) == 0
    world.at("2022-10-01T00:00")
    assert close_ended_cases(world.store, SCHEDULER) == 6
    with world.store.work(SV, readonly=True) as work:
        found = {(row.status, row.close_reason) for row in work.session.scalars(select(CallCase))}
    assert found == {(CaseStatus.CLOSED, CloseReason.PERIOD_OVER)}
    assert close_ended_cases(world.store, SCHEDULER) == 0


def test_a_promise_outlives_the_calls_and_ends_with_the_callbacks(
    world: DeskWorld, clock: FixedClock
) -> None:
    served = world.served()
    world.dial(served, c.LineResult.CONNECTED)
    world.identify(served.handling_id)
    world.record(served.handling_id, "51", **world.promise())
    world.at("2022-10-07T20:00")
    assert close_ended_cases(world.store, SCHEDULER) == 5
    assert world.case(served.case_id).status is CaseStatus.PROMISED
    world.at("2022-10-08T00:00")
    assert close_ended_cases(world.store, SCHEDULER) == 1
    assert world.case(served.case_id).close_reason is CloseReason.PERIOD_OVER


@pytest.mark.parametrize(
    ("day", "times"),
    [
        ("2022-09-15", ["11:30", "16:30", "18:30"]),
        ("2022-09-17", ["10:00", "13:00"]),
        ("2022-09-19", ["10:00", "13:00"]),
    ],
)
def test_the_order_is_made_anew_at_openings_and_at_borders_of_bands(
    store: SecureStore, day: str, times: list[str]
) -> None:
    with store.work(SV, readonly=True) as work:
        plan = day_plans(work, [date.fromisoformat(day)])[0]
    assert [f"{at:%H:%M}" for at in plan.ranks_at] == times


def test_a_day_the_city_closed_is_still_closed_and_reported(
    home: Services, clock: FixedClock
) -> None:
    world = bare_world(home, clock)
    world.publish(world.lend(), CAMPAIGN, ["OP01"])
    with world.store.work(SV) as work:
        paper = c.CityPaper("見本第9号", "管財課長", date(2022, 9, 13))
        c.change_hours(work, c.NewOrder(date(2022, 9, 15), (), paper))
    world.at("2022-09-15T23:00")
    with world.store.work(SCHEDULER, readonly=True) as work:
        plan = owed_days(work)[-1]
    assert (plan.windows, plan.ranks_at) == ((), ())
    assert plan.closes_at <= clock.now()
    runs = ring(world.store, "close_of_day")
    assert [ran.error_code for ran in runs] == [None]


def test_the_head_is_signed_only_when_something_happened(
    store: SecureStore, clock: FixedClock
) -> None:
    def signed() -> bool:
        with store.work(SCHEDULER) as work:
            return sign_if_new(work)

    assert signed()
    assert not signed()
    with store.work(SV) as work:
        begin_duty(work)
    assert not signed()  # within the quarter of an hour
    clock.advance(timedelta(minutes=15))
    assert signed()
    clock.advance(timedelta(minutes=15))
    assert not signed()
    with store.work(SV) as work:
        for _event in range(EVERY_EVENTS):
            work.audit(Tag.SCHEDULER_JOB_RUN, reason="test")
    assert signed()  # a thousand events do not wait
    assert not signed()
    with store.work(SV, readonly=True) as work:
        heads = list(work.session.scalars(select(AuditCheckpoint.size)))
        assert max(heads) == size(work) - 1


def test_the_whole_table_runs_through_a_day_without_a_failure(
    world: DeskWorld, clock: FixedClock
) -> None:
    world.call("11")
    failed = []
    for _hour in range(24):
        failed += [ran for ran in ring(world.store) if ran.error_code]
        clock.advance(timedelta(hours=1))
    assert failed == []
    assert {row.job for row in rows(world.store)} == {job.name for job in JOBS}


def test_old_rows_of_repeating_jobs_go_and_closes_of_days_stay(
    world: DeskWorld, clock: FixedClock
) -> None:
    clock.set(CLOSE_OF_THURSDAY)
    ring(world.store)
    clock.advance(timedelta(days=9))
    ring(world.store)
    oldest = min(row.due_at for row in rows(world.store) if row.job != "close_of_day")
    assert oldest > clock.now() - timedelta(days=9)
    assert rows(world.store, "close_of_day")[0].due_at == CLOSE_OF_THURSDAY
