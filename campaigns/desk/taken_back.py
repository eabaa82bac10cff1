"""The city's word while the case is in hand: 引抜き, or the payment of everything.

From the next request on the debt is off the screen and nothing more is compared or guided; the
outcome is still recorded, and the case stays closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.models import CaseHandling
from campaigns.cases.models import CallCase, CaseMove
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.desk.handlings import handling_in_hand
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

BY_THE_CITY = (CloseReason.WITHDRAWN, CloseReason.PAID)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Why and when the case in hand was ended by the city."""

    reason: CloseReason
    at: datetime


def taken_back(work: UnitOfWork, row: CaseHandling, case: CallCase) -> TakenBack | None:
    """The city's word about the case since it came into this hand, if there was one."""
    reason = case.close_reason
    if case.status is not CaseStatus.CLOSED or reason not in BY_THE_CITY or reason is None:
        return None
    at = work.session.scalar(
        select(CaseMove.at)
        .where(
            CaseMove.case_id == case.id,
            CaseMove.target == CaseStatus.CLOSED,
            CaseMove.origin != CaseStatus.CLOSED,
        )
        .order_by(CaseMove.at.desc())
        .limit(1)
    )
    return TakenBack(reason, at) if at is not None and at >= row.opened_at else None


def taken_from_hand(work: UnitOfWork) -> UUID | None:
    """The acting agent's handling whose case the city ended; asked again and again by the desk."""
    require(work.actor, Permission.TAKE_CASE)
    row = handling_in_hand(work)
    if row is None or row.case_id is None:
        return None
    case = work.session.get_one(CallCase, row.case_id)
    return row.id if taken_back(work, row, case) is not None else None
