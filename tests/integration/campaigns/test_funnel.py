"""The funnel of a campaign: it adds up, and says of each case what serving would say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from desk_world import ARRIVAL, NOTE, SV, DeskWorld, agent, ready_world
from sqlalchemy import event, select

from campaigns import api as c
from campaigns.calling.eligibility import why_case_waits
from campaigns.calling.histories import case_facts
from campaigns.cases.models import CallCase
from campaigns.desk.serving import around_of
from secure_store.clock import FixedClock
from webui.services import Services

pytestmark = pytest.mark.both_databases

CODE = "A01-202209"
OP01 = agent("OP01")
ENOUGH_QUERIES = 30


@pytest.fixture
def clock() -> FixedClock:
    """The home is founded before its data arrive."""
    return FixedClock(ARRIVAL - timedelta(days=1))


@pytest.fixture
def world(home: Services, clock: FixedClock) -> DeskWorld:
    """Twelve cases of OP01 in most of the states a morning brings about."""
    world = ready_world(home, clock, rows=12)
    for code in ("11", "12", "34", "18"):
        world.call(code, OP01, note=NOTE)
    world.call("31", OP01, note=NOTE, follow_up_at=world.clock.now() + timedelta(hours=6))
    talked, _ = _talk(world)
    untouched = [row for row in _cases(world) if not row.dials and row.id != talked]
    with world.store.work(SV) as work:
        c.withdraw_cases(work, [untouched[0].id], "見本第1号")
        c.unassign(work, CODE, [untouched[1].id])
    return world


def _talk(world: DeskWorld) -> tuple[object, c.Recorded]:
    served = world.served(OP01)
    world.dial(served, c.LineResult.CONNECTED, OP01)
    world.identify(served.handling_id, OP01)
    return served.case_id, world.record(
        served.handling_id, "51", OP01, note=NOTE, **world.promise(OP01)
    )


def _cases(world: DeskWorld) -> list[CallCase]:
    with world.store.work(SV, readonly=True) as work:
        return list(work.session.scalars(select(CallCase).order_by(CallCase.row_number)))


def _funnel(world: DeskWorld) -> c.Funnel:
    with world.store.work(SV, readonly=True) as work:
        return c.funnel(work, CODE)


@pytest.mark.clause("S4-12.1c")
def test_every_published_case_is_in_one_bucket_and_each_bucket_lists_its_cases(
    world: DeskWorld,
) -> None:
    in_hand = world.served(OP01)
    shown = _funnel(world)
    assert shown.received == len(_cases(world))
    assert shown.difference == 0
    assert len(shown.counts) >= 6
    listed: list[object] = []
    with world.store.work(SV, readonly=True) as work:
        for bucket, count in shown.counts.items():
            page = c.bucket_page(work, CODE, bucket)
            assert (page.total, len(page.lines)) == (count, count)
            listed += [line.id for line in page.lines]
        answers = c.case_answers(work, CODE, [row.id for row in _cases(world)])
    assert Counter(listed) == Counter(row.id for row in _cases(world))
    assert Counter(one.bucket for one in answers.values()) == Counter(dict(shown.counts))
    assert answers[in_hand.case_id].bucket is c.Bucket.LEASED_BY_OTHER


@pytest.mark.clause("S4-12.1c")
@pytest.mark.parametrize("later", [0, 6, 12, 24, 24 * 7, 24 * 30])
def test_the_answer_for_a_case_is_what_serving_it_would_say(world: DeskWorld, later: int) -> None:
    world.clock.advance(timedelta(hours=later))
    with world.store.work(OP01, readonly=True) as work:
        rows = list(work.session.scalars(select(CallCase).where(CallCase.assignee == "OP01")))
        said = {}
        for row in rows:
            around = around_of(work, row)
            facts = case_facts(work, row, around)
            rules = around.rules
            said[row.id] = why_case_waits(
                facts, rules.parameters, work.now, around.hours, rules.cuts
            )
    with world.store.work(SV, readonly=True) as work:
        answers = c.case_answers(work, CODE, list(said))
    for row in rows:
        bucket, reason = answers[row.id].bucket, said[row.id]
        if reason is None:
            assert bucket in (c.Bucket.CALLABLE, c.Bucket.QUEUED_FOR_LATER)
        elif row.status is not c.CaseStatus.CLOSED:
            assert bucket.value == reason.value


def test_a_holder_who_cannot_work_leaves_the_case_to_nobody(world: DeskWorld) -> None:
    with world.store.work(SV) as work:
        c.make_group(work, "G07", "人のいない班", "A01")
        waiting = c.CaseSelection(holder="OP01", attempts_until=0)
        moved = c.deal(work, CODE, waiting, ["G07"])["G07"]
    before = _funnel(world).counts[c.Bucket.NOT_ASSIGNED]
    assert moved == 6  # two of them wait for their time first; the unassigned one comes on top
    assert before == 5
    with world.store.work(SV) as work:
        c.add_member(work, "G07", "OP02")
    assert _funnel(world).counts.get(c.Bucket.NOT_ASSIGNED, 0) == before - _free(world, "G07")


def _free(world: DeskWorld, holder: str) -> int:
    with world.store.work(SV, readonly=True) as work:
        page = c.bucket_page(work, CODE, c.Bucket.CALLABLE, assignee=holder)
    return page.total


def test_a_funnel_takes_as_many_questions_for_one_case_as_for_twelve(world: DeskWorld) -> None:
    asked: list[str] = []
    event.listen(
        world.store.engine,
        "before_cursor_execute",
        lambda *given: asked.append(str(given[2])),
    )
    _funnel(world)
    assert 0 < len(asked) <= ENOUGH_QUERIES


def test_the_line_of_a_group_holds_the_calls_about_its_cases(world: DeskWorld) -> None:
    with world.store.work(SV) as work:
        c.make_group(work, "G01", "昼の班", "A01")
        c.add_member(work, "G01", "OP01")
        rows = [row.id for row in _cases(world) if row.dials]
        moved = c.assign(work, CODE, rows, "G01")
        report = c.load_report(work, CODE)
    lines = {one.code: one for one in report.figures}
    assert lines["G01"].is_group
    assert lines["G01"].dials <= lines["OP01"].dials == 5
    assert lines["G01"].open_cases == moved
    assert lines["OP02"].open_cases == lines["OP02"].dials == 0
    assert lines["OP01"].untouched_days is not None
    assert report.open_spread.is_uneven
    assert replace(report.open_spread, ratio=None) == report.open_spread
