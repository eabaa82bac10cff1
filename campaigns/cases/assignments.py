"""Assignment: which agent works on which cases (S4-12.1c). An agent is served only own cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from campaigns.cases.cases import published_lists
from campaigns.cases.models import Assignment, CallCase
from campaigns.cases.states import CaseStatus
from campaigns.errors import AgentNotEligible
from dialer.api import set_assignee
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.staff import agents_of
from secure_store.work import UnitOfWork

SLICE = 500


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """How many open cases of one campaign an agent has."""

    code: str
    display_name: str
    open_cases: int


def assign(work: UnitOfWork, campaign_code: str, case_ids: Sequence[UUID], agent: str) -> int:
    """Gives cases of one campaign to an agent; returns how many changed hands."""
    require(work.actor, Permission.ASSIGN_CASES)
    rows = _open_rows(work, campaign_code, case_ids)
    if not rows:
        return 0
    receivable = rows[0].receivable
    require_receivable(work.actor, receivable)
    if agent not in {view.code for view in agents_of(work, receivable)}:
        raise AgentNotEligible(agent=agent, receivable=receivable)
    changing = [row for row in rows if row.assignee != agent]
    _end_assignments(work, [row.id for row in changing])
    new = [
        {
            "id": uuid4(),
            "case_id": row.id,
            "assignee": agent,
            "began_at": work.now,
            "began_by": work.actor.code,
        }
        for row in changing
    ]
    if new:
        work.session.execute(insert(Assignment), new)
    _set_assignee(work, [row.id for row in changing], agent)
    work.audit(
        Tag.ASSIGNMENT_MADE,
        receivable=receivable,
        batch=campaign_code,
        count=len(changing),
        ref=agent,
    )
    return len(changing)


def unassign(work: UnitOfWork, campaign_code: str, case_ids: Sequence[UUID]) -> int:
    """Takes cases back from whoever has them; returns how many."""
    require(work.actor, Permission.ASSIGN_CASES)
    rows = [row for row in _open_rows(work, campaign_code, case_ids) if row.assignee]
    if rows:
        require_receivable(work.actor, rows[0].receivable)
    _end_assignments(work, [row.id for row in rows])
    _set_assignee(work, [row.id for row in rows], None)
    work.audit(Tag.ASSIGNMENT_ENDED, batch=campaign_code, count=len(rows))
    return len(rows)


def share_out(work: UnitOfWork, campaign_code: str, agents: Sequence[str]) -> dict[str, int]:
    """Deals the unassigned open cases to the agents in turn, in list order."""
    require(work.actor, Permission.ASSIGN_CASES)
    case_ids = list(
        work.session.scalars(
            select(CallCase.id)
            .where(
                CallCase.campaign_code == campaign_code,
                CallCase.lent_list_id.in_(published_lists(campaign_code)),
                CallCase.status != CaseStatus.CLOSED,
                CallCase.assignee.is_(None),
            )
            .order_by(CallCase.row_number)
        )
    )
    hands = {agent: case_ids[turn :: len(agents)] for turn, agent in enumerate(agents)}
    return {agent: assign(work, campaign_code, hand, agent) for agent, hand in hands.items()}


def loads(work: UnitOfWork, campaign_code: str, receivable: str) -> list[AgentLoad]:
    """Eligible agents with the number of open cases each has in this campaign."""
    rows = work.session.execute(
        select(CallCase.assignee, func.count())
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
            CallCase.status != CaseStatus.CLOSED,
        )
        .group_by(CallCase.assignee)
    )
    numbers: Counter[str | None] = Counter({assignee: int(count) for assignee, count in rows})
    return [
        AgentLoad(agent.code, agent.display_name, numbers[agent.code])
        for agent in agents_of(work, receivable)
    ]


def _open_rows(work: UnitOfWork, campaign_code: str, case_ids: Sequence[UUID]) -> list[CallCase]:
    rows: list[CallCase] = []
    for start in range(0, len(case_ids), SLICE):
        rows.extend(
            work.session.scalars(
                select(CallCase).where(
                    CallCase.id.in_(case_ids[start : start + SLICE]),
                    CallCase.campaign_code == campaign_code,
                    CallCase.lent_list_id.in_(published_lists(campaign_code)),
                    CallCase.status != CaseStatus.CLOSED,
                )
            )
        )
    return rows


def _end_assignments(work: UnitOfWork, case_ids: Sequence[UUID]) -> None:
    for start in range(0, len(case_ids), SLICE):
        work.session.execute(
            update(Assignment)
            .where(
                Assignment.case_id.in_(case_ids[start : start + SLICE]),
                Assignment.ended_at.is_(None),
            )
            .values(ended_at=work.now)
        )


def _set_assignee(work: UnitOfWork, case_ids: Sequence[UUID], agent: str | None) -> None:
    for start in range(0, len(case_ids), SLICE):
        work.session.execute(
            update(CallCase)
            .where(CallCase.id.in_(case_ids[start : start + SLICE]))
            .values(assignee=agent)
        )
    set_assignee(work, case_ids, agent)
