"""Looking is counted; beyond the cap nothing is shown, and the supervisors are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from secure_store.access import Actor, Role
from secure_store.audit.tags import Tag
from secure_store.clock import FixedClock
from secure_store.errors import NotAllowed, NotFound, OutOfReach
from secure_store.people.caps import USUAL, AlertKind, Caps, is_far_above
from secure_store.people.models import WatchedAct
from secure_store.people.watching import (
    FOUND_LASTS,
    OwnAlert,
    TooManySearches,
    TooManyViews,
    look_into,
    open_alerts,
    remember_found,
    require_found,
    set_caps,
)
from secure_store.work import SecureStore

AGENT = Actor("OP01", Role.AGENT, frozenset({"A01"}))
SUPERVISOR = Actor("SV01", Role.SUPERVISOR)


def looks(store: SecureStore, case_id: UUID | None = None, actor: Actor = AGENT) -> None:
    """Somebody sees one case, as the audit trail is told."""
    with store.work(actor) as work:
        work.audit(Tag.CASE_OPENED, object_kind="case", object_id=case_id or uuid4())


def dials(store: SecureStore, actor: Actor = AGENT) -> None:
    with store.work(actor) as work:
        work.audit(Tag.PERMIT_ISSUED)


def searches(store: SecureStore) -> None:
    with store.work(AGENT) as work:
        work.audit(Tag.SEARCH_NUMBER, receivable="A01", count=0)


def alerts(store: SecureStore) -> list[AlertKind]:
    with store.work(SUPERVISOR, readonly=True) as work:
        return [one.kind for one in open_alerts(work)]


def work_as_usual(store: SecureStore, cases: int, actor: Actor = AGENT) -> None:
    for _ in range(cases):
        looks(store, actor=actor)
        dials(store, actor)


@pytest.mark.clause("S4-14.4-1", "S3-B1-5.3")
def test_sixty_cases_an_hour_are_told_and_the_hundred_and_twenty_first_is_not_shown(
    store: SecureStore, clock: FixedClock
) -> None:
    work_as_usual(store, USUAL.views_told - 1)
    assert alerts(store) == []
    work_as_usual(store, 1)
    assert alerts(store) == [AlertKind.MANY_VIEWS]
    work_as_usual(store, USUAL.views_most - USUAL.views_told)
    with pytest.raises(TooManyViews):
        looks(store)
    assert set(alerts(store)) == {AlertKind.MANY_VIEWS, AlertKind.TOO_MANY_VIEWS}
    clock.advance(timedelta(hours=1))
    looks(store)


def test_the_same_case_seen_again_is_counted_once(store: SecureStore) -> None:
    case_id = uuid4()
    for _ in range(10):
        looks(store, case_id)
    with store.work(SUPERVISOR, readonly=True) as work:
        assert len(work.session.scalars(select(WatchedAct)).all()) == 1


def test_five_cases_without_a_call_are_told_once(store: SecureStore, clock: FixedClock) -> None:
    for _ in range(4):
        looks(store)
    dials(store)
    clock.advance(timedelta(seconds=1))
    for _ in range(4):
        looks(store)
    assert alerts(store) == []
    for _ in range(3):
        looks(store)
    assert alerts(store) == [AlertKind.VIEWS_WITHOUT_DIAL]


def test_the_forty_first_search_of_an_hour_is_not_made(store: SecureStore) -> None:
    for _ in range(USUAL.searches_most):
        searches(store)
    with pytest.raises(TooManySearches):
        searches(store)
    assert alerts(store) == [AlertKind.TOO_MANY_SEARCHES]


def test_a_supervisor_who_has_looked_into_it_lets_the_person_go_on(store: SecureStore) -> None:
    set_caps(store, Caps(views_told=2, views_most=3, searches_most=1, undialled_told=9))
    work_as_usual(store, 3)
    with pytest.raises(TooManyViews):
        looks(store)
    with store.work(SUPERVISOR) as work:
        alert = open_alerts(work)[0]
        look_into(work, alert.id)
    looks(store)
    with pytest.raises(NotFound), store.work(SUPERVISOR) as work:
        look_into(work, alert.id)


@pytest.mark.clause("S4-14.4-1")
def test_three_times_as_many_cases_as_the_team_are_told_once(store: SecureStore) -> None:
    others = [Actor(f"OP0{number}", Role.AGENT, frozenset({"A01"})) for number in (2, 3, 4)]
    for other in others[:2]:
        work_as_usual(store, 6, other)
    work_as_usual(store, 20)
    assert alerts(store) == []  # two people are no team
    work_as_usual(store, 6, others[2])
    work_as_usual(store, 9)
    assert alerts(store) == []  # asked at every tenth case
    work_as_usual(store, 11)
    assert alerts(store) == [AlertKind.FAR_ABOVE_TEAM]


@pytest.mark.parametrize(
    ("views", "others", "told"),
    [(31, (10, 10, 10), True), (30, (10, 10, 10), False), (40, (1, 15, 15), False), (40, (1, 1), False)],
)  # fmt: skip
def test_far_above_is_more_than_three_medians_of_at_least_three(
    views: int, others: tuple[int, ...], told: bool
) -> None:
    assert is_far_above(views, others) is told


@pytest.mark.clause("S4-14.4-1")
def test_a_supervisor_does_not_look_into_their_own_searches(store: SecureStore) -> None:
    set_caps(store, Caps(searches_most=1))
    with store.work(SUPERVISOR) as work:
        work.audit(Tag.SEARCH_NAME)
    with store.work(SUPERVISOR, readonly=True) as work:
        (alert,) = open_alerts(work)
    with pytest.raises(OwnAlert), store.work(SUPERVISOR) as work:
        look_into(work, alert.id)
    with pytest.raises(TooManySearches), store.work(SUPERVISOR) as work:
        work.audit(Tag.SEARCH_NAME)
    with store.work(replace(SUPERVISOR, code="SV02")) as work:
        look_into(work, alert.id)


def test_nothing_is_counted_for_what_was_not_shown(store: SecureStore) -> None:
    def fails() -> None:
        with store.work(AGENT) as work:
            work.audit(Tag.CASE_OPENED, object_kind="case", object_id=uuid4())
            look_into(work, uuid4())  # refused: the page is never made

    with pytest.raises(NotAllowed):
        fails()
    with store.work(SUPERVISOR, readonly=True) as work:
        assert work.session.scalars(select(WatchedAct)).all() == []


@pytest.mark.both_databases
def test_a_found_case_may_be_answered_for_ten_minutes_by_who_found_it(
    store: SecureStore, clock: FixedClock
) -> None:
    case_id = uuid4()
    with store.work(AGENT) as work:
        remember_found(work, [case_id])
        require_found(work, case_id)
    with pytest.raises(OutOfReach), store.work(Actor("OP02", Role.AGENT)) as work:
        require_found(work, case_id)
    clock.advance(FOUND_LASTS + timedelta(seconds=1))
    with pytest.raises(OutOfReach), store.work(AGENT) as work:
        require_found(work, case_id)
