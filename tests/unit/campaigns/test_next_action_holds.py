"""What an outcome cannot do to a waiting case, and that every outcome leads somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.calling.next_action import (
    CaseHistory,
    ReportFacts,
    decide,
)
from campaigns.calling.outcomes import Direction, Mark, Position
from campaigns.cases.states import CaseStatus, CloseReason, IdentityResult, move
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import Band
from tests.unit.campaigns.next_action_world import (
    HOURS,
    INBOUND,
    PARAMETERS,
    TABLE,
    TUESDAY,
    after,
    attempt,
    jst,
)


@pytest.mark.parametrize("code", ["11", "31", "33", "44", "51", "53", "57", "82", "83"])
def test_nothing_but_its_answer_releases_a_case_from_the_department(code: str) -> None:
    history = CaseHistory(
        status=CaseStatus.WITH_DEPARTMENT,
        attempts=(attempt(code, 3),),
        last_talk_on=date(2022, 9, 1),
    )
    report = replace(
        INBOUND, identity=IdentityResult.PASSED, follow_up_at=jst(9, 14, 19),
        promised_on=date(2022, 9, 20),
    )  # fmt: skip
    action = after(code, history=history, report=report)
    assert action.status is CaseStatus.WITH_DEPARTMENT
    assert action.follow_up_at is None


def test_a_closed_case_stays_closed_but_its_mark_is_raised() -> None:
    history = CaseHistory(status=CaseStatus.CLOSED, close_reason=CloseReason.GUIDED)
    action = after("61", history=history, report=INBOUND)
    assert (action.status, action.close_reason) == (CaseStatus.CLOSED, CloseReason.GUIDED)
    assert action.ticket


def test_a_promise_survives_a_relative_and_a_missed_call() -> None:
    history = CaseHistory(
        status=CaseStatus.PROMISED,
        promise_until=date(2022, 9, 30),
        follow_up_at=TUESDAY,
        last_talk_on=date(2022, 9, 10),
        attempts=(attempt("33", 5),),
    )
    for code in ("11", "33", "38"):
        action = after(code, history=history, report=ReportFacts(band=Band.H1))
        assert (action.status, action.promise_until) == (
            CaseStatus.PROMISED,
            date(2022, 9, 30),
        ), code
        assert action.follow_up_at is None  # that call is done


def test_calls_of_theirs_are_never_counted() -> None:
    for row in TABLE.rows_for(Direction.INBOUND):
        if row.position is not Position.SECONDARY:
            assert not after(row.code, report=INBOUND).counted


def test_rules_are_those_of_the_given_parameters() -> None:
    slow = Parameters(busy_pause_minutes=30, promise_grace_days=3)
    assert after("12", parameters=slow).not_before == jst(9, 13, 12, 30)
    report = ReportFacts(promised_on=date(2022, 9, 20))
    assert after("51", report=report, parameters=slow).promise_until == date(2022, 9, 23)


PRIMARY = [row for row in TABLE.rows if row.position is not Position.SECONDARY]
SECONDARY = [row for row in TABLE.rows if row.position is not Position.PRIMARY]
CODES = [row.code for row in TABLE.rows]
ATTEMPTS = st.builds(
    attempt,
    st.sampled_from(CODES),
    st.integers(0, 40),
    st.booleans(),
    direction=st.sampled_from([Direction.OUTBOUND, Direction.INBOUND]),
)


@st.composite
def histories(draw: st.DrawFn) -> CaseHistory:
    status = draw(st.sampled_from(CaseStatus))
    booked = status is CaseStatus.FOLLOW_UP_BOOKED or (
        status is CaseStatus.PROMISED and draw(st.booleans())
    )
    return CaseHistory(
        status=status,
        close_reason=CloseReason.GUIDED if status is CaseStatus.CLOSED else None,
        attempts=tuple(draw(st.lists(ATTEMPTS, max_size=7))),
        usable_numbers_left=draw(st.integers(0, 2)),
        last_talk_on=draw(st.none() | st.dates(date(2022, 8, 1), date(2022, 9, 13))),
        follow_up_at=jst(9, 13, 12) if booked else None,
        promise_until=date(2022, 9, 30) if status is CaseStatus.PROMISED else None,
    )


REPORTS = st.builds(
    ReportFacts,
    direction=st.sampled_from([Direction.OUTBOUND, Direction.INBOUND]),
    band=st.none() | st.sampled_from(Band),
    identity=st.sampled_from(IdentityResult),
    follow_up_at=st.none() | st.integers(0, 400).map(lambda n: TUESDAY + timedelta(hours=n)),
    promised_on=st.none() | st.dates(date(2022, 9, 13), date(2022, 9, 27)),
    rest_left_open=st.booleans(),
    answer_wanted=st.booleans(),
)


@pytest.mark.parametrize("row", PRIMARY, ids=lambda row: row.code)
@settings(max_examples=40)
@given(
    history=histories(),
    report=REPORTS,
    secondary=st.lists(st.sampled_from(SECONDARY), max_size=3, unique=True),
)
def test_every_outcome_leads_to_a_status_the_case_can_reach(
    row: Any, history: CaseHistory, report: ReportFacts, secondary: list[Any]
) -> None:
    action = decide(row, secondary, history, report, PARAMETERS, HOURS, TUESDAY)
    assert move(history.status, action.status) is action.status
    assert (action.close_reason is not None) == (action.status is CaseStatus.CLOSED)
    if action.status is CaseStatus.PROMISED:
        assert action.promise_until is not None
    if action.status is CaseStatus.FOLLOW_UP_BOOKED:
        assert action.follow_up_at is not None
    if action.status in (CaseStatus.WITH_DEPARTMENT, CaseStatus.CLOSED):
        assert action.not_before is None
    if action.not_before is not None and action.effect is not None:
        assert action.not_before >= TUESDAY
        assert HOURS.is_open(action.not_before)
    marks = {one.mark for one in (row, *secondary)}
    assert Mark.STAR not in marks or action.mark is Mark.STAR
    assert action.ticket == (action.mark is not Mark.NONE)
