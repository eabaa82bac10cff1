"""What each agent is doing now, for the board and for offering waiting calls (S4-12.1a)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dialer.models import AgentActivity, AgentState
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Seat:
    """One agent's present activity and since when."""

    staff_code: str
    activity: AgentActivity
    since: datetime


def set_activity(work: UnitOfWork, staff_code: str, activity: AgentActivity) -> None:
    """Notes a change; the same activity again keeps its beginning."""
    row = work.session.get(AgentState, staff_code)
    if row is None:
        work.session.add(AgentState(staff_code=staff_code, activity=activity, since=work.now))
    elif row.activity is not activity:
        row.activity = activity
        row.since = work.now


def leave_seat(work: UnitOfWork, staff_code: str) -> None:
    """Logged off or gone home: calls that fall due are not waited for. Nothing without a seat."""
    if work.session.get(AgentState, staff_code) is not None:
        set_activity(work, staff_code, AgentActivity.AWAY)


def leave_all_seats(work: UnitOfWork) -> None:
    """The day is over: whoever is still at a seat begins anew tomorrow."""
    for seat in seats(work):
        set_activity(work, seat.staff_code, AgentActivity.AWAY)


def seats(work: UnitOfWork) -> list[Seat]:
    """All seats in the order of staff codes."""
    rows = work.session.scalars(select(AgentState).order_by(AgentState.staff_code))
    return [Seat(row.staff_code, row.activity, row.since) for row in rows]
