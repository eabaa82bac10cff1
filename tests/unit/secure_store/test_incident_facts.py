"""Facts about the clock of an incident and the four items of its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secure_store.canonical import JST
from secure_store.orders.incident_facts import (
    Circumstance,
    IncidentFacts,
    IncidentPlace,
    MissingFact,
    ReportStep,
    clock_of_incident,
    late_step,
    may_reach_commission,
    missing_facts,
)

KNOWN = datetime(2022, 9, 15, 19, 40, tzinfo=JST)
WHOLE = IncidentFacts(3, 12, IncidentPlace.TRANSPORT, Circumstance.MEDIUM_LOST)


@pytest.mark.clause("S3-B2-16.1")
@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (WHOLE, ()),
        (replace(WHOLE, groups=0), (MissingFact.CONTENT,)),
        (replace(WHOLE, persons=None), (MissingFact.PERSONS,)),
        (replace(WHOLE, persons=0), ()),
        (replace(WHOLE, place=None), (MissingFact.PLACE,)),
        (replace(WHOLE, circumstance=None), (MissingFact.CIRCUMSTANCES,)),
        (IncidentFacts(), tuple(MissingFact)),
    ],
)
def test_a_report_needs_all_four_items(
    facts: IncidentFacts, missing: tuple[MissingFact, ...]
) -> None:
    assert missing_facts(facts) == missing


def test_the_day_it_became_known_counts_as_the_first() -> None:
    clock = clock_of_incident(KNOWN, is_wrongful=False)
    assert clock.at_once_until == KNOWN + timedelta(hours=1)
    assert (clock.preliminary_from, clock.preliminary_until) == (
        date(2022, 9, 17),
        date(2022, 9, 19),
    )
    assert clock.final_until == date(2022, 10, 14)
    assert clock_of_incident(KNOWN, is_wrongful=True).final_until == date(2022, 11, 13)


@pytest.mark.parametrize(
    ("at", "done", "late"),
    [
        (KNOWN + timedelta(hours=1), (), None),
        (KNOWN + timedelta(hours=1, seconds=1), (), ReportStep.AT_ONCE),
        (datetime(2022, 9, 19, 23, 59, tzinfo=JST), (ReportStep.AT_ONCE,), None),
        (datetime(2022, 9, 20, 0, 0, tzinfo=JST), (ReportStep.AT_ONCE,), ReportStep.PRELIMINARY),
        (datetime(2022, 10, 15, 0, 0, tzinfo=JST), tuple(ReportStep)[:2], ReportStep.FINAL),
        (datetime(2023, 10, 15, 0, 0, tzinfo=JST), tuple(ReportStep), None),
    ],
)
def test_the_first_report_that_is_late_is_named(
    at: datetime, done: tuple[ReportStep, ...], late: ReportStep | None
) -> None:
    assert late_step(clock_of_incident(KNOWN, is_wrongful=False), at, frozenset(done)) is late


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)), st.booleans())
def test_the_deadlines_follow_each_other(known: datetime, is_wrongful: bool) -> None:
    clock = clock_of_incident(known.replace(tzinfo=JST), is_wrongful=is_wrongful)
    assert clock.at_once_until.date() <= clock.preliminary_from < clock.preliminary_until
    assert clock.preliminary_until < clock.final_until


@pytest.mark.parametrize(
    ("persons", "is_wrongful", "reaches"),
    [(100, False, False), (101, False, True), (None, False, True), (1, True, True)],
)
def test_the_commission_hears_of_more_than_a_hundred_or_of_a_wrongful_purpose(
    persons: int | None, is_wrongful: bool, reaches: bool
) -> None:
    facts = replace(WHOLE, persons=persons, is_wrongful=is_wrongful)
    assert may_reach_commission(facts) is reaches
