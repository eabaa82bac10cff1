"""Pure: what a date field answers while it is typed: the day in full, and why it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.api import LegalDay
from webui.formatters import WEEKDAYS, clock_text, day_text, long_day_text, moment_text
from webui.forms.agent_desk import day_sentence
from webui.forms.dates import DayUnreadable, Toward, distance_text, parse_day


class DayKind(StrEnum):
    """What the day is for."""

    PROMISE = "promise"
    FOLLOW_UP = "follow_up"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """As datefield.js reads it; ``reason`` empty when the day may be used."""

    iso: str = ""
    text: str = ""
    note: str = ""
    reason: str = ""


def day_or_reason(text: str, kind: DayKind, today: date) -> date | DayAnswer:
    """The day, or the answer that it names none."""
    toward = Toward.PAST if kind is DayKind.PAID else Toward.FUTURE
    try:
        return parse_day(text, today, toward)
    except DayUnreadable as refused:
        return DayAnswer(reason=day_sentence(refused))


def plain_answer(day: date, today: date, reason: str = "", note: str = "") -> DayAnswer:
    """The day with its weekday and how far it is."""
    return DayAnswer(day.isoformat(), long_day_text(day), note or distance_text(day, today), reason)


def promise_answer(day: date, today: date, last: date) -> DayAnswer:
    """A day that somebody promises to pay on."""
    reason = ""
    if day < today:
        reason = "過ぎた日です。これからの日にしてください。"
    elif day > last:
        reason = f"約束は {day_text(last)} までです。先の日は、納付相談（61）で引き継ぎます。"
    return plain_answer(day, today, reason)


def paid_answer(day: date, today: date) -> DayAnswer:
    """A day on which somebody says to have paid."""
    return plain_answer(day, today, "まだ来ていない日です。" if day > today else "")


def follow_up_answer(legal: LegalDay, today: date) -> DayAnswer:
    """A day on which we shall ring again, with its hours (S4-7.2b)."""
    day = legal.day
    if day < today:
        return plain_answer(day, today, "過ぎた日です。これからの日にしてください。")
    if legal.last_day and day > legal.last_day:
        return plain_answer(day, today, f"架電期間は {day_text(legal.last_day)} までです。")
    if not legal.slots:
        following = moment_text(legal.next_opening)
        when = f"{WEEKDAYS[day.weekday()]}曜のこの日は"
        return plain_answer(day, today, f"{when}かけられません。次は {following} からです。")
    hours = "、".join(f"{clock_text(start)}–{clock_text(end)}" for start, end in legal.windows)
    return plain_answer(day, today, note=f"{distance_text(day, today)}　実施時間 {hours}")
