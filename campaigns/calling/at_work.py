"""Who is at a seat now, as far as a call that is due asks for it."""

from __future__ import annotations

from sqlalchemy import select

from campaigns.cases.models import AgentGroupMember
from dialer.api import AgentActivity, seats
from secure_store.models import StaffMember
from secure_store.people.sessions import logged_off
from secure_store.people.staff import bar_of, today_of
from secure_store.work import UnitOfWork

NOT_AT_WORK = frozenset({AgentActivity.ON_BREAK, AgentActivity.AWAY})


def holders_at_work(work: UnitOfWork) -> frozenset[str]:
    """Codes of agents at work, and of groups with somebody at work.

    Nobody on a break, gone home or logged off, and nobody whose account is barred.
    """
    today = today_of(work)
    usable = {
        member.code
        for member in work.session.scalars(select(StaffMember).where(StaffMember.is_active))
        if bar_of(member, today) is None
    }
    seated = {seat.staff_code for seat in seats(work) if seat.activity not in NOT_AT_WORK}
    agents = seated & usable - logged_off(work)
    groups = work.session.scalars(
        select(AgentGroupMember.group_code).where(
            AgentGroupMember.left_at.is_(None), AgentGroupMember.staff_code.in_(sorted(agents))
        )
    )
    return frozenset(agents | set(groups))
