"""Assignment: who works on which cases (S4-12.1c). A holder is an agent or a group of agents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from campaigns.cases.agent_groups import active_group, end_group, hold_groups, list_groups
from campaigns.cases.cases import get_campaign, published_lists
from campaigns.cases.hand_over import hand_over, lock_assignments
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from campaigns.errors import AgentNotEligible, AssignmentMoved
from secure_store.access import Permission, require
from secure_store.people.staff import agents_of
from secure_store.work import UnitOfWork

NOBODY = "-"


@dataclass(frozen=True, slots=True)
class HolderLoad:
    """Somebody who may hold cases of one campaign, with the number of open ones.

    ``members``: the staff codes of a group, empty for an agent.
    """

    code: str
    display_name: str
    open_cases: int
    is_group: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseSelection:
    """Open cases of a campaign, narrowed. ``holder`` "-": nobody's; "": anybody's.

    ``priority_until``: 優先順位, the lower the sooner. Both ends are included.
    """

    status: CaseStatus | None = None
    holder: str = ""
    priority_until: int | None = None
    attempts_from: int | None = None
    attempts_until: int | None = None


def assign(work: UnitOfWork, campaign_code: str, case_ids: Sequence[UUID], holder: str) -> int:
    """Gives cases of one campaign to an agent or a group; returns how many changed hands.

    Raises AgentNotEligible for somebody the receivable was not granted to, and for a group of
    another receivable.
    """
    require(work.actor, Permission.ASSIGN_CASES)
    require_eligible(work, campaign_code, (holder,))
    return hand_over(work, campaign_code, {holder: case_ids})[holder]


def unassign(work: UnitOfWork, campaign_code: str, case_ids: Sequence[UUID]) -> int:
    """Takes cases back from whoever has them; returns how many."""
    require(work.actor, Permission.ASSIGN_CASES)
    return hand_over(work, campaign_code, {None: case_ids})[None]


def share_out(work: UnitOfWork, campaign_code: str, holders: Sequence[str]) -> dict[str, int]:
    """Deals the unassigned open cases to the holders in turn, in list order."""
    return deal(work, campaign_code, CaseSelection(holder=NOBODY), holders)


def deal(
    work: UnitOfWork,
    campaign_code: str,
    wanted: CaseSelection,
    holders: Sequence[str],
    expected: int | None = None,
) -> dict[str, int]:
    """Deals the selected cases to the holders in turn, in list order; how many each was given.

    ``expected``: the number the supervisor was shown. Raises AssignmentMoved when it no longer
    holds, before anything is changed; AgentNotEligible.
    """
    require(work.actor, Permission.ASSIGN_CASES)
    require_eligible(work, campaign_code, holders)
    case_ids = _expected_ids(work, campaign_code, wanted, expected)
    hands: dict[str | None, Sequence[UUID]] = {
        holder: case_ids[turn :: len(holders)] for turn, holder in enumerate(holders)
    }
    moved = hand_over(work, campaign_code, hands)
    return {holder: moved[holder] for holder in holders}


def take_back(
    work: UnitOfWork, campaign_code: str, wanted: CaseSelection, expected: int | None = None
) -> int:
    """Takes the selected cases from whoever has them; returns how many. Raises AssignmentMoved."""
    require(work.actor, Permission.ASSIGN_CASES)
    case_ids = _expected_ids(work, campaign_code, wanted, expected)
    return hand_over(work, campaign_code, {None: case_ids})[None]


def retire_group(work: UnitOfWork, code: str) -> int:
    """Ends a group: its open cases are nobody's, its members leave. Returns how many cases."""
    row = active_group(work, code)
    campaigns = work.session.scalars(
        select(CallCase.campaign_code)
        .where(CallCase.assignee == code, CallCase.status != CaseStatus.CLOSED)
        .distinct()
    )
    wanted = CaseSelection(holder=code)
    freed = sum(take_back(work, campaign_code, wanted) for campaign_code in sorted(campaigns))
    end_group(work, row)
    return freed


def count_selected(work: UnitOfWork, campaign_code: str, wanted: CaseSelection) -> int:
    """How many open cases of the campaign the selection reaches."""
    require(work.actor, Permission.ASSIGN_CASES)
    get_campaign(work, campaign_code)
    query = select(func.count()).select_from(CallCase).where(*_where(campaign_code, wanted))
    return work.session.scalar(query) or 0


def loads(work: UnitOfWork, campaign_code: str, receivable: str) -> list[HolderLoad]:
    """Who may hold cases of this campaign: agents, then active groups, with their open cases."""
    numbers = open_by_holder(work, campaign_code)
    people = [
        HolderLoad(agent.code, agent.display_name, numbers[agent.code])
        for agent in agents_of(work, receivable)
    ]
    groups = [
        HolderLoad(group.code, group.name, numbers[group.code], True, group.members)
        for group in list_groups(work, receivable)
        if group.is_active
    ]
    return people + groups


def open_by_holder(work: UnitOfWork, campaign_code: str) -> Counter[str | None]:
    """The number of open cases of a campaign by holder; None is nobody."""
    rows = work.session.execute(
        select(CallCase.assignee, func.count())
        .where(*_where(campaign_code, CaseSelection()))
        .group_by(CallCase.assignee)
    )
    return Counter({holder: int(count) for holder, count in rows})


def require_eligible(work: UnitOfWork, campaign_code: str, holders: Sequence[str]) -> None:
    """Raises AgentNotEligible unless every holder may be given cases of the campaign.

    Its groups cannot be retired from here until the commit.
    """
    receivable = get_campaign(work, campaign_code).receivable
    eligible = {view.code for view in agents_of(work, receivable)}
    eligible |= hold_groups(work, receivable, holders)
    for holder in holders:
        if holder not in eligible:
            raise AgentNotEligible(agent=holder, receivable=receivable)


def _expected_ids(
    work: UnitOfWork, campaign_code: str, wanted: CaseSelection, expected: int | None
) -> list[UUID]:
    lock_assignments(work, campaign_code)
    case_ids = list(
        work.session.scalars(
            select(CallCase.id)
            .where(*_where(campaign_code, wanted))
            .order_by(CallCase.row_number, CallCase.id)
        )
    )
    if expected is not None and len(case_ids) != expected:
        raise AssignmentMoved(expected=expected, found=len(case_ids))
    return case_ids


def _where(campaign_code: str, wanted: CaseSelection) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        CallCase.campaign_code == campaign_code,
        CallCase.lent_list_id.in_(published_lists(campaign_code)),
        CallCase.status != CaseStatus.CLOSED,
    ]
    if wanted.status is not None:
        where.append(CallCase.status == wanted.status)
    if wanted.holder == NOBODY:
        where.append(CallCase.assignee.is_(None))
    elif wanted.holder:
        where.append(CallCase.assignee == wanted.holder)
    if wanted.priority_until is not None:
        where.append(CallCase.priority <= wanted.priority_until)
    if wanted.attempts_from is not None:
        where.append(CallCase.counted_attempts >= wanted.attempts_from)
    if wanted.attempts_until is not None:
        where.append(CallCase.counted_attempts <= wanted.attempts_until)
    return where
