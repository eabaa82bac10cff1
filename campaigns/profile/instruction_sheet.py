"""Pure: a receivable's work instruction (個別業務指示書) as it is written down (S4-8.6b, S4-11.2f).

A sheet says only what differs from the contract profile: a field it leaves out keeps the
contract's value. Read as a whole or not at all; every fault is told by field, never by value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from campaigns.errors import InstructionInvalid, ParameterInvalid
from campaigns.profile.parameters import Parameters, PlainValue
from dialer.calendar.bands import Band, BandCut, BandCuts, parse_rotation
from dialer.calendar.windows import Interval
from dialer.errors import CallingHoursInvalid

_One = TypeVar("_One")
MOST_CHARACTERS = 20_000
IDENTITY_ITEMS = ("name", "birth_date", "address", "child_name", "school", "notice_number")
FURTHER_ITEMS = 2  # beside the name (domain §3.6-2)
MOST_MESSAGES = 3

SHEET_PARAMETERS = (
    "min_counted_attempts",
    "max_counted_attempts",
    "max_counted_per_day",
    "max_counted_in_7_days",
    "min_bands",
    "min_weekend_attempts",
    "rest_days_after_conversation",
    "no_new_call_minutes",
    "busy_per_attempt",
    "busy_pause_minutes",
    "busy_max_per_day",
    "ring_seconds_landline",
    "ring_seconds_mobile",
    "voicemail_message_allowed",
    "promise_horizon_days",
    "promise_until_month_end",
    "promise_grace_days",
    "reminders_after_broken_promise",
)
"""The parameters a receivable may have of its own; the others are the contract's."""


class NumberKind(StrEnum):
    """Whose line a number is, as the lent row says (種別)."""

    LANDLINE = "landline"
    MOBILE = "mobile"
    WORKPLACE = "workplace"
    UNKNOWN = "unknown"


class RightParty(StrEnum):
    """Who counts as 本人: the debtor roles of the lent row (債務者区分)."""

    ADDRESSEE = "addressee"
    JOINTLY_LIABLE = "jointly_liable"
    HEIR = "heir"
    CORPORATION = "corporation"


class SheetFaultKind(StrEnum):
    """Why a field of a sheet is refused."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True, order=True)
class SheetFault:
    """``field``: the key of the sheet, or of the parameter."""

    field: str
    kind: SheetFaultKind


@dataclass(frozen=True, slots=True)
class ThirdPartyRules:
    """A request to ring us back, left with whoever answers, and how often (domain §3.5)."""

    message_allowed: bool = True
    messages_per_campaign: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionSheet:
    """One sheet. None (or an absent parameter): the contract's value holds."""

    receivable: str
    parameters: Mapping[str, PlainValue] = field(default_factory=dict)
    bands: BandCuts | None = None
    rotation: tuple[Band, ...] | None = None
    number_order: Mapping[Band, tuple[NumberKind, ...]] | None = None
    workplace_numbers: bool | None = None
    third_party: ThirdPartyRules | None = None
    account_transfer: bool | None = None
    right_party: tuple[RightParty, ...] | None = None
    identity_items: tuple[str, ...] | None = None
    spare_item: str | None = None


def read_sheet(document: str) -> InstructionSheet:
    """A sheet from its YAML text. Raises InstructionInvalid with every fault."""
    if len(document) > MOST_CHARACTERS:
        raise InstructionInvalid(faults=(SheetFault("document", SheetFaultKind.UNUSABLE),))
    try:
        raw = yaml.safe_load(document)
    except (yaml.YAMLError, ValueError, RecursionError):
        raw = None
    return sheet_from(raw)


def sheet_from(raw: object) -> InstructionSheet:
    """A sheet from plain values, as a form or a file gives them. Raises InstructionInvalid."""
    if not isinstance(raw, dict):
        raise InstructionInvalid(faults=(SheetFault("document", SheetFaultKind.UNUSABLE),))
    known = {one.name for one in fields(InstructionSheet)}
    faults = [SheetFault(_name(key), SheetFaultKind.UNKNOWN) for key in raw if key not in known]
    if "receivable" not in raw:
        faults.append(SheetFault("receivable", SheetFaultKind.MISSING))
    values: dict[str, Any] = {}
    for name, read in _READERS.items():
        if raw.get(name) is None:
            continue
        try:
            values[name] = read(raw[name])
        except InstructionInvalid as refused:
            faults.extend(refused.details["faults"])
        except (AttributeError, KeyError, TypeError, ValueError, CallingHoursInvalid):
            faults.append(SheetFault(name, SheetFaultKind.UNUSABLE))
    faults.extend(_together(values))
    if faults:
        raise InstructionInvalid(faults=tuple(sorted(set(faults))))
    return InstructionSheet(**values)


def write_sheet(sheet: InstructionSheet) -> str:
    """The YAML text that ``read_sheet`` reads back as the same sheet."""
    return yaml.safe_dump(plain_sheet(sheet), allow_unicode=True, sort_keys=False)


def plain_sheet(sheet: InstructionSheet) -> dict[str, object]:
    """The sheet as plain values, fields left out that it does not set."""
    third, order = sheet.third_party, sheet.number_order
    values: dict[str, object] = {
        "receivable": sheet.receivable,
        "parameters": dict(sheet.parameters) or None,
        "bands": plain_bands(sheet.bands) if sheet.bands else None,
        "rotation": ",".join(sheet.rotation) if sheet.rotation else None,
        "number_order": {band.value: ",".join(kinds) for band, kinds in order.items()}
        if order is not None
        else None,
        "workplace_numbers": sheet.workplace_numbers,
        "third_party": asdict(third) if third else None,
        "account_transfer": sheet.account_transfer,
        "right_party": [one.value for one in sheet.right_party] if sheet.right_party else None,
        "identity_items": list(sheet.identity_items) if sheet.identity_items else None,
        "spare_item": sheet.spare_item,
    }
    return {name: value for name, value in values.items() if value is not None}


def plain_bands(cuts: BandCuts) -> dict[str, dict[str, str]]:
    """``{"weekday": {"H1": "11:30-13:30", …}, "weekend_or_holiday": {…}}``."""
    return {
        kind: {cut.band.value: f"{cut.hours.start:%H:%M}-{cut.hours.end:%H:%M}" for cut in row}
        for kind, row in (
            ("weekday", cuts.weekday),
            ("weekend_or_holiday", cuts.weekend_or_holiday),
        )
    }


def _name(key: object) -> str:
    """A key that may be named in a fault: a word of ours, never a sentence somebody typed."""
    text = str(key)
    return text if text.isascii() and text.isidentifier() and len(text) <= 40 else "document"


def _parameters(raw: Any) -> dict[str, PlainValue]:
    if not isinstance(raw, dict):
        raise TypeError
    unknown = [key for key in raw if key not in SHEET_PARAMETERS]
    if unknown:
        raise InstructionInvalid(
            faults=tuple(SheetFault(_name(key), SheetFaultKind.UNKNOWN) for key in unknown)
        )
    try:
        Parameters.from_mapping(raw)
    except ParameterInvalid as refused:
        raise InstructionInvalid(
            faults=tuple(
                SheetFault(name, SheetFaultKind.UNUSABLE) for name in refused.details["names"]
            )
        ) from None
    return dict(raw)


def _together(values: Mapping[str, Any]) -> list[SheetFault]:
    """Limits that hold against one another stand together, so that no profile can break a sheet."""
    given = values.get("parameters", {})
    pair = ("min_counted_attempts", "max_counted_attempts")
    missing = [name for name in pair if name not in given] if set(pair) & set(given) else []
    items = ("identity_items", "spare_item")
    missing += [name for name in items if name not in values] if set(items) & set(values) else []
    faults = [SheetFault(name, SheetFaultKind.MISSING) for name in missing]
    if values.get("spare_item") in values.get("identity_items", ()):
        faults.append(SheetFault("spare_item", SheetFaultKind.UNUSABLE))
    return faults


def _bands(raw: Any) -> BandCuts:
    if set(raw) != {"weekday", "weekend_or_holiday"}:
        raise ValueError
    return BandCuts(_cuts(raw["weekday"]), _cuts(raw["weekend_or_holiday"]))


def _cuts(raw: Any) -> tuple[BandCut, ...]:
    cuts = [
        BandCut(Band(band), Interval(*map(time.fromisoformat, text.split("-"))))
        for band, text in raw.items()
    ]
    return tuple(sorted(cuts, key=lambda cut: cut.hours.start))


def _number_order(raw: Any) -> dict[Band, tuple[NumberKind, ...]]:
    return {Band(band): _kinds(text) for band, text in raw.items()}


def _kinds(text: str) -> tuple[NumberKind, ...]:
    return _distinct(tuple(NumberKind(word) for word in text.split(",") if word))


def _truth(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise TypeError
    return raw


def _third_party(raw: Any) -> ThirdPartyRules:
    if set(raw) != {"message_allowed", "messages_per_campaign"}:
        raise ValueError
    most = raw["messages_per_campaign"]
    if type(most) is not int or not 1 <= most <= MOST_MESSAGES:
        raise ValueError
    return ThirdPartyRules(_truth(raw["message_allowed"]), most)


def _right_party(raw: Any) -> tuple[RightParty, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError
    return _distinct(tuple(RightParty(one) for one in raw))


def _identity_items(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or "name" not in raw or len(raw) != 1 + FURTHER_ITEMS:
        raise ValueError
    return _distinct(tuple(_identity_item(one) for one in raw))


def _identity_item(raw: Any) -> str:
    if raw not in IDENTITY_ITEMS:
        raise ValueError
    return str(raw)


def _distinct(values: tuple[_One, ...]) -> tuple[_One, ...]:
    if len(set(values)) != len(values):
        raise ValueError
    return values


def _code(raw: Any) -> str:
    if not isinstance(raw, str) or not (raw.isascii() and raw.isalnum() and len(raw) == 3):
        raise ValueError
    return raw


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "receivable": _code,
    "parameters": _parameters,
    "bands": _bands,
    "rotation": parse_rotation,
    "number_order": _number_order,
    "workplace_numbers": _truth,
    "third_party": _third_party,
    "account_transfer": _truth,
    "right_party": _right_party,
    "identity_items": _identity_items,
    "spare_item": _identity_item,
}
