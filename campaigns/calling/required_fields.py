"""Pure: what an agent must enter with an outcome, and what may not stand there (domain §1.4).

Everything wrong is told at once, by field and reason, never by value.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from campaigns.calling.call_report import CaseLimits, OutcomeReport, TransferNotice
from campaigns.calling.legal_times import LegalTimes
from campaigns.calling.outcomes import (
    OutcomeEffect,
    OutcomeRow,
    Permission,
    Position,
    RequiredField,
)
from campaigns.calling.typed_text import TextFaultKind, text_fault
from campaigns.cases.states import IdentityResult
from campaigns.profile.parameters import Parameters
from dialer.calendar.holidays import business_day

MAX_SECONDARY = 3


class EntryField(StrEnum):
    """The fields a fault may name besides those a row requires."""

    OUTCOME = "outcome"
    SECONDARY = "secondary"
    IDENTITY = "identity"
    TRANSFER_NOTICE = "transfer_notice"
    PAID_WHERE = "paid_where"


class FaultKind(StrEnum):
    """Why a report is not complete."""

    MISSING = "missing"
    IN_THE_PAST = "in_the_past"
    IN_THE_FUTURE = "in_the_future"
    BEYOND_HORIZON = "beyond_horizon"
    AFTER_CAMPAIGN = "after_campaign"
    NO_LEGAL_TIME = "no_legal_time"
    NOT_POSITIVE = "not_positive"
    MORE_THAN_UNPAID = "more_than_unpaid"
    PERIOD_UNKNOWN = "period_unknown"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    FORMULA_START = "formula_start"
    NOT_ENCODABLE = "not_encodable"
    NOT_PASSED = "not_passed"
    NOT_PERMITTED = "not_permitted"
    TOO_MANY = "too_many"
    REPEATED = "repeated"
    NOT_TOGETHER = "not_together"
    WRONG_DIRECTION = "wrong_direction"
    WITHOUT_TIME_ZONE = "without_time_zone"
    NOT_A_TARGET = "not_a_target"
    WITHOUT_PROMISE = "without_promise"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """``code``: the outcome concerned, where one is; ``position``: from 1, for texts."""

    field: RequiredField | EntryField
    kind: FaultKind
    code: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    rows: Sequence[OutcomeRow]
    report: OutcomeReport
    identity: IdentityResult
    parameters: Parameters
    case: CaseLimits
    now: datetime

    @property
    def today(self) -> date:
        return business_day(self.now)

    def asks_for(self, wanted: RequiredField) -> bool:
        return any(wanted in row.required_fields for row in self.rows)

    @property
    def has_promise(self) -> bool:
        # A promise is what the table makes the person name a date for (51, 52 of our sample).
        return _promises(self.rows[0])


def missing_fields(
    rows: Sequence[OutcomeRow],
    report: OutcomeReport,
    identity: IdentityResult,
    parameters: Parameters,
    now: datetime,
    case: CaseLimits,
) -> tuple[FieldFault, ...]:
    """Everything that keeps this report from being recorded; empty when it may be.

    ``rows``: the primary outcome, then the secondary ones; ``identity``: as stored for this
    call, never as typed (S4-11.3a-1); ``now``: aware. One primary outcome is the caller's duty:
    an empty ``rows`` is told as a missing outcome (S4-11.2e).
    """
    if not rows:
        return (FieldFault(EntryField.OUTCOME, FaultKind.MISSING),)
    entry = _Entry(rows, report, identity, parameters, case, now)
    return tuple(fault for check in _CHECKS for fault in check(entry))


_Faults = Iterator[FieldFault]


def _promises(row: OutcomeRow) -> bool:
    named = RequiredField.PROMISED_ON in row.required_fields
    return row.effect is OutcomeEffect.AWAIT_PROMISE and named


def _codes(entry: _Entry) -> _Faults:
    primary, *secondary = entry.rows
    if primary.position is Position.SECONDARY:
        yield FieldFault(EntryField.OUTCOME, FaultKind.NOT_TOGETHER, primary.code)
    if len(secondary) > MAX_SECONDARY:
        yield FieldFault(EntryField.SECONDARY, FaultKind.TOO_MANY)
    if len({row.code for row in entry.rows}) != len(entry.rows):
        yield FieldFault(EntryField.SECONDARY, FaultKind.REPEATED)
    for row in secondary:
        alone = row.position is Position.PRIMARY
        if alone or (row.only_with and primary.code not in row.only_with):
            yield FieldFault(EntryField.SECONDARY, FaultKind.NOT_TOGETHER, row.code)


def _permissions(entry: _Entry) -> _Faults:
    for row in entry.rows:
        if not row.direction.serves(entry.report.direction):
            yield FieldFault(EntryField.OUTCOME, FaultKind.WRONG_DIRECTION, row.code)
        if not row.before_identity and entry.identity is not IdentityResult.PASSED:
            yield FieldFault(EntryField.IDENTITY, FaultKind.NOT_PASSED, row.code)
        by_message = row.permission is Permission.VOICEMAIL_MESSAGE
        if by_message and not entry.parameters.voicemail_message_allowed:
            yield FieldFault(EntryField.OUTCOME, FaultKind.NOT_PERMITTED, row.code)


_ENTERED: dict[RequiredField, Callable[[OutcomeReport], bool]] = {
    RequiredField.FOLLOW_UP_AT: lambda report: report.follow_up_at is not None,
    RequiredField.PROMISED_ON: lambda report: report.promised_on is not None,
    RequiredField.PROMISED_YEN: lambda report: report.promised_yen is not None,
    RequiredField.PAYMENT_METHOD: lambda report: report.payment_method is not None,
    RequiredField.PROMISED_PERIODS: lambda report: bool(report.promised_periods),
    RequiredField.REST_LEFT_OPEN: lambda report: report.rest_left_open is not None,
    RequiredField.PAID_ON: lambda report: report.paid_on is not None,
    RequiredField.PAID_YEN: lambda report: report.paid_yen is not None,
    RequiredField.ANSWER_WANTED: lambda report: report.answer_wanted is not None,
    RequiredField.NOTE: lambda report: bool(report.note.strip()),
    RequiredField.NOTE_10: lambda report: bool(report.note.strip()),
    RequiredField.RECORDING: lambda report: (
        report.recording_made is False
        or (report.recording_made is True and report.recording_consent is not None)
    ),
}


def _entered(entry: _Entry) -> _Faults:
    for wanted, is_there in _ENTERED.items():
        if entry.asks_for(wanted) and not is_there(entry.report):
            yield FieldFault(wanted, FaultKind.MISSING)


def _follow_up(entry: _Entry) -> _Faults:
    at, name = entry.report.follow_up_at, RequiredField.FOLLOW_UP_AT
    if at is None:
        return
    if at.utcoffset() is None:
        yield FieldFault(name, FaultKind.WITHOUT_TIME_ZONE)
        return
    if at <= entry.now:
        yield FieldFault(name, FaultKind.IN_THE_PAST)
    last = entry.case.follow_ups_until
    if last is not None and business_day(at) > last:
        yield FieldFault(name, FaultKind.AFTER_CAMPAIGN)
        return
    if entry.case.legal_times is not None and _is_too_late(entry.case.legal_times, at, entry.now):
        yield FieldFault(name, FaultKind.NO_LEGAL_TIME)


def _is_too_late(legal: LegalTimes, at: datetime, now: datetime) -> bool:
    """Nothing is left from ``at`` on, though a sooner time may still be agreed.

    With no time left at all the call cannot be refused its outcome: what was said is kept, and
    the end of the period cancels it in everybody's sight.
    """
    if legal.first_from(max(at, now), named=True) is not None:
        return False
    return legal.first_from(now, named=False) is not None


def promise_horizon(rows: Sequence[OutcomeRow], parameters: Parameters, today: date) -> date:
    """The last day that may be promised; a later one is a matter for the department (61).

    Counted from the day a new payment slip arrives when one of the outcomes waits for it.
    """
    slips = [row.wait_days for row in rows if row.effect is OutcomeEffect.AWAIT_PROMISE]
    start = today + timedelta(days=max(slips, default=0))
    last = start + timedelta(days=parameters.promise_horizon_days)
    if parameters.promise_until_month_end:
        month_end = calendar.monthrange(start.year, start.month)[1]
        last = max(last, start.replace(day=month_end))
    return last


def _promise(entry: _Entry) -> _Faults:
    on, yen = entry.report.promised_on, entry.report.promised_yen
    if on is not None and on < entry.today:
        yield FieldFault(RequiredField.PROMISED_ON, FaultKind.IN_THE_PAST)
    if on is not None and on > promise_horizon(entry.rows, entry.parameters, entry.today):
        yield FieldFault(RequiredField.PROMISED_ON, FaultKind.BEYOND_HORIZON)
    if yen is not None and yen <= 0:
        yield FieldFault(RequiredField.PROMISED_YEN, FaultKind.NOT_POSITIVE)
    if yen is not None and yen > entry.case.unpaid_yen:
        yield FieldFault(RequiredField.PROMISED_YEN, FaultKind.MORE_THAN_UNPAID)


def _periods(entry: _Entry) -> _Faults:
    promised, name = entry.report.promised_periods, RequiredField.PROMISED_PERIODS
    if entry.case.periods and not entry.case.periods.issuperset(promised):
        yield FieldFault(name, FaultKind.PERIOD_UNKNOWN)
    if len(set(promised)) != len(promised):
        yield FieldFault(name, FaultKind.REPEATED)


def _payment(entry: _Entry) -> _Faults:
    if entry.report.paid_on is not None and entry.report.paid_on > entry.today:
        yield FieldFault(RequiredField.PAID_ON, FaultKind.IN_THE_FUTURE)
    if entry.report.paid_yen is not None and entry.report.paid_yen <= 0:
        yield FieldFault(RequiredField.PAID_YEN, FaultKind.NOT_POSITIVE)


def _transfer(entry: _Entry) -> _Faults:
    """Account transfer only for rows the client names, only beside a promise (S4-12.1h)."""
    told = entry.report.transfer_notice is not TransferNotice.NOT_A_TARGET
    wanted = any(row.permission is Permission.ACCOUNT_TRANSFER for row in entry.rows)
    if not (told or wanted):
        return
    if not entry.case.is_transfer_target:
        yield FieldFault(EntryField.TRANSFER_NOTICE, FaultKind.NOT_A_TARGET)
    if not entry.has_promise:
        yield FieldFault(EntryField.TRANSFER_NOTICE, FaultKind.WITHOUT_PROMISE)


_TEXT_KINDS = {kind: FaultKind(kind.value) for kind in TextFaultKind}


def _texts(entry: _Entry) -> _Faults:
    longest = entry.parameters.note_max
    texts: tuple[tuple[RequiredField | EntryField, str], ...] = (
        (RequiredField.NOTE, entry.report.note),
        (EntryField.PAID_WHERE, entry.report.paid_where),
    )
    for name, text in texts:
        fault = text_fault(text, codec=entry.case.codec, longest=longest)
        if fault:
            yield FieldFault(name, _TEXT_KINDS[fault.kind], position=fault.position)
    written = len(entry.report.note.strip())
    if entry.asks_for(RequiredField.NOTE_10) and 0 < written < entry.parameters.note_min:
        yield FieldFault(RequiredField.NOTE_10, FaultKind.TOO_SHORT)


_CHECKS: tuple[Callable[[_Entry], _Faults], ...] = (
    _codes,
    _permissions,
    _entered,
    _follow_up,
    _promise,
    _periods,
    _payment,
    _transfer,
    _texts,
)
