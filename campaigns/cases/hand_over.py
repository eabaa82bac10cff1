"""The one transition by which a case changes hands; nothing else writes whose case it is.

Supervisors' acts and rules that hand cases on by themselves meet here, so neither overwrites the
other unseen: acts on one campaign come one after another, each looks at the case again under its
lock, and only open, published cases move. A lease is not touched: who has the case in hand
finishes the call, the new holder has the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from campaigns.cases.cases import published_lists
from campaigns.cases.models import Assignment, CallCase, Campaign
from campaigns.cases.states import CaseStatus
from dialer.api import set_assignee
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

SLICE = 500


def lock_assignments(work: UnitOfWork, campaign_code: str) -> str:
    """Whoever assigns in this campaign waits here for others. Returns its receivable.

    The weaker row lock is enough and lets calls of the campaign go on. Raises NotFound.
    """
    receivable = work.session.scalar(
        select(Campaign.receivable)
        .where(Campaign.code == campaign_code)
        .with_for_update(key_share=True)
    )
    if receivable is None or not work.actor.sees(receivable):
        raise NotFound(kind="campaign")
    return receivable


def hand_over(
    work: UnitOfWork,
    campaign_code: str,
    hands: Mapping[str | None, Sequence[UUID]],
    *,
    why: str | None = None,
) -> dict[str | None, int]:
    """Gives each holder (None: nobody) these cases; returns how many changed hands, by holder.

    Closed cases, cases of other campaigns and cases the holder has already are passed over.
    """
    receivable = lock_assignments(work, campaign_code)
    moved: dict[str | None, int] = {}
    for holder, case_ids in hands.items():
        moved[holder] = sum(
            _give(work, campaign_code, part, holder) for part in _slices(sorted(case_ids))
        )
        work.audit(
            Tag.ASSIGNMENT_MADE if holder else Tag.ASSIGNMENT_ENDED,
            receivable=receivable,
            batch=campaign_code,
            count=moved[holder],
            reason=why,
            ref=holder,
        )
    return moved


def _slices(case_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(case_ids), SLICE):
        yield case_ids[start : start + SLICE]


def _give(
    work: UnitOfWork, campaign_code: str, case_ids: Sequence[UUID], holder: str | None
) -> int:
    moving = list(
        work.session.scalars(
            select(CallCase.id)
            .where(
                CallCase.id.in_(case_ids),
                CallCase.campaign_code == campaign_code,
                CallCase.lent_list_id.in_(published_lists(campaign_code)),
                CallCase.status != CaseStatus.CLOSED,
                CallCase.assignee.is_distinct_from(holder),
            )
            .order_by(CallCase.id)
            # Not the full lock: a lease in progress refers to the case while it waits for us.
            .with_for_update(key_share=True)
        )
    )
    if not moving:
        return 0
    _end_assignments(work, moving)
    if holder is not None:
        _begin_assignments(work, moving, holder)
    work.session.execute(update(CallCase).where(CallCase.id.in_(moving)).values(assignee=holder))
    set_assignee(work, moving, holder)
    return len(moving)


def _end_assignments(work: UnitOfWork, case_ids: Sequence[UUID]) -> None:
    work.session.execute(
        update(Assignment)
        .where(Assignment.case_id.in_(case_ids), Assignment.ended_at.is_(None))
        .values(ended_at=work.now)
    )


def _begin_assignments(work: UnitOfWork, case_ids: Sequence[UUID], holder: str) -> None:
    rows = [
        {
            "id": uuid4(),
            "case_id": case_id,
            "assignee": holder,
            "began_at": work.now,
            "began_by": work.actor.code,
        }
        for case_id in case_ids
    ]
    work.session.execute(insert(Assignment), rows)
