"""``dialer hours``: may a call begin at this instant, and when next (S4-7.2b)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from campaigns.api import DayPlan, day_plans, window_at
from dialer.calendar.holidays import in_tokyo
from dialer.calendar.windows import WindowAnswer
from webui.cli.arguments import Commands, UsageRefused, command, instant, month
from webui.cli.context import COMMAND_LINE, Context
from webui.cli.output import Answer
from webui.cli.words import HOURS_WORDS


def add_to(commands: Commands) -> None:
    parser = command(commands, "hours", hours, "実施時間か、次はいつか")
    parser.add_argument(
        "instant", nargs="?", type=instant, metavar="ISO", help="日時（既定はホームの時計のいま）"
    )
    parser.add_argument("--month", type=month, metavar="2022-09", help="この月の各日の時間帯")
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
    count = monthrange(first.year, first.month)[1]
    with context.store.work(COMMAND_LINE, readonly=True) as work:
        plans = day_plans(work, [first.replace(day=one + 1) for one in range(count)], receivable)
    document = {"month": f"{first:%Y-%m}", "days": [_day(plan) for plan in plans]}
    lines = []
    for plan in plans:
        spans = "、".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in plan.windows)
        lines.append(f"{plan.day:%Y-%m-%d}  {spans or '実施なし'}")
    return Answer(document, tuple(lines))


def _day(plan: DayPlan) -> dict[str, object]:
    return {
        "day": plan.day,
        "kind": plan.kind.value if plan.kind else None,
        "rule": plan.rule,
        "windows": [[_iso(start), _iso(end)] for start, end in plan.windows],
    }


def _iso(at: datetime) -> str:
    return in_tokyo(at).isoformat(timespec="seconds")
