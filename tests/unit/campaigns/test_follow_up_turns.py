"""What became of each promise on each day: one class each, and sums that add up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.follow_up_turns import (
    DayClass,
    FollowUpState,
    Turn,
    TurnKind,
    TurnReason,
    class_on,
    state_of,
    sum_day,
)
from dialer.calendar.holidays import TOKYO, business_day

DAY = date(2022, 9, 15)
NEXT = date(2022, 9, 16)
QUARTER = timedelta(minutes=15)


def at(text: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{text}+09:00")


NOON = at("12:00")
NOON_NEXT = at("12:00", NEXT)
BOOKED = Turn(TurnKind.BOOKED, at("11:35"), TurnReason.AGREED, None, NOON)
BREACHED = Turn(TurnKind.BREACHED, at("20:45"), TurnReason.NOT_CALLED_THAT_DAY, NOON)


def moved(when: str, to: datetime, reason: TurnReason = TurnReason.HOURS_ORDERED) -> Turn:
    return Turn(TurnKind.MOVED, at(when), reason, NOON, to)


def done(when: datetime, due: datetime = NOON) -> Turn:
    return Turn(TurnKind.DONE, when, TurnReason.CALLED, due)


def cancelled(reason: TurnReason) -> Turn:
    return Turn(TurnKind.CANCELLED, at("11:50"), reason, NOON)


@pytest.mark.clause("S4-11.3a-2")
@pytest.mark.parametrize(
    ("turns", "found"),
    [
        ((BOOKED,), DayClass.STILL_OPEN),
        ((BOOKED, done(at("12:00"))), DayClass.KEPT),
        ((BOOKED, done(at("11:40"))), DayClass.KEPT),
        ((BOOKED, done(at("12:15"))), DayClass.KEPT),
        ((BOOKED, done(at("12:15:01"))), DayClass.LATE),
        ((BOOKED, done(at("20:29"))), DayClass.LATE),
        ((BOOKED, done(at("11:31", NEXT))), DayClass.BROKEN),
        ((BOOKED, moved("11:40", NOON_NEXT)), DayClass.MOVED),
        ((BOOKED, moved("12:40", NOON_NEXT)), DayClass.MOVED),
        ((BOOKED, moved("12:05", NOON_NEXT, TurnReason.NOT_GOT_THROUGH)), DayClass.MOVED),
        ((BOOKED, moved("12:40", NOON_NEXT, TurnReason.NOT_GOT_THROUGH)), DayClass.LATE),
        ((BOOKED, moved("12:10", NOON_NEXT, TurnReason.AGREED_ANEW)), DayClass.MOVED),
        ((BOOKED, moved("12:40", NOON_NEXT, TurnReason.AGREED_ANEW)), DayClass.LATE),
        (
            (
                BOOKED,
                moved("12:02", at("12:17"), TurnReason.NOT_GOT_THROUGH),
                done(at("12:18"), at("12:17")),
            ),
            DayClass.KEPT,
        ),
        (
            (BOOKED, BREACHED, moved("20:45", NOON_NEXT, TurnReason.NOT_CALLED_THAT_DAY)),
            DayClass.BROKEN,
        ),
        ((BOOKED, cancelled(TurnReason.WITHDRAWN)), DayClass.CANCELLED),
        ((BOOKED, cancelled(TurnReason.PERIOD_OVER)), DayClass.CANCELLED),
        ((BOOKED, cancelled(TurnReason.AGREED_ANEW)), DayClass.MOVED),
    ],
)
def test_each_promise_of_a_day_has_one_end(turns: tuple[Turn, ...], found: DayClass) -> None:
    assert class_on(turns, DAY, at("13:00"), QUARTER) is found


def test_a_promise_nobody_settled_is_broken_once_its_day_is_over() -> None:
    assert class_on((BOOKED,), DAY, at("23:59"), QUARTER) is DayClass.STILL_OPEN
    assert class_on((BOOKED,), DAY, at("00:00", NEXT), QUARTER) is DayClass.BROKEN


def test_a_broken_promise_is_owed_and_counted_again_on_its_next_day() -> None:
    turns = (
        BOOKED,
        BREACHED,
        moved("20:45", NOON_NEXT, TurnReason.NOT_CALLED_THAT_DAY),
        done(at("12:01", NEXT), NOON_NEXT),
    )
    assert class_on(turns, DAY, NOON_NEXT, QUARTER) is DayClass.BROKEN
    assert class_on(turns, NEXT, NOON_NEXT, QUARTER) is DayClass.KEPT
    assert class_on(turns, date(2022, 9, 17), NOON_NEXT, QUARTER) is None


def test_the_sum_of_a_day_tells_the_cancelled_apart() -> None:
    ledgers = [
        (BOOKED, done(NOON)),
        (BOOKED, done(at("13:00"))),
        (BOOKED, cancelled(TurnReason.WITHDRAWN)),
        (BOOKED, moved("11:40", NOON_NEXT)),
        (BOOKED,),
    ]
    found = sum_day(ledgers, DAY, at("13:00"), QUARTER)
    assert (found.promised, found.kept, found.late, found.moved) == (4, 1, 1, 1)
    assert (found.still_open, found.cancelled, found.broken) == (1, 1, 0)
    assert found.difference == 0


@st.composite
def lives(draw: st.DrawFn) -> list[Turn]:
    """A life as the ledger writes it: time only goes on, every move leads to a later time."""
    now = at("11:30")
    due = now + timedelta(minutes=draw(st.integers(1, 3000)))
    turns = [Turn(TurnKind.BOOKED, now, TurnReason.AGREED, None, due)]
    for kind in draw(st.lists(st.sampled_from(TurnKind), max_size=8)):
        now += timedelta(minutes=draw(st.integers(0, 1500)))
        if kind is TurnKind.BOOKED:
            continue
        reason = draw(st.sampled_from(TurnReason))
        later = max(now, due) + timedelta(minutes=draw(st.integers(1, 3000)))
        to = later if kind is TurnKind.MOVED else None
        turns.append(Turn(kind, now, reason, due, to))
        due = to or due
        if kind in (TurnKind.DONE, TurnKind.CANCELLED):
            break
    return turns


@pytest.mark.clause("S4-11.3a-2")
@given(st.lists(lives(), max_size=12), st.integers(0, 12), st.integers(0, 20_000))
def test_over_any_history_every_day_adds_up(
    ledgers: list[list[Turn]], offset: int, minutes: int
) -> None:
    day = DAY + timedelta(days=offset)
    now = at("11:30") + timedelta(minutes=minutes)
    stood = sum(
        any(turn.to_due is not None and business_day(turn.to_due) == day for turn in turns)
        for turns in ledgers
    )
    found = sum_day(ledgers, day, now, QUARTER)
    assert found.promised + found.cancelled == stood
    assert found.difference == 0
    if business_day(now) > day:
        assert found.still_open == 0


@given(lives(), st.integers(0, 20_000))
def test_a_day_that_is_over_never_changes_its_word(turns: list[Turn], minutes: int) -> None:
    over = datetime.combine(NEXT, datetime.min.time(), tzinfo=TOKYO)
    so_far = [turn for turn in turns if turn.at < over]
    later = over + timedelta(minutes=minutes)
    assert class_on(turns, DAY, later, QUARTER) is class_on(so_far, DAY, over, QUARTER)


@pytest.mark.parametrize(
    ("due", "late", "released", "broken", "found"),
    [
        ("12:30", False, False, False, FollowUpState.BOOKED),
        ("12:30", False, False, True, FollowUpState.CARRIED_OVER),
        ("12:00", False, False, False, FollowUpState.DUE),
        ("11:30", True, False, True, FollowUpState.LATE),
        ("11:30", True, True, False, FollowUpState.RELEASED),
    ],
)
def test_an_owed_call_stands_in_one_state(
    due: str, late: bool, released: bool, broken: bool, found: FollowUpState
) -> None:
    state = state_of(at(due), NOON, is_late=late, is_released=released, was_broken=broken)
    assert state is found
