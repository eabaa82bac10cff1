"""The escalation list is a pure filter of the day's results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.outcomes import Mark
from campaigns.escalation.extraction import (
    CallOfDay,
    cases_of_day,
    decisive_call,
    escalations,
)
from dialer.calendar.holidays import TOKYO

DAY = date(2022, 9, 13)
START = datetime(2022, 9, 13, 11, 30, tzinfo=TOKYO)


def call(case: int, number: int, mark: Mark = Mark.NONE, day: date = DAY) -> CallOfDay:
    return CallOfDay(
        case_id=UUID(int=case),
        row_number=case,
        record_id=UUID(int=number),
        at=START + timedelta(minutes=number),
        business_day=day,
        outcome_code="11",
        mark=mark,
    )


@pytest.mark.clause("S4-13.1c")
def test_of_a_star_a_white_star_and_none_exactly_two_are_on_the_list() -> None:
    calls = [call(1, 1, Mark.STAR), call(2, 2, Mark.WHITE_STAR), call(3, 3)]
    found = escalations(calls, DAY)
    assert [(case.row_number, case.mark) for case in found] == [
        (1, Mark.STAR),
        (2, Mark.WHITE_STAR),
    ]


@pytest.mark.clause("S4-13.1c")
def test_marks_of_other_days_do_not_count() -> None:
    calls = [call(1, 1, Mark.STAR, date(2022, 9, 12)), call(1, 2)]
    assert escalations(calls, DAY) == ()
    assert len(cases_of_day(calls, DAY)) == 1


def test_a_day_without_marks_has_an_empty_list() -> None:
    assert escalations([], DAY) == ()


def test_mark_and_urgency_are_the_union_over_the_calls_of_the_day() -> None:
    urgent = replace(call(1, 1, Mark.WHITE_STAR), urgent=True)
    (case,) = escalations([urgent, call(1, 2, Mark.STAR), call(1, 3)], DAY)
    assert (case.mark, case.urgent, len(case.calls)) == (Mark.STAR, True, 3)
    assert case.decisive.record_id == UUID(int=2)


def test_the_decisive_call_is_marked_before_contacted_before_last() -> None:
    marked, last = call(1, 1, Mark.WHITE_STAR), call(1, 9)
    person = replace(call(1, 2), contact_person=True, contact_wide=True)
    household = replace(call(1, 3), contact_wide=True)
    assert decisive_call([last, household, person, marked]) is marked
    assert decisive_call([last, household, person]) is person
    assert decisive_call([last, household]) is household
    assert decisive_call([call(1, 8), last]) is last
    later_mark = call(1, 5, Mark.WHITE_STAR)
    assert decisive_call([marked, later_mark, last]) is later_mark


CALLS = st.lists(
    st.builds(
        lambda case, number, mark, back: call(case, number, mark, DAY - timedelta(days=back)),
        st.integers(1, 5),
        st.integers(1, 400),
        st.sampled_from(Mark),
        st.integers(0, 1),
    ),
    max_size=25,
    unique_by=lambda one: one.record_id,
)


@pytest.mark.clause("S4-13.1c")
@given(CALLS)
def test_the_list_is_the_filter_of_the_results_in_any_order(
    calls: list[CallOfDay],
) -> None:
    listed = escalations(calls, DAY)
    assert listed == tuple(one for one in cases_of_day(calls, DAY) if one.mark is not Mark.NONE)
    expected = {one.case_id for one in calls if one.business_day == DAY and one.mark.symbol}
    assert {one.case_id for one in listed} == expected
    assert escalations(list(reversed(calls)), DAY) == listed
    for case in listed:
        assert case.decisive.mark is case.mark
