"""Ends a case by a word of the city, whoever has it in hand: nothing about it is dialled any more.

The handling in an agent's hand stays, thrown back to its first stage: what was opened leaves the
screen. Its outcome is still recorded, once, and does not take the case up again (next_action
holds what is closed).
"""

from __future__ import annotations

from sqlalchemy import update

from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.follow_ups import cancel_open
from campaigns.calling.models import CaseHandling
from campaigns.calling.permits import revoke_permits
from campaigns.cases.cases import move_case
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, CloseReason, Stage
from dialer.api import take_out
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

_TAGS = {CloseReason.WITHDRAWN: Tag.CASE_WITHDRAWN, CloseReason.PAID: Tag.CASE_PAID}


def end_case(work: UnitOfWork, row: CallCase, reason: CloseReason, why: str) -> bool:
    """Closes a case; permits and calls owed about it end with it. False: it was closed before.

    ``why``: number of the city's document or of our receipt. The first ending stands.
    """
    if row.status is CaseStatus.CLOSED:
        return False
    revoke_permits(work, row.id)
    withdrawn = reason is CloseReason.WITHDRAWN
    cancel_open(work, row, TurnReason.WITHDRAWN if withdrawn else TurnReason.CASE_CLOSED)
    move_case(work, row, CaseStatus.CLOSED, why, close_reason=reason)
    work.session.execute(
        update(CaseHandling)
        .where(CaseHandling.case_id == row.id, CaseHandling.closed_at.is_(None))
        .values(stage=Stage.GREETING, script_step=None)
    )
    tag = _TAGS.get(reason)
    if tag is not None:
        work.audit(
            tag,
            receivable=row.receivable,
            batch=row.campaign_code,
            object_kind="case",
            object_id=row.id,
            subject=row.subject,
        )
    take_out(work, [row.id])
    return True
