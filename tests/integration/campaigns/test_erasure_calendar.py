"""The calendar of the contract's end: what is late stands on the board until it is done (S4-14.10)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from campaigns.closing.applying import draft_erasure, plan_erasure
from campaigns.closing.city_answers import ConsentLetter, record_consent
from campaigns.closing.deadlines import DeadlineView, erasure_calendar
from campaigns.closing.plan import accept
from campaigns.closing.run import run_all
from secure_store.clock import FixedClock
from secure_store.orders.holds import place
from secure_store.retention import DeadlineKind
from tests.integration.campaigns.erasure_world import ACTORS, SUPERVISOR, World, make_world
from webui.services import Services

K = DeadlineKind
# The contract ends on 31 May 2023 (T0).


@pytest.fixture
def world(home: Services, clock: FixedClock) -> World:
    return make_world(home, clock, "A01")


def at(world: World, moment: str) -> tuple[DeadlineView, ...]:
    world.clock.set(datetime.fromisoformat(f"2023-{moment}:00+09:00"))
    with world.store.work(SUPERVISOR, readonly=True) as work:
        return erasure_calendar(work)


def alarms(world: World, moment: str) -> list[DeadlineKind]:
    return [line.kind for line in at(world, moment) if line.is_alarm]


def planned(world: World, moment: str) -> UUID:
    world.clock.set(datetime.fromisoformat(f"2023-{moment}:00+09:00"))
    with world.store.work(SUPERVISOR) as work:
        return plan_erasure(work, "contract").id


@pytest.mark.clause("S4-14.10")
def test_without_any_step_every_alarm_comes_on_its_day_and_stays(world: World) -> None:
    last_days = {line.kind: line.at for line in at(world, "05-01T09:00")}
    assert set(last_days) == set(DeadlineKind)
    assert last_days[K.CONTRACTUAL_LIMIT].isoformat() == "2023-06-08T00:00:00+09:00"
    raised: list[DeadlineKind] = []
    for before, after, kind in (
        ("05-20T23:59", "05-21T00:00", K.APPLICATION_SENT),  # T0-10
        ("06-01T23:59", "06-02T00:00", K.FROZEN_AND_SCANNED),  # T0+2
        ("06-02T23:59", "06-03T00:00", K.KEYS_DESTROYED),
        ("06-03T23:59", "06-04T00:00", K.COPIES_DESTROYED),
        ("06-04T23:59", "06-05T00:00", K.VERIFIED),
        ("06-05T23:59", "06-06T00:00", K.CERTIFICATE_HANDED_OVER),
        ("06-06T23:59", "06-07T00:00", K.CONTRACTUAL_LIMIT),
    ):
        assert alarms(world, before) == raised
        raised.append(kind)
        assert alarms(world, after) == raised


def test_nothing_stands_on_the_board_long_before_the_end(world: World) -> None:
    assert at(world, "04-15T09:00") == ()
    assert at(world, "04-16T09:00") != ()


def test_an_application_without_the_citys_answer_is_reported_ten_days_before_the_end(
    world: World,
) -> None:
    erasure_id = planned(world, "05-17T10:00")
    assert alarms(world, "05-20T23:00") == []
    (line,) = [line for line in at(world, "05-21T09:00") if line.is_alarm]
    assert (line.kind, line.is_done, line.lacks_consent) == (K.APPLICATION_SENT, True, True)
    with world.store.work(SUPERVISOR) as work:
        record_consent(work, erasure_id, "DO-1", ConsentLetter(date(2023, 5, 21), "課長", ""))
    assert alarms(world, "05-22T09:00") == []


def test_a_draft_reviews_the_register_and_is_not_sent(world: World) -> None:
    world.clock.set(datetime.fromisoformat("2023-05-02T10:00:00+09:00"))
    with world.store.work(SUPERVISOR) as work:
        draft_erasure(work, "contract")
    done = {line.kind for line in at(world, "05-21T09:00") if line.is_done}
    assert done == {K.REGISTER_REVIEW}
    assert alarms(world, "05-21T09:00") == [K.APPLICATION_SENT]


@pytest.mark.clause("S4-14.10")
def test_an_erasure_in_time_leaves_the_handing_over_and_then_nothing(world: World) -> None:
    erasure_id = planned(world, "06-02T10:00")
    run_all(world.store, ACTORS, erasure_id)
    open_acts = [line.kind for line in at(world, "06-02T12:00") if not line.is_done]
    assert open_acts == [K.CERTIFICATE_HANDED_OVER]
    assert alarms(world, "06-06T09:00") == [K.CERTIFICATE_HANDED_OVER]
    with world.store.work(SUPERVISOR) as work:
        accept(work, erasure_id)
    assert at(world, "06-06T10:00") == ()


def test_a_held_erasure_keeps_what_it_had_reached(world: World) -> None:
    planned(world, "06-01T10:00")
    with world.store.work(SUPERVISOR) as work:
        place(work, "A01", "INC-1")
    late = alarms(world, "06-03T09:00")
    assert late == [K.APPLICATION_SENT, K.FROZEN_AND_SCANNED, K.KEYS_DESTROYED]
