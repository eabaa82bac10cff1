"""What a contract designates for the exchange is a closed list, empty unless it says so."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.errors import ProfileInvalid
from campaigns.profile.contract import read_profile, shipped_profile
from campaigns.profile.exchange_rules import ExchangeRules, read_exchange_rules


def test_a_profile_that_says_nothing_lets_nothing_through() -> None:
    assert read_exchange_rules({}) == ExchangeRules()
    assert not ExchangeRules().purposes
    assert not ExchangeRules().means


def test_the_shipped_profile_designates_means_places_and_purposes() -> None:
    rules = read_profile(shipped_profile("004")).exchange
    assert rules.by_medium <= rules.means.keys()
    assert {"report", "return", "copy"} <= rules.purposes.keys()
    assert rules.places
    assert rules.take_out_places


@pytest.mark.parametrize(
    "raw",
    [
        {"means": {"hand": "手渡し"}, "by_medium": ["usb"]},
        {"purposes": {"no code": "目的"}},
        {"places": {"x" * 21: "場所"}},
    ],
)
def test_codes_that_are_none_are_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(ProfileInvalid):
        read_exchange_rules(raw)
