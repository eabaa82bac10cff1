"""Every number of the calling work that the client may set, typed, with limits and its source.

Defaults are those of contract 004. Where the specification names an annex that is not public
(attempts, spacing, promises) the default is our sample and says "domain"; the client's own
instruction replaces it without code (decision 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import time
from enum import StrEnum
from typing import Any

from campaigns.errors import ParameterInvalid

PlainValue = int | float | bool | str


class ContactRateFormula(StrEnum):
    """Which of the candidate formulae is the 70 % of S4-6.3: the text gives none.

    A: persons reached of those lent; B: of those with a usable number; C: households reached.
    """

    A = "A"
    B = "B"
    C = "C"


def _number(default: int, low: int, high: int) -> int:
    value: int = field(default=default, metadata={"low": low, "high": high})
    return value


def _ratio(default: float) -> float:
    value: float = field(default=default, metadata={"low": 0.0, "high": 1.0})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The parameters of one contract, or of one receivable in it.

    Raises ParameterInvalid when a value lies outside its limits.
    """

    # Attempts and spread: S4-11.2f, annex not public; domain §3.2
    max_counted_attempts: int = _number(6, 1, 30)
    min_counted_attempts: int = _number(3, 0, 30)
    min_bands: int = _number(3, 1, 5)
    min_weekend_attempts: int = _number(1, 0, 10)
    max_counted_per_day: int = _number(1, 1, 5)
    max_counted_in_7_days: int = _number(5, 1, 35)
    busy_per_attempt: int = _number(3, 1, 10)
    busy_pause_minutes: int = _number(15, 1, 240)
    busy_max_per_day: int = _number(3, 1, 10)
    rest_days_after_conversation: int = _number(7, 0, 60)
    ring_seconds_landline: int = _number(30, 15, 120)
    ring_seconds_mobile: int = _number(40, 15, 120)
    # A message on an answering machine needs the receivable's work instruction: domain §3.4
    voicemail_message_allowed: bool = False

    # Promises: domain §3.8
    promise_horizon_days: int = _number(14, 1, 92)
    promise_until_month_end: bool = False  # then the end of the month if that is later
    promise_grace_days: int = _number(7, 0, 31)
    reminders_after_broken_promise: int = _number(1, 0, 5)

    # Agreed calls: S4-11.3a-2, S4-12.1a
    follow_up_late_minutes: int = _number(15, 1, 120)
    follow_up_release_minutes: int = _number(15, 0, 240)  # late before everybody is offered it
    follow_up_absent_minutes: int = _number(5, 0, 120)  # due while its holder is not at work

    # Permit, lease and window: decision 6, S4-7.2b; domain §3.2 "no new calls"
    permit_seconds: int = _number(90, 10, 600)
    lease_minutes: int = _number(15, 1, 120)
    no_new_call_minutes: int = _number(0, 0, 60)
    close_grace_minutes: int = _number(15, 0, 120)  # decision 15
    result_entry_seconds: int = _number(60, 5, 600)  # domain §3.3, a target

    # Intake: S4-6.1, S4-11.1a, S4-11.1b
    levy_year: int = _number(2022, 2000, 2100)
    volume_notice_lead_days: int = _number(7, 0, 60)
    data_lead_days: int = _number(2, 0, 60)

    # Exchange: S4-8.7-2, S4-14.2b; security §9.6
    import_within_minutes: int = _number(60, 5, 1440)
    wipe_within_minutes: int = _number(60, 5, 1440)

    # Reports and measures: S4-6.3, S4-13.1
    contact_rate_target: float = _ratio(0.70)
    contact_rate_formula: ContactRateFormula = ContactRateFormula.A
    daily_report_due: time = time(9, 30)
    pack_key_days: int = _number(7, 0, 31)  # decision 3

    # Escalation: domain §3.11, in business days
    department_reply_days: int = _number(3, 1, 31)
    department_reminder_days: int = _number(5, 1, 31)

    # Backups: security §9.9
    backup_keep_days: int = _number(14, 1, 60)
    backup_every_minutes: int = _number(60, 5, 1440)
    backup_alarm_hours: int = _number(26, 1, 168)

    # Erasure within one week of the end: S4-14.10
    erasure_deadline_days: int = _number(7, 0, 7)

    # Screens: S4-8.10, security §7.4 and §7.5
    idle_lock_minutes: int = _number(5, 1, 60)
    idle_lock_in_call_minutes: int = _number(10, 1, 60)
    idle_logout_minutes: int = _number(30, 1, 240)
    session_hours: int = _number(10, 1, 12)
    case_views_per_hour_alert: int = _number(60, 1, 1000)
    case_views_per_hour_stop: int = _number(120, 1, 1000)

    # Text the agent types: domain §1.4 and §2.3a
    note_min: int = _number(10, 1, 100)
    note_max: int = _number(400, 10, 400)  # the width of 対話概要

    def __post_init__(self) -> None:
        wrong = [one.name for one in fields(self) if not _within(self, one.name, one.metadata)]
        if self.min_counted_attempts > self.max_counted_attempts:
            wrong.append("min_counted_attempts")
        if self.note_min > self.note_max:
            wrong.append("note_min")
        if wrong:
            raise ParameterInvalid(names=tuple(sorted(set(wrong))))

    @classmethod
    def from_mapping(cls, given: Mapping[str, object]) -> Parameters:
        """The defaults with what is given; times as ``HH:MM``, the formula by its letter.

        Raises ParameterInvalid with the names of unknown or unusable entries, never a value.
        """
        kinds = {one.name: type(one.default) for one in fields(cls)}
        unknown = sorted(name for name in given if name not in kinds)
        if unknown:
            raise ParameterInvalid(names=tuple(unknown), unknown=True)
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for name, value in given.items():
            try:
                values[name] = _READERS[kinds[name]](value)
            except (TypeError, ValueError):
                wrong.append(name)
        if wrong:
            raise ParameterInvalid(names=tuple(sorted(wrong)))
        return cls(**values)

    def to_mapping(self) -> dict[str, PlainValue]:
        """What ``from_mapping`` reads back; plain values only."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _within(parameters: Parameters, name: str, limits: Mapping[str, Any]) -> bool:
    if not limits:
        return True
    return bool(limits["low"] <= getattr(parameters, name) <= limits["high"])


def _plain(value: Any) -> PlainValue:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, ContactRateFormula):
        return value.value
    plain: PlainValue = value
    return plain


def _whole(value: object) -> int:
    # bool is an int to Python: "true" calls a day would pass unnoticed.
    if type(value) is not int:
        raise TypeError
    return value


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _fraction(value: object) -> float:
    if type(value) is int or type(value) is float:
        return float(value)
    raise TypeError


def _formula(value: object) -> ContactRateFormula:
    if not isinstance(value, str):
        raise TypeError
    return ContactRateFormula(value)


def _clock(value: object) -> time:
    if not isinstance(value, str) or len(value) != len("HH:MM"):
        raise TypeError
    clock = time.fromisoformat(value)
    if clock.tzinfo is not None:
        raise ValueError
    return clock


_READERS: Mapping[type, Any] = {
    int: _whole,
    bool: _truth,
    float: _fraction,
    ContactRateFormula: _formula,
    time: _clock,
}
