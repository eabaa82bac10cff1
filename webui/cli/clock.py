"""``dialer clock show|set|advance``: the movable clock of a rehearsal home (decision 13)."""

from __future__ import annotations

from datetime import datetime

from dialer.calendar.holidays import in_tokyo
from webui.cli.arguments import Commands, command, instant, noun, span
from webui.cli.context import Context, move_clock
from webui.cli.output import Answer
from webui.runtime.rehearsal_clock import read_offset


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "clock", "訓練の時計")
    command(verbs, "show", show, "ホームの時計のいま")
    set_to = command(verbs, "set", set_to_instant, "時計をこの時刻にする")
    set_to.add_argument("instant", type=instant, metavar="ISO")
    advance = command(verbs, "advance", advance_by, "時計を進める")
    advance.add_argument("span", type=span, metavar="2h30m")


def show(context: Context) -> Answer:
    """What the home's clock shows, and by how many seconds it was moved."""
    settings = context.services.settings
    offset = read_offset(settings.clock_file).total_seconds() if settings.is_rehearsal else 0.0
    now = in_tokyo(context.store.clock.now()).isoformat(timespec="seconds")
    document = {
        "now": now,
        "offset_seconds": round(offset),
        "is_rehearsal": settings.is_rehearsal,
    }
    return Answer(document, (now,))


def set_to_instant(context: Context) -> Answer:
    """Moves the clock; it goes on ticking from there. A production home refuses."""
    return _moved(context, context.given.instant)


def advance_by(context: Context) -> Answer:
    """Moves the clock forward by a span."""
    return _moved(context, context.store.clock.now() + context.given.span)


def _moved(context: Context, at: datetime) -> Answer:
    move_clock(context.services, at)
    return show(context)
