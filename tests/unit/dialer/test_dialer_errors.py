"""The errors of the calling engine: one code each, on the right base."""

from __future__ import annotations

import inspect

import pytest

from dialer import errors as dialer_errors
from secure_store import errors as base_errors
from secure_store.errors import Conflict, DomainError, Invalid, NotAllowed, Unavailable

OWN = [
    value
    for _, value in inspect.getmembers(dialer_errors, inspect.isclass)
    if issubclass(value, DomainError) and value.__module__ == dialer_errors.__name__
]


@pytest.mark.parametrize(
    ("error", "base"),
    [
        (dialer_errors.OutsideCallingHours, Conflict),
        (dialer_errors.LeaseLost, Conflict),
        (dialer_errors.NoSupervisorOnDuty, Conflict),
        (dialer_errors.PermitExpired, Conflict),
        (dialer_errors.Suspended, Conflict),
        (dialer_errors.LineStatusBackward, Conflict),
        (dialer_errors.NotApproved, NotAllowed),
        (dialer_errors.PermitMissing, NotAllowed),
        (dialer_errors.NumberUnusable, Invalid),
        (dialer_errors.CallingHoursInvalid, Invalid),
        (dialer_errors.LineUnavailable, Unavailable),
        (dialer_errors.CalendarYearMissing, Unavailable),
    ],
)
def test_the_base_decides_whose_turn_it_is(
    error: type[DomainError], base: type[DomainError]
) -> None:
    assert error.__bases__ == (base,)


def test_every_code_is_its_own() -> None:
    base = [
        value.code
        for _, value in inspect.getmembers(base_errors, inspect.isclass)
        if issubclass(value, DomainError)
    ]
    codes = [error.code for error in OWN]
    assert len({*codes, *base}) == len(codes) + len(base)


@pytest.mark.parametrize("error", OWN)
def test_every_error_has_a_snake_case_code_and_a_sentence(error: type[DomainError]) -> None:
    assert error.code.replace("_", "a").isalpha()
    assert error.code == error.code.lower()
    assert error().sentence().endswith(".")
