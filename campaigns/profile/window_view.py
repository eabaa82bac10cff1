"""Today's calling window as the top bar and `dialer hours` tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.profile.hours import calling_hours
from dialer.calendar.holidays import in_tokyo
from dialer.calendar.windows import WindowAnswer
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WindowToday:
    """``text``: the windows of the day, such as ``11:30–13:30、16:30–20:30``."""

    text: str
    is_open: bool
    opened_at: datetime | None
    closes_at: datetime | None
    next_opening: datetime | None


def window_today(work: UnitOfWork) -> WindowToday:
    """The contract's windows of today."""
    hours = calling_hours(work)
    answer = hours.answer(work.now)
    windows = hours.windows_on(in_tokyo(work.now).date())
    text = "、".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in windows)
    return WindowToday(
        text=text or "実施なし",
        is_open=answer.is_open,
        opened_at=answer.window[0] if answer.window else None,
        closes_at=answer.window[1] if answer.window else None,
        next_opening=answer.next_opening,
    )


def window_at(work: UnitOfWork, instant: datetime, receivable: str | None = None) -> WindowAnswer:
    """What the rules say of one instant (S4-7.2b)."""
    return calling_hours(work, receivable).answer(instant)
