"""The contract profile: what the commissioner and the contract decide, as data (decision 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from campaigns.errors import ProfileInvalid
from campaigns.profile.exchange_rules import ExchangeRules, read_exchange_rules
from campaigns.profile.models import ProfileVersion
from campaigns.profile.parameters import Parameters
from dialer.calendar.windows import Interval
from dialer.errors import NumberUnusable
from dialer.phone import normalise
from secure_store.access import Permission, require
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

DATA = Path(__file__).parent / "data"
ROUND_A_MONTH = timedelta(days=32)  # from a first day always into the next month


class GateRule(StrEnum):
    """How erasure treats a condition (decision 19)."""

    BLOCKS = "blocks"
    NOTED = "noted"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Receivable:
    """One of the receivables of the contract, with what its work instruction fixes."""

    code: str
    name: str
    department: str
    identity_items: tuple[str, ...]
    spare_item: str
    recommends_transfer: bool


@dataclass(frozen=True, slots=True)
class ContractProfile:
    """The whole profile. ``version`` is the stored version it was read from, 0 when unread."""

    code: str
    is_sample: bool
    title: str
    commissioner: str
    contractor: str
    contract_from: date
    contract_until: date
    preparation_until: date
    self_name: str
    dedicated_number: str
    weekday_hours: tuple[Interval, ...]
    weekend_hours: tuple[Interval, ...]
    officer_screens_in_production: bool
    receivables: tuple[Receivable, ...]
    parameters: Parameters
    erasure_gates: Mapping[str, GateRule]
    complaint_codes: frozenset[str] = frozenset()
    exchange: ExchangeRules = field(default_factory=ExchangeRules)
    version: int = 0

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months of the contract."""
        months = [self.contract_from.replace(day=1)]
        while (following := (months[-1] + ROUND_A_MONTH).replace(day=1)) <= self.contract_until:
            months.append(following)
        return tuple(months)

    def receivable(self, code: str) -> Receivable:
        """The receivable with this code. Raises NotFound."""
        for receivable in self.receivables:
            if receivable.code == code:
                return receivable
        raise NotFound(kind="receivable")


def parse_interval(text: str) -> Interval:
    """``11:30-13:30`` as a half-open interval of the day. Raises ProfileInvalid."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ProfileInvalid(field="hours")
    try:
        return Interval(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    except ValueError:
        raise ProfileInvalid(field="hours") from None


def _intervals(values: Any) -> tuple[Interval, ...]:
    return tuple(parse_interval(str(value)) for value in values)


def _receivable(raw: Mapping[str, Any]) -> Receivable:
    return Receivable(
        code=str(raw["code"]),
        name=str(raw["name"]),
        department=str(raw["department"]),
        identity_items=tuple(str(item) for item in raw["identity"]),
        spare_item=str(raw["spare"]),
        recommends_transfer=bool(raw["transfer"]),
    )


def _dedicated_number(text: str) -> str:
    """The number every call shows; without one nothing may be dialled (S4-8.3b)."""
    try:
        return normalise(text)
    except NumberUnusable:
        raise ProfileInvalid(field="dedicated_number") from None


@lru_cache(maxsize=16)
def read_profile(document: str, version: int = 0) -> ContractProfile:
    """A profile from its YAML text. Raises ProfileInvalid with the field's name."""
    try:
        raw = yaml.safe_load(document)
        return ContractProfile(
            code=str(raw["code"]),
            is_sample=bool(raw.get("is_sample", False)),
            title=str(raw["title"]),
            commissioner=str(raw["commissioner"]),
            contractor=str(raw["contractor"]),
            contract_from=raw["contract_from"],
            contract_until=raw["contract_until"],
            preparation_until=raw["preparation_until"],
            self_name=str(raw["self_name"]),
            dedicated_number=_dedicated_number(str(raw["dedicated_number"])),
            weekday_hours=_intervals(raw["hours"]["weekday"]),
            weekend_hours=_intervals(raw["hours"]["weekend_or_holiday"]),
            officer_screens_in_production=bool(raw["officer_screens_in_production"]),
            receivables=tuple(_receivable(entry) for entry in raw["receivables"]),
            parameters=Parameters.from_mapping(raw.get("parameters") or {}),
            erasure_gates={
                str(gate): GateRule(rule) for gate, rule in (raw.get("erasure_gates") or {}).items()
            },
            complaint_codes=frozenset(str(code) for code in raw.get("complaint_codes") or ()),
            exchange=read_exchange_rules(raw.get("exchange") or {}),
            version=version,
        )
    except KeyError as missing:
        raise ProfileInvalid(field=str(missing.args[0])) from None
    except (TypeError, ValueError, yaml.YAMLError):
        raise ProfileInvalid(field="document") from None


def shipped_profile(code: str) -> str:
    """The text of a profile that comes with the program."""
    return (DATA / f"contract_{code}.yaml").read_text(encoding="utf-8")


def enter_profile(work: UnitOfWork, document: str) -> ContractProfile:
    """Stores a new version; it is in force from this commit on."""
    require(work.actor, Permission.CHANGE_SETTINGS)
    newest = work.session.scalar(select(func.max(ProfileVersion.version))) or 0
    profile = read_profile(document, newest + 1)
    work.session.add(
        ProfileVersion(
            version=profile.version,
            document=document,
            sha256=hashlib.sha256(document.encode()).hexdigest(),
            entered_at=work.now,
            entered_by=work.actor.code,
        )
    )
    work.session.flush()
    work.audit(Tag.PROFILE_CHANGED, count=profile.version)
    return profile


_NEWEST = (
    select(ProfileVersion.version, ProfileVersion.document)
    .order_by(ProfileVersion.version.desc())
    .limit(1)
)


def current_profile(work: UnitOfWork) -> ContractProfile:
    """The profile in force. Raises NotFound before `dialer init` has entered one."""
    return work.known.once("profile", (ProfileVersion,), lambda: _newest(work))


def _newest(work: UnitOfWork) -> ContractProfile:
    row = work.run(_NEWEST).one_or_none()
    if row is None:
        raise NotFound(kind="profile")
    return read_profile(row.document, row.version)


def profile_version(work: UnitOfWork, version: int) -> ContractProfile:
    """One stored version; 0, from before versions were kept with calls, means the present one."""
    newest = current_profile(work)
    if version in (0, newest.version):
        return newest
    row = work.session.get(ProfileVersion, version)
    return read_profile(row.document, row.version) if row else newest
