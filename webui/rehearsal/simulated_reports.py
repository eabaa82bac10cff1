"""What a simulated agent enters with an outcome: every field its row asks for, and no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from campaigns.api import (
    DebtView,
    Direction,
    OutcomeReport,
    OutcomeRow,
    PaymentMethod,
    RequiredField,
    TransferNotice,
)
from dialer.calendar.holidays import business_day, in_tokyo

TRANSFER = "56"
CHANGED_DETAILS = "70"
FEWEST_NOTICE = timedelta(minutes=20)
NOTES = (
    "見本：内訳の説明を希望。所管課からの連絡を待つとのこと。",
    "見本：事情により相談を希望。連絡は夕方以降がよいとのこと。",
    "見本：案内のとおり記録。氏名の「髙」「﨑」と〓を含む。",
    "見本：「能」「ソ」「十」を含む記録。再度の連絡を希望。",
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What the call is about: its direction, the debt if it was opened, the instant (aware).

    ``until``: the last day on which a further call may be booked.
    """

    direction: Direction
    debt: DebtView | None
    now: datetime
    until: date


Filler = Callable[[Telling, Random], Mapping[str, Any]]


def _follow_up(telling: Telling, chance: Random) -> Mapping[str, Any]:
    """Today soon, this evening, or tomorrow at an hour that may lie outside the window."""
    local = in_tokyo(telling.now)
    choices = [local + timedelta(minutes=chance.randrange(25, 150))]
    evening = local.replace(hour=18, minute=chance.choice((0, 30)), second=0, microsecond=0)
    if evening > local + FEWEST_NOTICE:
        choices.append(evening)
    tomorrow = local.replace(hour=chance.choice((12, 15, 19)), minute=0, second=0, microsecond=0)
    tomorrow += timedelta(days=1)
    if business_day(tomorrow) <= telling.until:
        choices.append(tomorrow)
    return {"follow_up_at": chance.choice(choices)}


def _promised_on(telling: Telling, chance: Random) -> Mapping[str, Any]:
    return {"promised_on": business_day(telling.now) + timedelta(days=chance.randrange(0, 15))}


def _periods(telling: Telling) -> Sequence[Any]:
    return telling.debt.periods if telling.debt else ()


def _promised_all(telling: Telling, chance: Random) -> Mapping[str, Any]:
    total = telling.debt.total_yen if telling.debt else 0
    return {
        "promised_yen": total,
        "promised_periods": tuple(period.month for period in _periods(telling)),
    }


def _rest(telling: Telling, chance: Random) -> Mapping[str, Any]:
    """Some of the periods only: the oldest one, the others left open or not."""
    first = _periods(telling)[:1]
    return {
        "promised_yen": sum(period.unpaid_yen for period in first),
        "promised_periods": tuple(period.month for period in first),
        "rest_left_open": chance.random() < 0.5,
    }


def _method(telling: Telling, chance: Random) -> Mapping[str, Any]:
    return {"payment_method": chance.choice(list(PaymentMethod))}


def _paid_on(telling: Telling, chance: Random) -> Mapping[str, Any]:
    return {"paid_on": business_day(telling.now) - timedelta(days=chance.randrange(0, 20))}


def _paid_yen(telling: Telling, chance: Random) -> Mapping[str, Any]:
    return {"paid_yen": telling.debt.total_yen if telling.debt else 1, "paid_where": "見本銀行"}


def _answer_wanted(telling: Telling, chance: Random) -> Mapping[str, Any]:
    return {"answer_wanted": chance.random() < 0.5}


def _note(telling: Telling, chance: Random) -> Mapping[str, Any]:
    return {"note": chance.choice(NOTES)}


def _recording(telling: Telling, chance: Random) -> Mapping[str, Any]:
    made = chance.random() < 0.5
    consent = chance.random() < 0.7 if made else None
    return {"recording_made": made, "recording_consent": consent}


# In this order: what a part promise says of yen and periods replaces what a whole one says.
FILLERS: Mapping[RequiredField, Filler] = MappingProxyType(
    {
        RequiredField.FOLLOW_UP_AT: _follow_up,
        RequiredField.PROMISED_ON: _promised_on,
        RequiredField.PROMISED_YEN: _promised_all,
        RequiredField.PROMISED_PERIODS: _promised_all,
        RequiredField.PAYMENT_METHOD: _method,
        RequiredField.REST_LEFT_OPEN: _rest,
        RequiredField.PAID_ON: _paid_on,
        RequiredField.PAID_YEN: _paid_yen,
        RequiredField.ANSWER_WANTED: _answer_wanted,
        RequiredField.NOTE: _note,
        RequiredField.NOTE_10: _note,
        RequiredField.RECORDING: _recording,
    }
)


def fill_report(rows: Sequence[OutcomeRow], telling: Telling, chance: Random) -> OutcomeReport:
    """A report with every field that these rows ask for (primary row first)."""
    asked = {name for row in rows for name in row.required_fields}
    # A time may be named with some outcomes and then decides what happens next.
    if rows[0].if_agreed_effect is not None and chance.random() < 0.4:
        asked.add(RequiredField.FOLLOW_UP_AT)
    values: dict[str, Any] = {"direction": telling.direction}
    for name, filler in FILLERS.items():
        if name in asked:
            values.update(filler(telling, chance))
    return OutcomeReport(**values, transfer_notice=_transfer_notice(rows, telling, chance))


def _promises(row: OutcomeRow) -> bool:
    return RequiredField.PROMISED_ON in row.required_fields


def _is_target(telling: Telling) -> bool:
    return telling.debt is not None and telling.debt.account_transfer_target


def _transfer_notice(
    rows: Sequence[OutcomeRow], telling: Telling, chance: Random
) -> TransferNotice:
    """Told only to those the client names, and only with a promise (S4-12.1h)."""
    if any(row.code == TRANSFER for row in rows):
        return TransferNotice.WANTED
    if not _promises(rows[0]) or not _is_target(telling):
        return TransferNotice.NOT_A_TARGET
    return chance.choice((TransferNotice.TOLD, TransferNotice.NOT_WANTED))


def choose_secondary(
    primary: OutcomeRow, shown: Sequence[OutcomeRow], telling: Telling, chance: Random
) -> tuple[OutcomeRow, ...]:
    """Further outcomes of the same call: account transfer, changed details, or none."""
    by_code = {row.code: row for row in shown}
    found: list[OutcomeRow] = []
    transfer = by_code.get(TRANSFER)
    fits = transfer is not None and primary.code in transfer.only_with and _is_target(telling)
    if transfer is not None and fits and chance.random() < 0.4:
        found.append(transfer)
    changed = by_code.get(CHANGED_DETAILS)
    if changed is not None and telling.debt is not None and chance.random() < 0.08:
        found.append(changed)
    return tuple(found)
