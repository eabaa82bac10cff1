"""Pure: what the contract designates for the exchange: means, places, purposes (S3-B2-12, S4-14.4-1).

Closed lists. What a profile does not name is not allowed: an empty list lets nothing through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.errors import ProfileInvalid

CODE_MAX = 20


@dataclass(frozen=True, slots=True)
class ExchangeRules:
    """Codes with their Japanese names, in the order of the profile.

    ``receipt_needed``: a delivery without a hand-over record (未確認) is not published.
    """

    means: Mapping[str, str] = field(default_factory=dict)
    by_medium: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)
    take_out_places: Mapping[str, str] = field(default_factory=dict)
    receipt_needed: bool = False


def read_exchange_rules(raw: Mapping[str, Any]) -> ExchangeRules:
    """The section ``exchange`` of a profile. Raises ProfileInvalid for codes that are none."""
    means = _names(raw.get("means"))
    by_medium = frozenset(str(code) for code in raw.get("by_medium") or ())
    if not by_medium <= means.keys():
        raise ProfileInvalid(field="by_medium")
    return ExchangeRules(
        means=means,
        by_medium=by_medium,
        places=_names(raw.get("places")),
        purposes=_names(raw.get("purposes")),
        take_out_places=_names(raw.get("take_out_places")),
        receipt_needed=bool(raw.get("receipt_needed", False)),
    )


def _names(raw: Any) -> dict[str, str]:
    names = {str(code): str(name) for code, name in (raw or {}).items()}
    if any(not code.isidentifier() or len(code) > CODE_MAX for code in names):
        raise ProfileInvalid(field="exchange")
    return names
