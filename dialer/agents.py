"""What each agent is doing now, for the board and for offering waiting calls (S4-12.1a)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from dialer.models import AgentActivity, AgentState
from secure_store.work import UnitOfWork

_CHANGE = (
    update(AgentState)
    .where(
        AgentState.staff_code == bindparam("who"), AgentState.activity != bindparam("new_activity")
    )
    .values(activity=bindparam("new_activity"), since=bindparam("now"))
)
_SEATED = select(AgentState.staff_code).where(AgentState.staff_code == bindparam("who"))
_ACTIVITY = select(AgentState.activity).where(AgentState.staff_code == bindparam("who"))
_NEW_SEAT = insert(AgentState)
_SEATS = select(AgentState.staff_code, AgentState.activity, AgentState.since).order_by(
    AgentState.staff_code
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One agent's present activity and since when."""

    staff_code: str
    activity: AgentActivity
    since: datetime


def set_activity(work: UnitOfWork, staff_code: str, activity: AgentActivity) -> None:
    """Notes a change; the same activity again keeps its beginning."""
    change = {"who": staff_code, "new_activity": activity, "now": work.now}
    if work.run(_CHANGE, change).rowcount == 0 and not _is_seated(work, staff_code):
        new = {"staff_code": staff_code, "activity": activity, "since": work.now}
        work.run(_NEW_SEAT, new)


def _is_seated(work: UnitOfWork, staff_code: str) -> bool:
    return work.run(_SEATED, {"who": staff_code}).first() is not None


def step_away(work: UnitOfWork, staff_code: str) -> None:
    """The screen is locked: whoever waited for a call is offered none (S4-8.10b).

    Whoever is in a call, or writes one up, is offered none anyway and goes on with it afterwards.
    """
    if work.run(_ACTIVITY, {"who": staff_code}).scalar() == AgentActivity.READY:
        set_activity(work, staff_code, AgentActivity.AWAY)


def leave_seat(work: UnitOfWork, staff_code: str) -> None:
    """Logged off or gone home: calls that fall due are not waited for. Nothing without a seat."""
    if _is_seated(work, staff_code):
        set_activity(work, staff_code, AgentActivity.AWAY)


def leave_all_seats(work: UnitOfWork) -> None:
    """The day is over: whoever is still at a seat begins anew tomorrow."""
    for seat in seats(work):
        set_activity(work, seat.staff_code, AgentActivity.AWAY)


def seats(work: UnitOfWork) -> list[Seat]:
    """All seats in the order of staff codes."""
    return [Seat(*row) for row in work.run(_SEATS)]
