"""``dialer hours``: may a call begin at this instant, and when next (S4-7.2b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from campaigns.api import (
    DayHours,
    current_profile,
    month_hours,
    receivables_apart,
    window_at,
)
from dialer.calendar.holidays import in_tokyo
from dialer.calendar.windows import WindowAnswer
from secure_store.errors import NotFound
from webui.cli.arguments import Commands, UsageRefused, command, instant, month
from webui.cli.context import COMMAND_LINE, Context
from webui.cli.output import Answer
from webui.cli.words import HOURS_WORDS
from webui.words.schedule import window_rule_words


def add_to(commands: Commands) -> None:
    parser = command(commands, "hours", hours, "実施時間か、次はいつか")
    parser.add_argument(
        "instant", nargs="?", type=instant, metavar="ISO", help="日時（既定はホームの時計のいま）"
    )
    parser.add_argument("--month", type=month, metavar="2022-09", help="この月の各日の時間帯と分数")
    parser.add_argument("--receivable", metavar="A01", help="この債権への指定も見る")


def hours(context: Context) -> Answer:
    """One instant, or every day of a month. No person is needed: the hours are no secret."""
    given = context.given
    if given.month is not None and given.instant is not None:
        raise UsageRefused("日時と --month は一緒に使えません")
    receivable = given.receivable and given.receivable.strip().upper()
    if given.month is not None:
        return _month(context, given.month, receivable)
    with context.store.work(COMMAND_LINE, readonly=True) as work:
        at = given.instant or work.now
        answer = window_at(work, at, receivable)
    return _instant(at, answer)


def _instant(at: datetime, answer: WindowAnswer) -> Answer:
    window = [_iso(edge) for edge in answer.window] if answer.window else None
    opening = _iso(answer.next_opening) if answer.next_opening else None
    document = {
        "at": _iso(at),
        "open": answer.is_open,
        "reason": answer.reason.value,
        "window": window,
        "next_opening": opening,
        "day_kind": answer.day_kind.value if answer.day_kind else None,
        "rule": answer.rule,
    }
    line = f"{_iso(at)}  {HOURS_WORDS[answer.reason]}"
    return Answer(document, (line, f"次の開始: {opening or 'なし'}"))


def _month(context: Context, first: date, receivable: str | None) -> Answer:
    """The contract and, where an order differs, each receivable; or the one that was asked for."""
    with context.store.work(COMMAND_LINE, readonly=True) as work:
        known = {one.code for one in current_profile(work).receivables}
        if receivable is not None and receivable not in known:
            raise NotFound(kind="receivable")
        days = month_hours(work, first, receivable)
        apart = [] if receivable else receivables_apart(work, first)
        own = {code: month_hours(work, first, code) for code in apart}
    document = {
        "month": f"{first:%Y-%m}",
        "receivable": receivable,
        **_sums(days),
        "days": [_day(day) for day in days],
        "receivables": {
            code: {**_sums(hours), "days": [_day(day) for day in hours]}
            for code, hours in own.items()
        },
    }
    lines = (
        [f"{first.year}年の暦がありません。一日もかけられません。"] if days[0].kind is None else []
    )
    lines += _lines(days)
    for code, hours in own.items():
        lines += ["", f"債権 {code}（この債権だけの指定がある日）"]
        lines += _lines(
            hours, [day.day for day, all_ in zip(hours, days, strict=True) if day != all_]
        )
    return Answer(document, tuple(lines))


def _sums(days: Sequence[DayHours]) -> dict[str, object]:
    return {
        "open_days": sum(1 for day in days if day.windows),
        "minutes": sum(day.minutes for day in days),
        "years_missing": sorted({day.day.year for day in days if day.kind is None}),
    }


def _lines(days: Sequence[DayHours], shown: Sequence[date] | None = None) -> list[str]:
    lines = []
    for day in days:
        if shown is None or day.day in shown:
            spans = "、".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in day.windows)
            rules = "、".join(dict.fromkeys(window_rule_words(span.rule) for span in day.rules))
            weekday = "月火水木金土日"[day.day.weekday()]
            name = f"（{day.holiday}）" if day.holiday else ""
            lines.append(
                f"{day.day:%Y-%m-%d}（{weekday}） {day.minutes:4d}分  {spans or '実施なし'}  {rules}{name}"
            )
    sums = _sums(days)
    lines.append(f"合計 {sums['open_days']}日 {sums['minutes']:,}分")
    return lines


def _day(day: DayHours) -> dict[str, object]:
    return {
        "day": day.day,
        "kind": day.kind.value if day.kind else None,
        "holiday": day.holiday,
        "rule": day.rules[-1].rule,
        "rules": [
            {"from": _iso(span.start), "until": _iso(span.end), "rule": span.rule}
            for span in day.rules
        ],
        "minutes": day.minutes,
        "windows": [[_iso(start), _iso(end)] for start, end in day.windows],
    }


def _iso(at: datetime) -> str:
    return in_tokyo(at).isoformat(timespec="seconds")
