"""Parameters: defaults of contract 004, strict reading, limits."""

from __future__ import annotations

from dataclasses import fields
from datetime import time

import pytest

from campaigns.errors import ParameterInvalid
from campaigns.profile.parameters import ContactRateFormula, Parameters


def test_the_defaults_are_those_of_the_sample_instruction() -> None:
    parameters = Parameters()
    assert parameters.max_counted_attempts == 6
    assert parameters.min_counted_attempts == 3
    assert parameters.max_counted_per_day == 1
    assert parameters.max_counted_in_7_days == 5
    assert (parameters.busy_per_attempt, parameters.busy_pause_minutes) == (3, 15)
    assert parameters.rest_days_after_conversation == 7
    assert (parameters.promise_horizon_days, parameters.promise_grace_days) == (14, 7)
    assert parameters.permit_seconds == 90
    assert parameters.note_max == 400


@pytest.mark.clause("S4-6.3-2")
def test_the_contact_rate_target_is_seventy_percent() -> None:
    assert Parameters().contact_rate_target == 0.70
    assert Parameters().contact_rate_formula is ContactRateFormula.A


@pytest.mark.clause("S4-14.10")
def test_erasure_cannot_be_put_off_beyond_a_week() -> None:
    assert Parameters().erasure_deadline_days == 7
    with pytest.raises(ParameterInvalid):
        Parameters(erasure_deadline_days=8)


def test_what_is_written_is_read_back() -> None:
    parameters = Parameters(
        max_counted_attempts=3, contact_rate_formula=ContactRateFormula.C, daily_report_due=time(9)
    )
    assert Parameters.from_mapping(parameters.to_mapping()) == parameters


def test_written_values_are_plain() -> None:
    assert {type(value) for value in Parameters().to_mapping().values()} <= {int, float, bool, str}


def test_unknown_names_are_refused_by_name() -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        Parameters.from_mapping({"max_attempts": 3})
    assert refusal.value.details["names"] == ("max_attempts",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_counted_attempts", "6"),
        ("max_counted_attempts", True),
        ("max_counted_attempts", 6.0),
        ("max_counted_attempts", None),
        ("max_counted_attempts", 0),
        ("max_counted_attempts", 31),
        ("voicemail_message_allowed", 1),
        ("contact_rate_target", "0.7"),
        ("contact_rate_target", 1.01),
        ("contact_rate_target", float("nan")),
        ("contact_rate_formula", "D"),
        ("daily_report_due", "25:00"),
        ("daily_report_due", "09:30:00"),
        ("daily_report_due", 930),
        ("note_max", 401),
        ("ring_seconds_landline", 14),
    ],
)
def test_a_wrong_value_is_refused_without_showing_it(name: str, value: object) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        Parameters.from_mapping({name: value})
    assert name in refusal.value.details["names"]


def test_limits_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ParameterInvalid):
        Parameters.from_mapping({"min_counted_attempts": 4, "max_counted_attempts": 3})


def test_every_whole_number_has_limits() -> None:
    for one in fields(Parameters):
        if type(one.default) in (int, float):
            assert one.metadata["low"] <= one.default <= one.metadata["high"], one.name
