"""Where a case stands: one bucket each, and from when time alone brings it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.eligibility import (
    AttemptTally,
    CaseFacts,
    NotCallable,
    why_case_waits,
    why_not_callable,
)
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.desk.callability import (
    CLOSED_BUCKETS,
    WAITS_FOR_TIME,
    Bucket,
    QueuePlace,
    Rules,
    bucket_of,
    callable_from,
    closed_bucket,
)
from campaigns.profile.parameters import Parameters
from dialer.calendar.bands import DEFAULT_CUTS, Band
from dialer.calendar.holidays import TOKYO
from tests.usual_hours import HOURS

NOON = datetime(2022, 9, 13, 12, 0, tzinfo=TOKYO)  # a Tuesday
CASE = CaseFacts(
    calls_from=date(2022, 9, 1), calls_until=date(2022, 9, 20), callbacks_until=date(2022, 9, 30)
)
OPEN = [status for status in CaseStatus if status is not CaseStatus.CLOSED]
INSTANTS = st.datetimes(datetime(2022, 8, 25), datetime(2022, 10, 10)).map(
    lambda at: at.replace(tzinfo=TOKYO)
)
FACTS = st.builds(
    replace,
    st.just(CASE),
    suspended=st.booleans(),
    script_approved=st.booleans(),
    status=st.sampled_from(OPEN),
    follow_up_at=st.none() | INSTANTS,
    follow_up_is_for_callback=st.booleans(),
    not_before=st.none() | INSTANTS,
    last_talk_on=st.none() | INSTANTS.map(datetime.date),
    promise_broken=st.booleans(),
    attempts=st.builds(AttemptTally, st.integers(0, 7), st.integers(0, 2), st.integers(0, 6)),
    same_day_granted=st.booleans(),
    usable_numbers=st.integers(0, 2),
    care_code=st.none() | st.sampled_from(["01", "02", "03", "04"]),
    leased_by_other=st.booleans(),
    is_assigned=st.booleans(),
    used_bands=st.frozensets(st.sampled_from(Band)),
)


def rules(now: datetime = NOON, parameters: Parameters | None = None) -> Rules:
    return Rules(parameters or Parameters(), HOURS, DEFAULT_CUTS, now)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 9, day, hour, minute, tzinfo=TOKYO)


def test_every_reason_against_a_call_has_its_bucket() -> None:
    names = {bucket.value for bucket in Bucket}
    assert {reason.value for reason in NotCallable} - {"closed"} <= names


def test_every_way_to_end_has_a_bucket_of_its_own() -> None:
    ends = [closed_bucket(reason, excluded=False) for reason in CloseReason]
    assert set(ends) <= CLOSED_BUCKETS
    assert Counter(ends)[Bucket.CLOSED_OTHERWISE] == 1  # never callable, yet not by the intake
    assert len(set(ends)) == len(CloseReason)
    assert closed_bucket(CloseReason.NOT_CALLABLE, excluded=True) is Bucket.EXCLUDED
    # A row the intake left out, that was reopened and then called, ended like any other.
    assert closed_bucket(CloseReason.GUIDED, excluded=True) is Bucket.GUIDED


@pytest.mark.clause("S4-12.1c")
@given(FACTS, INSTANTS, st.sampled_from(QueuePlace))
def test_an_open_case_is_in_one_open_bucket_and_in_the_callable_one_only_when_it_may_be_called(
    facts: CaseFacts, now: datetime, place: QueuePlace
) -> None:
    bucket = bucket_of(facts, place, rules(now))
    assert bucket not in CLOSED_BUCKETS
    may = why_not_callable(facts, Parameters(), now, HOURS) is None
    assert (bucket is Bucket.CALLABLE) == (may and place is QueuePlace.READY)


@given(FACTS, INSTANTS)
def test_the_order_of_reasons_never_changes_whether_a_case_may_be_called(
    facts: CaseFacts, now: datetime
) -> None:
    asked = (facts, Parameters(), now, HOURS)
    assert (why_case_waits(*asked) is None) == (why_not_callable(*asked) is None)


@pytest.mark.parametrize(
    ("change", "now", "bucket"),
    [
        ({}, NOON, Bucket.CALLABLE),
        ({}, on(13, 22), Bucket.WINDOW_CLOSED),
        ({"status": CaseStatus.PROMISED}, on(13, 22), Bucket.PROMISED),
        ({"status": CaseStatus.WITH_DEPARTMENT, "suspended": True}, NOON, Bucket.WITH_DEPARTMENT),
        ({"usable_numbers": 0, "script_approved": False}, NOON, Bucket.NO_USABLE_NUMBER),
        ({"is_assigned": False}, on(13, 22), Bucket.NOT_ASSIGNED),
        ({"suspended": True}, on(13, 22), Bucket.SUSPENDED),
        ({"last_talk_on": date(2022, 9, 12)}, on(25, 12), Bucket.CAMPAIGN_OVER),
        ({"last_talk_on": date(2022, 9, 12)}, on(14, 12), Bucket.RESTING),
        ({"not_before": on(14, 12)}, on(13, 3), Bucket.TOO_EARLY),
        ({"care_code": "02"}, NOON, Bucket.CARE_RESTRICTION),
        ({"leased_by_other": True}, NOON, Bucket.LEASED_BY_OTHER),
    ],
)
def test_what_belongs_to_the_case_is_told_before_what_belongs_to_everybody(
    change: dict[str, Any], now: datetime, bucket: Bucket
) -> None:
    assert bucket_of(replace(CASE, **change), QueuePlace.READY, rules(now)) is bucket


@pytest.mark.parametrize(
    ("place", "bucket"),
    [
        (QueuePlace.LATER, Bucket.QUEUED_FOR_LATER),
        (QueuePlace.MISSING, Bucket.NOT_QUEUED),
        (QueuePlace.IN_HAND, Bucket.LEASED_BY_OTHER),
    ],
)
def test_a_case_the_rules_allow_but_the_queue_does_not_serve_is_told_apart(
    place: QueuePlace, bucket: Bucket
) -> None:
    assert bucket_of(CASE, place, rules()) is bucket


@pytest.mark.clause("S4-12.1c")
@pytest.mark.parametrize(
    ("change", "days", "now", "expected"),
    [
        ({}, [], on(13, 22), on(14, 11, 30)),
        ({}, [], on(13, 14), on(13, 16, 30)),
        ({"not_before": on(14, 12, 15)}, [], NOON, on(14, 12, 15)),
        ({"not_before": on(14, 22)}, [], NOON, on(15, 11, 30)),
        ({"attempts": AttemptTally(1, 1, 1)}, [13], NOON, on(14, 11, 30)),
        ({"attempts": AttemptTally(5, 0, 5)}, [8, 9, 10, 11, 12], NOON, on(15, 11, 30)),
        ({"last_talk_on": date(2022, 9, 12)}, [12], NOON, on(19, 10)),
        ({"last_talk_on": date(2022, 9, 14)}, [14], on(14, 18), None),
        ({"care_code": "02"}, [], NOON, on(17, 10)),
        ({"care_code": "03"}, [], NOON, on(13, 18, 30)),
        (
            {"status": CaseStatus.FOLLOW_UP_BOOKED, "follow_up_at": on(15, 18, 40)},
            [],
            NOON,
            on(15, 18, 40),
        ),
        ({"calls_from": date(2022, 9, 15)}, [], NOON, on(15, 11, 30)),
    ],
)
def test_time_alone_brings_a_case_back_at_the_first_legal_instant(
    change: dict[str, Any], days: list[int], now: datetime, expected: datetime | None
) -> None:
    facts = replace(CASE, **change)
    bucket = bucket_of(facts, QueuePlace.READY, rules(now))
    assert bucket in WAITS_FOR_TIME
    counted = [date(2022, 9, day) for day in days]
    assert callable_from(facts, counted, bucket, rules(now), now) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"is_assigned": False},
        {"suspended": True},
        {"script_approved": False},
        {"usable_numbers": 0},
        {"status": CaseStatus.WITH_DEPARTMENT},
        {"status": CaseStatus.PROMISED},
        {"attempts": AttemptTally(6, 0, 0)},
    ],
)
def test_what_needs_somebody_to_act_names_no_time(change: dict[str, Any]) -> None:
    facts = replace(CASE, **change)
    bucket = bucket_of(facts, QueuePlace.READY, rules())
    assert callable_from(facts, [], bucket, rules(), NOON) is None


@given(FACTS, INSTANTS, st.lists(st.integers(1, 30), max_size=5))
def test_at_the_instant_that_is_named_the_rules_let_the_case_be_called(
    facts: CaseFacts, now: datetime, days: list[int]
) -> None:
    counted = [date(2022, 9, day) for day in days if date(2022, 9, day) <= now.date()]
    facts = replace(facts, attempts=_tally(counted, now.date()), leased_by_other=False)
    bucket = bucket_of(facts, QueuePlace.READY, rules(now))
    at = callable_from(facts, counted, bucket, rules(now), now)
    if at is None:
        return
    assert at >= now
    then = replace(
        facts,
        attempts=_tally(counted, at.date()),
        same_day_granted=facts.same_day_granted and at.date() == now.date(),
    )
    assert why_not_callable(then, Parameters(), at, HOURS) is None


def _tally(counted: list[date], day: date) -> AttemptTally:
    week = [one for one in counted if day - timedelta(days=6) <= one <= day]
    return AttemptTally(len(counted), counted.count(day), len(week))
