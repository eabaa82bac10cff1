"""Pure: かけられる日時: the days and quarters of an hour to offer, and what a typed time becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.api import OfferedDay, WantedTime
from dialer.calendar.holidays import TOKYO, in_tokyo
from webui.formatters import clock_text, day_text, moment_text
from webui.forms.agent_desk import Typed

DAYS_OFFERED = 7
PICK = "pick"
NONE_LEFT = "架電期間の中に、かけられる日時はもうありません。"
ALL_THE_SAME = "相手の言った日時を入れて保存してください。期間の終わりに、取りやめとして残ります。"


@dataclass(frozen=True, slots=True)
class Choice:
    """One button. ``value``: what it sends, ``2022-09-16`` or ``2022-09-16T18:30``."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Picker:
    """``answer``: what becomes of the time in the fields, ``advice``: what to do about it."""

    days: tuple[Choice, ...]
    times: tuple[Choice, ...]
    answer: str = ""
    advice: str = ""
    tone: str = ""


def picker_of(
    offered: Sequence[OfferedDay],
    day: date | None,
    wanted: WantedTime | None,
    today: date,
) -> Picker:
    """The buttons for what is offered; ``day``: the one in the field, else the first is open."""
    shown = next((one for one in offered if one.day == day), None)
    shown = shown or (offered[0] if offered and day is None else None)
    at = wanted.at if wanted else None
    answer, advice, tone = _answer(wanted)
    if not offered:
        answer, advice, tone = NONE_LEFT, ALL_THE_SAME, "stop"
    return Picker(
        tuple(Choice(f"{one.day}", _day_label(one.day, today), one is shown) for one in offered),
        tuple(_time(slot, at) for slot in shown.times) if shown else (),
        answer,
        advice,
        tone,
    )


def _day_label(day: date, today: date) -> str:
    away = (day - today).days
    return {0: "きょう", 1: "あす"}.get(away) or day_text(day)


def _time(slot: datetime, at: datetime | None) -> Choice:
    local = in_tokyo(slot)
    return Choice(f"{local:%Y-%m-%dT%H:%M}", clock_text(slot), slot == at)


def _answer(wanted: WantedTime | None) -> tuple[str, str, str]:
    if wanted is None:
        return "", "", ""
    at = moment_text(wanted.at)
    if wanted.is_legal:
        return f"{at} にかけられます。", "", "done"
    following = "、".join(moment_text(slot) for slot in wanted.following)
    if wanted.stands_at is None:
        advice = f"かけられるのは {following} までです。" if following else ""
        return f"{at} には約束できません。", advice, "stop"
    return (
        f"{at} は実施時間の外です。{moment_text(wanted.stands_at)} に移ります。",
        f"相手に伝えるか、ほかの時刻を決めてください。次の候補：{following}",
        "care",
    )


def with_pick(typed: Typed, pick: str) -> Typed | None:
    """The entry with the day or time of the button; None when it names neither."""
    try:
        if len(pick) == len("2022-09-16"):
            return typed.with_values("follow_up_day", _typed_day(date.fromisoformat(pick)))
        at = datetime.fromisoformat(pick).replace(tzinfo=TOKYO)
    except ValueError:
        return None
    found = typed.with_values("follow_up_day", _typed_day(at.date()))
    return found.with_values("follow_up_time", f"{at:%H:%M}")


def _typed_day(day: date) -> str:
    return f"{day.month}/{day.day}"
