"""May a case be called now, and the one reason when it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.call_facts import AttemptFact
from campaigns.calling.care import CareCode
from campaigns.calling.eligibility import (
    AttemptTally,
    CaseFacts,
    NotCallable,
    tally,
    why_not_callable,
)
from campaigns.calling.payment_facts import PromiseStatus, ends_rest
from campaigns.cases.states import CaseStatus
from campaigns.profile.parameters import Parameters
from dialer.calendar.holidays import TOKYO
from tests.usual_hours import HOURS

NOON = datetime(2022, 9, 13, 12, 0, tzinfo=TOKYO)  # a Tuesday
CASE = CaseFacts(
    calls_from=date(2022, 9, 1), calls_until=date(2022, 9, 20), callbacks_until=date(2022, 9, 30)
)
DUE: dict[str, Any] = {"status": CaseStatus.FOLLOW_UP_BOOKED, "follow_up_at": NOON}


def why(
    now: datetime = NOON, parameters: Parameters | None = None, **change: Any
) -> NotCallable | None:
    return why_not_callable(replace(CASE, **change), parameters or Parameters(), now, HOURS)


def on(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2022, 9, day, hour, minute, second, tzinfo=TOKYO)


def test_a_fresh_case_may_be_called() -> None:
    assert why() is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"calls_from": date(2022, 9, 14)}, NotCallable.CAMPAIGN_NOT_STARTED),
        ({"calls_until": date(2022, 9, 12)}, NotCallable.CAMPAIGN_OVER),
        ({"suspended": True}, NotCallable.SUSPENDED),
        ({"script_approved": False}, NotCallable.NO_APPROVED_SCRIPT),
        ({"withdrawn": True}, NotCallable.WITHDRAWN),
        ({"status": CaseStatus.CLOSED}, NotCallable.CLOSED),
        ({"status": CaseStatus.WITH_DEPARTMENT}, NotCallable.WITH_DEPARTMENT),
        ({"status": CaseStatus.PROMISED}, NotCallable.PROMISED),
        (
            {**DUE, "follow_up_at": NOON + timedelta(seconds=1)},
            NotCallable.FOLLOW_UP_NOT_DUE,
        ),
        ({"usable_numbers": 0}, NotCallable.NO_USABLE_NUMBER),
        ({"attempts": AttemptTally(6, 0, 0)}, NotCallable.ATTEMPTS_USED_UP),
        ({"attempts": AttemptTally(1, 1, 1)}, NotCallable.ATTEMPTS_USED_UP_TODAY),
        ({"attempts": AttemptTally(5, 0, 5)}, NotCallable.ATTEMPTS_IN_7_DAYS),
        ({"last_talk_on": date(2022, 9, 7)}, NotCallable.RESTING),
        ({"not_before": NOON + timedelta(seconds=1)}, NotCallable.TOO_EARLY),
        ({"care_code": CareCode.WEEKDAY_EVENING_ONLY}, NotCallable.CARE_RESTRICTION),
        ({"leased_by_other": True}, NotCallable.LEASED_BY_OTHER),
        ({"is_assigned": False}, NotCallable.NOT_ASSIGNED),
    ],
)
def test_each_reason_alone(change: dict[str, Any], reason: NotCallable) -> None:
    assert why(**change) is reason


@pytest.mark.clause("S4-7.2b-1", "S4-7.2b-2")
@pytest.mark.parametrize(
    ("now", "callable_now"),
    [
        (on(13, 11, 29, 59), False),
        (on(13, 11, 30), True),
        (on(13, 13, 29, 59), True),
        (on(13, 13, 30), False),
        (on(13, 20, 29, 59), True),
        (on(13, 20, 30), False),
        (on(19, 10), True),  # a Monday, but a public holiday
        (on(19, 17), False),
    ],
)
def test_the_window_decides_at_its_edges(now: datetime, callable_now: bool) -> None:
    assert why(now) is (None if callable_now else NotCallable.WINDOW_CLOSED)
    assert why(now, **DUE | {"follow_up_at": on(1, 12)}) is (
        None if callable_now else NotCallable.WINDOW_CLOSED
    )


def test_a_closing_margin_refuses_new_calls_only_when_it_is_set() -> None:
    careful = Parameters(no_new_call_minutes=10)
    assert why(on(13, 13, 19, 59), careful) is None
    assert why(on(13, 13, 20), careful) is NotCallable.NO_NEW_CALLS
    assert why(on(13, 13, 29)) is None


@pytest.mark.clause("S4-7.2a-1")
def test_the_days_of_the_campaign_are_both_included() -> None:
    assert why(on(1, 12)) is None
    assert why(on(20, 12)) is None
    assert why(on(21, 12)) is NotCallable.CAMPAIGN_OVER
    assert why(datetime(2022, 8, 31, 12, tzinfo=TOKYO)) is NotCallable.CAMPAIGN_NOT_STARTED


@pytest.mark.clause("S4-11.3a-2")
def test_a_call_owed_for_a_callback_is_made_in_the_callback_period() -> None:
    owed = DUE | {"follow_up_is_for_callback": True}
    assert why(on(21, 12), **owed) is None
    assert why(on(30, 12), **owed) is None
    assert why(on(21, 12), **DUE) is NotCallable.CAMPAIGN_OVER
    october = datetime(2022, 10, 1, 12, tzinfo=TOKYO)
    assert why(october, **owed) is NotCallable.CAMPAIGN_OVER


@pytest.mark.clause("S4-11.2f")
def test_the_seventh_attempt_is_refused_and_with_a_limit_of_three_the_fourth() -> None:
    assert why(attempts=AttemptTally(5, 0, 3)) is None
    assert why(attempts=AttemptTally(6, 0, 3)) is NotCallable.ATTEMPTS_USED_UP
    three = Parameters(max_counted_attempts=3)
    assert why(parameters=three, attempts=AttemptTally(2, 0, 2)) is None
    assert why(parameters=three, attempts=AttemptTally(3, 0, 3)) is NotCallable.ATTEMPTS_USED_UP


def test_one_more_call_on_the_day_only_when_it_was_granted() -> None:
    once = AttemptTally(1, 1, 1)
    assert why(attempts=once, same_day_granted=True) is None
    assert why(attempts=once) is NotCallable.ATTEMPTS_USED_UP_TODAY


@pytest.mark.parametrize(
    ("status", "talk", "ends"),
    [
        (PromiseStatus.BROKEN, date(2022, 9, 7), True),  # given in that talk, not kept
        (PromiseStatus.PARTLY, date(2022, 9, 16), True),  # the last day of grace
        (PromiseStatus.BROKEN, date(2022, 9, 17), False),  # reminded: left in peace again
        (PromiseStatus.OPEN, date(2022, 9, 7), False),
        (PromiseStatus.KEPT, date(2022, 9, 7), False),
        (PromiseStatus.BROKEN, None, True),
    ],
)
def test_a_broken_promise_lets_us_remind_once_and_then_rest(
    status: PromiseStatus, talk: date | None, ends: bool
) -> None:
    assert ends_rest(status, date(2022, 9, 16), talk) is ends
    assert not ends_rest(None, None, talk)


def test_rest_ends_on_the_seventh_day_and_with_a_broken_promise() -> None:
    assert why(last_talk_on=date(2022, 9, 6)) is None
    assert why(last_talk_on=date(2022, 9, 7), promise_broken=True) is None


def test_a_due_agreed_call_goes_before_limits_rest_and_promise() -> None:
    worn: dict[str, Any] = {
        "attempts": AttemptTally(6, 1, 5),
        "last_talk_on": date(2022, 9, 13),
        "care_code": CareCode.NO_EVENING,
    }
    assert why(**DUE, **worn) is None
    assert why(status=CaseStatus.PROMISED, follow_up_at=NOON, **worn) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"withdrawn": True}, NotCallable.WITHDRAWN),
        ({"suspended": True}, NotCallable.SUSPENDED),
        ({"usable_numbers": 0}, NotCallable.NO_USABLE_NUMBER),
        ({"status": CaseStatus.CLOSED}, NotCallable.CLOSED),
        ({"status": CaseStatus.WITH_DEPARTMENT}, NotCallable.WITH_DEPARTMENT),
        ({"leased_by_other": True}, NotCallable.LEASED_BY_OTHER),
    ],
)
def test_a_due_agreed_call_opens_no_other_stop(change: dict[str, Any], reason: NotCallable) -> None:
    assert why(**(DUE | change)) is reason


@pytest.mark.parametrize(
    ("care", "now", "allowed"),
    [
        (CareCode.NO_EVENING, on(13, 18, 29, 59), True),
        (CareCode.NO_EVENING, on(13, 18, 30), False),
        (CareCode.NO_EVENING, on(17, 15), True),
        (CareCode.SATURDAY_SUNDAY_ONLY, on(17, 12), True),
        (CareCode.SATURDAY_SUNDAY_ONLY, on(16, 12), False),
        (CareCode.SATURDAY_SUNDAY_ONLY, on(19, 12), False),
        (CareCode.WEEKDAY_EVENING_ONLY, on(13, 18, 30), True),
        (CareCode.WEEKDAY_EVENING_ONLY, on(13, 17), False),
        (CareCode.WEEKDAY_EVENING_ONLY, on(17, 12), False),
        (CareCode.SPEAK_SLOWLY, on(13, 19), True),
        (CareCode.FOREIGN_LANGUAGE, on(13, 19), True),
        (CareCode.SIGN_OR_TEXT, on(13, 19), True),
        (None, on(13, 19), True),
    ],
)
def test_care_codes_limit_the_hours(care: CareCode | None, now: datetime, allowed: bool) -> None:
    assert why(now, care_code=care) is (None if allowed else NotCallable.CARE_RESTRICTION)


def test_the_first_reason_of_the_fixed_order_is_told() -> None:
    everything: dict[str, Any] = {
        "calls_until": date(2022, 9, 1),
        "suspended": True,
        "withdrawn": True,
        "status": CaseStatus.CLOSED,
        "usable_numbers": 0,
        "is_assigned": False,
    }
    assert why(**everything) is NotCallable.CAMPAIGN_OVER
    del everything["calls_until"]
    assert why(**everything) is NotCallable.SUSPENDED
    del everything["suspended"]
    assert why(**everything) is NotCallable.WITHDRAWN
    del everything["withdrawn"]
    assert why(**everything) is NotCallable.CLOSED
    del everything["status"]
    assert why(**everything) is NotCallable.NO_USABLE_NUMBER


def test_a_year_missing_from_the_calendar_is_closed() -> None:
    far: dict[str, Any] = {"calls_from": date(2022, 9, 1), "calls_until": date(2099, 12, 31)}
    assert why(datetime(2099, 9, 1, 12, tzinfo=TOKYO), **far) is NotCallable.WINDOW_CLOSED


def test_the_tally_counts_seven_days_ending_today() -> None:
    days = [date(2022, 9, day) for day in (1, 6, 7, 12, 13)]
    made = [
        AttemptFact(at=NOON, band=None, business_day=day, outcome_code="11", counted=True)
        for day in days
    ]
    busy = replace(made[-1], counted=False, outcome_code="12")
    assert tally([*made, busy], date(2022, 9, 13)) == AttemptTally(5, 1, 3)


@given(
    st.datetimes(datetime(2022, 8, 25), datetime(2022, 10, 5)),
    st.sampled_from(CaseStatus),
    st.integers(0, 8),
)
def test_nothing_is_callable_outside_the_hours_or_past_the_limit(
    at: datetime, status: CaseStatus, made: int
) -> None:
    now = at.replace(tzinfo=TOKYO)
    answer = why(now, status=status, attempts=AttemptTally(made, 0, 0))
    if answer is None:
        assert HOURS.is_open(now)
        assert status is CaseStatus.WAITING
        assert made < 6
