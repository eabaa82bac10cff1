"""Leases nobody renewed: the case goes back, unless a number was dialled (S4-11.2e).

After dialling only an outcome ends a handling; the close of day writes the one that is missing.
"""

from __future__ import annotations

from sqlalchemy import select

from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.follow_ups import release_due
from campaigns.calling.models import CaseHandling, HandlingEnd
from campaigns.calling.permits import live_permit
from campaigns.calling.records import return_to_queue
from campaigns.cases.models import CallCase
from campaigns.desk.handlings import close_handling
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules
from dialer.api import AgentActivity, Lease, expired, set_activity
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork


def expire_leases(work: UnitOfWork) -> int:
    """Gives back every case whose lease is over and that was not dialled; returns how many."""
    return sum(_expire(work, lease) for lease in expired(work))


def _expire(work: UnitOfWork, lease: Lease) -> bool:
    case = work.session.get_one(CallCase, lease.case_ref)
    hours = calling_hours(work, case.receivable)
    mine = select(CaseHandling).where(
        CaseHandling.lease_id == lease.id, CaseHandling.closed_at.is_(None)
    )
    # The entry is locked already, and an outcome locks its handling first: whoever works on the
    # handling at this moment is no longer away, so nobody waits for it here.
    handling = work.session.scalar(mine.with_for_update(skip_locked=True))
    if handling is None and work.session.scalar(mine) is not None:
        return False
    if handling is not None:
        # Under a live permit the number is on the screen: it may be ringing by now.
        if handling.attempt_id is not None or live_permit(work, handling.id, hours) is not None:
            return False
        close_handling(work, handling, HandlingEnd.EXPIRED)
        set_activity(work, handling.agent, AgentActivity.AWAY)
    release_due(work, case, TurnReason.LEASE_EXPIRED)
    return_to_queue(work, case, hours, calling_rules(work, case.receivable))
    work.audit(
        Tag.LEASE_EXPIRED,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="case",
        object_id=case.id,
        subject=case.subject,
        ref=lease.holder,
    )
    return True
