"""A permit ends with the right to dial, and each renewal asks for that right again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_world import AD, ARRIVAL, OP, SV, DeskWorld, ready_world

from campaigns import api as c
from dialer.api import end_duty
from dialer.errors import NoSupervisorOnDuty, PermitExpired
from secure_store.clock import FixedClock
from secure_store.orders.suspension import WorkSuspended
from webui.services import Services


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    return ready_world(home, clock)


def renew(world: DeskWorld, served: c.Served) -> c.PermitView:
    with world.store.work(OP) as work:
        return c.extend_permit(work, served.handling_id)


@pytest.mark.clause("S4-14.11c")
def test_a_suspension_takes_the_permit_back_and_the_number_off_the_screen(
    world: DeskWorld,
) -> None:
    served = world.served()
    world.permit(served)
    with world.store.work(SV) as work:
        stopped = c.stop_calls(work, "A01", "市財第25号")
    assert stopped.permits_ended == 1
    with pytest.raises(WorkSuspended):
        world.view()
    with world.store.work(SV) as work:
        c.lift_suspension(work, stopped.suspension_id, "市財第26号", AD)
    assert world.view().number is None
    with pytest.raises(PermitExpired):
        renew(world, served)


@pytest.mark.clause("S4-12.2d")
def test_a_permit_is_not_renewed_once_the_supervisor_has_left(world: DeskWorld) -> None:
    served = world.served()
    permit = world.permit(served)
    world.clock.advance(timedelta(seconds=60))
    assert renew(world, served).expires_at == permit.expires_at + timedelta(seconds=60)
    with world.store.work(SV) as work:
        end_duty(work)
    with pytest.raises(NoSupervisorOnDuty):
        renew(world, served)


def test_permits_count_through_the_day_and_begin_anew_the_next(world: DeskWorld) -> None:
    served = world.served()
    numbers = [world.permit(served).number]
    for _again in range(2):
        world.clock.advance(timedelta(minutes=3))
        numbers.append(world.permit(served).number)
    with world.store.work(OP) as work:
        c.put_back(work, served.handling_id)
    world.clock.advance(timedelta(days=1))
    numbers.append(world.permit(world.served()).number)
    assert [number.rpartition("-")[0] for number in numbers] == [
        *("P-0915-00001", "P-0915-00002", "P-0915-00003"),
        "P-0916-00001",
    ]
