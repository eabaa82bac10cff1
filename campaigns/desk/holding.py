"""The hold on the case in hand: renewed while the desk is open, lost when it is left alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from campaigns.calling.outcomes import Direction
from campaigns.cases.models import CallCase
from campaigns.desk.handlings import handling_in_hand, own_handling
from campaigns.desk.serving import parameters_of
from dialer.api import renew
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


def keep_hold(work: UnitOfWork) -> datetime | None:
    """Extends the lease on the case in hand; until when, None with nothing leased in hand.

    Raises LeaseLost when the time was over before.
    """
    require(work.actor, Permission.TAKE_CASE)
    row = handling_in_hand(work)
    if row is None or row.lease_id is None:
        return None
    return renew(work, row.lease_id, work.actor.code, parameters_of(work).lease_minutes).expires_at


def row_number_in_hand(work: UnitOfWork) -> int | None:
    """The row of the lent list the case in hand stands in, to be quoted in a question."""
    row = handling_in_hand(work)
    if row is None or row.case_id is None:
        return None
    return work.session.get_one(CallCase, row.case_id).row_number


def handling_id_in_hand(work: UnitOfWork) -> UUID | None:
    """The acting agent's case, or unknown caller, that waits for its outcome."""
    row = handling_in_hand(work)
    return row.id if row else None


def direction_of(work: UnitOfWork, handling_id: UUID) -> Direction:
    """Who rang whom in a handling of the acting agent. Raises NotYourCase when it is over."""
    return own_handling(work, handling_id).direction
