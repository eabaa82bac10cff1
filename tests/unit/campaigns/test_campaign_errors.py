"""Errors of campaigns: codes are unique and well-formed, sentences exist."""

from __future__ import annotations

import inspect
import re

from campaigns import errors as campaign_errors
from dialer import errors as dialer_errors
from secure_store import errors as base_errors
from secure_store.errors import DomainError


def own_errors() -> list[type[DomainError]]:
    return [
        one
        for _, one in inspect.getmembers(campaign_errors, inspect.isclass)
        if issubclass(one, DomainError) and one.__module__ == campaign_errors.__name__
    ]


def test_codes_are_unique_across_the_packages_below() -> None:
    others = {
        one.code
        for module in (dialer_errors, base_errors)
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, DomainError)
    }
    codes = [one.code for one in own_errors()]
    assert len(codes) >= 14
    assert len(set(codes)) == len(codes)
    assert not others & set(codes)


def test_every_error_has_its_own_code_and_a_sentence() -> None:
    for one in own_errors():
        assert "code" in vars(one), one
        assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", one.code)
        assert (one.__doc__ or "").strip().endswith(".")
