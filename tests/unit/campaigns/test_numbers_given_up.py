"""Which calls give a number up, whatever becomes of the case; the busy rule comes from data."""

from __future__ import annotations

import pytest
from next_action_world import PARAMETERS, TUESDAY, after, attempt

from campaigns.calling.call_facts import CaseHistory, ReportFacts
from campaigns.calling.outcomes import Direction
from campaigns.cases.states import CaseStatus, IdentityResult
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import Band

USED_UP = tuple(attempt("11", days) for days in range(2, 8))
HISTORIES = {
    "another number left": CaseHistory(usable_numbers_left=1),
    "the last number": CaseHistory(usable_numbers_left=0),
    "attempts used up": CaseHistory(usable_numbers_left=1, attempts=USED_UP),
    "owed after a promise": CaseHistory(
        usable_numbers_left=1, status=CaseStatus.PROMISED, follow_up_at=TUESDAY
    ),
    "agreed": CaseHistory(
        usable_numbers_left=1, status=CaseStatus.FOLLOW_UP_BOOKED, follow_up_at=TUESDAY
    ),
    "closed meanwhile": CaseHistory(usable_numbers_left=1, status=CaseStatus.CLOSED),
}


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
@pytest.mark.parametrize("code", ["17", "21", "23", "24"])
def test_a_bad_number_is_given_up_whatever_becomes_of_the_case(
    code: str, history: CaseHistory
) -> None:
    action = after(code, history=history)
    assert action.give_up_number
    assert action.block_number is (code in ("23", "24"))


@pytest.mark.parametrize("code", ["11", "12", "13", "15", "16", "18", "22", "31"])
def test_a_number_where_somebody_may_be_reached_is_kept(code: str) -> None:
    assert not after(code, report=ReportFacts(band=Band.H1)).give_up_number


def test_a_call_that_came_in_gives_no_number_of_ours_up() -> None:
    came_in = ReportFacts(direction=Direction.INBOUND, identity=IdentityResult.PENDING)
    assert not after("38", report=came_in).give_up_number
    assert after("38", report=ReportFacts(band=Band.H1)).give_up_number


@pytest.mark.clause("S4-11.2f")
@pytest.mark.parametrize("per_attempt", [1, 2, 3, 4])
def test_how_many_busy_calls_are_one_attempt_is_the_instructions(per_attempt: int) -> None:
    rules = Parameters(busy_per_attempt=per_attempt, busy_max_per_day=9)
    counted = [
        after(
            "12",
            history=CaseHistory(attempts=tuple(attempt("12", 0, counted=False) for _ in range(n))),
            parameters=rules,
        ).counted
        for n in range(8)
    ]
    assert counted == [(n + 1) % per_attempt == 0 for n in range(8)]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_how_many_busy_calls_a_day_are_made_is_the_instructions(most: int) -> None:
    rules = Parameters(busy_max_per_day=most, busy_pause_minutes=20)
    for made in range(most):
        history = CaseHistory(attempts=(attempt("12", 0, counted=False),) * made)
        action = after("12", history=history, parameters=rules)
        assert action.not_before is not None
        assert (action.not_before.date() == TUESDAY.date()) is (made + 1 < most)


def test_the_sample_rules_are_those_of_the_domain() -> None:
    assert (PARAMETERS.busy_per_attempt, PARAMETERS.busy_max_per_day) == (3, 3)
