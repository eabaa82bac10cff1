"""The hold on the case in hand: renewed while the desk is open, lost when it is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from campaigns.calling.outcomes import Direction
from campaigns.cases.models import CallCase
from campaigns.cases.states import Stage
from campaigns.desk.handlings import handling_in_hand, own_handling
from campaigns.profile.contract import current_profile
from dialer.api import renew
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class InHand:
    """A handling that is open: enough to point at it. No case: ``receivable`` is empty."""

    handling_id: UUID
    stage: Stage
    receivable: str
    row_number: int | None


def keep_hold(work: UnitOfWork) -> datetime | None:
    """Extends the lease on the case in hand; until when, None with nothing leased in hand.

    Raises LeaseLost when the time was over before.
    """
    require(work.actor, Permission.TAKE_CASE)
    row = handling_in_hand(work)
    if row is None or row.lease_id is None:
        return None
    minutes = current_profile(work).parameters.lease_minutes
    return renew(work, row.lease_id, work.actor.code, minutes).expires_at


def in_hand(work: UnitOfWork) -> InHand | None:
    """What waits for its outcome in the acting agent's hand; nothing sealed is opened."""
    row = handling_in_hand(work)
    if row is None:
        return None
    case = work.session.get_one(CallCase, row.case_id) if row.case_id else None
    return InHand(
        row.id,
        row.stage,
        case.receivable if case else "",
        case.row_number if case else None,
    )


def direction_of(work: UnitOfWork, handling_id: UUID) -> Direction:
    """Who rang whom in a handling of the acting agent. Raises NotYourCase when it is over."""
    return own_handling(work, handling_id).direction
